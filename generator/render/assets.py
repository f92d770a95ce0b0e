"""Our style sheet, script and chart library under names that carry their hash, and the theme's files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STYLES = ("tones.css", "page.css", "blocks.css", "tables.css", "lean.css")
SCRIPTS = ("palette.js", "times.js", "copy.js", "tables.js", "charts.js", "start.js")
PLOTLY = "vendor/plotly-basic.min.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAssets:
    """Names of our files, and their content."""

    style: str
    script: str
    plotly: str
    files: Mapping[str, bytes]


def own_assets(templates: Path) -> OwnAssets:
    """Return our assets, joined from their parts in `templates/assets`."""
    folder = templates / "assets"
    style = b"".join((folder / name).read_bytes() for name in STYLES)
    parts = b"".join((folder / name).read_bytes() for name in SCRIPTS)
    script = b'(() => {\n"use strict";\n' + parts + b"})();\n"
    plotly = (folder / PLOTLY).read_bytes()
    names = {
        "style": _named("replaybook", style, "css"),
        "script": _named("replaybook", script, "js"),
        "plotly": _named("plotly-basic", plotly, "min.js"),
    }
    return OwnAssets(files={names["style"]: style, names["script"]: script, names["plotly"]: plotly}, **names)


def theme_key(theme: str) -> str:
    """Return the folder name of a theme's shared files: they change with its version only."""
    return f"{theme}-{version(f'mkdocs-{theme}')}"


def theme_files(theme_dir: Path, *, languages: bool) -> dict[str, Path]:
    """Return the theme's asset files by their name below `assets/`, without source maps and unused search languages."""
    assets = theme_dir / "assets"
    found = sorted(path for path in assets.rglob("*") if path.is_file() and path.suffix != ".map")
    names = {path.relative_to(assets).as_posix(): path for path in found}
    return {name: path for name, path in names.items() if languages or "/lunr/" not in f"/{name}"}


def theme_style(theme_dirs: Iterable[str], stem: str) -> str:
    """Return the name of a theme's style sheet (`main`, `palette`), which carries a hash; empty when it has none."""
    for folder in theme_dirs:
        found = sorted((Path(folder) / "assets" / "stylesheets").glob(f"{stem}.*.css"))
        if found:
            return f"assets/stylesheets/{found[0].name}"
    return ""


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below `folder`; raises OutputError that names the file."""
    for name, data in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise OutputError(
                f"cannot write {path}: {error.strerror}", "check the space and the rights there"
            ) from error


def _named(stem: str, data: bytes, ending: str) -> str:
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:8]}.{ending}"
