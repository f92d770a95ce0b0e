"""What cases say: names, kinds, messages, traces and ends of outputs, each cleaned once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._names import Said
from generator.safety.limits import KIB
from generator.safety.text import clean, clean_message, clean_meta, clean_trace, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.readers._junit_parse import Outcome

_OUTPUT_KEPT: Final = 4 * KIB


def reason_of(skipped: Outcome) -> Said:
    """Return why a case was skipped."""
    reason = skipped.attributes.get("message", "").strip() or "".join(skipped.text).strip()
    return Said(kind=one_line(clean_meta(skipped.attributes.get("type", ""))), message=clean_message(reason))


def said_by(outcomes: Sequence[Outcome], outputs: Mapping[str, list[str]]) -> Said:
    """Return what failures say: kind and message of the first, the texts of all, then the ends of the outputs."""
    if not outcomes:
        return Said()
    first = outcomes[0]
    texts = ["".join(outcome.text).strip("\r\n") for outcome in outcomes]
    message = first.attributes.get("message", "").strip() or _first_line(texts[0])
    for place, outcome in enumerate(outcomes[1:], 1):
        header = " ".join(filter(None, (outcome.attributes.get("type"), outcome.attributes.get("message"))))
        texts[place] = f"--- {outcome.tag} ---\n{texts[place].strip() or header}"
    texts += [f"--- {name} ---\n{end}" for name, output in outputs.items() if (end := _end_of(output))]
    return Said(
        kind=one_line(clean_meta(first.attributes.get("type", ""))),
        message=clean_message(message),
        trace=clean_trace("\n".join(text for text in texts if text.strip()).rstrip()),
    )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _end_of(output: list[str]) -> str:
    """Return the last 4 KiB of an output, from the beginning of a line."""
    text = "".join(output).strip()
    if len(text) <= _OUTPUT_KEPT:
        return text
    text = clean(text, 2 * len(text))[-_OUTPUT_KEPT:]  # a secret that was cut would not be seen any more
    return text[text.find("\n") + 1 :]
