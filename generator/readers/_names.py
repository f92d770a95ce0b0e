"""Names of tests, each cleaned once and kept distinct, and what an attempt says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.safety.text import are_plain, clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.records import TestResult

_TOGETHER: Final = 256
"""Names that are looked at in one go."""

_SIGNS: Final = "= <\"'\t%&\\:"
"""Characters that may begin an assignment or hide something."""


class Names(dict[str, str]):
    """Cleans each different name once: `names[raw]` is the name as it may be stored."""

    def __init__(self) -> None:
        super().__init__({"": ""})

    def __missing__(self, text: str) -> str:
        cleaned = self[text] = clean_name(text)
        return cleaned

    def learn(self, texts: Iterable[str]) -> None:
        """Clean many names at once, which is quicker than one by one."""
        new = [text for text in dict.fromkeys(texts) if text not in self]
        for place in range(0, len(new), _TOGETHER):
            batch = new[place : place + _TOGETHER]
            odd = _odd(batch)
            for group in ([text for text in batch if text not in odd], sorted(odd)) if odd else (batch,):
                if are_plain(group):
                    self.update(zip(group, group, strict=True))


def _odd(names: list[str]) -> set[str]:
    """Return the names that cost a closer look at all that are looked at together with them."""
    text = "".join(names)
    odd = set() if text.isascii() else {name for name in names if not name.isascii()}
    for sign in _SIGNS:
        if sign in text:
            odd |= {name for name in names if sign in name}
    return odd


class Taken:
    """Keeps the names of tests distinct: the second `name` of a suite and class is `name #2`.

    The names of a suite are remembered only from when it comes again, which most never do.
    """

    def __init__(self) -> None:
        self._first: dict[str, Sequence[TestResult]] = {}
        self._again: dict[str, tuple[set[tuple[str, str]], dict[tuple[str, str], int]]] = {}
        self._names: set[tuple[str, str]] = set()
        self._last: dict[tuple[str, str], int] = {}
        """The last number that was given to a name: of a million equal names, none is counted from two on again."""

    def enter(self, suite: str, results: Sequence[TestResult]) -> bool:
        """Begin the results of a suite, which are added to `results` afterwards; tell whether it is the first time."""
        if suite not in self._first:
            self._first[suite] = results
            self._names, self._last = set(), {}
            return True
        if suite not in self._again:
            self._again[suite] = {(result.classname, result.name) for result in self._first[suite]}, {}
        self._names, self._last = self._again[suite]
        return False

    def free(self, classname: str, name: str) -> str:
        """Return the name, or `name #2`, `name #3` … when a test of the suite and class has it already."""
        found, key = name, (classname, name)
        if key in self._names:
            number = self._last.get(key, 1)
            while (classname, found) in self._names:
                number += 1
                found = f"{name} #{number}"
            self._last[key] = number
        self._names.add((classname, found))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The texts of one attempt, cleaned."""

    kind: str = ""
    message: str = ""
    trace: str = ""
