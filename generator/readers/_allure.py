"""What the readers of Allure's files share: status words, times, and the identity of a test in its labels."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.records import Status
from generator.safety.ids import content_id
from generator.safety.limits import COUNT_MAX, TEXT_TRACE
from generator.safety.redact import remembered
from generator.safety.text import clean, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.readers._cases import Cases

NOTHING: Final[Mapping[str, object]] = {}
MASK: Final = "‹masked›"
"""Stands where the value of a masked parameter stood."""

_STATUSES: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "broken": Status.ERROR,
    "skipped": Status.SKIPPED,
    "pending": Status.SKIPPED,
    "canceled": Status.SKIPPED,
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLAUSIBLE: Final = range(631_152_000_000, 7_289_654_400_000)  # milliseconds of the years 1990 to 2200
_SUITES: Final = ("parentSuite", "suite", "subSuite")
_CLASSES: Final = ("testClass", "class", "package")  # `class`: what writers of the first version 2 put there
_LABELS: Final = frozenset((*_SUITES, *_CLASSES))
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{6,16}")
_PLACE: Final = re.compile(r"(?::[0-9]+){1,2}\Z")
_ABSOLUTE: Final = re.compile(r"[/\\]|[A-Za-z]:[/\\]|file:")
_SEPARATORS: Final = ".#:/ >"
_QUOTES: Final = "'\""
_SECRET: Final = 4
"""Shorter masked values are not looked for in texts: they would mask every other word."""
_MASKED: Final = 100
"""Masked values that are looked for in texts; no real case has as many."""
_SUFFIX: Final = 200
"""Characters of parameters that a name shows; longer ones are told apart by a hash."""


def status_of(word: object) -> Status | None:
    """Return the status that a word means; None for `unknown` and everything else, which never is a pass."""
    return _STATUSES.get(word.strip().lower()) if isinstance(word, str) else None


def shown_word(word: object) -> str:
    """Return a status word that is not known as a message may show it."""
    return f"`{one_line(clean_name(word))[:80]}`" if isinstance(word, str) and word.strip() else "no status"


def moment(value: object) -> datetime | None:
    """Return a time in milliseconds since 1970 as aware UTC; None when it is none of the years 1990 to 2200."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < COUNT_MAX:
        whole = int(value)
        if whole in _PLAUSIBLE:
            return _EPOCH + timedelta(milliseconds=whole)
    return None


def stamp(value: object) -> str:
    """Return a time in milliseconds since 1970 as RFC 3339; empty when it is none."""
    found = moment(value)
    return found.isoformat().replace("+00:00", "Z") if found else ""


def duration(cases: Cases, case: Mapping[str, object], name: str) -> float | None:
    """Return the seconds between start and stop of a case; what is no time is noted."""
    start, stop = case.get("start"), case.get("stop")
    if type(start) is int and type(stop) is int and start in _PLAUSIBLE and stop in _PLAUSIBLE:
        return cases.seconds(stop - start, name, 1000)
    for value in (start, stop):
        if value is None or value == 0:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) >= COUNT_MAX:
            return cases.seconds("no time", name)
    assert isinstance(start, int | float)
    assert isinstance(stop, int | float)
    return cases.seconds(stop - start, name, 1000)


def words(value: object) -> str:
    """Return a field that should be text as text without white space around it; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def identity(case: Mapping[str, object], above: Mapping[str, str] = {}) -> tuple[str, str, str]:
    """Return suite, class and name of a case; `above`: labels that hold where the case has none of its own.

    The name ends with the parameters, sorted as Allure sorts them for its own identity, unless it shows them already.
    """
    labels = first_labels(case.get("labels"))
    if above:
        labels = {**above, **labels}
    full = words(case.get("fullName"))
    name = words(case.get("name")) or full
    suite = " / ".join([labels[label] for label in _SUITES if label in labels])
    classname = next((labels[label] for label in _CLASSES if label in labels), "")
    if not suite:
        suite = _title_path(case.get("titlePath"))
        if not suite and not classname:
            classname = _owner(full, name)
    parameters = case.get("parameters")
    return suite, classname, _with_parameters(name, parameters) if isinstance(parameters, list) else name


def first_labels(labels: object) -> dict[str, str]:
    """Return the first value of each label that is part of an identity."""
    found: dict[str, str] = {}
    for label in labels if isinstance(labels, list) else ():
        if isinstance(label, dict):
            name, value = label.get("name"), label.get("value")
            if isinstance(name, str) and name in _LABELS and isinstance(value, str) and (text := value.strip()):
                found.setdefault(name, text)
    return found


@remembered(8192)
def clean_label(text: str) -> str:
    """Return the name of a suite or class, cleaned; remembered, because thousands of files repeat them."""
    return clean_name(text)


def secrets(parameters: object) -> list[str]:
    """Return the values of masked parameters, the longest first: Allure keeps them in the file, and only hides them."""
    if not parameters or not isinstance(parameters, list):
        return []
    found = {
        value.strip(_QUOTES)
        for parameter in parameters
        if isinstance(parameter, dict) and _mode(parameter) == "masked"
        if isinstance(value := parameter.get("value"), str)
    }
    return sorted((value for value in found if len(value) >= _SECRET), key=lambda value: (-len(value), value))[:_MASKED]


def without(text: str, hidden: Sequence[str]) -> str:
    """Return a text with every hidden value replaced."""
    for value in hidden:
        text = text.replace(value, MASK)
    return text


def _mode(parameter: Mapping[str, object]) -> str:
    return words(parameter.get("mode")).lower()


def _title_path(path: object) -> str:
    titles = path if isinstance(path, list) else ()
    return " / ".join([title.strip() for title in titles if isinstance(title, str) and title.strip()])


def _owner(full: str, name: str) -> str:
    """Return what stands before the name in the full name of a test that has no suite and no class."""
    full = _PLACE.sub("", full)
    if not full or full == name or _ABSOLUTE.match(full):
        return ""
    return full.removesuffix(name).rstrip(_SEPARATORS) if full.endswith(name) else full


def _with_parameters(name: str, parameters: Sequence[object]) -> str:
    values: list[str] = []
    texts: set[tuple[str, str]] = set()
    for parameter in parameters:
        if isinstance(parameter, dict) and parameter.get("excluded") is not True:
            value = _value(parameter)
            values.append(value.strip(_QUOTES))
            texts.add((one_line(words(parameter.get("name"))), one_line(value)))
    texts.discard(("", ""))
    inside = _bracketed(name)
    if not texts or (inside and any(values) and all(value in inside for value in values)):
        return name
    suffix = ", ".join(f"{key}={value}" if key and value else key or value for key, value in sorted(texts))
    return f"{name} [{_short(_ADDRESS.sub('0x…', suffix) if '0x' in suffix else suffix)}]"


def _value(parameter: Mapping[str, object]) -> str:
    """Return the value of a parameter that may be shown; numbers and literals as JSON writes them."""
    value = parameter.get("value")
    if _mode(parameter) in {"hidden", "masked"}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value) if abs(value) < COUNT_MAX else "…"
    return value if isinstance(value, str) else ""


def _bracketed(name: str) -> str:
    """Return what stands in the brackets at the end of a name, where most runners put parameters."""
    opening = {"]": "[", ")": "("}.get(name[-1:])
    return name[name.index(opening) + 1 : -1] if opening and opening in name else ""


def _short(suffix: str) -> str:
    """Return parameters as a name can hold them; a hash keeps long ones apart."""
    if len(suffix) <= _SUFFIX:
        return suffix
    safe = clean(suffix, TEXT_TRACE)  # before it is cut, so that no half of a secret stays
    return f"{safe[:_SUFFIX]}… {content_id('p', safe, size=4)}"
