"""Run a command in a process of its own and print what it cost; small itself, because a fork begins as large as it is.

`python -I runner.py COMMAND…` prints JSON: exit code, CPU seconds, peak MiB, output, errors.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile

CPU_SECONDS = 30
"""After so much the kernel ends the command: a test that is lost must not cost minutes."""

_MIB_OF_A_UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10


def main(command: list[str]) -> int:
    """Run the command and print its cost."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.execv(command[0], command)  # noqa: S606 - our own command line
        _, status, used = os.wait4(child, 0)
        out.seek(0)
        err.seek(0)
        found = {
            "code": os.waitstatus_to_exitcode(status),
            "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss / _MIB_OF_A_UNIT,
            "out": out.read().decode("utf-8", "replace"),
            "err": err.read().decode("utf-8", "replace"),
        }
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
