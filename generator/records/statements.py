"""What evidence files of the gate family state: a verdict, numbers, and the rows it stands on."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record
from generator.records.failures import SourceCommand


class StatementRow(Record):
    """One row of a statement: a check, a section, a backlog entry, a workflow."""

    id: str
    title: str = ""
    status: str = ""
    """As written."""
    ok: bool | None = None
    """Whether the row holds, where the contract says what its status means."""
    blocking: bool | None = None
    severity: str = ""
    owner: str = ""
    detail: str = ""
    value: str = ""
    """What was observed, as written."""
    threshold: str = ""
    command: SourceCommand | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """Further (name, value) pairs, in the order of the contract."""


class Statement(Record):
    """One evidence file: quarantine aside, everything of the gate family that is no gate verdict itself."""

    part: str = ""
    path: str = ""
    kind: str
    """Name of the reader."""
    generated_at: datetime | None = None
    verdict: str = ""
    """As written."""
    ok: bool | None = None
    """Whether it holds by the rule of its contract, recomputed where its rows allow; None: it does not say."""
    commit: str = ""
    run_id: str = ""
    correlation_id: str = ""
    summary: str = ""
    """The sentence that the file says about itself."""
    numbers: tuple[tuple[str, float], ...] = ()
    """(name, value) pairs, sorted by name; dotted names for nested objects."""
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[StatementRow, ...] = ()
    rows_left_out: int = 0
