"""Whether a file that no reader takes is at least whole: a torn document is lost evidence, not a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._rows import left_out
from generator.readers.content import ending_of
from generator.safety.strict_xml import Nobody

if TYPE_CHECKING:
    from generator.artifact import Artifact

_SMALL: Final = 1 << 20
"""Up to this size an XML document of a stranger is looked through, though nobody named it."""


def demand_whole(artifact: Artifact, *, named: bool) -> None:
    """Parse what is a document by its ending; UnreadableError says cause and place.

    JSON lines and large XML, which may be of many strangers, only when the file was named on the command line.
    """
    ending = ending_of(artifact.name)
    if ending == "json":
        artifact.json()
    elif ending == "toml":
        artifact.toml()
    elif ending in {"xml", "trx"} and (named or artifact.size <= _SMALL):
        root = frozenset({artifact.peek_root() or "testsuites"})
        artifact.xml(Nobody(), root, root)
    elif ending in {"jsonl", "ndjson"} and named:
        bad = artifact.rows()[1]
        if bad:
            raise UnreadableError(left_out(bad), "check the step that writes it")
