"""`versions.json`: the format that Material's selector and mike read, newest run first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from generator.errors import OutputError
from generator.safety.ids import is_key

if TYPE_CHECKING:
    from pathlib import Path

LISTED = 50
"""Entries in the selector; older ones stay in the file, hidden (1 000 entries are 67 KB, fetched on each full load)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the site; `started_at` is its run's, and decides the order."""

    name: str
    title: str
    started_at: datetime
    verdict: str

    @property
    def order(self) -> tuple[datetime, str]:
        """Sort key: run time, then name."""
        return (self.started_at, self.name)


def read(site: Path) -> tuple[Version, ...]:
    """Return the versions of a site, newest first; none when there is no site. Raises OutputError for a broken file."""
    path = site / "versions.json"
    if not path.is_file():
        return ()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = [
            Version(
                name=entry["version"],
                title=entry["title"],
                started_at=datetime.fromisoformat(entry["properties"]["started_at"]),
                verdict=entry["properties"]["verdict"],
            )
            for entry in entries
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{path} is not a list of versions of ours ({type(error).__name__})",
            "name an empty folder with --site, or remove the file to rebuild it",
        ) from error
    return tuple(version for version in found if is_key(version.name) and (site / version.name).is_dir())


def merged(old: tuple[Version, ...], new: tuple[Version, ...]) -> tuple[Version, ...]:
    """Return old and new versions, newest first; a new one replaces an old one of its name."""
    names = {version.name for version in new}
    return tuple(sorted([*new, *(v for v in old if v.name not in names)], key=lambda v: v.order, reverse=True))


def dump(versions: tuple[Version, ...]) -> bytes:
    """Return the bytes of `versions.json`."""
    document = [
        {
            "version": version.name,
            "title": version.title,
            "aliases": ["latest"] if position == 0 else [],
            "properties": {
                "hidden": position >= LISTED,
                "started_at": version.started_at.isoformat(),
                "verdict": version.verdict,
            },
        }
        for position, version in enumerate(versions)
    ]
    return (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode()
