"""Pass rates of base and sample from the history: windows, trials, bases, verdicts, and what is behind a number."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from generator.analysis import pass_rates
from generator.analysis.prepare import prepare
from generator.analysis.rates import false_discovery, fisher_right
from generator.config import Settings
from generator.findings import RateVerdict
from tests.builders import START, attempt, case, commit, part, snapshot, unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.analysis.frames import Prepared
    from generator.findings import PassRate, PassRates
    from generator.records import RunUnit, TestResult

DAYS = 44
"""Days 1 to 30 are the base of a run on day 44, days 38 to 44 its sample; the week between belongs to neither."""

GREEN = "." * DAYS


def outcome(name: str, sign: str) -> list[TestResult]:
    """A dot passes, F fails, r passes when tried again, a space did not run."""
    if sign == " ":
        return []
    if sign == "r":
        return [case(name, "passed", earlier=(attempt("failed"),))]
    return [case(name, "failed" if sign == "F" else "passed")]


def nights(*, prefix: str = "", os: str = "", branch: str = "main", hour: float = 0, **tests: str) -> list[RunUnit]:
    """One run a day, each with a commit of its own; a text says what became of a test, night by night."""
    length = max(len(signs) for signs in tests.values())
    made = []
    for day in range(1, length + 1):
        results = [result for name, signs in tests.items() for result in outcome(name, signs[day - 1])]
        run_id = f"{prefix}{day}"
        made.append(unit(run_id, day + hour / 24, results, branch=branch, sha=commit(day), parts=[part(os=os)]))
    return made


def history(units: Iterable[RunUnit], **rule: object) -> Prepared:
    return prepare(snapshot(*units), Settings.model_validate({"analysis": {"regression": rule}}))


def rates(units: Iterable[RunUnit], **rule: object) -> PassRates:
    prepared = history(units, **rule)
    found = pass_rates.build(prepared, len(prepared.runs) - 1)
    assert found is not None
    return found


def one(found: tuple[PassRate, ...], name: str = "broken") -> PassRate:
    (rate,) = (rate for rate in found if rate.test.name == name)
    return rate


def labels(rate: PassRate) -> list[str]:
    return [run.label for run in rate.failing]


def test_a_test_that_began_to_fail_is_a_regression_with_its_numbers() -> None:
    found = rates(nights(broken="." * 39 + "FFF.F", well=GREEN))

    (rate,) = found.changes
    assert (rate.test.name, rate.environment, rate.verdict) == ("broken", "full", RateVerdict.EXTREME_REGRESSION)
    assert (rate.base.failed, rate.base.runs, rate.sample.failed, rate.sample.runs) == (0, 30, 4, 7)
    assert rate.drop == pytest.approx(4 / 7)
    assert rate.p == rate.q == pytest.approx(float(fisher_right(0, 30, 4, 7)))
    bounds = [rate.base.low, rate.base.high, rate.sample.low, rate.sample.high]
    assert bounds == pytest.approx([0, 0.1135, 0.2505, 0.8418], abs=1e-4)
    assert labels(rate) == ["44", "42", "41", "40"]
    assert (found.tests, found.candidates, found.undecided, found.branch) == (2, 1, (), "main")


def test_the_windows_are_thirty_days_a_week_between_and_seven_days() -> None:
    # Failures one night outside each window: on the day before the base, in the week between.
    found = rates(nights(broken="F" + "." * 30 + "F" * 7 + "." * 7))

    assert (found.base_from, found.base_until) == (START, START + timedelta(days=30))
    assert (found.sample_from, found.sample_until) == (START + timedelta(days=37), START + timedelta(days=44))
    assert (found.base_commits, found.sample_commits) == (30, 7)
    assert found.base_name == "the 30 days that end 7 days before the sample"
    assert (found.changes, found.undecided) == ((), ())


def test_a_test_that_passed_in_any_run_of_a_commit_passed() -> None:
    first = nights(broken="." * 37 + "FFFFFFF", again="." * 37 + "rrrrrrr")
    second = nights(prefix="b", hour=1, broken="." * 37 + "......F")

    found = rates([*first, *second])

    assert found.changes == ()
    rate = one(found.undecided)
    assert (rate.sample.failed, rate.sample.runs, rate.lack) == (1, 7, ("failures",))
    assert labels(rate) == ["b44", "44"]
    assert found.sample_commits == 7


def test_only_runs_in_which_the_test_failed_stand_behind_the_number() -> None:
    more = nights(prefix="b", hour=1, broken=" " * DAYS, other=GREEN)

    rate = one(rates([*nights(broken="." * 40 + "FFFF"), *more]).changes)

    assert labels(rate) == ["44", "43", "42", "41"]


def test_at_most_twenty_runs_stand_behind_a_number_the_newest_first() -> None:
    reruns = [run for number in range(8) for run in nights(prefix=f"r{number}-", hour=number, broken="." * 41 + "FFF")]

    rate = one(rates(reruns).changes)

    assert (rate.sample.failed, len(rate.failing), labels(rate)[0], labels(rate)[8]) == (3, 20, "r7-44", "r7-43")


def test_an_old_commit_that_is_run_again_is_no_trial_of_the_sample() -> None:
    again = [unit(f"again{place}", 43.5, outcome("broken", "F"), sha=commit(34)) for place in range(5)]

    found = rates([*nights(broken=GREEN), *again])

    assert (found.sample_commits, found.changes, found.undecided) == (7, (), ())


def test_environments_are_judged_apart_but_as_one_family() -> None:
    linux = nights(os="linux", broken="." * 40 + "FFFF", shaky="FFF" + "." * 41)
    windows = nights(prefix="w", os="windows", hour=1, broken=GREEN, shaky="." * 40 + "F...")

    found = rates([*linux, *windows])

    (rate,) = found.changes
    assert rate.environment == "full linux"
    assert (found.tests, found.candidates) == (4, 2)
    p = fisher_right([0, 3], [30, 30], [4, 0], [7, 7])
    assert rate.q == pytest.approx(float(false_discovery(p)[0]))
    assert [(each.environment, each.test.name) for each in found.undecided] == [("full windows", "shaky")]


def test_a_test_that_fails_less_often_is_an_improvement() -> None:
    rate = one(rates(nights(broken="F" * 30 + "." * 14)).changes)

    assert (rate.verdict, rate.drop, rate.since, rate.failing) == (RateVerdict.IMPROVEMENT, -1.0, None, ())
    assert rate.p == rate.q == pytest.approx(float(fisher_right(0, 7, 30, 30)))


def test_bad_news_come_first_and_the_largest_change_before_others() -> None:
    found = rates(
        nights(
            better="F" * 30 + "." * 14,
            broken="." * 40 + "FFFF",
            new=" " * 37 + "FFFF.FF",
            worst="." * 37 + "F" * 7,
        )
    )

    assert [rate.test.name for rate in found.changes] == ["worst", "new", "broken", "better"]


def test_a_test_that_the_base_does_not_have_is_judged_by_itself() -> None:
    found = rates(nights(new=" " * 37 + "F......", young=" " * 39 + "..F.F", old=GREEN))

    (rate,) = found.changes
    assert (rate.test.name, rate.verdict, rate.drop, rate.q) == ("new", RateVerdict.NEW_TEST_FAILING, None, None)
    assert rate.base.rate is None
    young = one(found.undecided, "young")
    assert (young.sample.failed, young.sample.runs, young.lack) == (2, 5, ("sample runs",))


def test_no_test_is_called_new_while_the_base_is_too_small_to_tell() -> None:
    found = rates(nights(broken="F" * 9))

    assert (found.base_commits, found.sample_commits, found.changes) == (0, 7, ())
    assert found.base_name == "the 30 days that end 7 days before the sample, in which no commit was tested"
    rate = one(found.undecided)
    assert (rate.verdict, rate.lack) == (RateVerdict.NOT_ENOUGH_DATA, ("base runs",))


@pytest.mark.parametrize(("commits", "changed"), [(9, 0), (10, 1)])
def test_ten_commits_make_a_base(commits: int, changed: int) -> None:
    found = rates(nights(broken="." * (commits + 7) + "." + "F" * 6, new=" " * (commits + 7) + "F" * 7))

    assert (found.base_commits, found.sample_commits) == (commits, 7)
    assert len(found.changes) == 2 * changed
    assert {lack for rate in found.undecided for lack in rate.lack} == (set() if changed else {"base runs"})


@pytest.mark.parametrize(("commits", "lack"), [(2, ("sample runs", "failures")), (3, ())])
def test_three_commits_make_a_sample(commits: int, lack: tuple[str, ...]) -> None:
    found = rates(nights(broken="." * 30 + " " * (14 - commits) + "F" * commits, well=GREEN))

    assert [rate.lack for rate in found.undecided] == ([lack] if lack else [])
    assert len(found.changes) == (0 if lack else 1)


def test_a_history_without_results_has_no_pass_rates() -> None:
    prepared = history([unit("1", 1, [case("t", "skipped")]), unit("2", 2, [])])

    assert pass_rates.build(prepared, 1) is None


def test_a_run_long_after_the_others_has_an_empty_sample_and_no_error() -> None:
    found = rates([*nights(broken="." * 20 + "FFFF"), unit("late", 60, [], sha=commit(60))])

    assert (found.sample_commits, found.tests, found.changes, found.undecided) == (0, 0, (), ())
    assert found.base_commits == 8


def test_a_run_of_another_branch_is_told_about_the_default_branch() -> None:
    own = unit("own", 44.5, [case("broken", "failed"), case("mine", "failed")], branch="feature", sha=commit(99))

    found = rates([*nights(broken="." * 40 + "FFFF"), own])

    assert (found.branch, found.sample_commits) == ("main", 7)
    assert labels(one(found.changes)) == ["44", "43", "42", "41"]
    assert found.sample_until == START + timedelta(days=43.5)


def test_repositories_never_mix() -> None:
    own = nights(broken="." * 40 + "FFFF", shaky=GREEN)
    foreign = [
        replace(run, run=run.run.model_copy(update={"key": run.run.key.model_copy(update={"repository": "other/one"})}))
        for run in nights(prefix="x", hour=-1, broken="F" * DAYS, shaky="." * 37 + "F" * 7)
    ]

    assert rates([*own, *foreign], base="run:x20").base_name == "run x20, which is not among the runs up to this one"
    assert rates([*own, *foreign]) == rates(own)


def test_the_base_may_end_with_a_run() -> None:
    found = rates(nights(broken="F" * 15 + "." * 25 + "FFFF"), base="run:40")

    assert found.base_name == "the 30 days that end with run 40"
    assert found.base_until == START + timedelta(days=39)
    # What is in the base is not in the sample, however long that is meant to be.
    assert (found.base_commits, found.sample_from, found.sample_commits) == (30, START + timedelta(days=39), 4)
    assert (one(found.changes).base.failed, one(found.changes).base.runs) == (5, 30)


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("run:nope", "run nope, which is not among the runs up to this one"),
        ("run:44", "run 44, which is not older than this one"),
        ("tag:v*", "a run of a tag like v*, and none is known from before the sample"),
    ],
)
def test_a_base_that_is_not_there_is_named_with_the_reason(base: str, name: str) -> None:
    found = rates(nights(broken="." * 40 + "FFFF"), base=base)

    assert (found.base_name, found.base_commits, found.base_from, found.base_until) == (name, 0, None, None)
    assert (found.sample_commits, found.changes) == (7, ())
    assert one(found.undecided).lack == ("base runs",)


def test_a_branch_without_runs_is_an_empty_base() -> None:
    found = rates(nights(broken="." * 40 + "FFFF"), base="branch:release")

    assert found.base_name == (
        "the branch release in the 30 days before the end of the sample, in which no commit was tested"
    )
    assert (found.base_commits, found.changes, one(found.undecided).lack) == (0, (), ("base runs",))


def _release(**tests: str) -> list[RunUnit]:
    """Runs of a release branch on the nights of the main one, with commits of their own."""
    return [
        replace(run, run=run.run.model_copy(update={"commit": commit(500 + place)}))
        for place, run in enumerate(nights(prefix="rel", branch="release", hour=-1, **tests))
    ]


def test_a_branch_is_a_base_of_the_same_time() -> None:
    main = nights(broken="." * 10 + "F" * 34)

    found = rates([*main, *_release(broken="." * 43 + "F")], base="branch:release")

    rate = one(found.changes)
    assert (rate.base.failed, rate.base.runs, rate.sample.failed, rate.sample.runs) == (1, 30, 7, 7)
    assert (found.base_until, found.sample_until) == (START + timedelta(days=43), START + timedelta(days=43))
    assert rate.since is not None
    assert labels(rate)[0] == "44"


def test_a_commit_of_both_branches_is_a_trial_of_the_sample_only() -> None:
    same = nights(prefix="rel", branch="release", hour=-1, broken=GREEN)

    found = rates([*nights(broken="." * 40 + "FFFF"), *same], base="branch:release")

    assert (found.base_commits, found.sample_commits) == (23, 7)


def test_the_base_may_end_with_the_newest_tag_before_the_sample() -> None:
    tags = [
        unit("a", 20.5, [case("broken")], branch="v1", sha=commit(20)),
        unit("b", 30.5, [case("broken")], branch="v2", sha=commit(30)),
        unit("c", 40.5, [case("broken")], branch="v3", sha=commit(40)),
    ]
    pull = unit("p", 33.5, [case("broken")], branch="v9", sha=commit(33))
    pull = replace(pull, run=pull.run.model_copy(update={"pull_request": 5}))

    found = rates([*nights(broken="." * 40 + "FFFF"), *tags, pull], base="tag:v[0-9]*")

    assert found.base_name == "the 30 days that end with run b of the tag v2"
    assert found.base_until == START + timedelta(days=29.5)
    assert (found.base_commits, one(found.changes).base.runs) == (30, 30)


def test_since_is_the_first_run_whose_own_report_had_the_regression_without_a_break() -> None:
    prepared = history(nights(broken="." * 21 + "FFF" + "." * 9 + "FF.F..F.FFF", well=GREEN), base="run:20")

    told = []
    for index in range(20, DAYS):
        found = pass_rates.build(prepared, index)
        assert found is not None
        told.append(bool(found.changes))
    last = pass_rates.build(prepared, DAYS - 1)

    assert last is not None
    rate = one(last.changes)
    assert rate.since is not None
    assert told[-1]
    assert told.count(True) > 3
    assert False in told[told.index(True) :], "it was found once before, and went away"
    clean = max(place for place, worse in enumerate(told) if not worse)
    assert rate.since.label == prepared.runs[20 + clean + 1].label


def test_nothing_after_the_run_is_looked_at() -> None:
    units = nights(broken="." * 33 + "FFFF" + "." * 7, shaky="." * 30 + "F.F" * 4 + "FF")
    whole = history(units)

    for index in (9, 36, 40):
        before = history(units[: index + 1])
        assert pass_rates.build(whole, index) == pass_rates.build(before, index)


def test_the_order_of_arrival_changes_nothing() -> None:
    chance = random.Random(5)  # noqa: S311  a shuffle, no secret
    linux = nights(os="linux", broken="." * 40 + "FFFF", shaky="F..." * 11, new=" " * 37 + "FF.F..F")
    windows = nights(prefix="w", os="windows", hour=1, broken="." * 40 + "FF.F", shaky="..F." * 11)
    expected = rates([*linux, *windows])

    assert {rate.verdict for rate in expected.changes} >= {
        RateVerdict.EXTREME_REGRESSION,
        RateVerdict.NEW_TEST_FAILING,
    }
    for _ in range(3):
        units = [*linux, *windows]
        chance.shuffle(units)
        assert rates([replace(run, results=run.results[::-1]) for run in units]) == expected


def test_the_correction_counts_tests_of_all_environments_at_each_look_back() -> None:
    """Many shaky tests in one environment make a small regression in another one no finding."""
    linux = nights(os="linux", broken="." * 40 + "F.FF")
    lonely = rates(linux)
    shaky = {f"s{place}": "".join("F" if (day + place) % 5 == 0 else "." for day in range(DAYS)) for place in range(60)}
    crowded = rates([*linux, *nights(prefix="w", os="windows", hour=1, **shaky)])

    assert [rate.test.name for rate in lonely.changes] == ["broken"]
    assert crowded.candidates == 61
    assert crowded.changes == ()


def test_a_history_in_which_nothing_changed_raises_no_alarm() -> None:
    chance = np.random.default_rng(11)
    tests = {
        f"t{place}": "".join("F" if hit else "." for hit in chance.random(DAYS) < rate)
        for place, rate in enumerate(np.linspace(0, 0.4, 80))
    }

    found = rates(nights(hour=0, **tests))

    assert found.candidates >= 60
    assert found.changes == ()
