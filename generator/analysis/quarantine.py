"""What the quarantine of a run says of a test, as of that run's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.analysis.waivers import parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from generator.findings import TestRef
    from generator.records import Evidence, QuarantineEntry

_EXPIRED = "expired"


def quarantined(evidence: Iterable[Evidence], today: date) -> dict[str, str]:
    """Return in words what report and policy file say of each name that they hold.

    Where they disagree the worse word stands: invalid before run out before the earlier last day.
    """
    found: dict[str, tuple[tuple[int, str], str]] = {}
    for unit in evidence:
        entries = [entry for report in unit.quarantine for entry in report.entries]
        entries += [entry for policy in unit.classifications for entry in policy.quarantine]
        for entry in entries:
            judged = _judged(entry, today)
            found[entry.name] = min(found.get(entry.name, judged), judged)
    return {name: text for name, (_, text) in found.items() if name}


def of_test(test: TestRef, known: Mapping[str, str]) -> str:
    """Return what is said of a test by its own name, else by that of its target; empty when it is in no quarantine."""
    names = (test.key, test.name, *((test.suite, test.classname) if test.surface == "case" else ()))
    return next((known[name] for name in names if name in known), "")


def _judged(entry: QuarantineEntry, today: date) -> tuple[tuple[int, str], str]:
    category, last = entry.category or "no category", parse_day(entry.expires)
    if entry.invalid:
        return (0, ""), f"{category}, invalid: {entry.invalid}"
    if last is None:
        ran_out = entry.status == _EXPIRED
        return (1 if ran_out else 2, ""), f"{category}, {'ran out' if ran_out else 'no last day'}"
    if last < today:
        return (1, entry.expires), f"{category}, ran out on {entry.expires}"
    return (2, entry.expires), f"{category}, last day {entry.expires}"
