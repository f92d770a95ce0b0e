"""A second process that renders: it warms up while the first one reads and computes, and needs no pandas.

MkDocs, the theme and the templates take as long to load as the analysis takes to run. On two cores both go on at once,
and each process holds only its own libraries in memory.
"""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.render.target import RenderResult, RenderTarget
    from generator.views import Page


class Renderer(Protocol):
    """Takes the pages of a version and promises the result."""

    def __call__(self, pages: Sequence[Page], target: RenderTarget) -> Future[RenderResult]:
        """Begin to render; the future raises what `render_version` raises."""


@contextmanager
def workshop() -> Iterator[Renderer]:
    """Start a process that renders versions in the order they come, and end it.

    It is forked, so call this before anything starts threads (pandas does). Where there is no safe fork, versions are
    rendered at once in this process: the same bytes, only later.
    """
    if sys.platform != "linux":
        yield at_once
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        pool.submit(_warm_up)

        def begin(pages: Sequence[Page], target: RenderTarget) -> Future[RenderResult]:
            return pool.submit(_render, pages, target)

        yield begin


def at_once(pages: Sequence[Page], target: RenderTarget) -> Future[RenderResult]:
    """Render in this process; the future is done."""
    done: Future[RenderResult] = Future()
    done.set_result(_render(pages, target))
    return done


def _render(pages: Sequence[Page], target: RenderTarget) -> RenderResult:
    from generator.render.build import render  # noqa: PLC0415  MkDocs is imported only when a version is rendered

    return render(pages, target)


def _warm_up() -> None:
    """Import what rendering needs."""
    from mkdocs.commands import build  # noqa: F401, PLC0415

    from generator.render import plugin  # noqa: F401, PLC0415
