"""Builders and readings for the tests of the history: units of a few tests, trees of bytes, rows of a snapshot."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from generator.history import Store, open_store
from generator.records import Evidence, RunUnit, SourceFile, SourceState
from tests.builders import attempt, case, target, unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.records import Snapshot, TestResult

Tree = dict[str, tuple[int, bytes]]


def store_in(folder: Path) -> Store:
    """Begin a history."""
    return open_store(folder / "history", create=True)


def tests_of(number: int) -> list[TestResult]:
    """Return the results of run `number`: a case that passes, one that fails, a flaky one, and a target."""
    return [
        case("adds", suite="cart", classname="shop.Cart", seconds=0.25),
        case(
            "removes", "failed", suite="cart", message=f"boom {number}", kind="KeyError", trace="at a.py", file="a.py"
        ),
        case("pays", suite="till", earlier=[attempt("error", "once"), attempt("failed", "twice", kind="Timeout")]),
        target("suite:e2e_login", 101, message="panicked", file="tests/login.rs", line=7, odd=["blank_counts"]),
    ]


def run_unit(number: int, *, sources: Iterable[str] = ("junit.xml",), attempt_number: int = 1) -> RunUnit:
    """Return run `number`, read from files whose hash tells the run."""
    evidence = Evidence(
        sources=tuple(
            SourceFile(path=path, reader="junit", state=SourceState.READ, sha256=f"{number:064x}") for path in sources
        )
    )
    return unit(
        f"run-{number}", number, tests_of(number), evidence=evidence, attempt_number=attempt_number, branch=f"b{number}"
    )


def tree(folder: Path) -> Tree:
    """Return every file and folder below with its mode and bytes."""
    return {
        path.relative_to(folder).as_posix(): (
            stat.S_IMODE(path.stat().st_mode),
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def run_ids(snapshot: Snapshot) -> list[str]:
    """Return the run ids of a snapshot in order."""
    return [facts.run.key.run_id for facts in snapshot.units]
