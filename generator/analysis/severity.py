"""The contract's table: what two exit codes of a target mean (CI artifact contract, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.findings import ChangeKind, DiffStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

RANKED_SURFACES: Final = ("suite", "unit")
"""Surfaces of the targets that the table is for, in rank order; the library is not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """One line of the table."""

    label: str
    score: int
    kind: ChangeKind


_TABLE: Final = {
    ("ok", "fail"): Severity(label="regression", score=100, kind=ChangeKind.NEW_FAILURE),
    ("absent", "fail"): Severity(label="new_failure", score=90, kind=ChangeKind.NEW_TEST_FAILING),
    ("fail", "fail"): Severity(label="unresolved_failure", score=70, kind=ChangeKind.STILL_FAILING),
    ("fail", "ok"): Severity(label="fixed", score=40, kind=ChangeKind.FIXED),
    ("absent", "ok"): Severity(label="added_pass", score=20, kind=ChangeKind.NEW_TEST),
    ("ok", "ok"): Severity(label="stable_pass", score=10, kind=ChangeKind.STABLE),
}
_REMOVED: Final = Severity(label="removed", score=30, kind=ChangeKind.MISSING)
_OF_KIND: Final = {severity.kind: severity for severity in (*_TABLE.values(), _REMOVED)}

FAILING: Final = ("regression", "new_failure", "unresolved_failure")
"""Labels of targets that fail now, most urgent first."""


def of_exit_codes(baseline: int | None, current: int | None) -> Severity:
    """Return the severity of a target; `None` means that it is absent."""
    return _REMOVED if current is None else _TABLE[_word(baseline), _word(current)]


def of_kind(kind: ChangeKind) -> Severity | None:
    """Return the severity of a target that changed so; None for kinds that the table does not know."""
    return _OF_KIND.get(kind)


def rank_key(surface: str, name: str, score: int) -> tuple[int, int, str]:
    """Return what targets are ranked by: score, suites before units, name."""
    return (-score, RANKED_SURFACES.index(surface), name)


def status_of(labels: Iterable[str], *, open_semantic: int, incomplete_workflows: int) -> DiffStatus:
    """Return the status of a comparison by the labels of its targets, then by digests, then by mirrored workflows."""
    found = set(labels)
    if found & {"regression", "new_failure"}:
        return DiffStatus.REGRESSION
    if open_semantic:
        return DiffStatus.SEMANTIC_MISMATCH
    if "unresolved_failure" in found:
        return DiffStatus.KNOWN_FAILURES_ONLY
    return DiffStatus.INCOMPLETE_MIRRORING if incomplete_workflows else DiffStatus.STABLE


def _word(exit_code: int | None) -> str:
    return "absent" if exit_code is None else "fail" if exit_code else "ok"
