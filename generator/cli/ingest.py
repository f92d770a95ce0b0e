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
@options.exit_zero
def command(
    artifacts: tuple[Path, ...],
    history_folder: Path,
    config: Path | None,
    now: datetime | None,
    form: str,
    *,
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
    result = pipeline.ingest(artifacts, history_folder, options.run_defaults(settings, moment, **run))
    if form == "json":
        answer_json(answers.ingested(result.added, result.known, result.refused, result.problems))
    else:
        for problem in result.problems:
            say(answers.problem_line(problem))
        answer(f"{len(result.added)} runs added, {len(result.known)} known already, {len(result.refused)} refused")
    failed = any(problem.severity == "error" for problem in result.problems)
    return ExitCode.EVIDENCE if failed and not exit_zero else ExitCode.OK
