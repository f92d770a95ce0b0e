"""`replaybook readers`: which formats are read, and by what each is recognised."""

from __future__ import annotations

import click

from generator.cli import options
from generator.cli.output import answer, answer_json, table
from generator.errors import ExitCode

EXAMPLES = """\b
Examples:
  replaybook readers
  replaybook readers --format json"""


@click.command("readers", epilog=EXAMPLES)
@options.output_format("text", "json")
def command(form: str) -> int:
    """List the formats that are read, in the order in which they are tried."""
    from generator.readers.registry import all_readers  # noqa: PLC0415  keeps `--help` quick

    found = all_readers()
    if form == "json":
        rows = [{"reader": each.NAME, "title": each.TITLE, "recognises": each.SIGNS} for each in found]
        answer_json({"schema": "replaybook.readers.v1", "readers": rows})
    else:
        answer(table([(each.NAME, each.TITLE, each.SIGNS) for each in found], ("reader", "format", "recognised by")))
    return ExitCode.OK
