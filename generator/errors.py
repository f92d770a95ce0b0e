"""Every kind of error and its exit code; messages say what, where, and what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns; the only list of exit codes."""

    OK = 0
    GATE_FAILED = 1
    USAGE = 2
    EVIDENCE = 3
    OUTPUT = 4
    INTERRUPTED = 130


class ReplaybookError(Exception):
    """Base of all expected errors: `str()` is one line for people, `exit_code` ends the command."""

    exit_code = ExitCode.OUTPUT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(ReplaybookError):
    """The command line or the configuration cannot be obeyed."""

    exit_code = ExitCode.USAGE


class EvidenceError(ReplaybookError):
    """Required evidence is missing, stale or unreadable."""

    exit_code = ExitCode.EVIDENCE


class UnreadableError(EvidenceError):
    """One artifact cannot be read; becomes a Problem that names the file, the cause and the next step."""


class OutputError(ReplaybookError):
    """The history or the site cannot be written."""

    exit_code = ExitCode.OUTPUT
