"""Templates found quickly, compiled once, and kept for the next version that this process renders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, FileSystemLoader

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class MemoryCache(BytecodeCache):
    """Keeps compiled templates by Jinja's key and checksum; `build --backfill` renders the same ones many times."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket when its template was compiled before."""
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class VisibleFiles(FileSystemLoader):
    """Lists no folder whose name begins with a dot.

    MkDocs lists all files of the theme and drops these. Material keeps 14 000 icons in one of them, which takes longer
    than all the rest of an empty build.
    """

    def list_templates(self) -> list[str]:
        """Return the names of all files in reach, sorted."""
        found: set[str] = set()
        for folder in self.searchpath:
            for where, folders, names in os.walk(folder):
                folders[:] = [name for name in folders if not name.startswith(".")]
                inside = os.path.relpath(where, folder).replace(os.sep, "/")
                found |= {name if inside == "." else f"{inside}/{name}" for name in names}
        return sorted(found)


THEME = MemoryCache()
"""Templates of the theme's environment, which does not escape."""
OURS = MemoryCache()
"""Templates of our own environment: the same name compiles to other code there."""
