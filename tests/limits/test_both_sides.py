"""Just inside a limit everything is read, kept and shown; just beyond it a Problem or a visible word says so."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.readers import discover as discovery
from generator.safety import limits
from generator.safety.limits import ReadLimits
from tests.limits import inputs
from tests.limits.proofs import READINGS, SHOWINGS
from tests.readers.run_folder import DEFAULTS, read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.limits.table import Reading, Showing


def constants() -> set[str]:
    """Return the name of every limit there is."""
    found = {
        name
        for name, value in vars(limits).items()
        if name.isupper() and not name.startswith("_") and type(value) is int
    }
    return found - {"KIB", "MIB"}


READING = pytest.mark.parametrize("limit", READINGS, ids=lambda limit: limit.name)
SHOWING = pytest.mark.parametrize("limit", SHOWINGS, ids=lambda limit: limit.name)


def lower(limit: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower a limit that settings cannot change, so that the input stays small."""
    constant = limit.constants[0]
    users = [module for name, module in sorted(sys.modules.items()) if name.startswith("generator.safety.")]
    for module in users if limit.inner else ():
        if constant in vars(module):
            monkeypatch.setattr(module, constant, limit.at)


@READING
def test_what_is_just_inside_a_limit_is_read_and_no_problem_names_it(
    limit: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(limit, monkeypatch)
    inside = limit.read(tmp_path, limit.at)
    assert limit.used(inside)
    assert limit.said(inside) == []


@READING
def test_what_is_just_beyond_a_limit_is_left_out_and_a_problem_says_file_cause_and_next_step(
    limit: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(limit, monkeypatch)
    inside = limit.read(tmp_path / "inside", limit.at)
    beyond = limit.read(tmp_path / "beyond", limit.at + 1)
    (problem,) = limit.said(beyond)
    assert problem.path
    assert problem.hint
    assert limit.used(beyond) != limit.used(inside)


@SHOWING
def test_what_is_just_inside_a_limit_comes_out_as_it_is(limit: Showing, tmp_path: Path) -> None:
    assert limit.shown(limit.at, tmp_path) == limit.whole(limit.at)


@SHOWING
def test_what_is_just_beyond_a_limit_is_cut_or_not_offered_and_says_so(limit: Showing, tmp_path: Path) -> None:
    shown = limit.shown(limit.at + 1, tmp_path)
    assert limit.says.format(at=limit.at) in shown
    assert shown != limit.whole(limit.at + 1)


def test_every_limit_is_proved_on_both_sides() -> None:
    rows: tuple[Reading | Showing, ...] = (*READINGS, *SHOWINGS)
    proved = {constant for limit in rows for constant in limit.constants}
    assert proved == constants()


def test_every_limit_that_settings_may_change_is_proved_with_a_changed_one() -> None:
    assert {setting for limit in READINGS for setting in limit.settings} == set(ReadLimits.__slots__)


def test_a_file_name_that_is_too_long_is_named_and_the_file_not_read(tmp_path: Path) -> None:
    """No file system here can hold such a name, so the limit is lowered."""
    (tmp_path / ("n" * 20)).write_text("")
    (tmp_path / ("n" * 21)).write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discovery, "NAME_BYTES", 20)
        found = discovery.discover([tmp_path])
    assert [place.artifact.name for place in found.places] == ["n" * 20]
    (problem,) = found.problems
    assert (problem.path, problem.hint) == ("n" * 21, "rename it")
    assert "too long; it is not read" in problem.message


def test_events_in_a_file_over_the_limit_are_a_problem_also_when_another_report_is_there(tmp_path: Path) -> None:
    inputs.events_by_content(tmp_path, 2_001)
    intake = read(tmp_path, defaults=replace(DEFAULTS, limits=ReadLimits(jsonl_bytes=2_000)))
    assert [problem.path for problem in intake.problems if "larger than 2000 bytes" in problem.message] == [
        "run/go.jsonl"
    ]


@pytest.mark.parametrize("name", ["file", "\u0430" * 127 + "b", "n" * 255])
def test_a_file_with_the_longest_name_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / name).write_text("")
    assert [source.path for source in read(tmp_path).sources] == [f"run/{name}"]
