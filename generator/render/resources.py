"""Where templates and the base MkDocs configuration stand: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from generator.errors import OutputError

_PACKAGE = Path(__file__).resolve().parent.parent


def templates_folder() -> Path:
    """Return the folder `site_templates`; raises OutputError when the installation lacks it."""
    return _first(_PACKAGE / "_site_templates", _PACKAGE.parent / "site_templates")


def mkdocs_file() -> Path:
    """Return the shipped `mkdocs.yml`, the base that a build inherits from; raises OutputError when it is missing."""
    return _first(_PACKAGE / "_mkdocs.yml", _PACKAGE.parent / "mkdocs.yml")


def docs_folder() -> Path:
    """Return the authored Markdown that every version ships."""
    return templates_folder() / "docs"


def _first(*places: Path) -> Path:
    for place in places:
        if place.exists():
            return place
    raise OutputError(f"{places[-1].name} is missing from this installation", "install Replaybook again")
