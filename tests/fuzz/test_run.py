"""The fuzzer itself: what is broken is found, told once, small and always the same; what is touched is seen."""

from __future__ import annotations

import io
import socket
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fuzz import archive_files, tar_bytes, zip_bytes
from tests.fuzz.leaks import TOKEN, is_whole, leaked
from tests.fuzz.run import Target, broken, case, fuzz
from tests.fuzz.targets import targets
from tests.fuzz.watch import touching_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def letters(random: Random) -> bytes:
    return bytes(random.choice(b"abcdef ") for _ in range(random.randrange(40)))


def target(check: Callable[[bytes], None], make: Callable[[Random], bytes] = letters) -> Target:
    return Target(name="invented", promise="none", make=make, check=check)


def refuses_fe(data: bytes) -> None:
    assert b"fe" not in data, f"holds it: {len(data)}"


def test_a_broken_promise_is_found_once_and_made_small() -> None:
    outcome = fuzz(target(refuses_fe), 1, cases=300)
    assert outcome.cases == 300
    (finding,) = outcome.findings
    assert finding.data == b"fe"
    assert "holds it" in finding.what


def test_two_mistakes_are_two_findings() -> None:
    def check(data: bytes) -> None:
        refuses_fe(data)
        assert b"ab" not in data, "the other one"

    assert {finding.data for finding in fuzz(target(check), 1, cases=300).findings} == {b"fe", b"ab"}


def test_a_finding_in_json_loses_the_parts_that_do_not_matter() -> None:
    def check(data: bytes) -> None:
        assert b"fe" not in data, "holds it"

    made = target(check, lambda _: b'{"a": [1, 2, {"b": "long fe text"}], "c": 3}')
    (finding,) = fuzz(made, 1, cases=1).findings
    assert len(finding.data) <= len(b'{"a":["fe"]}')


def test_the_same_seed_makes_the_same_cases_and_another_one_others() -> None:
    for each in targets():
        assert [case(each, 1, turn) for turn in range(30)] == [case(each, 1, turn) for turn in range(30)]
        assert [case(each, 1, turn) for turn in range(30)] != [case(each, 2, turn) for turn in range(30)]


def test_a_budget_of_time_ends_a_run() -> None:
    began = time.monotonic()
    outcome = fuzz(target(lambda _: None), 1, seconds=0.2)
    assert outcome.cases > 100
    assert time.monotonic() - began < 5


def test_a_case_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.run.FREE_S", 0.01)

    def slow(_: bytes) -> None:
        for _turn in range(5000):
            sum(range(1000))

    assert broken(target(slow), b"")[0] == "slow"


def test_a_case_that_never_ends_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.run.STALLED_S", 0.2)

    def never(_: bytes) -> None:
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: BLE001, S112 - such a net is in the product as well
                continue

    assert broken(target(never), b"")[0] == "stalled"


def test_the_watch_lets_a_file_be_read_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"a")
    with touching_only(file):
        assert file.read_bytes() == b"a"
    with pytest.raises(AssertionError, match="touched"), touching_only(tmp_path / "b"):
        file.read_bytes()


TOUCHES: list[Callable[[Path], object]] = [
    Path.unlink,
    lambda file: file.write_bytes(b""),
    lambda file: (file.parent / "b").mkdir(),
    lambda file: file.rename(file.parent / "b"),
    lambda file: (file.parent / "b").symlink_to(file),
    lambda file: file.chmod(0o600),
    lambda _: socket.socket().close(),
    lambda _: subprocess.run(["true"], check=True),
]


@pytest.mark.parametrize("touch", TOUCHES)
def test_the_watch_sees_what_is_changed_or_spoken_to(tmp_path: Path, touch: Callable[[Path], object]) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"a")
    with pytest.raises(AssertionError, match="touched"), touching_only(file):
        touch(file)


def test_a_leak_is_seen_in_every_view() -> None:
    part = TOKEN[14:30]
    for text in (part, f"{part[:5]}\u2039U+200B\u203a{part[5:]}", "".join(f"%{ord(letter):02x}" for letter in part)):
        assert leaked(f"a {text} b", TOKEN)
    assert not leaked(f"a {part[:8]} b", TOKEN)
    assert is_whole(f"a {TOKEN} b", TOKEN)
    assert not is_whole(f"a {TOKEN} {part}", TOKEN)


def test_archives_written_field_by_field_are_what_other_programs_write() -> None:
    contents = {"a.xml": b"<a/>" * 50, "b/c.json": b"", "\u00e9.xml": b"x"}
    packed = zip_bytes.zipped([zip_bytes.entry(name, data) for name, data in contents.items()])
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert {name: found.read(name) for name in found.namelist()} == contents
    contents["x" * 150 + ".xml"] = b"y" * 600
    packed = tar_bytes.tarred([tar_bytes.entry(name, data) for name, data in contents.items()])
    with tarfile.open(fileobj=io.BytesIO(packed)) as found_tar:
        members = found_tar.getmembers()
        assert {each.name: io.BytesIO(found_tar.extractfile(each).read()).getvalue() for each in members} == contents  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_cases_of_archives_are_read_as_well_as_refused(kind: str) -> None:
    built = [archive_files._built(case(archive_files.TARGET, 1, turn)) for turn in range(400)]
    mine = [each for each in built if each and each.kind == kind]
    assert sum(each.must_read for each in mine) > 20
    assert sum(bool(each.must_refuse) for each in mine) > 20
