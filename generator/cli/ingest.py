"""`replaybook ingest`: add runs to the history and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.output import answer, answer_json, say
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from generator.ingestion import Ingested

EXAMPLES = """\b
Examples:
  replaybook ingest ci-artifacts
  replaybook ingest results/*.xml --run-id 4711 --commit 1f2e3d4 --branch main"""


@click.command("ingest", epilog=EXAMPLES)
@options.artifacts
@options.history
@options.config
@options.now
@options.run_options
@options.output_format("text", "json")
@options.fail_on_secret
@options.exit_zero
def command(
    artifacts: tuple[Path, ...],
    history_folder: Path,
    config: Path | None,
    now: datetime | None,
    form: str,
    *,
    fail_on_secret: bool,
    exit_zero: bool,
    **run: Any,
) -> int:
    """Read ARTIFACTS and add their runs to the history; runs that are there already are left alone."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    if not artifacts:
        raise UsageError("nothing to ingest: no ARTIFACTS given", "name a folder of runs or report files")
    settings = options.settings_from(config)
    moment = options.time_or_clock(now)
    with options.redacting(settings):
        result = pipeline.ingest(artifacts, history_folder, options.run_defaults(settings, moment, **run))
        if form == "json":
            outcome = {"added": result.added, "known": result.known, "refused": result.refused}
            answer_json(answers.ingested(outcome, result.problems, result.redactions))
        else:
            _print(result)
    failed = any(problem.severity == "error" for problem in result.problems)
    code = ExitCode.EVIDENCE if failed else ExitCode.OK
    return ExitCode.OK if exit_zero else options.with_secrets(code, result.redactions, demanded=fail_on_secret)


def _print(result: Ingested) -> None:
    from generator.export import answers  # noqa: PLC0415  keeps `--help` quick

    for problem in result.problems:
        say(answers.problem_line(problem))
    if result.redactions:
        say(answers.secrets_line(result.redactions))
    answer(f"{len(result.added)} runs added, {len(result.known)} known already, {len(result.refused)} refused")
