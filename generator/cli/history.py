"""`replaybook history`: look at the history and check it; merging, files and pruning stand in modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli import history_exchange, history_prune, options
from generator.cli.output import answer, answer_json, table
from generator.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


LIST_EXAMPLES = """\b
Examples:
  replaybook history list
  replaybook history list --format json"""

VERIFY_EXAMPLES = """\b
Examples:
  replaybook history verify
  replaybook history verify --history .replaybook/history --format json"""


@click.group("history")
def command() -> None:
    """List, verify, merge, export, import or prune the runs of the history."""


@command.command("list", epilog=LIST_EXAMPLES)
@options.history
@options.config
@options.output_format("text", "json")
def list_runs(history_folder: Path, config: Path | None, form: str) -> int:
    """List the runs, oldest first."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    runs = pipeline.list_runs(history_folder, options.settings_from(config))
    if form == "json":
        answer_json({"runs": [answers.run(run) for run in runs]})
        return ExitCode.OK
    rows = [
        (
            run.label,
            f"{run.started_at:%Y-%m-%d %H:%M}",
            run.branch,
            run.commit[:9],
            run.state.value,
            answers.numbers(run),
        )
        for run in runs
    ]
    answer(table(rows, ("run", "started (UTC)", "branch", "commit", "state", "results")))
    return ExitCode.OK


@command.command("verify", epilog=VERIFY_EXAMPLES)
@options.history
@options.output_format("text", "json")
def verify(history_folder: Path, form: str) -> int:
    """Recompute every checksum; name each unit that is torn or altered."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    checked, problems = pipeline.verify(history_folder)
    if form == "json":
        answer_json({"units": checked, "problems": [answers.problem(problem) for problem in problems]})
    else:
        for problem in problems:
            answer(answers.problem_line(problem))
        answer(f"{checked} units checked, {len(problems)} problems")
    failed = any(problem.severity == "error" for problem in problems)
    return ExitCode.EVIDENCE if failed else ExitCode.OK


for each in (history_exchange.merge, history_exchange.export, history_exchange.import_file, history_prune.prune):
    command.add_command(each)
