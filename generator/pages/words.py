"""Numbers, times and names as words: the one place that says how a value reads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import humanize

from generator.safety.ids import is_commit
from generator.views import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

NOTHING = "not recorded"
_COMMIT_DIGITS = 9
_UNITS = ((86400, "day", "days"), (3600, "h", "h"), (60, "min", "min"))


def number(value: int) -> str:
    """Return `12,345`."""
    return humanize.intcomma(value)


def plural(count: int, one: str, many: str = "") -> str:
    """Return `1 failure` or `3 failures`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def more(left: int, one: str, many: str = "") -> str:
    """Return what a list leaves out: `3 more failures are not listed here.`; empty when it leaves nothing out."""
    if left <= 0:
        return ""
    return f"{number(left)} more {verb(left, one, many or one + 's')} {verb(left, 'is', 'are')} not listed here."


def verb(count: int, one: str, many: str) -> str:
    """Return the form of the verb that fits the count: `is` or `are`."""
    return one if count == 1 else many


def duration(seconds: float | None) -> str:
    """Return `340 ms`, `12.3 s`, `3 m 12 s` or `2 h 4 m`; `not recorded` for an unknown duration."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    if round(seconds, 3) < 1:
        return "under 1 ms" if seconds < 0.001 else f"{round(seconds * 1000)} ms"
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} m {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{number(hours)} h {minutes} m"


def percent(share: float | None) -> str:
    """Return `97.9%`; never rounds up to 100% or down to 0%; `no data` without a share."""
    if share is None:
        return "no data"
    if 0.9995 <= share < 1:
        return "over 99.9%"
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share * 100:.1f}%".replace(".0%", "%")


def size(count: int) -> str:
    """Return a size in bytes as `1.2 kB`."""
    return humanize.naturalsize(count).replace("Byte", "byte")


def times(ratio: float | None) -> str:
    """Return a ratio as `1.4 times`."""
    return "not enough runs" if ratio is None else f"{ratio:.2f} times"


def short_commit(commit: str) -> str:
    """Return the first nine digits of a commit; other text (branch names, `unknown`) as it is."""
    return commit[:_COMMIT_DIGITS] if is_commit(commit) else commit or "not stated"


def age(at: datetime, reference: datetime) -> str:
    """Return how far a time lies from the reference, in its largest unit: `2 h`."""
    seconds = abs((reference - at).total_seconds())
    for length, one, many in _UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{number(count)} {verb(count, one, many)}"
    return "less than a minute"


def relative(at: datetime, reference: datetime) -> str:
    """Return `2 h earlier` or `3 days later` than the reference."""
    return f"{age(at, reference)} {'earlier' if at <= reference else 'later'}"


def moment(at: datetime, reference: datetime) -> Moment:
    """Return a time with its words relative to the report's time."""
    return Moment(at=at, relative=relative(at, reference))


def utc(at: datetime) -> str:
    """Return `2026-11-09 02:17 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """Return `2026-11-09`."""
    return at.date().isoformat()


def listing(items: Sequence[str], limit: int = 3) -> str:
    """Return `a`, `a and b` or `a, b and 3 more`; never more than `limit` names."""
    if len(items) > limit:
        return f"{', '.join(items[: limit - 1])} and {number(len(items) - limit + 1)} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def cut(text: str, limit: int = 160) -> str:
    """Return the text as one line of at most `limit` characters, with `…` where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def sentence(text: str) -> str:
    """Return the text with a capital first letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def join(*sentences: str) -> str:
    """Return the sentences that say something, one after the other."""
    return " ".join(sentence(text) for text in sentences if text.strip())
