"""Which commits may have broken a test: from runs to suspects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis.prepare import prepare
from generator.analysis.suspects import build
from generator.config import Settings
from tests.builders import case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    from generator.findings import Suspects
    from generator.records import RunUnit

FULL = 40
"""Digits of a commit of `builders.commit`."""


def night(number: int, status: str, *, sha: str | None = None, branch: str = "main", os: str = "") -> RunUnit:
    """Return one run of a commit of its own, in which the test `x` ended so; others pass."""
    results = [case("other"), case("another")] + ([case("x", status)] if status != "absent" else [])
    given_sha = commit(number) if sha is None else sha
    return unit(str(number), number, results, sha=given_sha, branch=branch, parts=[part(os=os)])


def nights(outcomes: str) -> list[RunUnit]:
    """Return one run a letter: P passed, F failed, - not executed."""
    word = {"P": "passed", "F": "failed", "-": "absent"}
    return [night(number, word[letter]) for number, letter in enumerate(outcomes, 1)]


def suspects(
    *units: RunUnit, rate: float | None = None, name: str = "x", label: str = "", made: Settings | None = None
) -> Suspects:
    """Return the suspects of one test in the run with this label, the newest one if none is said."""
    prepared = prepare(snapshot(*units), made or Settings())
    place = prepared.position(label) if label else len(prepared.runs) - 1
    (test_id,) = [key for key, ref in prepared.tests(prepared.names.index.tolist()).items() if ref.name == name]
    rates = {} if rate is None else {test_id: rate}
    return build(prepared, place, np.array([test_id], dtype=np.int64), rates)[test_id]


def numbers(found: Suspects) -> list[int]:
    """Return the numbers of the commits."""
    return [int(name[:7], 16) for name, _ in found.commits]


def test_after_many_passes_the_first_failing_commit_is_the_suspect() -> None:
    found = suspects(*nights("P" * 12 + "FF"))
    assert numbers(found) == [13]
    assert found.commits[0][0] == commit(13)
    assert found.commits[0][1] > 0.95
    assert (found.tested, found.enough, found.reason) == (14, True, "")
    assert found.flake < 0.05


def test_commits_without_an_outcome_share_the_suspicion() -> None:
    found = suspects(*nights("PPPPPP---FF"))
    assert numbers(found) == [7, 8, 9, 10]
    assert {round(share, 2) for _, share in found.commits} == {0.25}
    assert found.tested == 8


def test_the_suspects_of_a_test_that_flakes_are_several_commits() -> None:
    found = suspects(*nights("P" * 10 + "FPFFFF"), rate=0.3)
    assert found.enough
    assert numbers(found)[0] == 13
    assert 11 not in numbers(found) or found.commits[0][1] > 0.5


def test_a_new_test_has_no_earlier_result() -> None:
    found = suspects(*nights("----F"))
    assert (found.commits, found.enough, found.reason, found.tested) == ((), False, "no earlier result", 1)


def test_a_test_that_never_passed_names_how_many_commits_say_so() -> None:
    found = suspects(*nights("FFFF"))
    assert (found.commits, found.enough) == ((), False)
    assert found.reason == "it passed on none of the 4 commits with a result"


def test_a_failure_among_passes_of_later_commits_is_more_probably_a_flake() -> None:
    again = night(9, "failed", sha=commit(3))
    found = suspects(*nights("PPPPPPPP"), again)
    assert found.commits == ()
    assert found.reason.startswith("a flake is more probable: ")
    assert found.flake > 0.5


def test_a_breakage_that_was_mended_before_does_not_count() -> None:
    found = suspects(*nights("PPP" + "F" * 20 + "PPPP" + "F"))
    assert numbers(found) == [28]
    assert found.tested == 5


def test_one_pass_alone_mends_nothing() -> None:
    found = suspects(*nights("PPPPP" + "F" * 10 + "P" + "FF"))
    assert numbers(found) == [6]
    assert found.tested == 18


def test_a_run_without_a_commit_has_no_suspects_and_says_so() -> None:
    found = suspects(*nights("PPP"), night(4, "failed", sha=""))
    assert (found.commits, found.reason) == ((), "this run states no commit")


@pytest.mark.parametrize("sha", ["", "main", "unknown"])
def test_runs_without_a_commit_id_are_skipped(sha: str) -> None:
    found = suspects(*nights("PPP"), night(4, "failed", sha=sha), night(5, "passed"), night(6, "failed"))
    assert numbers(found) == [6]
    assert found.tested == 5


def test_another_system_says_nothing() -> None:
    windows = [night(number, "passed", os="windows") for number in range(1, 8)]
    linux = [night(8, "failed", os="linux")]
    assert suspects(*windows, *linux).reason == "no earlier result"


def test_a_run_in_which_nearly_all_failed_has_no_suspects() -> None:
    mass = unit("9", 9, [case(name, "failed") for name in ["x", *map(str, range(25))]], sha=commit(9))
    found = suspects(*nights("PPPP"), mass)
    assert found.commits == ()
    assert "speaks for its machine" in found.reason
    later = suspects(*nights("PPPP"), mass, night(10, "failed"))
    assert (numbers(later), later.tested) == ([10], 5)


def test_a_short_id_is_the_commit_it_begins() -> None:
    found = suspects(*nights("PPP"), night(4, "passed", sha=commit(4)[:9]), night(5, "failed", sha=commit(5)))
    again = suspects(*nights("PPP"), night(4, "failed", sha=commit(4)), night(5, "failed", sha=commit(4)[:9]))
    assert numbers(found) == [5]
    assert [len(name) for name, _ in again.commits] == [FULL]


def test_the_branch_and_what_it_was_made_from_are_looked_at_and_nothing_else() -> None:
    main = nights("PPPP")
    elsewhere = night(5, "failed", branch="other")
    found = suspects(*main, elsewhere, night(6, "failed", branch="topic"), night(7, "failed", branch="topic"))
    assert numbers(found) == [6]
    assert found.tested == 6


def test_only_the_newest_commits_of_the_setting_are_looked_at() -> None:
    made = Settings.model_validate({"analysis": {"culprit": {"commits": 4}}})
    found = suspects(*nights("PPPPPPPPFF"), made=made)
    assert numbers(found) == [9, 10]
    assert found.tested == 4
    assert not suspects(*nights("PPPPFFFF"), made=made).enough


def test_the_share_that_the_set_holds_is_a_setting() -> None:
    outcomes = nights("PPPPPP---FF")
    half = Settings.model_validate({"analysis": {"culprit": {"hold": 0.5}}})
    assert numbers(suspects(*outcomes)) == [7, 8, 9, 10]
    assert numbers(suspects(*outcomes, made=half)) == [7, 8, 9]


def test_where_a_case_has_no_report_its_target_tells() -> None:
    good = [
        unit(str(day), day, [target("suite:shop", 0), case("other", suite="lib")], sha=commit(day)) for day in (1, 2, 3)
    ]
    bad = unit("4", 4, [target("suite:shop", 101), case("x", "failed", suite="shop")], sha=commit(4))
    found = suspects(*good, bad)
    assert (numbers(found), found.tested) == ([4], 4)


def test_a_run_after_it_is_not_looked_at() -> None:
    known = nights("PPPPPPF")
    later = nights("PPPPPPFPPPP")
    assert suspects(*known) == suspects(*later, label="7")


@settings(deadline=None, max_examples=25)
@given(st.text("PF-", min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_runs_arrive_changes_nothing(outcomes: str, random: object) -> None:
    units = nights(outcomes + "F")
    mixed = units.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    found = suspects(*units)
    assert suspects(*mixed) == found
    assert sum(share for _, share in found.commits) <= 1.0 + 1e-5
    assert bool(found.commits) == (not found.reason)


def test_without_failing_tests_there_is_nothing() -> None:
    prepared = prepare(snapshot(*nights("PP")), Settings())
    assert build(prepared, 1, np.array([], dtype=np.int64), {}) == {}
