"""Options of the test run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what golden files need."""
    parser.addoption("--update-golden", action="store_true", help="write what is read as what is expected; look at it")
