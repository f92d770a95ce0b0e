"""The command line: parse options, call the pipeline, choose the exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from generator import __version__
from generator.cli.output import complain, complain_unexpected, complain_usage
from generator.errors import ExitCode, ReplaybookError

COMMANDS = {
    "build": "generator.cli.build",
    "ingest": "generator.cli.ingest",
    "inspect": "generator.cli.inspect",
    "readers": "generator.cli.readers",
    "gate": "generator.cli.gate",
    "history": "generator.cli.history",
    "serve": "generator.cli.serve",
}
"""Command name -> module with a click command called `command`; imported when asked for, so that help is quick."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own and are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order of the documentation."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Return the command, or `None` when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.group(
    cls=LazyGroup,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "REPLAYBOOK",
        "max_content_width": 100,
    },
    epilog="Exit codes: 0 pass, 1 a blocking gate failed, 2 usage or configuration, 3 evidence missing, stale or "
    "unreadable, 4 could not write.",
)
@click.version_option(__version__, prog_name="replaybook", message="%(prog)s %(version)s")
def root() -> None:
    """Turn what a CI run leaves behind into a versioned site with a replay page for every failure."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with a code of `errors.ExitCode`; no traceback unless `-vv` is given."""
    words = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(200_000, 50, 50)  # a batch job makes a million values and hardly a cycle
    try:
        code = root.main(args=words, prog_name="replaybook", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        complain_usage(error)
        sys.exit(ExitCode.USAGE)
    except ReplaybookError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:
        if "-vv" in words:
            raise
        complain_unexpected(error)
        sys.exit(ExitCode.OUTPUT)
    sys.exit(code if isinstance(code, int) else ExitCode.OK)
