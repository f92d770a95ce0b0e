"""What a version is rendered to, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderTarget:
    """Where one version goes and what it is called.

    `site_url` is the address of the site's root. MkDocs is given `<site_url>/<version>/`, which instant navigation and
    the version selector need. Without it all links are relative just the same and the selector works, but Material
    then loads every page in full, and a change of version leads to that version's start page.
    """

    out: Path
    """Empty staging folder of this version's files."""
    assets_out: Path
    """Staging folder of `_assets`, shared by all versions; every name in it carries a hash or a version."""
    version: str
    site_name: str
    site_url: str
    as_of: datetime
    config_file: Path | None = None
    """The user's own mkdocs.yml; None = the shipped one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderResult:
    """What was written."""

    pages: int
    """Pages of ours."""
    files: int
    """Files of the version, shared assets not counted."""
    bytes: int
    """Their size."""
    warnings: tuple[str, ...]
    """What MkDocs complained about, in its order."""
