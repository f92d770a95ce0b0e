"""`replaybook inspect`: what would be read, by whom, with which counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.output import answer, answer_json, table
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.readers import Intake

EXAMPLES = """\b
Examples:
  replaybook inspect ci-artifacts
  replaybook inspect build/reports/*.xml --format json"""

_EXPLAINED = 20
"""Up to so many files, each is explained; more are a table."""


@click.command("inspect", epilog=EXAMPLES)
@options.artifacts
@options.output_format("text", "json")
@options.config
@options.fail_on_secret
@options.exit_zero
def command(
    artifacts: tuple[Path, ...], form: str, config: Path | None, *, fail_on_secret: bool, exit_zero: bool
) -> int:
    """Say what would be read from ARTIFACTS and write nothing."""
    from generator import readers  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    if not artifacts:
        raise UsageError("nothing to inspect: no ARTIFACTS given", "name files or folders")
    settings = options.settings_from(config)
    with options.redacting(settings):
        found = readers.read_all(artifacts, options.run_defaults(settings, options.time_or_clock(None)))
        if form == "json":
            answer_json(answers.inspection(found.sources, found.problems, found.totals, found.redactions))
        else:
            _print(found)
    failed = any(problem.severity == "error" for problem in found.problems)
    code = ExitCode.EVIDENCE if failed else ExitCode.OK
    return ExitCode.OK if exit_zero else options.with_secrets(code, found.redactions, demanded=fail_on_secret)


def _print(found: Intake) -> None:
    from generator.export import answers  # noqa: PLC0415  keeps `--help` quick

    if len(found.seen) <= _EXPLAINED:
        for each in found.seen:
            answer(each.path)
            answer(f"  reader  {each.reader or 'none'}" + (f", because of {each.sign}" if each.sign else ""))
            answer(f"  saw     {each.saw}")
    else:
        answer(table([(each.path, each.reader or "-", each.saw) for each in found.seen], ("path", "reader", "saw")))
    for problem in found.problems:
        answer(answers.problem_line(problem))
    if found.redactions:
        answer(answers.secrets_line(found.redactions))
    totals = found.totals
    answer(
        f"{totals.tests} tests: {totals.passed} passed, {totals.failed} failed, {totals.errors} errors, "
        f"{totals.skipped} skipped, {totals.flaky} flaky"
    )
