"""`replaybook history prune`: remove old runs, when that is said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.history_exchange import SCHEMA, exit_code, problems_json, say_problems
from generator.cli.output import answer, answer_json, table
from generator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.findings import RunFacts
    from generator.history import Pruned

_YEARS = 100
"""Longest time that can be kept by days."""

EXAMPLES = """\b
Examples:
  replaybook history prune --keep-days 180              # says what would go
  replaybook history prune --keep-days 180 --yes        # removes it
  replaybook history prune --keep-runs 50 --branch feature/login --yes"""


@click.command("prune", epilog=EXAMPLES)
@options.history
@options.config
@click.option("--keep-runs", type=click.IntRange(min=1), help="Keep so many of the newest runs.")
@click.option(
    "--keep-days",
    type=click.IntRange(1, _YEARS * 366),
    help="Keep the runs of so many days before the newest run of the history.",
)
@click.option("--branch", help="Remove runs of this branch only.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed, even with --yes.")
@click.option("--yes", is_flag=True, help="Remove it; without this nothing is removed.")
@options.output_format("text", "json")
def prune(
    history_folder: Path,
    config: Path | None,
    branch: str | None,
    form: str,
    *,
    dry_run: bool,
    yes: bool,
    **keep: int | None,
) -> int:
    """Remove old runs as a whole, never the newest one of a branch; pages of the site stay as they are."""
    from generator import history, pipeline  # noqa: PLC0415  keeps `--help` quick

    runs, days = keep["keep_runs"], keep["keep_days"]
    if (runs is None) == (days is None):
        raise UsageError("say what to keep: either --keep-runs or --keep-days", "for example --keep-days 180")
    really = yes and not dry_run
    wanted = history.Keep(runs=runs, days=days, branch=branch)
    going, kept, pruned = pipeline.prune(history_folder, options.settings_from(config), wanted, really=really)
    if form == "json":
        answer_json(
            {
                "schema": SCHEMA,
                "removed": really,
                "runs": [
                    {"label": run.label, "started_at": run.started_at.isoformat(), "branch": run.branch}
                    for run in going
                ],
                "units": list(pruned.units),
                "blocks": list(pruned.blocks),
                "kept": kept,
                "problems": problems_json(pruned.problems),
            }
        )
    else:
        say_problems(pruned.problems)
        _print(going, kept, pruned, really=really)
    return exit_code(pruned.problems)


def _print(going: tuple[RunFacts, ...], kept: int, pruned: Pruned, *, really: bool) -> None:
    if going:
        rows = [(run.label, f"{run.started_at:%Y-%m-%d %H:%M}", run.branch) for run in going]
        answer(table(rows, ("run", "started (UTC)", "branch")))
    what = f"{len(going)} runs ({len(pruned.units)} units) and {len(pruned.blocks)} blocks of names"
    if really:
        answer(f"{what} removed, {kept} runs stay")
    else:
        answer(f"{what} would be removed, {kept} runs stay; nothing was removed: --yes does it")
