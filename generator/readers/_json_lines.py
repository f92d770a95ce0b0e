"""JSON lines of a test tool among lines of other programs: the first row that counts, and whether all was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from generator.artifact import Artifact

_LINES: Final = 20_000  # lines of other programs after which no row is looked for any more
_NOT_READ: Final = re.compile(r"^‹… [0-9]+ bytes not read …›$", re.MULTILINE)
_MARKER: Final = 64  # more than that line is long
_TORN: Final = "torn last line"
_NOTHING: Final[Mapping[str, object]] = {}


def first_row(
    artifact: Artifact, keys: Collection[str], openings: tuple[str, ...], foreign: str = ""
) -> Mapping[str, object]:
    """Return the first row that has all keys, an empty one when there is none; never raises.

    Further than to the first object is looked only where the file begins like the output of the tool's own family:
    with one of the openings, or with a row that has the key `foreign`.
    """
    row = artifact.peek_row()
    if all(key in row for key in keys):
        return row
    if not (foreign and foreign in row) and not artifact.peek().lstrip().startswith(
        tuple(opening.encode() for opening in openings)
    ):
        return _NOTHING
    try:
        for number, found in artifact.events([]):
            if isinstance(found, dict) and all(key in found for key in keys):
                return found
            if number > _LINES:
                break
    except UnreadableError:
        pass
    return _NOTHING


def demand_all(artifact: Artifact) -> None:
    """Raise UnreadableError when only the ends of the file were read, as of a log: counts would be wrong."""
    ends = artifact.limits.log_head + artifact.limits.log_tail
    if artifact.extent().characters < 2 * ends + _MARKER and any(map(_NOT_READ.search, artifact.blocks())):
        raise UnreadableError(
            "begins like a log, of which only the beginning and the end are read",
            "let nothing stand before the report, or name the file `.jsonl`, or `.tap` when it is TAP",
        )


def is_torn(artifact: Artifact, bad: Sequence[tuple[int, str]]) -> bool:
    """Tell whether the last line is the beginning of a row; `bad` are the lines that are no rows."""
    if not bad or bad[-1][1] != _TORN:
        return False
    return artifact.extent().tail.rstrip().rpartition("\n")[2].startswith("{")
