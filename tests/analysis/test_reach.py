"""Causes over the window: what is counted, what is listed, and that neither arrival nor a later run changes it."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING

import pytest

from generator.analysis import analyse, prepare, reach
from generator.analysis.causes import causes
from generator.analysis.clustered import clustered
from generator.analysis.rates import wilson
from generator.config import Settings
from generator.config.analysis import AnalysisSettings, CauseRule, ClusterSettings
from generator.history import open_store
from generator.records import BundleFailure, Evidence
from tests.builders import bundle, case, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.findings import Cause, Cluster
    from generator.records import RunUnit, TestResult

GONE = "connection to the store was refused"
GREEN = [case(f"green {number}") for number in range(8)]


def timeout(
    name: str, words: str = "the request timed out after 30 s", *, suite: str = "shop", classname: str = ""
) -> TestResult:
    return case(name, "failed", kind="TimeoutError", message=words, suite=suite, classname=classname)


def night(day: float, *results: TestResult, green: bool = True, **more: object) -> RunUnit:
    return unit(str(day), day, [*results, *(GREEN if green else [])], **more)  # type: ignore[arg-type]


def both(
    *units: RunUnit, label: str = "", settings: Settings | None = None
) -> tuple[tuple[Cluster, ...], tuple[Cause, ...]]:
    """Return the clusters and the causes of a run, the newest one by default."""
    settings = settings or Settings()
    prepared = prepare(snapshot(*units), settings)
    index = prepared.position(label) if label else len(prepared.runs) - 1
    made = analyse(prepared, prepared.runs[index].label, base=None, settings=settings).failures
    found = clustered(prepared, index, made)
    apart = reach.build(prepared, index, made)
    assert apart == reach.build(prepared, index, made, found)
    return apart, causes(prepared, index, made, {}, found)


def of(*units: RunUnit, label: str = "", settings: Settings | None = None) -> tuple[Cluster, ...]:
    return both(*units, label=label, settings=settings)[0]


def ruled(*rules: CauseRule, **more: float) -> Settings:
    return Settings(analysis=AnalysisSettings(cluster=ClusterSettings(rules=rules, **more)))  # type: ignore[arg-type]


def names(found: Iterable[Cluster]) -> list[str]:
    return [cluster.title for cluster in found]


# --- what is counted -------------------------------------------------------------------------------------------------


def test_a_cause_is_counted_in_tests_runs_and_environments_and_knows_since_when() -> None:
    far = [part(profile="full", os="Linux 6.8")], [part(profile="full", os="Darwin 24")]
    (found,) = of(
        night(1, timeout("a"), parts=far[0]),
        night(2, parts=far[0]),
        night(3, timeout("a"), timeout("b"), parts=far[1]),
        night(4, timeout("b"), parts=far[0]),
    )
    assert found.title == "TimeoutError: the request timed out after <n>"
    assert re.fullmatch(r"c1:[0-9a-f]{16}", found.cluster_id)
    assert (found.tests, found.occurrences, found.runs, found.window_runs, found.environments) == (2, 4, 3, 4, 2)
    assert (found.first_seen.label, found.last_seen.label, found.new, found.wide) == ("1", "4", False, True)
    assert [link.title for link in found.failures] == ["b"]
    assert [(test.name, runs) for test, runs in found.members] == [("a", 2), ("b", 2)]
    assert (found.rate, found.window_days, found.known) == (0.75, 30, False)
    interval = wilson(3, 4)
    assert (found.low, found.high) == (interval.low.item(), interval.high.item())


def test_three_spellings_of_one_cause_are_one_cause_and_one_line() -> None:
    spelt = [f"the request to {who} timed out after 30 s" for who in ("orders", "order", "borders")]
    found, seen = both(
        night(1, timeout("a", spelt[0])),
        night(2, timeout("a", spelt[1]), timeout("b", spelt[2]), timeout("c", spelt[0])),
    )
    assert len(found) == len(seen) == 1
    assert len(found[0].signatures) == 3
    assert (seen[0].cluster_id, seen[0].title) == (found[0].cluster_id, found[0].title)
    assert ({link.title for link in seen[0].failures}, seen[0].runs, seen[0].new) == ({"a", "b", "c"}, 2, False)
    assert seen[0].first_seen.label == "1"


def test_other_identifiers_are_other_causes() -> None:
    keys = [case(name, "failed", kind="KeyError", message=f"'{name}'") for name in ("a", "b")]
    found, seen = both(night(1, *keys))
    assert names(found) == ["KeyError: 'a'", "KeyError: 'b'"]
    assert [len(cause.failures) for cause in seen] == [1, 1]


def test_the_window_ends_with_the_run_and_first_seen_looks_beyond_it() -> None:
    (found,) = of(night(1, timeout("a")), night(2), night(31.5, timeout("b")), night(32, timeout("b")))
    assert (found.tests, found.occurrences, found.window_runs) == (1, 2, 2)
    assert (found.first_seen.label, found.new) == ("1", False)
    assert [test.name for test, _ in found.members] == ["b"]


def test_nothing_after_the_run_and_nothing_of_another_repository_is_looked_at() -> None:
    units = [
        night(1, timeout("a"), repository="else/where"),
        night(2, timeout("a")),
        night(3, timeout("b"), repository="else/where"),
        night(4, timeout("c")),
    ]
    (found,) = of(*units, label="2")
    assert (found.tests, found.runs, found.window_runs, found.new, found.last_seen.label) == (1, 1, 1, True, "2")


def test_runs_without_results_are_not_among_those_of_the_window() -> None:
    (found,) = of(night(1, timeout("a")), unit("2", 2, []), night(3, timeout("a")))
    assert (found.runs, found.window_runs) == (2, 2)


def test_a_target_whose_failing_cases_are_known_is_left_to_them_in_every_run() -> None:
    pay = target("suite:e2e_pay", 101, message="target says", file="a.rs", line=3)
    inside = [timeout("refund", suite="e2e_pay"), timeout("by class", suite="all", classname="shop::e2e_pay")]
    units = [night(1, pay, inside[0]), night(2, pay, inside[1]), night(3, pay), night(4, pay, *inside)]
    (found,) = of(*units, settings=ruled(min_occurrences=1))
    assert found.title == "TimeoutError: the request timed out after <n>"
    assert (found.tests, found.occurrences, found.runs, found.last_seen.label) == (2, 5, 4, "4")
    assert len(found.signatures) == 1
    assert {test.name: runs for test, runs in found.members} == {"refund": 2, "by class": 2, "e2e_pay": 1}


PAY = target("suite:e2e_pay", 101, message="target says", file="a.rs", line=3)
REFUND = timeout("refund", suite="e2e_pay")


def test_a_target_without_a_report_of_its_cases_counts_to_the_cause_that_they_have_elsewhere() -> None:
    (found,), (cause,) = both(night(1, PAY), night(2, PAY, REFUND), night(3), night(4, PAY))
    assert (found.title, found.first_seen.label) == ("TimeoutError: the request timed out after <n>", "1")
    assert (found.tests, found.occurrences, found.runs, found.new, found.wide) == (1, 3, 3, False, False)
    assert [link.key for link in found.failures] == ["suite:e2e_pay"]
    assert (cause.cluster_id, cause.runs, cause.first_seen.label) == (found.cluster_id, 3, "1")


def test_what_its_cases_say_later_is_not_known_before() -> None:
    units = [night(1, PAY), night(2, PAY, REFUND)]
    assert names(of(*units, label="1")) == ["target says"]
    assert [cluster.first_seen.label for cluster in of(*units)] == ["1"]


def test_a_target_that_passed_since_is_a_cause_of_its_own() -> None:
    units = [night(1, PAY), night(2, target("suite:e2e_pay", 0)), night(3, PAY, REFUND), night(4, PAY)]
    found = of(*units, settings=ruled(min_occurrences=1))
    assert {cluster.title: (cluster.first_seen.label, cluster.runs) for cluster in found} == {
        "TimeoutError: the request timed out after <n>": ("3", 2),
        "target says": ("1", 1),
    }


def test_a_target_that_failed_otherwise_is_a_cause_of_its_own() -> None:
    other = target("suite:e2e_pay", 7, message="something else", file="b.rs", line=9)
    found = of(night(1, PAY), night(2, other), night(3, PAY, REFUND), settings=ruled(min_occurrences=1))
    assert {cluster.title: cluster.first_seen.label for cluster in found} == {
        "TimeoutError: the request timed out after <n>": "1",
        "something else": "2",
    }


def test_a_rule_of_the_settings_keeps_a_target_without_a_report_of_its_cases() -> None:
    rule = CauseRule(name="pay", pattern="target says")
    found = of(night(1, PAY), night(2, PAY, REFUND), settings=ruled(rule, min_occurrences=1))
    assert {cluster.title: cluster.first_seen.label for cluster in found} == {
        "TimeoutError: the request timed out after <n>": "2",
        "pay": "1",
    }


def test_targets_that_a_replay_bundle_names_again_are_one_cause() -> None:
    failures = [BundleFailure(surface="suite", name="e2e_pay", exit_code=101, root_cause_class="panic")]
    lone = [
        unit(str(day), day, [], parts=[part(state="bundle_only")], evidence=Evidence(bundles=(bundle(failures),)))
        for day in (1, 2)
    ]
    found, seen = both(*lone)
    assert len(found) == len(seen) == 1


def test_the_most_frequent_cause_of_the_newest_cases_is_that_of_the_target() -> None:
    odd = [case(name, "failed", kind="OddError", message="it is odd", suite="e2e_pay") for name in "ab"]
    found = {
        cluster.title: cluster
        for cluster in of(night(1, PAY, REFUND), night(2, PAY), night(3, PAY, REFUND, *odd), night(4, PAY))
    }
    assert {title: cluster.occurrences for title, cluster in found.items()} == {"OddError: it is odd": 4}
    assert [link.title for link in found["OddError: it is odd"].failures] == ["e2e_pay"]


def test_causes_that_are_too_small_for_a_line_are_counted() -> None:
    units = [night(1, timeout("a"), case("b", "failed", kind="KeyError", message="'b'")), night(2, timeout("c"))]
    prepared = prepare(snapshot(*units, night(3), night(4, case("d", "failed", message="now"))), Settings())
    found = analyse(prepared, "4", base=None, settings=Settings())
    assert names(found.clusters) == ["now", "TimeoutError: the request timed out after <n>"]
    assert (found.clusters_unlisted, found.clusters_listed_from) == (1, (2, 3))


def test_a_unit_target_of_the_name_of_a_failing_suite_keeps_its_failure() -> None:
    twins = [target(f"{kind}:geo", 1, message=f"{kind} says", file="a.rs", line=3) for kind in ("suite", "unit")]
    found = of(night(1, *twins, timeout("x", suite="geo")))
    assert sorted(names(found)) == ["TimeoutError: the request timed out after <n>", "unit says"]


def test_what_only_a_replay_bundle_names_is_a_cause_too() -> None:
    failures = [BundleFailure(surface="suite", name="e2e_pay", exit_code=101, root_cause_class="panic")]
    lone = unit("2", 2, [], parts=[part(state="bundle_only")], evidence=Evidence(bundles=(bundle(failures),)))
    found, seen = both(unit("1", 1, targets({"suite:e2e_pay": 0})), lone)
    assert names(found) == [seen[0].title] == ["panic: exit code 101"]
    assert (found[0].tests, found[0].runs, found[0].window_runs, found[0].new) == (1, 1, 2, True)
    assert [test.name for test, _ in found[0].members] == ["e2e_pay"]
    assert len(found[0].failures) == len(seen[0].failures) == 1


# --- what is listed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nights", "tests", "listed"), [(1, 1, False), (2, 1, False), (3, 1, True), (1, 2, True)])
def test_a_cause_of_other_runs_is_listed_from_two_tests_or_three_occurrences(
    nights: int, tests: int, *, listed: bool
) -> None:
    units = [night(day + 1, *[timeout(str(place)) for place in range(tests)]) for day in range(nights)]
    assert bool(of(*units, night(9))) is listed
    assert len(of(*units, label=str(nights))) == 1


def test_the_thresholds_are_those_of_the_settings() -> None:
    units = [night(1, timeout("a"), timeout("b")), night(2)]
    assert len(of(*units)) == 1
    assert of(*units, settings=ruled(min_tests=3, min_occurrences=4)) == ()


def test_causes_of_the_run_come_first_new_before_known_and_wide_before_isolated() -> None:
    def says(text: str, *who: str) -> list[TestResult]:
        return [case(name, "failed", message=text, kind=text.title().replace(" ", "")) for name in who]

    often = says("it ended", *"mnop")
    later = of(
        night(1, *often, *says("it is known", "a"), *says("it is rare", "g", "h")),
        night(2, *often, *says("it is known", "a")),
        night(
            3,
            *says("it is known", "a"),
            *says("it is fresh", "d"),
            *says("it is wide", "x", "y"),
            *says("it is new", "e", "f", "g"),
        ),
    )
    assert [name.rpartition(" ")[2] for name in names(later)] == ["new", "wide", "fresh", "known", "ended", "rare"]
    assert [bool(cluster.failures) for cluster in later] == [True] * 4 + [False] * 2


def test_the_tests_hit_most_often_are_named_first_and_at_most_fifty() -> None:
    crowd = [timeout(f"t{place:02}") for place in range(60)]
    (found,) = of(night(1, *crowd, *(case(f"ok {place}") for place in range(60))), night(2, crowd[57]))
    assert found.tests == 60
    assert len(found.members) == reach.MEMBERS == 50
    assert (found.members[0][0].name, found.members[0][1]) == ("t57", 2)
    assert {runs for _, runs in found.members[1:]} == {1}


def test_nothing_failing_makes_no_cause() -> None:
    assert both(night(1), unit("2", 2, [])) == ((), ())


# --- rules of the user -----------------------------------------------------------------------------------------------

DISK = CauseRule(name="disk full", pattern="(?i:^oserror: .*no space)", owner="infra", issue="OPS-7")


def test_a_rule_of_the_settings_gathers_names_and_owns_a_cause() -> None:
    full = [case(name, "failed", kind="OSError", message=f"No space left on {name}") for name in ("a", "bc")]
    elsewhere = case("d", "failed", kind="OSError", message="no space", trace="x/disk.py:3: OSError")
    found, seen = both(night(1, *full), night(2, *full, elsewhere, timeout("c")), settings=ruled(DISK))
    known = next(cluster for cluster in found if cluster.known)
    assert (known.title, known.rule, known.owner, known.issue) == ("disk full", "disk full", "infra", "OPS-7")
    assert (known.tests, known.new, known.first_seen.label) == (3, False, "1")
    assert sorted(cause.title for cause in seen) == ["TimeoutError: the request timed out after <n>", "disk full"]


def test_the_first_rule_decides_and_rules_are_looked_for_in_the_place_too() -> None:
    rules = CauseRule(name="disk", pattern="^disk[.]py"), CauseRule(name="space", pattern="space")
    result = case("d", "failed", kind="OSError", message="no space", trace="x/disk.py:3: OSError")
    assert names(of(night(1, result), settings=ruled(*rules))) == ["disk"]
    assert names(of(night(1, result), settings=ruled(*rules[::-1]))) == ["space"]


# --- mass failures ---------------------------------------------------------------------------------------------------


def outage(day: float, *, suites: int = 24, code: int = 101, **more: object) -> RunUnit:
    return unit(str(day), day, targets({f"suite:e2e_{place}": code for place in range(suites)}), **more)  # type: ignore[arg-type]


def healthy(day: float, *failing: str, suites: int = 24) -> RunUnit:
    codes: dict[str, int | None] = {f"suite:e2e_{place}": 0 for place in range(suites)}
    return unit(str(day), day, targets(codes | dict.fromkeys(failing, 7)))


def test_a_run_in_which_everything_failed_is_one_cause_however_little_it_says() -> None:
    found, seen = both(healthy(1), outage(2))
    assert names(found) == ["mass failure: exit code 101"]
    assert len(seen) == 1
    assert (len(seen[0].failures), seen[0].new, seen[0].title) == (24, True, found[0].title)
    assert (found[0].tests, found[0].wide, found[0].new, len(found[0].signatures)) == (24, True, True, 24)
    assert len(of(healthy(1, suites=19), outage(2, suites=19))) == 19  # too few to blame the machine


def test_a_mass_failure_goes_on_until_a_run_is_healthy() -> None:
    going = both(healthy(1), outage(2), outage(3, code=1))[0]
    assert [(cluster.runs, cluster.first_seen.label, cluster.new) for cluster in going] == [(2, "2", False)]
    again = both(healthy(1), outage(2), healthy(3), outage(4, code=9))[0]
    assert [(cluster.title, cluster.new) for cluster in again] == [
        ("mass failure: exit code 9", True),
        ("mass failure: exit code 101", False),
    ]


def test_what_failed_before_a_mass_failure_stays_a_cause_of_its_own() -> None:
    known = target("suite:e2e_3", 1, message="left is not right", file="a.rs", line=3)
    rest = targets({f"suite:e2e_{place}": 101 for place in range(24) if place != 3})
    green = targets({f"suite:e2e_{place}": 0 for place in range(24) if place != 3})
    found = of(unit("1", 1, [known, *green]), unit("2", 2, [known, *rest]))
    assert [(cluster.title, cluster.tests) for cluster in found] == [
        ("mass failure: exit code 101", 23),
        ("left is not right", 1),
    ]


def test_a_mass_failure_with_a_message_of_its_own_is_the_cause_of_that_message() -> None:
    hit = [timeout(f"t{place}") for place in range(18)]
    odd = [case(f"o{place}", "failed", kind=f"Error{place}", message=f"{place} {GONE}") for place in range(6)]
    found, seen = both(night(1, timeout("t0")), unit("2", 2, [*hit, *odd]), night(3, timeout("t1")), label="2")
    assert [(cluster.title, cluster.tests) for cluster in found] == [
        ("TimeoutError: the request timed out after <n>", 24)
    ]
    assert [len(cause.failures) for cause in seen] == [24]


def test_what_a_mass_failure_hid_is_known_when_it_fails_alone_later() -> None:
    found = of(healthy(1), outage(2), healthy(3), outage(4, suites=1))
    alone = next(cluster for cluster in found if cluster.failures)
    assert (alone.title, alone.tests, alone.new, alone.first_seen.label) == ("exit code 101", 1, False, "2")


def test_a_rule_keeps_its_failures_in_a_mass_failure() -> None:
    full = [case(name, "failed", kind="OSError", message="no space left") for name in ("a", "b")]
    lost = targets({f"suite:e2e_{place}": 101 for place in range(24)})
    found = of(unit("1", 1, [*lost, *full, *[timeout(f"t{place}") for place in range(30)]]), settings=ruled(DISK))
    assert {(cluster.title, cluster.tests) for cluster in found} == {
        ("TimeoutError: the request timed out after <n>", 54),
        ("disk full", 2),
    }


def test_a_repeated_selection_of_failures_is_no_mass_failure() -> None:
    kinds = [case(f"t{place}", "failed", kind=f"Error{place}", message=GONE) for place in range(24)]
    again = [part(profile="quick", rerun_from="20260301T020000Z", state="complete")]
    units = [unit("1", 1, [*kinds, *(case(f"ok {place}") for place in range(24))]), unit("2", 2, kinds, parts=again)]
    assert len(of(*units)) == 24


# --- what never changes ----------------------------------------------------------------------------------------------


def story(seed: int) -> list[RunUnit]:
    """Return a history with outages, near spellings and rules' causes on two branches."""
    dice = random.Random(seed)  # noqa: S311  a seeded story is no secret
    spelt = ["order", "orders", "borders", "ledger"]
    made: list[RunUnit] = []
    for day in range(1, 9):
        results = [
            case(f"t{place}", "failed", kind=dice.choice(["TimeoutError", "KeyError"]),
                 message=f"'{dice.choice('ab')}' of {dice.choice(spelt)} timed out after {dice.randrange(99)} ms")
            for place in dice.sample(range(12), dice.randrange(1, 5))
        ]  # fmt: skip
        lost = [case(f"s{place}", "failed" if day in (3, 6) else "passed") for place in range(25)]
        made.append(unit(str(day), day, [*results, *lost], branch=dice.choice(["main", "topic"])))
    return made


def test_the_order_of_arrival_changes_nothing(tmp_path: Path) -> None:
    units = [*story(1), night(9, PAY), night(10, PAY, REFUND), night(11, PAY)]
    found = []
    for name, order in (
        ("as they ran", units),
        ("newest first", units[::-1]),
        ("mixed", units[::3] + units[1::3] + units[2::3]),
    ):
        store = open_store(tmp_path / name, create=True)
        for one in order:
            store.append(one)
        prepared = prepare(store.snapshot(), Settings())
        made = analyse(prepared, prepared.runs[-1].label, base=None, settings=Settings()).failures
        index = len(prepared.runs) - 1
        found.append((reach.build(prepared, index, made), causes(prepared, index, made, {})))
    assert found[0][0]
    assert found[1:] == found[:1] * 2


def test_one_more_run_keeps_every_earlier_cluster_and_its_id() -> None:
    units = story(2)
    settings = ruled(min_tests=1, min_occurrences=1)
    assert any("mass failure" in name for name in names(of(*units)))
    history = [of(*units[:end], settings=settings) for end in range(2, len(units) + 1)]
    for before, after in itertools.pairwise(history):
        known = {cluster.cluster_id: cluster for cluster in after}
        for cluster in before:
            assert known[cluster.cluster_id].title == cluster.title
            assert known[cluster.cluster_id].first_seen == cluster.first_seen
            assert set(cluster.signatures) <= set(known[cluster.cluster_id].signatures)
    assert of(*units, label="4") == of(*units[:4])
