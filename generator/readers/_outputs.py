"""The ends of captured outputs, as they stand behind the trace of a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.safety.limits import KIB
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT: Final = 4 * KIB


def end_of(output: str) -> str:
    """Return the last 4 KiB of an output, from the beginning of a line."""
    text = output.strip()
    if len(text) <= _KEPT:
        return text
    text = clean(text, 2 * len(text))[-_KEPT:]  # a secret that was cut would not be seen any more
    return text[text.find("\n") + 1 :]


def with_outputs(trace: str, outputs: Iterable[tuple[str, str]]) -> str:
    """Return a trace with the ends of outputs, given as (title, text), behind it."""
    ends = [f"--- {title} ---\n{end}" for title, output in outputs if (end := end_of(output))]
    return "\n".join(filter(None, [trace.strip("\r\n"), *ends]))
