"""Blocks of test names: content-addressed, so that runs with the same tests share them and never change one.

A unit's names are cut by the top bits of the test id; one new test then costs one new block, not all names again.
"""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Final

from generator.history.tables import names_table, to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.history.rows import Test

BLOCK_NAMES: Final = 2048
"""Most names of a block on average; the number of blocks is a power of two, so blocks hold half of it or more."""


def block_id(data: bytes) -> str:
    """Return the id of a block, which is the name of its file without suffix."""
    return hashlib.sha256(data).hexdigest()[:32]


def blocks_of(tests: Sequence[Test]) -> dict[str, bytes]:
    """Return the blocks that hold the tests of a unit, by block id, in the order of test ids."""
    blocks = (to_bytes("names", names_table(part)) for part in _cut(tests))
    return {block_id(data): data for data in blocks}


def _cut(tests: Sequence[Test]) -> Iterator[list[Test]]:
    bits = max(0, (len(tests) - 1) // BLOCK_NAMES).bit_length()
    for _, part in groupby(tests, key=lambda test: (test[0] + 2**63) >> (64 - bits)):  # the order of signed numbers
        yield list(part)
