"""Secrets masked as `‹redacted:KIND›`: nothing of the value stays, neither its beginning nor its length.

Matched are the text as it stands and the text decoded once: URL escapes, HTML entities, JSON escapes, base64 runs.
This is best effort and no promise: a secret that was printed must be rotated.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from generator.safety._engine import Engine, engine_of
from generator.safety._literals import forms_of_secret_values
from generator.safety._own import own_rule
from generator.safety._pem import private_keys
from generator.safety._shadow import shadow
from generator.safety._table import RULES
from generator.safety._views import base64_runs, decoded_views

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from generator.safety._rules import Rule

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["RULES", "Redactor", "active", "masks_in", "own_rule", "redact", "redacting_with", "remembered"]

Span = tuple[int, int, str]

_MARK: Final = re.compile(r"‹redacted:([a-z0-9-]{1,40})›")
_PLAIN: Final = re.compile(r"[a-z0-9_./-]{0,12}")  # shorter than what any rule of the table masks
_MOST: Final = 500  # a text with more secrets than this is masked as a whole: to look at each would take minutes
_ROUNDS: Final = 6  # masking one secret can uncover the beginning of the next


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Redactor:
    """The rules and the literal values that are masked; `repr` shows neither."""

    literals: tuple[str, ...] = field(default=(), repr=False)
    rules: tuple[Rule, ...] = field(default=RULES, repr=False)
    _engines: list[Engine] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, environment: Mapping[str, str], rules: Sequence[Rule] = (), named: Collection[str] = ()) -> Redactor:
        """Take rules beside the table, and in all their forms the values of variables with a secret-looking name.

        The variables `named` count whatever they are called.
        """
        return cls(literals=forms_of_secret_values(environment, named), rules=(*rules, *RULES) if rules else RULES)

    @property
    def engine(self) -> Engine:
        """What looks for the rules; made when it is first needed."""
        if not self._engines:
            self._engines.append(engine_of(self.rules))
        return self._engines[0]


_ACTIVE: Final = [Redactor()]
_MEMORIES: Final[list[Callable[[], None]]] = []


def active() -> Redactor:
    """Return what this process masks with."""
    return _ACTIVE[-1]


@contextmanager
def redacting_with(redactor: Redactor) -> Iterator[None]:
    """Mask with these rules and values within the block: what must not be published is a fact of the whole process."""
    _ACTIVE.append(redactor)
    _forget()
    try:
        yield
    finally:
        _ACTIVE.remove(redactor)
        _forget()


def _forget() -> None:
    for clear in _MEMORIES:
        clear()


def remembered(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the latest results of a function which cleans text, while the same is masked."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize=size)(function)
        _MEMORIES.append(kept.cache_clear)
        return cast("Callable[P, T]", kept)

    return decorate


def redact(text: str, redactor: Redactor | None = None) -> str:
    """Mask every secret that is found; text without one comes back as it is, and redacting twice changes nothing."""
    redactor = redactor or _ACTIVE[-1]
    if redactor.rules is RULES and not redactor.literals and _PLAIN.fullmatch(text):
        return text
    for _ in range(_ROUNDS):
        found = list(islice(_spans(text, redactor), _MOST + 1))
        if len(found) > _MOST:
            return f"‹redacted:{found[0][2]}›"
        spans = _merged(text, found, redactor)
        if not spans:
            return text
        pieces: list[str] = []
        place = 0
        for start, end, kind in spans:
            pieces += (text[place:start], f"‹redacted:{kind}›")
            place = end
        text = "".join(pieces) + text[place:]
    return text


def masks_in(texts: Iterable[str]) -> Counter[str]:
    """Count by kind the masks that stand in texts which were redacted before."""
    return Counter(kind for text in texts if "‹redacted:" in text for kind in _MARK.findall(text))


def _spans(text: str, redactor: Redactor) -> Iterator[Span]:
    """Find what to mask in the text and in its decoded views, in places of the text itself."""
    outline = shadow(text)
    yield from _found(text, redactor, outline)
    for view, places in decoded_views(text):
        yield from ((places(start), places(end), kind) for start, end, kind in _found(view, redactor))
    if redactor.engine.holds_base64(outline):
        for start, end, plain in base64_runs(text):
            yield from ((start, end, kind) for _, _, kind in _found(plain, redactor))


def _found(text: str, redactor: Redactor, outline: bytes | None = None) -> Iterator[Span]:
    """Find secrets in one view of a text, of which the shadow may be known already."""
    yield from redactor.engine.find(text, shadow(text) if outline is None else outline)
    yield from private_keys(text)
    for literal in redactor.literals:
        for found in re.finditer(re.escape(literal), text) if literal in text else ():
            yield *found.span(), _OWN


def _merged(text: str, spans: list[Span], redactor: Redactor) -> list[Span]:
    """Join spans that overlap, under the kind that comes first in the table; marks of earlier rounds stay."""
    if not spans:
        return []
    rank = {kind: place for place, kind in enumerate(dict.fromkeys(_kinds(redactor)))}
    marks = {found.span() for found in _MARK.finditer(text)} if "‹redacted:" in text else set()
    merged: list[Span] = []
    for start, end, kind in sorted([*spans, *((start, end, "") for start, end in marks)]):
        if merged and start < merged[-1][1]:
            before, stop, name = merged[-1]
            merged[-1] = (before, max(stop, end), min(name, kind, key=rank.__getitem__))
        elif start < end:
            merged.append((start, end, kind))
    return [span for span in merged if span[:2] not in marks]


def _kinds(redactor: Redactor) -> Iterator[str]:
    yield from (_OWN, "private-key")
    yield from (rule.kind for rule in redactor.rules)
    yield ""


_OWN: Final = "environment"
