"""The second process: it does the work, passes errors on, and does not outlive the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.worker import second_process

ROOT = Path(__file__).parents[1]


def refuse(path: str) -> None:
    raise UsageError(f"{path} is not welcome", "name another")


def test_work_is_done_and_an_error_keeps_message_hint_and_kind() -> None:
    with second_process() as second:
        assert second.submit(max, 1, 2).result() == 2
        with pytest.raises(UsageError) as caught:
            second.submit(refuse, "x").result()
    assert (caught.value.message, caught.value.hint) == ("x is not welcome", "name another")


def test_the_second_process_is_another_one_and_does_without_pandas() -> None:
    code = """
import os, sys
from generator.worker import second_process
def probe():
    try:
        import pandas
    except ImportError:
        return os.getpid()
if __name__ == "__main__":
    with second_process() as second:
        print(second.submit(probe).result() not in (None, os.getpid()))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_killing_the_first_process_ends_the_second() -> None:
    code = """
import os, time
from generator.worker import second_process
def wait():
    time.sleep(60)
if __name__ == "__main__":
    with second_process() as second:
        print(second.submit(os.getpid).result(), flush=True)
        second.submit(wait)
        time.sleep(60)
"""
    first = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    child = int(first.stdout.readline())
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    for _ in range(100):
        if not _runs(child):
            return
        time.sleep(0.05)
    pytest.fail(f"process {child} is still there")


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and os.path.exists(f"/proc/{process}")  # noqa: PTH110  a pseudo file
