"""`python -m generator` and the `replaybook` command."""

from __future__ import annotations

import contextlib
import os
import sys

from generator import cli


def main() -> None:
    """Run the command line, then end the process at once.

    All that had to be written is written by then; to take apart a million values, only to give their memory back, would
    cost a tenth of a build.
    """
    try:
        cli.main()
    except SystemExit as ended:
        with contextlib.suppress(OSError, ValueError):  # whoever reads may have gone away
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 0)


if __name__ == "__main__":
    main()
