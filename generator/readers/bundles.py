"""The members of an archive as files in a folder that has the archive's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.artifact import Artifact
from generator.errors import UnreadableError
from generator.readers.content import LOGS, ending_of, limit_of
from generator.safety import archives

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.safety.archives import Archive
    from generator.safety.limits import ReadLimits

READ: Final = frozenset(
    {
        *("json", "jsonl", "ndjson", "xml", "trx", "toml", "csv", "js", "tap", "log", "txt", "out"),
        *("info", "lcov", "sarif", "codeowners"),
    }
)
"""Endings of members whose content may be asked for; a member named `CODEOWNERS` as well."""

_ATTACHED: Final = frozenset({"attachments", "allure-results", "resources"})
"""Folders whose archives are attachments of tests, not reports."""


def is_bundle(name: str, folder: str) -> bool:
    """Tell whether a file in a folder is an archive of reports; a browser's trace is not."""
    attached = folder.lower() in _ATTACHED or name == "trace.zip" or name.endswith("-attachment.zip")
    return archives.is_archive(name) and not attached


def members(path: Path, shown: str, limits: ReadLimits) -> Iterator[tuple[tuple[str, ...], Artifact]]:
    """Yield the folders within the archive and the file for each member, sorted by name; raises UnreadableError."""
    archive = archives.open_archive(path, limits, _wanted)
    for name in sorted(archive.sizes):
        *folders, last = name.split("/")
        yield tuple(folders), _artifact(archive, name, shown, limits, last)


def _wanted(name: str) -> bool:
    return ending_of(name.rpartition("/")[2]) in READ


def _artifact(archive: Archive, name: str, shown: str, limits: ReadLimits, last: str) -> Artifact:
    def load() -> bytes:
        if archive.sizes[name] > limit_of(last, limits):
            raise UnreadableError(
                f"is larger than {limit_of(last, limits)} bytes",
                "split it, leave it out, or raise the limit in the settings",
            )
        return archive.read(name)

    return Artifact(
        path=f"{shown}!/{name}",
        name=last,
        folders=tuple(name.split("/")[:-1]),
        size=archive.sizes[name],
        load=load,
        limits=limits,
        lossy=ending_of(last) in LOGS,
    )
