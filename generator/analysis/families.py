"""Which failing case belongs to which failing target: a thing that broke once is counted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.analysis.tallies import last_segment

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from generator.analysis.failing import Failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """Failing results by their test ids."""

    parents: Mapping[int, Failing]
    children: Mapping[int, tuple[Failing, ...]]


def families(items: Sequence[Failing]) -> Families:
    """Join cases to the failing target that has their suite's name, or else that of their class's last segment.

    Of a suite and a unit target of one name the suite is taken; the library's own tests have no name to go by.
    """
    targets: dict[str, Failing] = {}
    for surface in ("unit", "suite"):
        targets.update({item.test.name: item for item in items if item.test.surface == surface})
    parents: dict[int, Failing] = {}
    children: dict[int, list[Failing]] = {}
    for item in items:
        test = item.test
        name = home(targets, test.suite, test.classname) if test.surface == "case" else ""
        if name:
            target = targets[name]
            parents[test.test_id] = target
            children.setdefault(target.test.test_id, []).append(item)
    return Families(parents=parents, children={test_id: tuple(group) for test_id, group in children.items()})


def home(targets: Container[str], suite: str, classname: str) -> str:
    """Return the name of the target that a case belongs to: its suite's, else its class's last segment; "" if none."""
    return next((name for name in (suite, last_segment(classname)) if name in targets), "")
