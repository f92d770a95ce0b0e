"""Options that several commands share, and what they become."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.config import Settings
    from generator.readers import RunDefaults
    from generator.records import Redaction

F = TypeVar("F", bound="Callable[..., Any]")

DEFAULT_HISTORY = Path(".replaybook/history")
DEFAULT_SITE = Path("site")

artifacts = click.argument("artifacts", nargs=-1, type=click.Path(path_type=Path))
history = click.option(
    "--history",
    "history_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_HISTORY,
    show_default=True,
    help="Folder of the history.",
)
config = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (default: replaybook.yml here)."
)
exit_zero = click.option("--exit-zero", is_flag=True, help="Report, but return 0 instead of 1 or 3.")
fail_on_secret = click.option(
    "--fail-on-secret", is_flag=True, help="Return 1 when a secret had to be masked in the artifacts."
)
verbose = click.option("-v", "--verbose", count=True, help="Say more; -vv adds tracebacks.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Only errors and data.")


def output_format(*formats: str) -> Callable[[F], F]:
    """Return a `--format` option that offers these formats, the first by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Form of the answer.",
    )


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time; without a zone it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time in UTC, or fail with an example."""
        if isinstance(value, datetime):
            return value
        try:
            parsed = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time, write it like 2026-11-09T08:00:00Z", param, ctx)
        return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)


now = click.option(
    "--now",
    type=Moment(),
    help="Time of the build, for repeatable output (default: SOURCE_DATE_EPOCH, else the clock).",
)


def time_or_clock(given: datetime | None) -> datetime:
    """Return the given time, else SOURCE_DATE_EPOCH, else the clock: the only place that reads it."""
    if given:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), tz=UTC)
    return datetime.now(tz=UTC).replace(microsecond=0)


def settings_from(path: Path | None) -> Settings:
    """Return the settings of the file, of `replaybook.yml` here, or the defaults; raises UsageError."""
    from generator.config import load  # noqa: PLC0415  keeps `--help` quick

    return load(path, Path.cwd())


@contextmanager
def redacting(settings: Settings) -> Iterator[None]:
    """Mask within the block what the settings name and what the variables of this job hold."""
    from generator.safety.redact import redacting_with  # noqa: PLC0415  keeps `--help` quick

    with redacting_with(settings.redaction.redactor(os.environ)):
        yield


def run_defaults(settings: Settings, moment: datetime, **run: Any) -> RunDefaults:
    """Return what is known of runs whose artifacts do not say it: options first, then settings."""
    from generator.readers import RunDefaults  # noqa: PLC0415  keeps `--help` quick

    return RunDefaults(
        repository=run.get("repository") or settings.project.repository,
        workflow=run.get("workflow") or settings.project.workflow,
        run_id=run.get("run_id") or "",
        attempt=run.get("attempt"),
        commit=run.get("commit") or "",
        branch=run.get("branch") or "",
        url=run.get("run_url") or "",
        started_at=run.get("started_at"),
        now=moment,
        limits=settings.limits.for_reading(),
    )


def with_secrets(code: ExitCode, found: Sequence[Redaction], *, demanded: bool) -> ExitCode:
    """Return the exit code of a command that was asked to fail when secrets had to be masked."""
    return ExitCode.GATE_FAILED if demanded and found else code


def run_options(function: F) -> F:
    """Add the options that say which run test reports without a run of their own belong to."""
    for option in reversed(
        (
            click.option("--repository", help="Owner/name of the repository (default: settings)."),
            click.option("--workflow", help="Workflow the run belongs to (default: settings)."),
            click.option("--run-id", default="", help="Id of the run, for reports that do not say it."),
            click.option("--attempt", type=click.IntRange(min=1), help="Attempt of the run."),
            click.option("--commit", default="", help="Commit of the run, for reports that do not say it."),
            click.option("--branch", default="", help="Branch of the run, for reports that do not say it."),
            click.option("--started-at", type=Moment(), help="Start of the run, for reports that do not say it."),
            click.option("--run-url", default="", help="Address of the run in the CI system."),
        )
    ):
        function = option(function)
    return function
