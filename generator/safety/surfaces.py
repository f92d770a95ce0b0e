"""Text on its way to a terminal, a CI log or a forge: what comes from outside cannot give orders there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.safety.redact import redact
from generator.safety.text import neutralise

if TYPE_CHECKING:
    from generator.safety.redact import Redactor

# GitHub reads `::` at the beginning of a line, and `##[` as well as Azure's and TeamCity's forms anywhere in it; a
# folding mark of GitLab or Travis begins at a line, too.
_COMMAND: Final = re.compile(
    r"^([ \t]*)(::)|(##)(?=\[|vso\[|teamcity\[)|^([ \t]*)(section_(?:start|end):|travis_)", re.MULTILINE
)
_BACKTICKS: Final = re.compile(r"`+")


def log_text(text: str, redactor: Redactor | None = None) -> str:
    """Return text for stdout or stderr: controls visible, secrets masked, no line that a CI runner obeys."""
    return _COMMAND.sub(_defused, redact(neutralise(text), redactor))


def code_span(text: str) -> str:
    """Return text as a Markdown code span, also within a table cell: no mention, no reference, no image, no HTML."""
    flat = " ".join(text.split()).replace("|", "¦") or "-"
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def _defused(found: re.Match[str]) -> str:
    indent, colons, hashes, margin, word = found.groups()
    return f"{indent or margin or ''}‹{colons or hashes or word}›"
