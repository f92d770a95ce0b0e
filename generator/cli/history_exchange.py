"""`replaybook history merge`, `export` and `import`: runs from one history to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from generator.cli import options
from generator.cli.output import answer, answer_json, say
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.history import Merged
    from generator.records import Problem, UnitFacts

SCHEMA: Final = "replaybook.history.v1"

MERGE_EXAMPLES = """\b
Examples:
  replaybook history merge nightly/history weekly/history
  replaybook history merge ../fork/.replaybook/history --history .replaybook/history --format json"""

EXPORT_EXAMPLES = """\b
Examples:
  replaybook history export history.tar
  replaybook history export one.tar --run 1033 --run 1034"""

IMPORT_EXAMPLES = """\b
Examples:
  replaybook history import history.tar
  replaybook history import history.tar --history .replaybook/history --format json"""


@click.command("merge", epilog=MERGE_EXAMPLES)
@click.argument("others", nargs=-1, type=click.Path(path_type=Path, file_okay=False))
@options.history
@options.output_format("text", "json")
def merge(others: tuple[Path, ...], history_folder: Path, form: str) -> int:
    """Add the runs of OTHERS that the history does not have; what it has is never changed."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick

    if not others:
        raise UsageError("nothing to merge: no OTHERS given", "name the folders of other histories")
    return _told(pipeline.merge(others, history_folder), form)


@click.command("import", epilog=IMPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@options.history
@options.output_format("text", "json")
def import_file(file: Path, history_folder: Path, form: str) -> int:
    """Add the runs of an exported FILE that the history does not have; every checksum is verified first."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick

    return _told(pipeline.import_file(file, history_folder), form)


@click.command("export", epilog=EXPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.history
@options.config
@click.option("--run", "runs", multiple=True, metavar="LABEL", help="Only this run; may be given several times.")
@options.output_format("text", "json")
def export(file: Path, history_folder: Path, config: Path | None, runs: tuple[str, ...], form: str) -> int:
    """Write the history, or some of its runs, to FILE: one tar, the same bytes for the same runs."""
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick

    done = pipeline.export(history_folder, file, options.settings_from(config), runs)
    if form == "json":
        answer_json(
            {
                "schema": SCHEMA,
                "file": str(file),
                "units": done.units,
                "blocks": done.blocks,
                "bytes": done.size,
                "problems": problems_json(done.problems),
            }
        )
    else:
        say_problems(done.problems)
        answer(f"{done.units} units and {done.blocks} blocks of names written to {file}, {done.size} bytes")
    return exit_code(done.problems)


def say_problems(problems: Iterable[Problem]) -> None:
    """Write problems to stderr, a line each."""
    from generator.export import answers  # noqa: PLC0415  keeps `--help` quick

    for problem in problems:
        say(answers.problem_line(problem))


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as every answer lists them."""
    from generator.export import answers  # noqa: PLC0415  keeps `--help` quick

    return [answers.problem(problem) for problem in problems]


def exit_code(problems: Iterable[Problem]) -> ExitCode:
    """Return 3 when one of the problems is an error."""
    return ExitCode.EVIDENCE if any(problem.severity == "error" for problem in problems) else ExitCode.OK


def _told(merged: Merged, form: str) -> ExitCode:
    if form == "json":
        answer_json(
            {
                "schema": SCHEMA,
                "added": [_unit(facts) for facts in merged.added],
                "known": merged.known,
                "conflicts": [_unit(facts) for facts in merged.conflicts],
                "problems": problems_json(merged.problems),
            }
        )
    else:
        say_problems(merged.problems)
        answer(f"{len(merged.added)} units added, {merged.known} known already, {len(merged.conflicts)} in conflict")
    return exit_code(merged.problems)


def _unit(facts: UnitFacts) -> dict[str, Any]:
    """Return one unit: its id and the run it holds."""
    return {"unit": facts.unit_id, **facts.run.key.model_dump()}
