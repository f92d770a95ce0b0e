"""The suites of one run, and its slowest tests, with what they usually take."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.frames import BAD, COMPARABLE
from generator.analysis.suite_trends import grid, suite_codes
from generator.findings import SlowTest, SuiteFacts, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared

EARLIER: Final = 10
"""Earlier runs in which the suite or test passed, whose median is its usual duration."""

LOOKED_AT: Final = 30
"""Earlier runs that are searched for them."""

SLOWEST: Final = 15
"""Tests in the list of the slowest."""


def build(prepared: Prepared, index: int, failure_ids: Mapping[int, str]) -> tuple[SuiteFacts, ...]:
    """Return the suites of the run, failed ones first, then the slowest; a target is a suite of its own.

    `failure_ids` gives the failure of each failed test. Durations of a suite add up all its tests that took a known
    time; the earlier ones are those of runs in which the suite passed.
    """
    rows = prepared.rows(index)
    codes, suites = suite_codes(prepared, rows["test_id"].to_numpy())
    usual = _usual_suites(prepared, earlier(prepared, index))
    tallies, seconds = _tallies(rows, codes, len(suites)), _seconds(rows, codes, len(suites))
    tests = rows["test_id"].tolist()
    failed = _by_suite(codes, [failure_ids.get(test, "") for test in tests])
    odd_tests = _odd(prepared, rows)
    odd = _by_suite(codes, [odd_tests.get(test, "") for test in tests])
    parts = _by_suite(codes, rows["part"].astype(str).tolist())
    found = [
        SuiteFacts(
            surface=suite[0],
            name=suite[1],
            tally=tallies[code],
            duration_s=seconds[code],
            previous_duration_s=usual.get(suite),
            failure_ids=tuple(failed.get(code, ())),
            part=", ".join(sorted(parts.get(code, ()))),
            note=_note(tallies[code], odd.get(code, ())),
        )
        for code, suite in enumerate(suites)
    ]
    return tuple(sorted(found, key=_urgency))


def slowest(prepared: Prepared, index: int) -> tuple[SlowTest, ...]:
    """Return the 15 slowest executed tests of the run: test cases when a duration of one is known, else targets."""
    rows = prepared.rows(index)
    rows = rows[rows["duration_s"].notna() & rows["status"].isin(("passed", *BAD))]
    case = (prepared.names["surface"].reindex(rows["test_id"]) == "case").to_numpy()
    rows = rows[case] if case.any() else rows
    chosen = rows.sort_values(["duration_s", "test_id"], ascending=[False, True], kind="stable").head(SLOWEST)
    usual = _usual_tests(prepared, earlier(prepared, index), chosen["test_id"].tolist())
    tests = prepared.tests(chosen["test_id"].tolist())
    return tuple(
        SlowTest(
            title=tests[test_id].title,
            suite=tests[test_id].suite,
            duration_s=round(duration, 6),
            usual_s=_median(usual[test_id]),
            runs=len(usual[test_id]),
        )
        for test_id, duration in zip(chosen["test_id"].tolist(), chosen["duration_s"].tolist(), strict=True)
    )


def earlier(prepared: Prepared, index: int) -> list[int]:
    """Return the last 30 comparable runs before the run: same repository and profile, its or the default branch."""
    run = prepared.runs[index]
    branches = {run.branch, prepared.settings.project.default_branch}
    found = [
        place
        for place, other in enumerate(prepared.runs[:index])
        if other.state in COMPARABLE
        and other.branch in branches
        and other.profile == run.profile
        and other.keys[0].repository == run.keys[0].repository
    ]
    return found[-LOOKED_AT:]


def _tallies(rows: pd.DataFrame, codes: NDArray[np.int64], suites: int) -> list[Tally]:
    """Return the results of each suite by outcome; arrays, since a run may have thousands of suites."""

    def count(chosen: NDArray[np.bool_]) -> list[int]:
        return [int(number) for number in np.bincount(codes[chosen], minlength=suites)]

    status = rows["status"].astype(str).to_numpy()
    words = ("passed", "failed", "error", "skipped", "not_run")
    columns = [count(status == word) for word in words] + [count(rows["flaky"].to_numpy(dtype=bool))]
    return [
        Tally(passed=passed, failed=failed, errors=errors, skipped=skipped, not_run=not_run, flaky=flaky)
        for passed, failed, errors, skipped, not_run, flaky in zip(*columns, strict=True)
    ]


def _seconds(rows: pd.DataFrame, codes: NDArray[np.int64], suites: int) -> list[float | None]:
    """Return the duration of each suite: the sum of those that are known, `None` when none is."""
    taken = rows["duration_s"].to_numpy(dtype=float)
    known = ~np.isnan(taken)
    sums = np.bincount(codes[known], weights=taken[known], minlength=suites).tolist()
    numbers = np.bincount(codes[known], minlength=suites).tolist()
    return [round(total, 6) if number else None for total, number in zip(sums, numbers, strict=True)]


def _by_suite(codes: NDArray[np.int64], words: Sequence[str]) -> dict[int, list[str]]:
    """Return the different words of each suite in order of appearance, empty ones left out."""
    found: dict[int, dict[str, None]] = {}
    for code, word in zip(codes.tolist(), words, strict=True):
        if word:
            found.setdefault(code, {})[word] = None
    return {code: list(kept) for code, kept in found.items()}


def _note(tally: Tally, odd: Sequence[str]) -> str:
    notes = []
    if tally.not_run:
        notes.append("selected, but the run ended before it" if tally.total == 1 else f"{tally.not_run} not reached")
    if odd:
        notes.append(f"counts in the log are not to be believed: {', '.join(dict.fromkeys(odd))}")
    return "; ".join(notes)


def _odd(prepared: Prepared, rows: pd.DataFrame) -> dict[int, str]:
    """Return why the scraped counts of a test must not be believed, for those of which that is so."""
    details = prepared.snapshot.details
    details = details.loc[(details["odd"] != "") & details["unit"].isin(rows["unit"].unique())]
    found = rows[["unit", "test_id", "attempt"]].merge(details, on=["unit", "test_id", "attempt"])
    return dict(zip(found["test_id"].tolist(), found["odd"].tolist(), strict=True))


def _usual_suites(prepared: Prepared, places: Sequence[int]) -> dict[tuple[str, str], float | None]:
    """Return the median duration of each suite over up to 10 of these runs in which it passed."""
    if not places:
        return {}
    found = grid(prepared, places)
    return {suite: _median(_last(found.seconds[:, column])) for column, suite in enumerate(found.suites)}


def _usual_tests(prepared: Prepared, places: Sequence[int], test_ids: Sequence[int]) -> dict[int, list[float]]:
    """Return up to 10 durations of each test in these runs, passed ones only, oldest first."""
    result: dict[int, list[float]] = defaultdict(list)
    for place in places:
        rows = prepared.rows(place)
        rows = rows[rows["test_id"].isin(test_ids) & (rows["status"] == "passed") & rows["duration_s"].notna()]
        for test_id, seconds in zip(rows["test_id"].tolist(), rows["duration_s"].tolist(), strict=True):
            result[test_id] = [*result[test_id], seconds][-EARLIER:]
    return defaultdict(list, result)


def _last(seconds: NDArray[np.float64]) -> list[float]:
    known: list[float] = seconds[~np.isnan(seconds)].tolist()
    return known[-EARLIER:]


def _median(values: Sequence[float]) -> float | None:
    return round(float(np.median(values)), 6) if values else None


def _urgency(suite: SuiteFacts) -> tuple[bool, float, str, str]:
    return not suite.tally.bad, -(suite.duration_s or 0.0), suite.surface, suite.name
