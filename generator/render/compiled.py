"""Compiled templates, kept for the next version that this process renders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

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


THEME = MemoryCache()
"""Templates of the theme's environment, which does not escape."""
OURS = MemoryCache()
"""Templates of our own environment: the same name compiles to other code there."""
