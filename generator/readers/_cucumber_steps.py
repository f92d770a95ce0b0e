"""What the steps and hooks of a Cucumber scenario come to: the worst of them counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, said
from generator.readers._loose import Object, lines_of, list_of, object_of, text_of
from generator.readers._told import split_error
from generator.records import Status
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers._cases import Cases
    from generator.readers._names import Said

_SKIPPED, _PENDING, _NO_RESULT, _UNCLEAR, _BROKE, _FAILED = range(1, 7)
_RANKS: Final = {
    "passed": 0,
    **dict.fromkeys(("skipped", "untested", "notrun", "not_run", "disabled"), _SKIPPED),
    **dict.fromkeys(("pending", "pending_warn", "untested_pending", "xfailed"), _PENDING),
    **dict.fromkeys(("undefined", "untested_undefined", "ambiguous", "unknown"), _UNCLEAR),
    **dict.fromkeys(("error", "hook_error", "cleanup_error"), _BROKE),
    "failed": _FAILED,
}
_HOOKS: Final = frozenset({"Before", "After", "BeforeStep", "AfterStep", "BeforeAll", "AfterAll"})
"""Keywords of the hidden steps that cucumber-js writes for hooks."""

_TOLD: Final = 5
"""Steps of one scenario of which the errors are shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status, duration (in the unit of the report, None when it states none) and texts of one scenario."""

    status: Status
    duration: object
    said: Said


@dataclass(slots=True)
class _Tally:
    """What was seen of one scenario."""

    worst: int = 0
    steps: int = 0
    without_result: int = 0
    duration: float | None = None
    odd: object = None
    """A duration that is none."""
    told: list[tuple[int, str, str]] | None = None
    """Rank, what it was, and its error, of each step that did not pass."""


class Judge:
    """Judges scenarios; `words` counts the status words that are not known."""

    def __init__(self, cases: Cases) -> None:
        self.words: Counter[str] = Counter()
        self._cases = cases

    def verdict(self, element: Object, background: Sequence[Object]) -> Verdict:
        """Return what a scenario came to, with the background that was run before it."""
        tally = _Tally()
        for source in (*background, element):
            if "before" in source or "after" in source:
                self._hooks(tally, source)
            for step in list_of(source.get("steps")):
                if isinstance(step, dict):
                    self._step(tally, step, source is not element)
        own = self._own_rank(element)
        worst = max(tally.worst, own or 0, self._lost_rank(tally, own))
        duration = tally.duration if tally.odd is None else tally.odd
        if worst < _SKIPPED and not tally.steps:
            return Verdict(Status.SKIPPED, duration, said("the scenario has no steps"))
        if not worst:
            return Verdict(Status.PASSED, duration, NOTHING)
        status = Status.SKIPPED if worst < _NO_RESULT else Status.ERROR
        if worst == _FAILED and any(rank == _FAILED for rank, _, _ in tally.told or ()):
            status = Status.FAILED
        return Verdict(status, duration, _said(tally, worst))

    def _step(self, tally: _Tally, step: Object, in_background: bool) -> None:  # noqa: FBT001
        result = step.get("result")
        if "before" in step or "after" in step:
            self._hooks(tally, step)
        is_hook = step.get("hidden") is True or (not step.get("name") and text_of(step.get("keyword")) in _HOOKS)
        if not isinstance(result, dict) or not result:
            if not in_background and not is_hook:
                tally.steps += 1
                tally.without_result += 1
            return
        tally.steps += not is_hook
        rank = self._rank(result.get("status"), tally, result.get("duration"))
        if not rank:
            return
        if is_hook and rank == _FAILED:
            rank = _BROKE
        what = f"{text_of(step.get('keyword')).strip()} {text_of(step.get('name')).strip()}".strip()
        self._tell(tally, rank, what + (" hook" if is_hook else ""), result)

    def _hooks(self, tally: _Tally, source: Object) -> None:
        """Judge the hooks of a scenario or of a step; one that failed is an error, one that skips, skips."""
        for key in ("before", "after"):
            for hook in list_of(source.get(key)):
                result = object_of(hook.get("result")) if isinstance(hook, dict) else {}
                rank = self._rank(result.get("status"), tally, result.get("duration")) if result else 0
                if rank:
                    place = text_of(object_of(object_of(hook).get("match")).get("location"))
                    self._tell(tally, min(rank, _BROKE), f"{key} hook {place}".strip(), result)

    def _rank(self, word: object, tally: _Tally, duration: object) -> int:
        """Return how bad a status is, and add the duration."""
        if (type(duration) is int or type(duration) is float) and duration >= 0:
            tally.duration = duration + (tally.duration or 0)
        elif duration is not None:
            tally.odd = duration
        if word == "passed":
            return 0
        return self._known(word)

    def _known(self, word: object) -> int:
        rank = _RANKS.get(word.lower()) if isinstance(word, str) else None
        if rank is None:
            self.words[text_of(word)] += 1
            return _BROKE
        return rank

    def _own_rank(self, element: Object) -> int | None:
        """Return how bad the status is that behave writes for a scenario itself; None when there is none."""
        word = element.get("status")
        return self._known(word) if isinstance(word, str) and word else None

    def _lost_rank(self, tally: _Tally, own: int | None) -> int:
        """Return what steps without result mean: a dry run when all are, else a run that broke off."""
        if not tally.without_result or own is not None:
            return 0
        return _SKIPPED if tally.without_result == tally.steps else _NO_RESULT

    def _tell(self, tally: _Tally, rank: int, what: str, result: Object) -> None:
        tally.worst = max(tally.worst, rank)
        if tally.told is None:
            tally.told = []
        error = lines_of(result.get("error_message", result.get("error", result.get("message"))))
        if rank >= _UNCLEAR and not error:
            error = (
                f"the step is {clean(text_of(result.get('status')))[:40] or 'without status'}"
                if rank != _FAILED
                else ""
            )
        tally.told.append((rank, what, error))


def _said(tally: _Tally, worst: int) -> Said:
    """Return the texts of what did not pass, the worst first."""
    told = sorted(tally.told or (), key=lambda one: -one[0])
    if not told or worst == _NO_RESULT:
        if worst < _NO_RESULT:
            return NOTHING
        return said(
            "a step has no result: the scenario did not end"
            if worst == _NO_RESULT
            else "the scenario did not pass, though no step of it failed: look at its hooks"
        )
    if worst < _NO_RESULT:
        rank, what, error = told[0]
        pending = f"pending: {what}" if rank == _PENDING else ""
        return said(split_error(error)[1] or pending) if error or pending else NOTHING
    kind, message = split_error(told[0][2])
    shown = [one for one in told if one[0] >= _NO_RESULT][:_TOLD]
    trace = "\n\n".join("\n".join(filter(None, (what, error))) for _, what, error in shown)
    if told[0][0] == _UNCLEAR:
        message = f"{told[0][1]}: {message}"
    return said(message or f"failed: {told[0][1]}", trace, kind)
