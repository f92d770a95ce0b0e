"""`replaybook build`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.output import answer, answer_json, say
from generator.errors import ExitCode

if TYPE_CHECKING:
    from datetime import datetime

    from generator.pipeline import BuildResult

EXAMPLES = """\b
Examples:
  replaybook build ci-artifacts --history .replaybook/history --site site
  replaybook build runs --backfill 5 --now 2026-11-09T08:00:00Z"""


@click.command("build", epilog=EXAMPLES)
@options.artifacts
@options.history
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    default=options.DEFAULT_SITE,
    show_default=True,
    help="Folder of the site; gets a new version.",
)
@options.config
@click.option("--base", help="Run to compare with: run id, version or commit (default: chosen from the history).")
@click.option(
    "--mkdocs",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A mkdocs.yml of yours that the site inherits from: theme, navigation, pages.",
)
@click.option("--version-label", help="Name of the version (default: the run's label).")
@click.option("--backfill", type=click.IntRange(min=0), default=0, help="Render the N runs before, too.")
@options.now
@options.run_options
@options.output_format("text", "json")
@options.fail_on_secret
@options.exit_zero
@options.quiet
@options.verbose
def command(  # noqa: PLR0913, PLR0917  one parameter an option
    artifacts: tuple[Path, ...],
    history_folder: Path,
    site: Path,
    config: Path | None,
    base: str | None,
    mkdocs: Path | None,
    version_label: str | None,
    backfill: int,
    now: datetime | None,
    form: str,
    *,
    fail_on_secret: bool,
    exit_zero: bool,
    quiet: bool,
    verbose: int,
    **run: Any,
) -> int:
    """Read ARTIFACTS, add them to the history, judge the newest run and render it as a version of the site.

    ARTIFACTS are folders of runs, the folder of one run, or single report files. Without any, the site is rendered from
    the history alone.
    """
    from generator import pipeline  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    settings = options.settings_from(config)
    moment = options.time_or_clock(now)
    with options.redacting(settings):
        result = pipeline.build(
            pipeline.BuildRequest(
                artifacts=artifacts,
                history=history_folder,
                site=site,
                settings=settings,
                defaults=options.run_defaults(settings, moment, **run),
                now=moment,
                base=base,
                version_label=version_label,
                backfill=backfill,
                mkdocs=mkdocs,
            )
        )
        code = options.with_secrets(result.exit_code, result.redactions, demanded=fail_on_secret)
        if form == "json":
            answer_json(answers.build(result.report, code, result.problems, result.versions, result.redactions))
        elif not quiet:
            _print(result, verbose=verbose)
    return ExitCode.OK if exit_zero and code in (ExitCode.GATE_FAILED, ExitCode.EVIDENCE) else code


def _print(result: BuildResult, *, verbose: int) -> None:
    from generator.export import answers  # noqa: PLC0415  keeps `--help` quick

    for problem in result.problems:
        if verbose or problem.severity == "error":
            say(answers.problem_line(problem))
    if result.redactions:
        say(answers.secrets_line(result.redactions))
    answer(answers.gate_text(result.report))
    answer(f"Results: {answers.numbers(result.report.findings.run)}")
    answer(f"History: {result.history_runs} runs ({result.added} new). Versions written: {', '.join(result.versions)}.")
    answer(f"Site: {result.index}")
