"""What a report says about itself that its cases do not bear out: warnings, one a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers._junit_parse import Tally
from generator.readers._junit_values import count
from generator.records import Problem, Severity
from generator.safety.ids import parse_time
from generator.safety.strict_xml import REPAIRED
from generator.safety.text import clean_meta, clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.readers._junit_parse import Suite
    from generator.records import Counts


def warnings(
    path: str, suites: Sequence[Suite], counts: Counts, odd_times: Sequence[str], *, repaired: bool, cut: bool
) -> tuple[Problem, ...]:
    """Return the warnings about a report that was read all the same; `cut`: not to its end, so no count is compared."""
    found: list[tuple[str, str]] = []
    is_told = counts.failed + counts.errors + sum(suite.tally.failed for suite in suites) > 0
    is_lost = not is_told and any(_declared_bad(suite.attributes) for suite in suites)
    if repaired:
        found.append(REPAIRED)
    if odd_times:
        several = f" and {len(odd_times) - 1} more" if len(odd_times) > 1 else ""
        message = f"a time is negative or no number: {clean_name(odd_times[0])}{several}; read as unknown"
        found.append((message, "check the clock of the run"))
    stamps = (suite.attributes.get("timestamp", "").strip() for suite in suites)
    if strange := next((stamp for stamp in stamps if stamp and parse_time(stamp) is None), ""):
        found.append(
            (f"a timestamp is no time that can be: {clean_meta(strange)}; not used", "check the clock of the run")
        )
    if not cut and (wrong := list(_wrong_counts(suites, counts))):
        several = f", and {len(wrong) - 1} more suites" if len(wrong) > 1 else ""
        message = f"declares other counts than it has cases: {wrong[0]}{several}; the cases count"
        found.append((message, "check that the report is whole"))
    if not counts.tests and not found and not cut:
        found.append(("holds no test", "check whether the tests ran"))
    return tuple(
        Problem(
            path=path,
            reader="junit",
            severity=Severity.ERROR if is_lost and message.startswith("declares") else Severity.WARNING,
            message=message,
            hint=hint,
        )
        for message, hint in found
    )


def _declared_bad(attributes: dict[str, str]) -> int | None:
    """Return how many failures and errors a suite declares; None when it does not say."""
    failures, errors = count(attributes.get("failures")), count(attributes.get("errors"))
    return None if failures is None and errors is None else (failures or 0) + (errors or 0)


def _wrong_counts(suites: Sequence[Suite], counts: Counts) -> Iterator[str]:
    """Yield what a suite declares, where neither its own cases, nor those below, nor its results are as many."""
    below = {id(suite): suite.tally for suite in suites}
    for suite in reversed(suites):  # children stand after their parents
        if suite.parent is not None:
            below[id(suite.parent)] += below[id(suite)]
    merged = Tally(counts.tests, counts.failed + counts.errors, counts.skipped)
    for suite in suites:
        readings = [suite.tally, below[id(suite)], *([merged] if suite.parent is None else [])]
        if difference := _difference(suite.attributes, readings):
            yield f"{clean_name(suite.path) or 'the report'} says {difference}"


def _difference(attributes: dict[str, str], readings: Sequence[Tally]) -> str:
    bad = _declared_bad(attributes)
    skipped = None if count(attributes.get("disabled")) else count(attributes.get("skipped"))  # in one or the other
    for word, declared in (("tests", count(attributes.get("tests"))), ("failed", bad), ("skipped", skipped)):
        has = [getattr(reading, word) for reading in readings]
        if declared is not None and declared not in has:
            return f"{declared} {word}, has {has[1]}"
    return ""
