"""What a thrown error tells: its type, its message and its stack, as JavaScript, Java, Ruby and Python print them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import said

if TYPE_CHECKING:
    from generator.readers._names import Said

_STACK: Final = re.compile(
    r"\n[ \t]{1,20}(?:\x1b\[[0-9;]{0,20}m)*(?:at |\.\.\. [0-9]+ more|\u276f |\+ expected - actual)"
)
_KIND: Final = re.compile(
    r"(?:Uncaught )?([A-Za-z_$][\w$.:]{0,200}?(?:Error|Exception|Failure|Failed|NotMet|Timeout)|Error)"
    r"(?: \[[A-Z_0-9]{1,60}\])?(?::[ \t\n]|:?\Z)"
)
_RUBY: Final = re.compile(r"\s\(([A-Z][\w:]{0,200}(?:Error|Exception|Failure|Failed))\)(?:\n|\Z)")


def split_error(text: str) -> tuple[str, str]:
    """Return the type of an error, empty when its text names none, and its message, without the stack."""
    text = text.strip()
    ruby = _RUBY.search(text)
    if ruby:
        return ruby.group(1), text[: ruby.start()].strip()
    stack = _STACK.search(text)
    head = _python(text[: stack.start()] if stack else text)
    kind = _KIND.match(head)
    if kind is None:
        return "", head.strip()
    return kind.group(1), head[kind.end() :].strip() or head.strip()


def _python(text: str) -> str:
    """Return what a traceback of Python or pytest comes to: its lines `E   …`, else its last line; other text as it is.

    What behave captured, which follows the error, is no part of it.
    """
    text = text.partition("\nCaptured ")[0]
    if text.startswith("E  ") or "\nE  " in text:
        return "\n".join(line[1:].strip() for line in text.split("\n") if line.startswith("E  "))
    _, mark, after = text.rpartition("Traceback (most recent call last):\n")
    outside = [line for line in after.split("\n") if line[:1].strip()] if mark else []
    return outside[-1] if outside else text


def error_said(message: str, stack: str, kind: str = "", more: str = "") -> Said:
    """Return what an error says; a message that the stack does not repeat stands before it, `more` after it."""
    found, head = split_error(stack or message)
    shown = message.strip() or head
    named, bare = split_error(shown)
    trace = stack if message.strip() in stack else f"{message.rstrip()}\n{stack}".rstrip()
    if trace.strip() == (bare or shown):
        trace = ""  # one line that is the message already
    trace = "\n".join(filter(None, (trace.rstrip(), more)))
    return said(bare or shown, trace, kind or found or named)
