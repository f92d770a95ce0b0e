"""Suspected, recovered, broken; numbers, cost and quarantine of a flaky test; and what is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import flaky
from generator.analysis.analyse import analyse
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.gates.new_failures import excusable
from generator.records import Evidence, QuarantineEntry, QuarantineReport, SuiteClassification
from tests.builders import attempt, case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    import random

    from generator.findings import FlakyNote
    from generator.records import RunUnit

FILL = 30


def run(number: int, day: float, word: str, *, sha: str = "", evidence: Evidence | None = None, **more: str) -> RunUnit:
    """A run of `geo` and thirty steady tests: P passed, F failed, R passed on a retry, a space means it did not run."""
    own = {
        "P": [case("geo", suite="depot", seconds=30.0)],
        "F": [case("geo", "failed", suite="depot", seconds=60.0)],
        "R": [case("geo", suite="depot", seconds=30.0, earlier=[attempt("failed", seconds=60.0)])],
        " ": [],
    }[word]
    parts = [part(os=more.pop("os", ""))]
    return unit(
        str(number),
        day,
        [*own, *(case(f"t{place}") for place in range(FILL))],
        sha=sha or commit(number),
        parts=parts,
        evidence=evidence,
        **more,  # type: ignore[arg-type]  # texts
    )


def outage(number: int, day: float, share: float, *, sha: str = "") -> RunUnit:
    names = ["geo", *(f"t{place}" for place in range(FILL))]
    results = [
        case(name, "failed" if place < share * len(names) else "passed", suite="depot" if name == "geo" else "shop")
        for place, name in enumerate(names)
    ]
    return unit(str(number), day, results, sha=sha or commit(number))


def story(words: str, *, step: float = 1.0, first: int = 1) -> list[RunUnit]:
    """A run of the default branch for each word, each on a commit of its own."""
    return [run(first + place, 1 + step * place, word) for place, word in enumerate(words)]


def found(*units: RunUnit, settings_of: Settings | None = None) -> tuple[FlakyNote, ...]:
    prepared = prepare(snapshot(*units), settings_of or Settings())
    return flaky.find(prepared, len(prepared.runs) - 1)


def labels(*units: RunUnit) -> list[str]:
    return [note.label for note in found(*units) if note.test.name == "geo"]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("PPFPPPFPPP", ["suspected"]),
        ("PPFPPFPPP", []),  # nine commits
        ("PPFPPPPPPP", []),  # one excursion
        ("PPFFPPFFPP", []),  # longer than one commit
        ("PPPPPPPPPF", []),
        ("FFFFFFFFFFFF", []),
        ("PPPPPPPPPPPP", []),
        ("PPF PPPFPPPP", ["suspected"]),
    ],
)
def test_a_test_is_suspected_when_it_failed_alone_twice_among_ten_commits(words: str, label: list[str]) -> None:
    assert labels(*story(words)) == label


def test_a_suspected_test_has_numbers_and_the_runs_in_which_it_failed_alone() -> None:
    (note,) = found(*story("PPFPPPFPPP"))
    assert (note.commits, note.flake_commits, note.retries, note.derates) == ((), 0, 0, False)
    assert (note.first_attempts, note.flips, note.excursions, note.seen_commits) == (10, 4, 2, 10)
    assert note.flip_rate == pytest.approx(4 / 9)
    assert [item.label for item in note.runs] == ["3", "7"]
    assert note.minutes_a_week == pytest.approx(2 / 10 * 10 * 7 / 9 * 1.0)  # one minute each, ten runs in nine days


def test_a_confirmed_test_has_a_rate_with_its_interval() -> None:
    (note,) = found(*story("PPP"), run(4, 4, "F"), run(5, 4.5, "P", sha=commit(4)))
    assert (note.label, note.flake_commits, note.seen_commits) == ("confirmed", 1, 4)
    assert note.rate == pytest.approx(1.5 / 5)
    assert note.low is not None
    assert note.high is not None
    assert note.low < 0.25 < note.high
    assert (note.flip_rate, note.first_attempts) == (None, 4)


def test_a_flake_costs_its_failing_attempts_and_the_ones_after_them() -> None:
    (retry,) = found(*story("PPR"))
    assert retry.minutes_a_week == pytest.approx(1.5 / 4 * 3 * 1.5)  # three runs within a week, 60 s and 30 s
    (rerun,) = found(run(1, 1, "F"), run(2, 1.1, "P", sha=commit(1)), run(3, 1.2, "P", sha=commit(1)))
    assert rerun.minutes_a_week == pytest.approx(1.5 / 2 * 3 * 1.5)


def test_a_cost_without_any_duration_is_not_known() -> None:
    retried = case("geo", seconds=None, earlier=[attempt("failed", seconds=None)])
    (note,) = found(unit("1", 1, [retried]))
    assert note.minutes_a_week is None


def test_two_commits_are_needed_to_take_it_out_of_a_gate() -> None:
    once = [run(1, 1, "R"), run(2, 2, "P")]
    assert [note.derates for note in found(*once)] == [False]
    assert [note.derates for note in found(*once, run(3, 3, "R"))] == [True]
    eager = Settings.model_validate({"analysis": {"flaky": {"derate_min_flake_commits": 1}}})
    assert [note.derates for note in found(*once, settings_of=eager)] == [True]


@pytest.mark.parametrize(
    ("words", "step", "label"),
    [
        ("PRPPPPP", 2.0, "recovered"),
        ("PRPPPP", 2.0, "confirmed"),  # four clean commits
        ("PRPPPPPP", 1.0, "confirmed"),  # six days
        ("PRPPPPPPP", 1.0, "recovered"),
    ],
)
def test_a_flaky_test_has_recovered_after_five_clean_commits_and_seven_days(
    words: str, step: float, label: str
) -> None:
    assert labels(*story(words, step=step)) == [label]


def test_a_recovered_test_costs_nothing_and_excuses_nothing_until_it_fails_again() -> None:
    (note,) = found(*story("RRPPPPP", step=2.0))
    assert (note.label, note.minutes_a_week, note.derates, note.confirmed) == ("recovered", None, False, False)
    assert len(note.commits) == 2
    assert labels(*story("RRPPPPPF", step=2.0)) == ["confirmed"]


def test_a_test_that_fails_commit_after_commit_is_broken_and_not_flaky_now() -> None:
    assert labels(*story("RRPPFF")) == ["confirmed"]
    assert labels(*story("RRPPFFF")) == []
    assert labels(*story("RRPPFFR")) == ["confirmed"]


def test_a_test_that_a_change_broke_together_with_many_is_broken_too() -> None:
    bad = [outage(10 + place, 7 + place, 0.4) for place in range(3)]
    assert "geo" in {result.name for result in bad[0].results if result.status.bad}
    assert labels(*story("RRPP"), *bad) == []


def test_a_test_that_a_branch_breaks_is_not_flaky_for_its_runs() -> None:
    flakes = story("RRPP")
    branch = [run(10 + place, 5 + place, "F", branch="feature/x") for place in range(3)]
    assert labels(*flakes, *branch[:2]) == ["confirmed"]
    assert labels(*flakes, *branch) == []
    assert labels(*flakes, *branch, run(20, 9, "P")) == ["confirmed"]


def test_failures_of_other_branches_make_no_suspicion() -> None:
    units = [run(place, place, "F" if place in (3, 7) else "P") for place in range(1, 11)]
    assert labels(*units) == ["suspected"]
    moved = [
        run(place, place, "F", branch="feature/x") if place in (3, 7) else one for place, one in enumerate(units, 1)
    ]
    assert labels(*moved) == []


@pytest.mark.parametrize("share", [0.3, 0.8, 1.0])
def test_an_outage_makes_no_test_flaky(share: float) -> None:
    calm = story("PPPPPPPPPPPP", step=0.5)
    bad = [outage(50 + place, day, share) for place, day in enumerate((2.2, 4.2))]
    same = [outage(60, 1.1, share, sha=commit(1))]
    assert found(*calm, *bad, *same) == ()


def test_the_share_from_which_a_run_is_set_aside_is_a_setting() -> None:
    pair = [outage(1, 1, 0.3), run(2, 1.2, "P", sha=commit(1))]
    assert found(*pair) == ()
    lenient = Settings.model_validate({"analysis": {"flaky": {"max_run_fail_share": 0.5}}})
    assert len(found(*pair, settings_of=lenient)) == 10


def test_a_rerun_in_which_nearly_all_fail_again_still_shows_what_passed() -> None:
    names = [f"t{place}" for place in range(25)]
    full = unit("1", 1, [case(name, "failed" if name in names else "passed") for name in map("t{}".format, range(200))])
    again = [case(name, "passed" if name == "t3" else "failed") for name in names]
    rerun = unit("2", 1.2, again, sha=commit(1), parts=[part(rerun_from="a/b/summary.json")])
    assert [note.test.name for note in found(full, rerun)] == ["t3"]


def test_environments_are_judged_apart_and_the_one_that_says_most_speaks() -> None:
    linux = [run(place, place, word, os="linux") for place, word in enumerate("PRPP", 1)]
    windows = [run(20 + place, place + 0.3, word, os="windows") for place, word in enumerate("PRRP", 1)]
    (note,) = found(*linux, *windows)
    assert (note.environment, note.flake_commits, note.elsewhere) == ("full windows", 2, ("full linux",))
    assert {item.label for item in note.runs} == {"22", "23"}
    broken = [run(30 + place, 10 + place, "F", os="windows") for place in range(3)]
    assert found(*linux, *windows, *broken) == ()
    (left,) = found(*linux, *windows, *broken, run(40, 20, "P", os="linux"))
    assert (left.environment, left.elsewhere) == ("full linux", ())


def test_confirmed_stand_before_suspected_before_recovered_and_the_dearest_first() -> None:
    def results(day: int) -> list[str]:
        words = {"a-slow": "R" if day in (9, 10) else "P", "z-dear": "R" if day in (9, 10) else "P"}
        words |= {
            "b-maybe": "F" if day in (3, 7) else "P",
            "c-well": "R" if day == 1 else "P",
            "d-mute": words["a-slow"],
        }
        return [f"{name}:{word}" for name, word in words.items()]

    def made(day: int) -> RunUnit:
        rows = []
        for name, word in (text.split(":") for text in results(day)):
            seconds = {"z-dear": 90.0, "d-mute": None}.get(name, 1.0)
            earlier = [attempt(seconds=seconds)] if word == "R" else []
            rows.append(case(name, "failed" if word == "F" else "passed", seconds=seconds, earlier=earlier))
        return unit(str(day), day, [*rows, *(case(f"t{place}") for place in range(FILL))])

    notes = found(*(made(day) for day in range(1, 13)))
    assert [(note.test.name, note.label) for note in notes] == [
        ("z-dear", "confirmed"),
        ("a-slow", "confirmed"),
        ("d-mute", "confirmed"),
        ("b-maybe", "suspected"),
        ("c-well", "recovered"),
    ]


def entry(name: str, expires: str, **more: str) -> QuarantineEntry:
    return QuarantineEntry.model_validate({"name": name, "category": "FLAKE-NET", "expires": expires} | more)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([], ""),
        ([entry("other", "2026-03-20")], ""),
        ([entry("geo", "2026-03-02")], "FLAKE-NET, last day 2026-03-02"),
        ([entry("geo", "2026-03-01")], "FLAKE-NET, ran out on 2026-03-01"),
        ([entry("depot", "2026-03-20")], "FLAKE-NET, last day 2026-03-20"),
        ([entry("depot::geo", "2026-03-20")], "FLAKE-NET, last day 2026-03-20"),
        ([entry("geo", "2026-03-20"), entry("geo", "2026-03-01")], "FLAKE-NET, ran out on 2026-03-01"),
        ([entry("geo", "2026-03-20", invalid="has no owner")], "FLAKE-NET, invalid: has no owner"),
        ([entry("geo", "soon", status="expired")], "FLAKE-NET, ran out"),
        ([entry("geo", "", category="")], "no category, no last day"),
    ],
)
def test_what_the_quarantine_says_is_judged_by_the_day_of_the_run(entries: list[QuarantineEntry], said: str) -> None:
    for evidence in (
        Evidence(quarantine=(QuarantineReport(entries=tuple(entries)),)),
        Evidence(classifications=(SuiteClassification(quarantine=tuple(entries)),)),
    ):
        (note,) = found(run(1, 1, "R"), run(2, 2, "P", evidence=evidence))
        assert note.quarantine == said


def test_the_quarantine_of_another_run_is_not_that_of_this_one() -> None:
    evidence = Evidence(quarantine=(QuarantineReport(entries=(entry("geo", "2026-03-20"),)),))
    (note,) = found(run(1, 1, "R", evidence=evidence), run(2, 2, "P"))
    assert note.quarantine == ""


@pytest.mark.parametrize(
    ("words", "label", "excused"),
    [("RRPPPPPPPPF", "confirmed", True), ("RPPPPPPPPPF", "confirmed", False), ("PPFPPPFPPPF", "suspected", False)],
)
def test_only_proof_on_two_commits_excuses_a_failure(words: str, label: str, excused: bool) -> None:  # noqa: FBT001
    prepared = prepare(snapshot(*story(words)), Settings())
    (failure,) = analyse(prepared, prepared.runs[-1].label, base=None, settings=prepared.settings).failures
    assert failure.flaky is not None
    assert (failure.flaky.label, excusable(failure)) == (label, excused)


def test_targets_are_judged_like_cases() -> None:
    codes = {3: 101, 7: 101}
    units = [unit(str(day), day, [target("unit:geo", codes.get(day, 0))]) for day in range(1, 11)]
    assert [(note.test.key, note.label) for note in found(*units)] == [("unit:geo", "suspected")]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from("PFR "), st.sampled_from(["main", "x"])), max_size=16),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_changes_nothing_and_one_status_is_never_flaky(
    runs: list[tuple[int, str, str]], order: random.Random
) -> None:
    units = [
        run(place, 1 + place / 3, word, sha=commit(sha), branch=branch)
        for place, (sha, word, branch) in enumerate([(1, "P", "main"), *runs])
    ]
    notes = found(*units)
    shuffled = list(units)
    order.shuffle(shuffled)
    assert found(*shuffled) == notes
    words = {word for _, word, _ in runs} | {"P"}
    assert not notes or words & {"F", "R"}
    assert all(note.test.name == "geo" and 0 < (note.rate or 0) < 1 for note in notes)
