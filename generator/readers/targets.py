"""Results of the targets of one runner folder: rows of the summary joined with the `result.json` files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.records import Digest, Status, Surface, TargetRow, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_RESULT: Final = "no result file"
"""What the runner writes about a selected target that left nothing."""

HUGE_COUNT: Final = 100_000
"""A scraped count above this is a number from a message, not a count."""

_SURFACES: Final = {"lib": Surface.LIB, "unit": Surface.UNIT, "suite": Surface.SUITE}
_ORDER: Final = {"lib": 0, "unit": 1, "suite": 2}

Key = tuple[str, str]
"""Surface and name of a target."""


def key_of(row: TargetRow) -> Key:
    """Return what joins a summary row with a result file."""
    return (row.surface, row.name)


def joined(
    rows: Iterable[TargetRow],
    files: Mapping[Key, TargetRow],
    not_run: Iterable[Key],
    digests: Mapping[str, Digest],
    part: str,
) -> tuple[TestResult, ...]:
    """Return one result a target, lib first, then units and suites by name.

    A result file goes before the summary row of the same target; `not_run` are targets that were selected only.
    """
    best = {key_of(row): row for row in rows} | dict(files)
    results = {key: _result(row, digests.get(row.name), part) for key, row in best.items()}
    for surface, name in not_run:
        results.setdefault((surface, name), _not_run(surface, name, part))
    return tuple(results[key] for key in sorted(results, key=lambda key: (_ORDER.get(key[0], 3), key[1])))


def odd_reasons(row: TargetRow) -> tuple[str, ...]:
    """Return why the scraped counts of a row must not be believed."""
    if row.passed is None or row.failed is None or row.exit_code is None:
        return ()
    found = {
        "failures_but_exit_zero": row.exit_code == 0 and row.failed > 0,
        "exit_nonzero_without_failures": row.exit_code != 0 and row.failed == 0,
        "huge_count": max(row.passed, row.failed) > HUGE_COUNT,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _result(row: TargetRow, digest: Digest | None, part: str) -> TestResult:
    status, kind, message = _outcome(row)
    file, line = "", None
    if digest is not None and row.surface == "suite" and status is Status.FAILED:
        kind, message = digest.root_cause_class or kind, digest.assertion.message or message
        file, line = digest.assertion.file, digest.assertion.line or None
    scraped = None
    if row.passed is not None and row.failed is not None and row.ignored is not None:
        scraped = (row.passed, row.failed, row.ignored)
    return TestResult(
        surface=_SURFACES[row.surface],
        suite=row.name,
        name=row.name,
        status=status,
        part=part,
        duration_s=None if row.duration_ms is None else row.duration_ms / 1000,
        exit_code=row.exit_code,
        kind=kind,
        message=message,
        file=file,
        line=line,
        scraped=scraped,
        odd=odd_reasons(row),
    )


def _outcome(row: TargetRow) -> tuple[Status, str, str]:
    """Return status, kind and message by the exit code alone; the counts are advisory."""
    if row.error == NO_RESULT:
        message = "The runner selected this target, but it left no result file."
        return Status.ERROR, NO_RESULT, message
    if row.exit_code is None:
        return Status.ERROR, "no exit code", "The runner lists this target without an exit code."
    if row.exit_code == 0:
        return Status.PASSED, "", ""
    return Status.FAILED, f"exit {row.exit_code}", row.error or f"The target ended with exit code {row.exit_code}."


def _not_run(surface: str, name: str, part: str) -> TestResult:
    return TestResult(surface=_SURFACES[surface], suite=name, name=name, status=Status.NOT_RUN, part=part)
