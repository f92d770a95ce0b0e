"""The site folder: versions are built beside it and switched into place by rename."""

from __future__ import annotations

import filecmp
import hashlib
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from generator.errors import OutputError
from generator.publish import effects, permalinks, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.publish.permalinks import Shell, Target
    from generator.publish.versions import Version

RESERVED = frozenset({"_assets", "latest", "f", "i", "data", "badges", "index.html", "404.html", "versions.json"})
"""Names at the root of a site that no version may have; compare with `casefold`."""

LOCK_SECONDS = 300
"""How long a second build waits for the first."""


@dataclass(slots=True)
class Transaction:
    """Versions that are being built; nothing of the old site changes before `switch`."""

    site: Path
    staging: Path
    existing: tuple[Version, ...]
    built: list[Version] = field(default_factory=list)
    targets: dict[str, dict[str, Target]] = field(default_factory=dict)
    links: dict[str, Target] = field(default_factory=dict)

    @property
    def assets(self) -> Path:
        """Staging folder of the assets that all versions share."""
        return self.staging / "_assets"

    def folder(self, version: str) -> Path:
        """Return the staging folder of a version, created empty."""
        path = self.staging / version
        effects.make_folder(path)
        return path

    def put(self, version: str, name: str, data: bytes) -> None:
        """Write a file beside the pages of a version, when these are made."""
        effects.write_file(self.staging / version / name, data)

    def add(self, version: Version, links: dict[str, Target]) -> None:
        """Register a version whose pages stand in its staging folder, with its permalinks."""
        self.built.append(version)
        self.targets[version.name] = links

    def versions(self) -> tuple[Version, ...]:
        """Return all versions as they will be, newest first."""
        return versions.merged(self.existing, tuple(self.built))

    def stage(self, shell: Shell) -> None:
        """Write the permalinks of all registered versions into the staging folder; their pages may still be made."""
        self.links = permalinks.resolve(self.site, self.versions(), permalinks.read(self.site), self.targets)
        permalinks.stage(self.site, self.staging, self.links, self.targets, shell)

    def switch(self, shell: Shell) -> int:
        """Put assets, versions, permalinks and, last of all, the lists into place; returns the number of changes.

        The order keeps every intermediate state whole: new assets and versions are unreachable until
        `versions.json` and the redirect pages name them.
        """
        effects.fix_modes(self.staging)
        changes = self._assets()
        for version in self.built:
            changes += self._version(version.name)
        changes += permalinks.switch(self.site, self.staging, self.links)
        every = self.versions()
        newest = every[0]
        root = {
            ".nojekyll": b"",
            "404.html": shell.not_found().encode(),
            "versions.json": versions.dump(every),
            "latest/index.html": shell.redirect(f"../{newest.name}/index.html", newest.title).encode(),
            "index.html": shell.redirect(f"{newest.name}/index.html", newest.title).encode(),
        }
        changes += sum(effects.write_file(self.site / name, data, durable=True) for name, data in root.items())
        return changes

    def _assets(self) -> int:
        changed = 0
        for where, _, files in os.walk(self.assets):
            for name in sorted(files):
                source = self.assets.joinpath(os.path.relpath(where, self.assets), name)
                target = self.site / "_assets" / source.relative_to(self.assets)
                changed += effects.write_file(target, source.read_bytes())
        return changed

    def _version(self, name: str) -> int:
        fresh, place = self.staging / name, self.site / name
        if not place.exists():
            effects.make_folder(self.site)
            effects.rename(fresh, place)
            return 1
        if same_tree(fresh, place):
            return 0
        aside = self.staging / f"{name}.old"
        effects.rename(place, aside)
        effects.rename(fresh, place)
        return 1


@contextmanager
def transaction(site: Path) -> Iterator[Transaction]:
    """Open the site for one build: waits for another build, clears what a killed one left, raises OutputError."""
    place = site.resolve()
    if place.exists() and not place.is_dir():
        raise OutputError(f"{site} is a file", "name a folder with --site")
    lock = FileLock(_lock_file(place), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise OutputError(f"another build has held {site} for {LOCK_SECONDS} s", "wait for it, or end it") from error
    except OSError as error:
        raise OutputError(
            f"cannot lock {site}: {error.strerror}", "correct the permissions of the temporary folder"
        ) from error
    try:
        recover(place)
        staging = place.with_name(f"{place.name}.new-{os.getpid()}")
        yield Transaction(site=place, staging=staging, existing=versions.read(place))
    finally:
        for left in place.parent.glob(f"{place.name}.new-*"):
            _put_back(left, place)
            effects.remove_tree(left)
        lock.release()


def _lock_file(site: Path) -> Path:
    """Return the lock of a site: in the temporary folder, so that nothing is left beside the site."""
    digest = hashlib.sha256(os.fsencode(site)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"replaybook-{os.getuid()}-{digest}.lock"


def recover(site: Path) -> None:
    """Undo what a build that was killed left beside the site; only called under the lock."""
    for left in sorted(site.parent.glob(f"{site.name}.new-*")):
        _put_back(left, site)
        effects.remove_tree(left)


def _put_back(left: Path, site: Path) -> None:
    """A version that was moved aside and not replaced comes back."""
    for aside in sorted(left.glob("*.old")):
        place = site / aside.name.removesuffix(".old")
        if not place.exists():
            effects.rename(aside, place)


def same_tree(one: Path, two: Path) -> bool:
    """Return whether two folders hold the same files with the same bytes."""
    left, right = _files(one), _files(two)
    return left == right and all(filecmp.cmp(one / name, two / name, shallow=False) for name in left)


def _files(folder: Path) -> list[str]:
    found = []
    for where, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(where, name), folder) for name in files]  # noqa: PTH118  thousands of files
    return sorted(found)
