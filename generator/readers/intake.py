"""What goes into reading beside the files, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.records import Counts
from generator.safety.limits import DEFAULT, ReadLimits

if TYPE_CHECKING:
    from datetime import datetime

    from generator.readers.seen import Seen
    from generator.records import Problem, Redaction, RunUnit, SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDefaults:
    """What command line and settings say about runs whose artifacts do not.

    `repository` and `workflow` are those of every run without `run.json`; all else is for runs that are known by their
    test reports only, and goes before what the reports say.
    """

    repository: str
    workflow: str
    now: datetime
    """Aware UTC time of this build: the time of a run that states none."""
    run_id: str = ""
    attempt: int | None = None
    commit: str = ""
    branch: str = ""
    url: str = ""
    event: str = ""
    pull_request: int | None = None
    started_at: datetime | None = None
    limits: ReadLimits = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Everything that was read: runs, the ledger of files, problems, and the sum of all test reports."""

    units: tuple[RunUnit, ...] = ()
    """Sorted by repository, workflow, run id and attempt."""
    sources: tuple[SourceFile, ...] = ()
    """Every file with its path as `inspect` prints it, sorted."""
    problems: tuple[Problem, ...] = ()
    """Sorted by path, severity and message."""
    unplaced: tuple[Problem, ...] = ()
    """Those of the problems that no run of this intake carries in its own evidence."""
    seen: tuple[Seen, ...] = ()
    """What was seen in each file, sorted by path."""
    redactions: tuple[Redaction, ...] = ()
    """What was masked in all of it, sorted by kind."""
    totals: Counts = field(default_factory=Counts)
