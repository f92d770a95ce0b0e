"""Seeded cases given to a target: a broken promise, a stall or swollen memory is a finding, shrunk before it is shown.

Grammars and mutations make the cases, not atheris: in 90 seconds from the same seeds it found no further mistake and no
more of the product than these do, and it cannot share a process with pytest.
"""

from __future__ import annotations

import re
import signal
import threading
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from tests.fuzz.shrinking import smaller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

FREE_S: Final = 2.0
BYTES_PER_S: Final = 40_000
"""A case may take the first and, beyond it, a second of computing for so many bytes."""

STALLED_S: Final = 120.0
MEMORY: Final = 200 * 1024
"""KiB by which no case may raise the most memory that was ever used: all are small."""

MOST: Final = 25
_SAID: Final = 60
_VALUES: Final = re.compile(r"[0-9]+|['\"`\[{].*", re.DOTALL)  # what differs from case to case of the same mistake
ATTEMPTS: Final = 3_000
SHRINKING_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One surface of the product: makes cases, and raises when one of them breaks a promise."""

    name: str
    promise: str
    make: Callable[[Random], bytes]
    check: Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A case that broke a promise, as small as it could be made; `turn` makes it again."""

    turn: int
    what: str
    data: bytes


@dataclass(slots=True)
class Outcome:
    """What came of one run."""

    cases: int = 0
    findings: list[Finding] = field(default_factory=list)


class StalledError(BaseException):
    """A case that does not end; no net for ordinary errors may catch it."""


def fuzz(target: Target, seed: int, *, cases: int | None = None, seconds: float | None = None) -> Outcome:
    """Check cases until so many or so much time have passed; the same seed makes the same ones, whatever is found.

    Each mistake is told once: of the cases that fail at the same place only the first.
    """
    outcome, places, ends = Outcome(), set[str](), time.monotonic() + (seconds or 0)
    while len(outcome.findings) < MOST:
        if (cases is not None and outcome.cases >= cases) or (seconds is not None and time.monotonic() >= ends):
            break
        data = case(target, seed, outcome.cases)
        place, what = broken(target, data)
        if place and place not in places:
            places.add(place)
            began = time.monotonic()
            data = smaller(data, partial(_breaks_at, target, place), ATTEMPTS, SHRINKING_S)
            ends += time.monotonic() - began
            outcome.findings.append(Finding(turn=outcome.cases, what=broken(target, data)[1] or what, data=data))
        outcome.cases += 1
    return outcome


def case(target: Target, seed: int, turn: int) -> bytes:
    """Return one case of a seed."""
    return target.make(Random(f"{target.name}-{seed}-{turn}"))  # noqa: S311 - cases are no secret


def broken(target: Target, data: bytes) -> tuple[str, str]:
    """Return where a case broke a promise and what was broken, or two empty texts."""
    memory = _most_memory()
    began = time.process_time()
    try:
        with _deadline(STALLED_S):
            target.check(data)
    except StalledError:
        return "stalled", "".join(traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return _place(error), "".join(traceback.format_exception(error))
    taken = time.process_time() - began
    if taken > FREE_S + len(data) / BYTES_PER_S:
        return "slow", f"took {taken:.1f} s for {len(data)} bytes"
    swollen = _most_memory() - memory
    if swollen > MEMORY:
        return "memory", f"took {swollen // 1024} MiB more than all before it for {len(data)} bytes"
    return "", ""


def _breaks_at(target: Target, place: str, data: bytes) -> bool:
    return broken(target, data)[0] == place


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = _VALUES.sub("", str(error))[:_SAID]
    return f"{type(error).__name__} in {frame.filename}:{frame.lineno}: {words}"


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise StalledError in what takes longer, where the system can interrupt it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StalledError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _most_memory() -> int:
    """Return the most memory this process ever used, in KiB; 0 where the system does not say."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
