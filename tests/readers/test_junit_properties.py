from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.junit_xml import case, element, failure, read, suite, suites

if TYPE_CHECKING:
    from random import Random

    from generator.records import Counts

OUTCOMES = {
    "passed": (),
    "failed": (failure("f"),),
    "error": (failure("e", tag="error"),),
    "skipped": (element("skipped"),),
    "flaky": (failure("once", tag="flakyFailure"),),
}
cases = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(OUTCOMES))), max_size=6)
reports = st.lists(cases, max_size=5)


def written(number: int, of: list[tuple[str, str]]) -> str:
    return suite(f"suite {number}", *(case(name, *OUTCOMES[outcome], time="0.5") for name, outcome in of))


def counts(text: str) -> Counts:
    found = read(text).counts
    assert found is not None
    return found


@settings(max_examples=60)
@given(reports)
def test_counts_add_up_and_are_those_of_the_results(report: list[list[tuple[str, str]]]) -> None:
    reading = read(suites(*(written(number, of) for number, of in enumerate(report))))
    found = reading.counts
    assert found is not None
    assert found.tests == found.passed + found.failed + found.errors + found.skipped == len(reading.results)
    assert found.suites == len(report)
    assert found.flaky == sum(result.flaky for result in reading.results)
    assert len({result.identity for result in reading.results}) == len(reading.results)


@settings(max_examples=60)
@given(reports)
def test_no_case_is_lost_by_merging(report: list[list[tuple[str, str]]]) -> None:
    results = read(suites(*(written(number, of) for number, of in enumerate(report)))).results
    attempts = Counter(result.status.value for result in results)
    attempts.update(attempt.status.value for result in results for attempt in result.earlier)
    wanted = Counter(outcome for of in report for _, outcome in of)
    wanted["passed"] += wanted["flaky"]
    wanted["failed"] += wanted.pop("flaky", 0)
    assert attempts == +wanted


@settings(max_examples=40)
@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_suites_does_not_matter_for_the_totals(
    report: list[list[tuple[str, str]]], random: Random
) -> None:
    parts = [written(number, of) for number, of in enumerate(report)]
    shuffled = sorted(parts, key=lambda _: random.random())
    assert counts(suites(*parts)) == counts(suites(*shuffled))


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"], min_codepoint=0x20)), st.text(max_size=2000))
def test_any_text_in_any_place_is_read_or_refused_but_never_breaks(name: str, text: str) -> None:
    allowed = "".join(character for character in text if character >= " " and character not in "\ufffe\uffff")
    report = suite(name, case(name, failure(name, allowed), classname=name))
    if any(character in "\ufffe\uffff" for character in name):
        return
    (result,) = read(report).results
    assert "\u202e" not in result.name + result.trace
    assert len(result.name) <= 512
