"""Archives are read like the folder they were made of, and never unpacked."""

from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity
from generator.safety.limits import ReadLimits
from tests.readers.junit_xml import case, failure, suite
from tests.readers.run_folder import DEFAULTS, STAMP, ids, only_unit, read, write, write_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

REPORT = suite("shop", case("adds"), case("removes", failure("no such item")), timestamp="2026-03-04T05:06:07Z")


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as packed:  # type: ignore[call-overload]
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def tgz(members: Mapping[str, bytes]) -> bytes:
    return tarred(members, "w:gz")


KINDS = pytest.mark.parametrize(
    ("ending", "pack"),
    [("zip", zipped), ("tar", tarred), ("tar.gz", tgz), ("tgz", tgz)],
    ids=lambda value: str(value)[:6],
)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@KINDS
def test_a_run_folder_reads_the_same_from_an_archive(
    tmp_path: Path, ending: str, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    run = write_run(tmp_path / "plain" / STAMP)
    bundle = write(tmp_path / "packed" / f"{STAMP}.{ending}", pack(tree(run)))
    from_folder, from_archive = only_unit(read(run)), only_unit(read(bundle))
    assert from_archive.run == from_folder.run
    assert from_archive.results == from_folder.results
    paths = [source.path for source in from_archive.evidence.sources]
    assert paths == [source.path for source in from_folder.evidence.sources]


@KINDS
def test_a_member_is_shown_behind_the_name_of_its_archive(
    tmp_path: Path, ending: str, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    bundle = write(tmp_path / f"reports.{ending}", pack({"unit/junit.xml": REPORT.encode(), "logo.png": b"\x89PNG"}))
    intake = read(bundle)
    assert [(source.path, source.reader) for source in intake.sources] == [
        (f"{bundle}!/logo.png", None),
        (f"{bundle}!/unit/junit.xml", "junit"),
    ]
    assert (intake.totals.tests, intake.totals.failed) == (2, 1)
    assert intake.problems == ()


def test_an_archive_in_a_folder_is_a_folder_of_its_name(tmp_path: Path) -> None:
    write(tmp_path / "in/run-7.zip", zipped({"junit.xml": REPORT.encode()}))
    write(tmp_path / "in/run-8.tar.gz", tgz({"junit.xml": REPORT.encode()}))
    intake = read(tmp_path / "in")
    assert ids(intake.units) == ["run-7", "run-8"]
    assert [source.path for source in intake.sources] == ["run-7.zip!/junit.xml", "run-8.tar.gz!/junit.xml"]


def test_nothing_is_written_beside_an_archive_that_is_read(tmp_path: Path) -> None:
    bundle = write(tmp_path / "reports.zip", zipped({"junit.xml": REPORT.encode()}))
    before = sorted(tmp_path.rglob("*"))
    read(bundle)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_that_no_reader_knows_is_never_opened(tmp_path: Path) -> None:
    data = bytearray(zipped({"junit.xml": REPORT.encode(), "site/index.html": b"<script>" * 400}))
    place = data.index(b"site/index.html") + len("site/index.html")
    data[place : place + 8] = b"\xff" * 8  # its content is broken: whoever opened it would see
    intake = read(write(tmp_path / "reports.zip", bytes(data)))
    assert intake.totals.tests == 2
    assert intake.problems == ()


def test_an_archive_within_an_archive_is_named_and_stays_closed(tmp_path: Path) -> None:
    inner = zipped({"junit.xml": REPORT.encode()})
    intake = read(write(tmp_path / "outer.zip", zipped({"inner.zip": inner, "junit.xml": REPORT.encode()})))
    (problem,) = intake.problems
    assert (problem.severity, problem.path) == (Severity.ERROR, f"{tmp_path}/outer.zip!/inner.zip")
    assert intake.totals.tests == 2


def test_a_trace_that_a_browser_left_is_no_archive_of_reports(tmp_path: Path) -> None:
    write(tmp_path / "in/results/trace.zip", b"whatever it is")
    write(tmp_path / "in/results/junit.xml", REPORT)
    intake = read(tmp_path / "in")
    assert intake.problems == ()
    assert intake.totals.tests == 2


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (ReadLimits(archive_members=2), "more than 2 members"),
        (ReadLimits(archive_bytes=400), "more than 400 bytes"),
        (ReadLimits(archive_member_bytes=100), "of 300 bytes"),
    ],
)
@KINDS
def test_what_is_over_a_limit_refuses_the_whole_archive(
    tmp_path: Path, ending: str, pack: Callable[[Mapping[str, bytes]], bytes], limits: ReadLimits, said: str
) -> None:
    bundle = write(tmp_path / f"reports.{ending}", pack(dict.fromkeys(("a.xml", "b.xml", "c.xml"), b" " * 300)))
    intake = read(bundle, defaults=replace(DEFAULTS, limits=limits))
    (problem,) = intake.problems
    assert (problem.path, problem.severity) == (str(bundle), Severity.ERROR)
    assert said in problem.message
    assert intake.sources == ()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("reports.zip", b"", "no archive of a known kind"),
        ("reports.zip", b"no archive at all", "no archive of a known kind"),
        ("reports.tar.xz", b"\xfd7zXZ\x00 and more", "no archive of a known kind"),
        ("reports.7z", b"7z\xbc\xaf\x27\x1c", "no archive of a known kind"),
        ("reports.zip", zipped({"junit.xml": REPORT.encode()})[:-30], "broken"),
        ("reports.tgz", tgz({"junit.xml": REPORT.encode() * 50})[:-20], "broken"),
        ("reports.zip", zipped({}), "holds no file"),
    ],
)
def test_what_is_no_whole_archive_is_an_error_with_a_next_step(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    bundle = write(tmp_path / name, data)
    (problem,) = read(bundle).problems
    assert (problem.path, problem.severity) == (str(bundle), Severity.ERROR)
    assert said in problem.message
    assert problem.hint


def test_a_good_file_beside_a_refused_archive_still_counts(tmp_path: Path) -> None:
    write(tmp_path / "in/bad.zip", zipped({"../junit.xml": REPORT.encode()}))
    write(tmp_path / "in/junit.xml", REPORT)
    intake = read(tmp_path / "in")
    assert [problem.path for problem in intake.problems] == ["bad.zip"]
    assert intake.totals.tests == 2
