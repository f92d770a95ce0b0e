"""What every record has in common, and the words that several of them share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping


class Record(BaseModel):
    """A frozen fact that CI stated; its text is already neutralised, redacted and bounded."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class Severity(StrEnum):
    """How much a Problem matters: only `error` changes the exit code."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Problem(Record):
    """Something that could not be read or believed: which file, why, and what to do next."""

    path: str
    reader: str | None = None
    severity: Severity
    message: str
    hint: str = ""


class SourceState(StrEnum):
    """What became of one file."""

    READ = "read"
    UNREAD = "unread"
    CORRUPT = "corrupt"


class Counts(Record):
    """Test cases of one artifact after the attempts of a case are merged."""

    suites: int = 0
    tests: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0
    duration_s: Annotated[float, Field(ge=0)] = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            suites=self.suites + other.suites,
            tests=self.tests + other.tests,
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            errors=self.errors + other.errors,
            skipped=self.skipped + other.skipped,
            flaky=self.flaky + other.flaky,
            duration_s=round(self.duration_s + other.duration_s, 6),
        )


class SourceFile(Record):
    """One file of a run's evidence: who read it, its size and its SHA-256."""

    path: str
    reader: str | None = None
    state: SourceState
    schema_id: str | None = None
    bytes: int = 0
    sha256: str = ""
    counts: Counts | None = None


class Redaction(Record):
    """How often a secret of one kind was masked in what is kept of a run; its value is nowhere."""

    kind: str
    count: int


def tally_text(counts: Mapping[str, int]) -> str:
    """Return `3 failed, 12 passed` for the counts above zero, in the order given."""
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number) or "nothing"
