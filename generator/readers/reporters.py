"""Whether two reports in different formats tell the same run, and where they disagree.

Formats name a test differently: `tests.test_a` and `test_x`, `tests/test_a.py::test_x`, `suite › test_x`. What they
share is the end of the name, so tests are matched by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.safety.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.found import Found
    from generator.records import TestResult

SAME: Final = 0.8
"""Share of the smaller report's tests that must be in the larger one for both to tell the same run."""

_SUFFIXES: Final = 6
"""Beginnings of a name that are left away, word by word, before it is given up."""

_CUT: Final = re.compile(r"::| › | > |#| » ")
_ESCAPE: Final = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one format says about one run: the results of all its files, attempts merged."""

    reader: str
    files: tuple[Found, ...]
    results: tuple[TestResult, ...]


Kept = list[tuple[Told, tuple["TestResult", ...]]]


def told_twice(told: Sequence[Told], notes: list[tuple[Found, str, str]]) -> Kept:
    """Return each format with those of its results that count: what another format tells as well counts once.

    Of two that tell the same run the one with more tests counts, then the one with more failures, then the one whose
    reader comes first; tests that only the other has are added. Disagreements go to `notes`.
    """
    order = sorted(told, key=lambda each: (-len(each.results), -_bad(each.results)))
    kept: Kept = []
    for each in order:
        twin = next(((main, match) for main, _ in kept if (match := _match(each, main)) is not None), None)
        if twin is None:
            kept.append((each, each.results))
            continue
        main, match = twin
        extra = tuple(result for result in each.results if id(result) not in match)
        _note(main, each, match, extra, notes)
        kept.append((each, extra))
    return kept


def _match(small: Told, large: Told) -> dict[int, TestResult] | None:
    """Return the test of the larger report for each of the smaller one's, or None when they tell different runs."""
    if not small.results:
        return {} if large.results and _is_beside(small, large) else None
    ends: dict[str, list[TestResult]] = defaultdict(list)
    for result in large.results:
        for end in _ends(result.name):
            ends[end].append(result)
    match: dict[int, TestResult] = {}
    taken: set[int] = set()
    for result in small.results:
        candidates = next((found for end in _ends(result.name) if (found := ends.get(end))), [])
        free = [each for each in candidates if id(each) not in taken]
        if free:
            best = max(free, key=lambda each: _closeness(result, each))
            taken.add(id(best))
            match[id(result)] = best
    return match if len(match) >= SAME * len(small.results) else None


def _ends(name: str) -> list[str]:
    """Return a name behind its last separator, then without its first words."""
    title, bracket, parameters = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), name).partition("[")
    words = one_line(_CUT.split(title)[-1] + bracket + parameters).lower().split(" ")
    return [" ".join(words[start:]) for start in range(min(len(words), _SUFFIXES))]


def _closeness(result: TestResult, other: TestResult) -> tuple[int, bool]:
    """Rank tests of one name: those whose places share more words first, then those of the same outcome."""
    words, others = (set(re.findall(r"\w+", f"{each.suite} {each.classname} {each.name}")) for each in (result, other))
    return (len(words & others), result.status is other.status)


def _is_beside(small: Told, large: Told) -> bool:
    return not {file.directory for file in small.files}.isdisjoint(file.directory for file in large.files)


def _bad(results: Sequence[TestResult]) -> int:
    return sum(result.status.bad for result in results)


def _note(
    main: Told,
    other: Told,
    match: dict[int, TestResult],
    extra: Sequence[TestResult],
    notes: list[tuple[Found, str, str]],
) -> None:
    """Say where two reports of the same run disagree; nothing when they agree."""
    differ = [
        result.name
        for result in other.results
        if id(result) in match and result.status.bad is not match[id(result)].status.bad
    ]
    counts = [(len(each.results), _bad(each.results)) for each in (main, other)]
    if counts[0] == counts[1] and not differ and not extra:
        return
    where = main.files[0].name if len(main.files) == 1 else f"the {len(main.files)} files of {main.reader}"
    message = (
        f"reports the same run as {where}, but says {counts[1][0]} tests, {counts[1][1]} failed, "
        f"against {counts[0][0]} tests, {counts[0][1]} failed there; {where} counts"
    )
    if extra:
        message += f", and {len(extra)} tests that only this report has: {_names([result.name for result in extra])}"
    if differ:
        message += f"; other outcome: {_names(differ)}"
    notes.append((other.files[0], message, "trust the one that the build fails on, and look why the other differs"))


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name)[:80] for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
