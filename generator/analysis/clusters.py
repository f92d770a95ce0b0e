"""Clusters of failures that say nearly the same: fingerprints merged in order of first appearance (section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from generator.safety.ids import content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from generator.analysis.fingerprint import Fingerprint

VERSION: Final = "c1"
"""Changes with every change of what makes two failures neighbours."""

KEPT: Final = frozenset({"KeyError", "AttributeError", "NameError"})
"""Kinds that are about the identifier they quote: fingerprints keep it, and it must be the same."""

_WORK: Final = 12_000_000
"""What one line may cost: a representative of n characters takes 3 500 + n², in some 0.015 ns.

In one place that is room for about 1 200 representatives of a usual length. Later ones stand alone, so that twenty
thousand lines without a likeness take seconds and not minutes.
"""
_FIXED: Final = 3_500

_NAMES: Final = re.compile(r"\"([^\"]*+)(?:\"|\Z)|`([^`']*+)(?:[`']|\Z)|(?<!\w)'([^']*+)(?:'(?!\w)|\Z)")
_ASSERTION: Final = re.compile(r"assert|mismatch|expectation|comparison", re.IGNORECASE)
_TEST: Final = re.compile(
    r"(?:test_[^:]*|[^:]*[_.-](?:tests?|spec)\.\w+|conftest\.py|Test[A-Z][^:.]*|[^:.]*[a-z0-9](?:Tests?|TestCase|Spec|IT))"
    r"(?::.*)?",
    re.DOTALL,
)


class Pattern(Protocol):
    """A compiled pattern, of whichever engine."""

    @property
    def search(self) -> Callable[[str], Any]:
        """Return a match or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRule:
    """A cause that the project knows; rules of one name make one cluster."""

    name: str
    pattern: Pattern
    """Looked for in `kind: line` and in the frame."""
    owner: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRule:
    """Thresholds of clusters (statistics, section 7)."""

    ratio: float = 85.0
    """Fewest percent that two lines have in common."""
    min_tests: int = 2
    min_occurrences: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Failures with one presumable cause."""

    id: str
    """`c1:` and 16 hex digits: of the representative, or of the rule's name."""
    representative: Fingerprint
    """The first fingerprint of the cluster."""
    rule: UserRule | None = None
    """The rule that made it: what a person wrote down about the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Which fingerprint belongs where."""

    number: NDArray[np.int64]
    """For each fingerprint its place in `clusters`."""
    clusters: tuple[Cluster, ...]
    """In order of first appearance. Those that only an earlier build knew are there, too, without a member."""

    @property
    def representatives(self) -> tuple[Fingerprint, ...]:
        """What the next build wants as `earlier`."""
        return tuple(cluster.representative for cluster in self.clusters)


_DEFAULTS: Final = ClusterRule()


def cluster(
    fingerprints: Sequence[Fingerprint],
    rules: Sequence[UserRule] = (),
    rule: ClusterRule = _DEFAULTS,
    earlier: Sequence[Fingerprint] = (),
) -> Clusters:
    """Return the clusters of fingerprints that come in order of first appearance (statistics, section 7).

    The first user rule that matches decides. Otherwise a fingerprint joins the representative of its kind and place
    whose line is most like its own, at least `rule.ratio` percent, the earliest of equals; or it founds a cluster. So a
    later fingerprint never changes where an earlier one belongs. `earlier` are the representatives of the last build in
    their order: they are walked first, so that their ids last although the failures that founded them are gone. Of two
    alike ones a fingerprint may then join the nearer one, which it had come before.

    The place is the frame. It does not count where it is only the test that noticed: in a test's own file, unless the
    failure is an assertion. Lines of a KeyError, AttributeError or NameError must quote the same identifiers.
    """
    walk = _Walk(rules=rules, ratio=rule.ratio)
    for fingerprint in earlier:
        walk.number(fingerprint)
    numbers = [walk.number(fingerprint) for fingerprint in fingerprints]
    return Clusters(number=np.array(numbers, dtype=np.int64), clusters=tuple(walk.clusters))


def cluster_id(representative: Fingerprint) -> str:
    """Return `c1:` and 16 hex digits of a representative's text."""
    return _id(representative.kind, representative.line, representative.frame)


def shown(
    tests: NDArray[np.integer[Any]], occurrences: NDArray[np.integer[Any]], rule: ClusterRule = _DEFAULTS
) -> NDArray[np.bool_]:
    """Return which clusters are worth a line: at least 2 tests or 3 occurrences (section 7); arrays (clusters)."""
    return np.asarray((tests >= rule.min_tests) | (occurrences >= rule.min_occurrences), dtype=np.bool_)


@dataclass(slots=True)
class _Room:
    """The representatives that a line of one kind and place is compared with."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    """The cluster of every line seen here."""
    work: int = 0


@dataclass(slots=True)
class _Walk:
    rules: Sequence[UserRule]
    ratio: float
    clusters: list[Cluster] = field(default_factory=list)
    _named: dict[str, int] = field(default_factory=dict)
    _rooms: dict[tuple[str, ...], _Room] = field(default_factory=dict)

    def number(self, fingerprint: Fingerprint) -> int:
        for rule in self.rules:
            if rule.pattern.search(fingerprint.title) or rule.pattern.search(fingerprint.frame):
                if rule.name not in self._named:
                    self._named[rule.name] = self._found(_id("rule", rule.name), fingerprint, rule)
                return self._named[rule.name]
        room = self._rooms.setdefault(_room(fingerprint), _Room())
        if fingerprint.line not in room.known:
            room.known[fingerprint.line] = self._nearest(fingerprint, room)
        return room.known[fingerprint.line]

    def _nearest(self, fingerprint: Fingerprint, room: _Room) -> int:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - costs start-up

        line = fingerprint.line
        best = process.extractOne(line, room.lines, scorer=fuzz.ratio, score_cutoff=self.ratio)
        if best is not None:
            return room.numbers[best[2]]
        number = self._found(cluster_id(fingerprint), fingerprint)
        room.work += _FIXED + len(line) ** 2
        if room.work <= _WORK:
            room.lines.append(line)
            room.numbers.append(number)
        return number

    def _found(self, found_id: str, fingerprint: Fingerprint, rule: UserRule | None = None) -> int:
        self.clusters.append(Cluster(id=found_id, representative=fingerprint, rule=rule))
        return len(self.clusters) - 1


def _room(fingerprint: Fingerprint) -> tuple[str, ...]:
    """Return what two fingerprints must share before their lines are compared at all."""
    kind, frame = fingerprint.kind, fingerprint.frame
    noticed = kind and not _ASSERTION.search(kind) and _TEST.fullmatch(frame)
    names: tuple[str, ...] = ()
    if kind in KEPT:
        names = tuple("".join(found.groups("")) for found in _NAMES.finditer(fingerprint.line))
    return (kind, "" if noticed else frame, *names)


def _id(*parts: str) -> str:
    return f"{VERSION}:{content_id('c', *parts, size=8).removeprefix('c-')}"
