"""A second process: it reads and renders while the first one loads pandas and computes.

pandas on one side, MkDocs and its theme on the other take as long to load as the work itself takes. On two cores both
go on at once, and each process holds only its own libraries in memory.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import signal
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

_PR_SET_PDEATHSIG = 1


class Worker(Protocol):
    """Does work in the order in which it is submitted."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> Future[T]:
        """Promise the result of a module-level function; the future raises what the function raises."""


@contextmanager
def second_process() -> Iterator[Worker]:
    """Start the process and end it with the block.

    It is forked, which is safe only before pandas has started threads; where it is not, work is done at once in this
    process: the same result, only later.
    """
    if sys.platform != "linux" or "pyarrow" in sys.modules:
        yield _AtOnce()
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_begin) as pool:
        yield pool


class _AtOnce:
    """Does the work when it is submitted."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **more))
        except Exception as error:  # noqa: BLE001  raised again where the result is asked for
            done.set_exception(error)
        return done


def _begin() -> None:
    """Leave no process behind when the first one is killed, leave Ctrl-C to it, and do not load pandas.

    pyarrow imports pandas to ask whether a value is one of its frames; nothing here is, and it would cost 0.4 s.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    sys.meta_path.insert(0, _WithoutPandas())


class _WithoutPandas(MetaPathFinder):
    """Makes `import pandas` fail at once."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002  theirs
        """Refuse pandas and pass on everything else."""
        if fullname == "pandas":
            raise ModuleNotFoundError("the second process does without pandas", name=fullname)
