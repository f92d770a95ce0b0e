"""The values of JUnit attributes: times, status words, counts, and the properties that name a commit or a branch."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from generator.records import Status
from generator.safety.ids import is_commit, parse_time
from generator.safety.limits import COUNT_MAX, NUMBER_CHARS
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_SHORT: Final = 24
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DECIMAL_COMMA: Final = re.compile(r"[0-9]*,[0-9]*")
_WORDS: Final = {
    **dict.fromkeys(("failed", "failure", "fail"), Status.FAILED),
    **dict.fromkeys(("error", "errored", "broken"), Status.ERROR),
    **dict.fromkeys(
        ("skipped", "disabled", "ignored", "notrun", "not_run", "not run", "pending", "suppressed"), Status.SKIPPED
    ),
}
_PROPERTIES: Final = {
    "commit": "commit commitid commitsha gitcommit gitcommitid gitsha githubsha revision gitrevision vcsrevision"
    " scmrevision sha cicommitsha sourceversion buildsourceversion",
    "branch": "branch branchname gitbranch githubrefname vcsbranch scmbranch cicommitbranch cicommitrefname"
    " buildsourcebranchname sourcebranch",
    "build": "build buildid buildnumber cibuild cibuildid cirun runid githubrunid cipipelineid buildbuildid",
}
_FACTS: Final = {name: fact for fact, names in _PROPERTIES.items() for name in names.split()}


def seconds(text: str) -> tuple[float | None, bool]:
    """Read a time: `1.5`, `1,234.5`, `0,5`; the second value is True when something stands there that is no time."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0.0 < value < COUNT_MAX and len(text) <= _SHORT:
        return value, False
    text = text.strip()
    if not text:
        return None, False
    if "," in text:
        text = _without_comma(text)
    try:
        value = float(text) if len(text) <= NUMBER_CHARS else math.nan
    except ValueError:
        return None, True
    if not 0 <= value < COUNT_MAX:  # also for what is not a number
        return None, True
    return value + 0.0, False  # no negative zero


def count(text: str | None) -> int | None:
    """Read a declared count; None when there is none that can be believed."""
    text = (text or "").strip().replace(",", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def word_status(text: str) -> Status | None:
    """Return what a `status` or `result` attribute says, when it says that the case did not pass."""
    return _WORDS.get(text.strip().lower())


def earliest(stamps: Iterable[str]) -> str:
    """Return the earliest time as RFC 3339 in UTC; empty when none can be read."""
    times: list[datetime] = [time for stamp in stamps if (time := parse_time(stamp.strip())) is not None]
    return min(times).isoformat().replace("+00:00", "Z") if times else ""


def run_facts(properties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return commit, branch and build as the properties of the suites name them: the first of each, cleaned."""
    facts: dict[str, str] = {}
    for name, value in properties:
        fact = _FACTS.get(re.sub(r"[^a-z]", "", name[:80].lower()))
        if fact is None or fact in facts:
            continue
        said = one_line(clean_meta(value))
        if said and (fact != "commit" or is_commit(said)):
            facts[fact] = said
    return tuple(sorted(facts.items()))


def _without_comma(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
