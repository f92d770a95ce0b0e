"""The one writer to stdout and stderr: untrusted text cannot drive the terminal or the CI runner."""

from __future__ import annotations

import io
import json
import os
import sys
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.safety.redact import Redactor

_TOGETHER: Final = 10_000
"""Pieces of a document that are written at once: a bracket, a name or a value each."""


def safe(text: str) -> str:
    """Return text with controls visible, secrets masked, and no line that a CI runner takes for a command."""
    from generator.safety.redact import active  # noqa: PLC0415  keeps `--help` quick
    from generator.safety.surfaces import log_text  # noqa: PLC0415

    return log_text(text, active() if active().literals else _of_this_job())


@cache
def _of_this_job() -> Redactor:
    """Return what masks where no command has said so yet, or any more: an error is told after its command has ended."""
    from generator.safety.redact import Redactor  # noqa: PLC0415  keeps `--help` quick

    return Redactor.of(os.environ)


def say(text: str = "") -> None:
    """Write a line for people to stderr."""
    click.echo(safe(text), err=True)


def answer(text: str) -> None:
    """Write a line of data to stdout."""
    click.echo(safe(text))


def answer_json(document: object) -> None:
    """Write one JSON document to stdout: sorted keys, no NaN, newline at the end; it is never held as one text."""
    pieces = json.JSONEncoder(indent=2, sort_keys=True, allow_nan=False, ensure_ascii=True).iterencode(document)
    while some := "".join(islice(pieces, _TOGETHER)):
        sys.stdout.write(some)
    sys.stdout.write("\n")


def complain(text: str) -> None:
    """Write an error line to stderr."""
    click.secho(f"error: {safe(text)}", err=True, fg="red", color=colour())


def complain_usage(error: click.ClickException) -> None:
    """Write what click says of the words of a command line, which a script may have taken from anywhere."""
    said = io.StringIO()
    error.show(said)
    say(said.getvalue().rstrip("\n"))


def complain_unexpected(error: Exception) -> None:
    """Say that this is our mistake, not the reader's, and how to get the details."""
    complain(f"unexpected {type(error).__name__}: {error} (please report it; run again with -vv for the traceback)")


def colour() -> bool | None:
    """Return whether to colour: `NO_COLOR` beats `FORCE_COLOR`; `None` leaves it to the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """Return aligned columns of plain text."""
    cells = [list(head), *[[safe(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )
