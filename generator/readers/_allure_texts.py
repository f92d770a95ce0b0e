"""What a failed Allure case says: message, trace, the step that failed, and the attachments by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._allure import NOTHING, secrets, status_of, without, words
from generator.readers._cases import NOTHING as SILENCE
from generator.readers._cases import said
from generator.readers._told import split_error
from generator.records import Status
from generator.safety.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.readers._names import Said

_PATHS: Final = 10
"""Failing steps that a trace names."""
_ATTACHMENTS: Final = 50
"""Attachments that a trace names."""
_STEPS: Final = 20_000
"""Steps that are looked at."""
_MARKS: Final = ("flaky", "known", "muted")


def details_of(case: Mapping[str, object]) -> Mapping[str, object]:
    """Return the object with message and trace: `statusDetails`, in a history `error` or the case itself."""
    for field in ("statusDetails", "error"):
        found = case.get(field)
        if isinstance(found, dict):
            return found
    return case


def said_of(case: Mapping[str, object], status: Status, unknown: str = "") -> Said:
    """Return what a case says; `unknown`: its status word, where it has none that is known."""
    if status is Status.PASSED:
        return SILENCE
    details = details_of(case)
    hidden = secrets(case.get("parameters"))
    message, trace = without(_text(details, "message"), hidden), without(_text(details, "trace"), hidden)
    if status is Status.SKIPPED:
        return said(message.strip() or _first_line(trace))
    paths, deepest = _failing(case.get("steps"))
    inner = details_of(deepest) if deepest else NOTHING
    message = message.strip() or _first_line(trace) or without(words(inner.get("message")), hidden)
    trace = trace.strip("\r\n") or without(words(inner.get("trace")), hidden)
    kind, bare = split_error(message)
    texts = [trace, *_sections(case, details, [without(path, hidden) for path in paths])]
    return said(
        bare or message or no_message(unknown, paths),
        "\n".join(text for text in texts if text),
        kind or split_error(_first_line(trace))[0],
    )


def _text(details: Mapping[str, object], field: str) -> str:
    value = details.get(field)
    return value if isinstance(value, str) else ""


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "") if text else ""


def no_message(unknown: str, paths: Sequence[str] = ()) -> str:
    """Return what is shown of a case without a message: its unknown status word, else the step that failed."""
    if unknown:
        return f"ended with the unknown status {unknown}" if unknown.startswith("`") else f"ended with {unknown}"
    return f"no message; this step failed: {paths[0]}" if paths else "no message was recorded"


def _sections(case: Mapping[str, object], details: Mapping[str, object], paths: list[str]) -> Iterator[str]:
    """Yield what follows the trace, each under a line that names it."""
    for name in ("expected", "actual"):
        if value := _text(details, name):
            yield f"--- {name} ---\n{value}"
    if paths:
        more = [f"… and {len(paths) - _PATHS} more"] if len(paths) > _PATHS else []
        yield "\n".join(("--- failed step ---" if len(paths) == 1 else "--- failed steps ---", *paths[:_PATHS], *more))
    if marks := [mark for mark in _MARKS if details.get(mark) is True]:
        yield f"--- marked ---\n{', '.join(marks)}"
    if lines := list(_attachments(case)):
        more = [f"… and {len(lines) - _ATTACHMENTS} more"] if len(lines) > _ATTACHMENTS else []
        yield "\n".join(("--- attachments ---", *lines[:_ATTACHMENTS], *more))


def _failing(steps: object) -> tuple[list[str], Mapping[str, object]]:
    """Return the paths of names down to each innermost failed step, in order, and the first such step."""
    paths: list[str] = []
    deepest: Mapping[str, object] = NOTHING
    waiting: list[tuple[str, Mapping[str, object]]] = [("", step) for step in reversed(_bad(steps))]
    seen = 0
    while waiting and seen < _STEPS:
        seen += 1
        above, step = waiting.pop()
        name = one_line(words(step.get("name"))) or "(unnamed step)"
        path = f"{above} > {name}" if above else name
        inner = _bad(step.get("steps"))
        if inner:
            waiting += [(path, below) for below in reversed(inner)]
        else:
            deepest = deepest or step
            paths.append(path)
    return paths, deepest


def _bad(steps: object) -> list[Mapping[str, object]]:
    found = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [step for step in found if (status := status_of(step.get("status"))) is not None and status.bad]


def _attachments(case: Mapping[str, object]) -> Iterator[str]:
    """Yield a line for each attachment of the case and of its steps; nothing is opened."""
    waiting: list[Mapping[str, object]] = [case]
    seen = 0
    while waiting and seen < _STEPS:
        seen += 1
        owner = waiting.pop()
        for attachment in _objects(owner.get("attachments")):
            name, kind, source = (one_line(words(attachment.get(field))) for field in ("name", "type", "source"))
            yield f"- {name or '(unnamed)'} ({kind or 'unknown type'}): {source or 'no file'}"
        waiting += reversed(_objects(owner.get("steps")))


def _objects(items: object) -> list[Mapping[str, object]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
