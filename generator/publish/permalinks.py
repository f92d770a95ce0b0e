"""Permalinks `f/<failure-id>/`: the newest version that has the page, or a tombstone with the last summary."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from generator.errors import OutputError
from generator.publish import effects
from generator.safety.ids import is_key

if TYPE_CHECKING:
    from pathlib import Path

    from generator.publish.versions import Version

LEDGER = "data/v1/permalinks.json"
SCHEMA = "replaybook.permalinks.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a permalink says of its page, for the day when the page is gone."""

    version: str
    title: str
    summary: str


class Shell(Protocol):
    """Pages outside the versions, drawn by the renderer."""

    def redirect(self, href: str, title: str) -> str:
        """Return a page that leads to a relative address without a script."""

    def tombstone(self, title: str, summary: str, last_version: str, home: str) -> str:
        """Return a page that says what stood here."""

    def not_found(self) -> str:
        """Return the site's 404 page."""


def read(site: Path) -> dict[str, Target]:
    """Return the ledger of all permalinks ever issued; raises OutputError when it is broken."""
    path = site / LEDGER
    if not path.is_file():
        return {}
    try:
        links = json.loads(path.read_text(encoding="utf-8"))["links"]
        return {key: Target(**links[key]) for key in sorted(links) if is_key(key)}
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{path} cannot be read ({type(error).__name__})",
            "restore it from the last good site: it keeps links alive",
        ) from error


def resolve(
    site: Path, versions: tuple[Version, ...], known: dict[str, Target], fresh: dict[str, dict[str, Target]]
) -> dict[str, Target]:
    """Return where every permalink leads: `fresh` holds the targets of the versions just built, by version.

    A link whose version was rebuilt without the page falls back to the next older version that has it.
    """
    links = {key: target for key, target in known.items() if target.version not in fresh}
    lost = [key for key, target in known.items() if target.version in fresh and key not in fresh[target.version]]
    for version in reversed(versions):  # oldest first, so that the newest wins
        for key, target in fresh.get(version.name, {}).items():
            rank = {v.name: place for place, v in enumerate(versions)}
            current = links.get(key)
            if current is None or rank.get(current.version, len(rank)) >= rank[version.name]:
                links[key] = target
    for key in lost:
        if key not in links:
            kept = tuple(version for version in versions if version.name not in fresh)
            links[key] = _older(site, kept, key, known[key])
    return dict(sorted(links.items()))


def _older(site: Path, versions: tuple[Version, ...], key: str, last: Target) -> Target:
    for version in versions:
        if (site / version.name / "failures" / key).is_dir():
            return Target(version=version.name, title=last.title, summary=last.summary)
    return last


def stage(
    site: Path, staging: Path, links: dict[str, Target], fresh: dict[str, dict[str, Target]], shell: Shell
) -> None:
    """Write the redirect or tombstone of every link that changes into the staging folder.

    A page is there when a version of the site has it or will have it: `fresh` holds what is being built.
    """
    for key, target in links.items():
        built = key in fresh[target.version] if target.version in fresh else None
        stands = built if built is not None else (site / target.version / "failures" / key).is_dir()
        if stands:
            page = shell.redirect(f"../../{target.version}/failures/{key}/index.html", target.title)
        else:
            page = shell.tombstone(target.title, target.summary, target.version, "../../index.html")
        effects.stage_file(site / "f" / key / "index.html", staging / "f" / key / "index.html", page.encode())


def switch(site: Path, staging: Path, links: dict[str, Target]) -> int:
    """Move the staged links into place and write the ledger; returns how many files changed."""
    changed = 0
    for name in effects.names(staging / "f"):
        place = site / "f" / name
        if place.exists():
            effects.rename(staging / "f" / name / "index.html", place / "index.html", durable=False)
        else:
            effects.make_folder(place.parent)
            effects.rename(staging / "f" / name, place, durable=False)
        changed += 1
    ledger = {"schema": SCHEMA, "links": {key: asdict(target) for key, target in links.items()}}
    text = json.dumps(ledger, indent=1, ensure_ascii=True) + "\n"
    return changed + effects.write_file(site / LEDGER, text.encode(), durable=True)
