"""Options of the test run, and which tests share a worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer

_TOGETHER = (
    re.compile(r"tests/(abuse)/.*\[(?:.*-)?([a-z]+)\]$"),
    re.compile(r"tests/(test_native_build)\.py()"),
)
"""Tests with equal groups share what is dear to make: a class of hostile artifacts is built once."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what golden files need."""
    parser.addoption("--update-golden", action="store_true", help="write what is read as what is expected; look at it")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Give tests of one group to one worker: xdist's own marks for it do nothing with this version of pytest."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  there is none without -n

    class Grouped(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Grouped(config, log)


def group_of(nodeid: str) -> str:
    """Return the group of a test, itself when it has none."""
    found = next((match for pattern in _TOGETHER if (match := pattern.search(nodeid))), None)
    return "-".join(found.groups()) if found else nodeid
