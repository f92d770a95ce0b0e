"""`lint/fmt.log`, `lint/clippy.log` and `build.log`: the runner's own heuristics, on the head and the tail only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plugins import Reading
from generator.records import LogSignal
from generator.safety.text import clean_trace

if TYPE_CHECKING:
    from generator.artifact import Artifact

NAME = "log_signal"
TITLE = "Runner: lint and build logs"
SIGNS = "`fmt.log` or `clippy.log` in a folder `lint`, or `build.log`"
_LINT = {"fmt.log": "fmt", "clippy.log": "clippy"}
_EXCERPT_LINES = 60


def recognises(artifact: Artifact) -> str:
    """Return the sign of a lint log (in a folder `lint`) or a build log of the runner."""
    return f"named `{artifact.name}`" if _phase(artifact) else ""


def read(artifact: Artifact) -> Reading:
    """Return the LogSignal: fmt failed when it printed anything, the others when a line speaks of an error."""
    phase, text = _phase(artifact), artifact.text()
    failed = _failed(phase, text)
    excerpt = clean_trace("\n".join(_excerpt(text))) if failed else ""
    return Reading(records=(LogSignal(phase=phase, failed=failed, excerpt=excerpt),))


def _phase(artifact: Artifact) -> str:
    if artifact.name == "build.log":
        return "build"
    in_lint = artifact.folders[-1:] == ("lint",)
    return _LINT.get(artifact.name, "") if in_lint else ""


def _failed(phase: str, text: str) -> bool:
    if phase == "fmt":
        return bool(text)
    if phase == "clippy":
        return "error" in text
    # the word may also stand in the name of a file or a crate: a compiler's error begins its line
    return any(line.lstrip().startswith(("error:", "error[")) for line in text.splitlines())


def _excerpt(text: str) -> list[str]:
    """Return the lines from the first that speaks of an error, else the last lines."""
    lines = text.splitlines()
    first = next((place for place, line in enumerate(lines) if "error" in line), max(0, len(lines) - _EXCERPT_LINES))
    return lines[first : first + _EXCERPT_LINES]
