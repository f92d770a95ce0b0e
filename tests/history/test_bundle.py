from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import pipeline
from generator.config import Settings
from generator.errors import EvidenceError, OutputError, UnreadableError, UsageError
from generator.history import Store, demand_bundle, open_store, tables, unit_id
from generator.readers import RunDefaults
from generator.records import Severity, SourceFile, SourceState
from tests.builders import START, case, unit
from tests.history.killing import killed
from tests.history.stored import run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.records import RunUnit

EXAMPLE = Path(__file__).parents[2] / "artifacts_example" / "runs"
_EXPORT, _IMPORT = 62, 111
"""Effects on the disk of an export of two runs, and of the import of two of which one is known."""


def filled(folder: Path, numbers: Iterable[int]) -> Store:
    store = store_in(folder)
    for number in numbers:
        store.append(run_unit(number))
    return store


def exported(folder: Path, *numbers: int) -> Path:
    """Return a tar of a history of these runs."""
    filled(folder / "source", numbers).export(folder / "history.tar")
    return folder / "history.tar"


def exported_unit(folder: Path, made: RunUnit) -> Path:
    store = store_in(folder / "source")
    store.append(made)
    store.export(folder / "history.tar")
    return folder / "history.tar"


def parts(file: Path) -> dict[str, bytes]:
    """Return the content of each member."""
    with tarfile.open(file) as packed:
        return {entry.name: packed.extractfile(entry).read() for entry in packed}  # type: ignore[union-attr]


def packed(file: Path, files: dict[str, bytes]) -> Path:
    """Write a tar of these members."""
    with tarfile.open(file, "w", format=tarfile.USTAR_FORMAT) as made:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return file


def sealed(files: dict[str, bytes], unit: str, **changes: Any) -> dict[str, bytes]:
    """Return the members with a `unit.json` whose hashes fit what stands beside it, as one who crafts a history has."""
    path = f"units/{unit}/unit.json"
    body = {**json.loads(files[path]), **changes}
    del body["checksum"]
    body["files"] = {name: hashlib.sha256(files[f"units/{unit}/{name}"]).hexdigest() for name in body["files"]}

    def canonical(document: dict[str, Any]) -> bytes:
        return (json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()

    body["checksum"] = hashlib.sha256(canonical(body)).hexdigest()
    return {**files, path: canonical(body)}


UNIT = unit_id(run_unit(1).run.key)


def test_an_export_is_sorted_plain_and_without_owners_and_times(tmp_path: Path) -> None:
    with tarfile.open(exported(tmp_path, 2, 1), "r:") as packed:
        entries = packed.getmembers()
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    assert entries[0].name == "format.json"
    assert len(entries) == 1 + 1 + 2 * 4
    assert {(entry.mode, entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname) for entry in entries} == {
        (0o644, 0, 0, 0, "", "")
    }
    assert all(entry.isreg() for entry in entries)


def test_the_same_units_give_the_same_bytes_whatever_their_arrival(tmp_path: Path) -> None:
    files = [exported(tmp_path / str(place), *order) for place, order in enumerate(((1, 2, 3), (3, 1, 2), (2, 3, 1)))]
    assert len({file.read_bytes() for file in files}) == 1
    assert {file.stat().st_mode & 0o777 for file in files} == {0o644}


@settings(max_examples=8, deadline=None)
@given(st.frozensets(st.integers(0, 9), max_size=5))
def test_export_then_import_gives_the_same_bytes_and_the_same_snapshot(
    tmp_path_factory: pytest.TempPathFactory, numbers: frozenset[int]
) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    source, target = filled(folder, numbers), store_in(folder / "target")
    source.export(folder / "one.tar")
    merged = target.take_in(folder / "one.tar")
    assert (len(merged.added), merged.known, merged.problems) == (len(numbers), 0, ())
    assert tree(target.folder) == tree(source.folder)
    one, other = source.snapshot(), target.snapshot()
    assert one.units == other.units
    for frame in ("results", "details", "names"):
        pd.testing.assert_frame_equal(getattr(one, frame), getattr(other, frame))
    assert target.verify() == (len(numbers), ())
    target.export(folder / "other.tar")
    assert (folder / "one.tar").read_bytes() == (folder / "other.tar").read_bytes()
    assert target.take_in(folder / "one.tar").known == len(numbers)


def test_only_the_runs_that_are_named_are_exported_with_the_blocks_they_need(tmp_path: Path) -> None:
    store = filled(tmp_path, [1, 2])
    store.append(unit("other", 3, [case("of another name")]))
    done = pipeline.export(store.folder, tmp_path / "some.tar", Settings(), ["run-2", "other"])
    assert (done.units, done.blocks, done.size) == (2, 2, (tmp_path / "some.tar").stat().st_size)
    assert pipeline.export(store.folder, tmp_path / "some.tar", Settings(), ["other"]).blocks == 1
    target = tmp_path / "begun" / "history"
    pipeline.import_file(tmp_path / "some.tar", target)
    assert run_ids(open_store(target, create=False).snapshot()) == ["other"]
    with pytest.raises(UsageError, match="run-9"):
        pipeline.export(store.folder, tmp_path / "some.tar", Settings(), ["run-9"])


def test_evidence_of_real_artifacts_is_not_refused(tmp_path: Path) -> None:
    runs = sorted(EXAMPLE.iterdir())[-3:]
    defaults = RunDefaults(repository="o/n", workflow="ci", now=START.replace(year=2026, month=12))
    assert len(pipeline.ingest(runs, tmp_path / "history", defaults).added) == 3
    store = open_store(tmp_path / "history", create=False)
    store.export(tmp_path / "history.tar")
    merged = pipeline.import_file(tmp_path / "history.tar", tmp_path / "again")
    assert (len(merged.added), merged.problems) == (3, ())
    assert tree(tmp_path / "again") == tree(tmp_path / "history")


def test_a_torn_unit_is_named_and_left_out_of_an_export(tmp_path: Path) -> None:
    store = filled(tmp_path, [1, 2])
    (store.folder / "units" / UNIT / "details.parquet").write_bytes(b"torn")
    done = store.export(tmp_path / "history.tar")
    assert done.units == 1
    (problem,) = done.problems
    assert (problem.severity, problem.path) == (Severity.ERROR, f"units/{UNIT}")
    assert not [name for name in parts(tmp_path / "history.tar") if UNIT in name]


@pytest.mark.parametrize("where", ["history/units/x.tar", "nowhere/x.tar", "folder"])
def test_an_export_to_a_place_that_cannot_be_is_refused_with_the_next_step(tmp_path: Path, where: str) -> None:
    store = filled(tmp_path, [1])
    (tmp_path / "folder").mkdir()
    before = tree(tmp_path)
    with pytest.raises(OutputError, match="cannot write") as refused:
        store.export(tmp_path / where)
    assert refused.value.hint
    assert tree(tmp_path) == before


@pytest.mark.parametrize("step", range(_EXPORT + 1))
def test_an_export_that_is_killed_leaves_the_file_before_it_or_the_whole_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    store = filled(tmp_path, [1, 2])
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "history.tar"
    file.write_bytes(b"before")
    store.export(tmp_path / "whole.tar")
    whole = (tmp_path / "whole.tar").read_bytes()
    assert killed(lambda: store.export(file), monkeypatch, step) is (step < _EXPORT)
    assert file.read_bytes() in (b"before", whole)
    (tmp_path / "out" / ".history.tar.new-999999").write_bytes(b"left by another process")
    store.export(file)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"history.tar"}
    assert file.read_bytes() == whole


def test_a_full_disk_keeps_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path, [1])
    (tmp_path / "history.tar").write_bytes(b"before")

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    before = tree(tmp_path)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OutputError, match="no space left on device"):
        store.export(tmp_path / "history.tar")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("step", range(0, _IMPORT + 1, 3))
def test_an_import_that_is_killed_loses_nothing_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    file = exported(tmp_path, 1, 2)
    hurt = filled(tmp_path / "hurt", [2, 3])
    assert killed(lambda: hurt.take_in(file), monkeypatch, step) is (step < _IMPORT)
    assert run_ids(hurt.snapshot()) in (["run-2", "run-3"], ["run-1", "run-2", "run-3"])
    assert hurt.snapshot().problems == ()
    hurt.take_in(file)
    assert tree(hurt.folder) == tree(filled(tmp_path / "whole", [1, 2, 3]).folder)
    assert hurt.verify() == (3, ())


def test_a_conflict_in_a_file_is_named_with_the_file_and_nothing_changes(tmp_path: Path) -> None:
    file = exported(tmp_path, 1)
    mine = store_in(tmp_path / "mine")
    mine.append(run_unit(1, sources=["other.xml"]))
    before = tree(mine.folder)
    merged = mine.take_in(file)
    assert [problem.path for problem in merged.problems] == [f"{file}!/units/{UNIT}"]
    assert len(merged.conflicts) == 1
    assert tree(mine.folder) == before


def refused(tmp_path: Path, file: Path, words: str) -> None:
    """Demand that a file is refused with these words, that no history is begun for it, and that none is changed."""
    with pytest.raises(UnreadableError, match=words) as found:
        pipeline.import_file(file, tmp_path / "begun")
    assert str(file) in found.value.message
    assert found.value.hint
    assert not (tmp_path / "begun").exists()
    mine = filled(tmp_path / "mine", [7])
    before = tree(mine.folder)
    with pytest.raises(UnreadableError):
        mine.take_in(file)
    assert tree(mine.folder) == before


NAMES = {
    "absolute": "/etc/passwd",
    "up": "../units/x/unit.json",
    "up within": f"units/{UNIT}/../../x",
    "backslash": "units\\x",
    "quarantine": f"quarantine/{UNIT}/unit.json",
    "stranger in a unit": f"units/{UNIT}/notes.txt",
    "other unit id": "units/u-copy/unit.json",
    "staged": f"units/.new-{UNIT}-1/unit.json",
    "no block": "names/x.parquet",
    "hidden": ".git/config",
    "right to left": "units/\u202egpj.exe",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_member_that_no_history_has_refuses_the_whole_file(tmp_path: Path, name: str) -> None:
    files = parts(exported(tmp_path, 1))
    refused(tmp_path, packed(tmp_path / "bad.tar", {**files, NAMES[name]: b"x"}), "bad.tar")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_device_refuses_the_whole_file(tmp_path: Path, kind: bytes) -> None:
    file = exported(tmp_path, 1)
    with tarfile.open(file, "a") as packed:
        entry = tarfile.TarInfo(f"units/u-{'0' * 32}/unit.json")
        entry.type, entry.linkname = kind, "format.json"
        packed.addfile(entry)
    refused(tmp_path, file, "no plain file")


def test_a_member_that_comes_twice_refuses_the_whole_file(tmp_path: Path) -> None:
    file = exported(tmp_path, 1)
    with tarfile.open(file, "a") as packed:
        entry = tarfile.TarInfo("format.json")
        packed.addfile(entry)
    refused(tmp_path, file, "twice")


@dataclass(frozen=True)
class Spoiling:
    make: Callable[[bytes], bytes]
    words: str


def _resized(data: bytes) -> bytes:
    entry = tarfile.TarInfo("format.json")
    entry.size = 7 * 2**30
    return entry.tobuf(tarfile.USTAR_FORMAT) + data[512:]


SPOILED = {
    "empty": Spoiling(lambda _: b"", "is no plain tar"),
    "text": Spoiling(lambda _: b"no tar" * 999, "is no plain tar"),
    "gzip": Spoiling(gzip.compress, "is no plain tar"),
    "cut in a member": Spoiling(lambda data: data[: len(data) // 2 + 100], "broken|cut off"),
    "cut at a member": Spoiling(lambda data: data[:1536], "cut off|broken"),
    "only zeros": Spoiling(lambda data: bytes(len(data)), "is no plain tar"),
    "header damaged": Spoiling(lambda data: data.replace(b"units/u-", b"units/v-", 1), "damaged"),
    "huge size": Spoiling(_resized, "bytes|broken"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_that_is_no_whole_tar_is_refused(tmp_path: Path, how: str) -> None:
    file = exported(tmp_path, 1)
    file.write_bytes(SPOILED[how].make(file.read_bytes()))
    refused(tmp_path, file, SPOILED[how].words)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.tar").symlink_to(exported(tmp_path, 1))
    refused(tmp_path, tmp_path / "link.tar", "symbolic link")
    with pytest.raises(UnreadableError, match="does not exist"):
        demand_bundle(tmp_path / "none.tar")


@pytest.mark.parametrize("format_file", [None, b'{"format": 9}', b"torn"])
def test_a_file_of_no_known_format_is_refused(tmp_path: Path, format_file: bytes | None) -> None:
    files = parts(exported(tmp_path, 1))
    del files["format.json"]
    file = packed(tmp_path / "bad.tar", files if format_file is None else {"format.json": format_file, **files})
    mine = filled(tmp_path / "mine", [7])
    before = tree(mine.folder)
    with pytest.raises(EvidenceError, match=r"format\.json") as found:
        pipeline.import_file(file, tmp_path / "begun")
    assert str(file) in found.value.message
    assert not (tmp_path / "begun").exists()
    with pytest.raises(EvidenceError):
        mine.take_in(file)
    assert tree(mine.folder) == before


@pytest.mark.parametrize("name", ["results.parquet", "details.parquet", "evidence.json.gz", "unit.json"])
def test_a_unit_whose_file_is_missing_or_another_runs_is_named_and_the_others_are_taken(
    tmp_path: Path, name: str
) -> None:
    files = parts(exported(tmp_path, 1, 2))
    other = unit_id(run_unit(2).run.key)
    for change in ("missing", "exchanged"):
        spoiled = dict(files)
        if change == "missing":
            del spoiled[f"units/{UNIT}/{name}"]
        elif name != "results.parquet":  # the same in all of these runs
            spoiled[f"units/{UNIT}/{name}"] = files[f"units/{other}/{name}"]
        else:
            continue
        mine = store_in(tmp_path / change)
        merged = mine.take_in(packed(tmp_path / "spoiled.tar", spoiled))
        assert [facts.run.key.run_id for facts in merged.added] == ["run-2"]
        assert {problem.path for problem in merged.problems} == {f"{tmp_path / 'spoiled.tar'}!/units/{UNIT}"}
        assert mine.verify() == (1, ())


def test_a_missing_block_of_names_is_named(tmp_path: Path) -> None:
    files = {name: data for name, data in parts(exported(tmp_path, 1)).items() if not name.startswith("names")}
    merged = store_in(tmp_path).take_in(packed(tmp_path / "spoiled.tar", files))
    assert merged.added == ()
    assert "names/" in merged.problems[0].message


HOSTILE = {
    "terminal": "\x1b[2Jowned",
    "right to left": "abc\u202edef",
    "nul": "a\0b",
    "too long": "x" * 70_000,
}


@pytest.mark.parametrize("place", ["message", "name", "branch", "path of a source"])
@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_no_reader_could_have_stored_refuses_the_whole_file(tmp_path: Path, text: str, place: str) -> None:
    said = HOSTILE[text]
    made = run_unit(1)
    if place == "message":
        made = replace(made, results=(case("a", "failed", message=said),))
    elif place == "name":
        made = replace(made, results=(case(said),))
    elif place == "branch":
        made = replace(made, run=made.run.model_copy(update={"branch": said}))
    else:
        source = SourceFile(path=said, reader="junit", state=SourceState.READ)
        made = replace(made, evidence=made.evidence.model_copy(update={"sources": (source,)}))
    refused(tmp_path, exported_unit(tmp_path, made), "not neutralised")


@pytest.mark.parametrize("at", ["2026-03-02T02:00:00", "9999-03-02T02:00:00Z", "soon"])
def test_a_time_that_no_run_has_refuses_the_whole_file(tmp_path: Path, at: str) -> None:
    files = parts(exported(tmp_path, 1))
    run = json.loads(files[f"units/{UNIT}/unit.json"])["run"]
    crafted = sealed(files, UNIT, run={**run, "started_at": at})
    refused(tmp_path, packed(tmp_path / "bad.tar", crafted), "unit.json")


@pytest.mark.parametrize("rows", [{"results": [1]}, {"results": "many"}, {"results": 1.5, "details": None}])
def test_a_count_of_rows_that_is_no_number_is_refused(tmp_path: Path, rows: dict[str, object]) -> None:
    crafted = sealed(parts(exported(tmp_path, 1)), UNIT, rows=rows)
    refused(tmp_path, packed(tmp_path / "bad.tar", crafted), "counts rows")


def test_a_block_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    crafted = sealed(parts(exported(tmp_path, 1)), UNIT, names=["../../../secret"])
    merged = store_in(tmp_path).take_in(packed(tmp_path / "bad.tar", crafted))
    assert (merged.added, len(merged.problems)) == ((), 2)


def test_evidence_that_unpacks_to_more_than_a_run_has_refuses_the_whole_file(tmp_path: Path) -> None:
    files = parts(exported(tmp_path, 1))
    files[f"units/{UNIT}/evidence.json.gz"] = gzip.compress(bytes(65 * 2**20), 9)
    refused(tmp_path, packed(tmp_path / "bad.tar", sealed(files, UNIT)), "unpacks to more")


def test_a_text_that_very_many_rows_share_refuses_the_whole_file(tmp_path: Path) -> None:
    files = parts(exported(tmp_path, 1))
    count = 10_000
    columns: dict[str, list[object]] = {field.name: [None] * count for field in tables.schema("details")}
    columns |= {"test": list(range(count)), "message": ["x" * 60_000] * count}
    files[f"units/{UNIT}/details.parquet"] = tables.to_bytes(
        "details", pa.table(columns, schema=tables.schema("details"))
    )
    assert len(files[f"units/{UNIT}/details.parquet"]) < 2**20
    refused(tmp_path, packed(tmp_path / "bad.tar", sealed(files, UNIT)), "more than a run may say")


def test_a_table_of_other_columns_refuses_the_whole_file(tmp_path: Path) -> None:
    files = parts(exported(tmp_path, 1))
    sink = io.BytesIO()
    pq.write_table(pa.table({"test": ["x"]}), sink)
    files[f"units/{UNIT}/details.parquet"] = sink.getvalue()
    refused(tmp_path, packed(tmp_path / "bad.tar", sealed(files, UNIT)), "other columns")
