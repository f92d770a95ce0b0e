"""One rendered version for all tests that only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.render import render_version
from tests.render.made_pages import a_target, some_pages

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's root with the version r0003 and the shared assets."""
    folder = tmp_path_factory.mktemp("site")
    render_version(some_pages(), a_target(folder, site_url="https://ci.example/demo"))
    return folder
