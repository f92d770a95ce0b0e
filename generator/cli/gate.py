"""`replaybook gate`: the verdict alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.output import answer, answer_json
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = """\b
Examples:
  replaybook gate
  replaybook gate --run 1041 --format json"""


@click.command("gate", epilog=EXAMPLES)
@options.history
@options.config
@click.option("--policy", default="default", show_default=True, help="Name of the policy.")
@click.option("--run", "ref", help="Run to judge: run id, version or commit (default: the newest).")
@click.option("--base", help="Baseline to compare with.")
@options.output_format("text", "json", "md")
@options.exit_zero
def command(
    history_folder: Path,
    config: Path | None,
    policy: str,
    ref: str | None,
    base: str | None,
    form: str,
    *,
    exit_zero: bool,
) -> int:
    """Judge the newest run of the history and return the verdict as exit code."""
    from generator import gates, pipeline  # noqa: PLC0415  keeps `--help` quick
    from generator.export import answers  # noqa: PLC0415

    if policy not in gates.POLICIES:
        raise UsageError(f"there is no policy `{policy}`", f"known: {', '.join(gates.POLICIES)}")
    settings = options.settings_from(config)
    with options.redacting(settings):
        report = pipeline.judge(history_folder, settings, ref=ref, base=base)
        code = gates.exit_code(report.judgement)
        if form == "json":
            answer_json(answers.verdict(report, code))
        else:
            answer(answers.gate_markdown(report) if form == "md" else answers.gate_text(report))
    return ExitCode.OK if exit_zero and code in (ExitCode.GATE_FAILED, ExitCode.EVIDENCE) else code
