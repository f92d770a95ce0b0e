"""One run of a SARIF document as an alert report: all results counted, the worst kept, what went wrong noted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from generator.readers._names import Names
from generator.readers._sarif_places import Places
from generator.readers._sarif_rules import LEVELS, Rule, Rules
from generator.readers._sarif_values import index, mapping, number, objects, text
from generator.records import Alert, AlertReport
from generator.safety.text import clean, clean_meta, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALERTS_KEPT: Final = 5_000
"""Alerts kept of one run, the worst first; all are counted."""

_MESSAGE: Final = 2_048
"""Characters kept of the message of an alert."""

_NOTES_READ: Final = 200
_NOTES_KEPT: Final = 20
_BASELINES: Final = {"existing": "unchanged"} | {word: word for word in ("new", "unchanged", "updated", "absent")}
_PREFERRED: Final = "primaryLocationLineHash"  # what code scanning of the largest forge goes by


class _Judged(NamedTuple):
    """A result with what decides whether it counts."""

    result: Mapping[str, object]
    name: str
    rule: Rule
    kind: str
    level: str
    baseline: str
    suppressed: bool

    @property
    def counts(self) -> bool:
        """Whether it is a finding of today that nobody accepted."""
        return self.kind == "fail" and not self.suppressed and self.baseline != "absent"

    @property
    def order(self) -> tuple[bool, int, float]:
        """Worst first: what counts, by level, then by rank."""
        rank = number(self.result["rank"], 0, 100) if "rank" in self.result else None
        return not self.counts, LEVELS.index(self.level), -(-1.0 if rank is None else rank)


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What one run came to."""

    record: AlertReport
    scanned: bool
    """Whether there is a list of results at all: without one the tool did not scan, or did not get that far."""
    complains: bool
    """Whether the tool says that something went wrong."""
    odd: int = 0
    """Results that are no objects."""
    words: Mapping[str, int] = field(default_factory=dict)
    """Levels and kinds that SARIF does not have, with their numbers."""
    external: bool = False
    """Whether results or rules lie in other files, which are not read."""
    times: list[str] = field(default_factory=list)
    """Starts of the invocations as written."""


def read_run(run: Mapping[str, object], path: str, room: int) -> RunReport:
    """Return the report of one run with at most `room` alerts."""
    results = run.get("results")
    items = results if isinstance(results, list) else []
    rules = Rules(run)
    levels: Counter[str] = Counter()
    total = sum(isinstance(item, dict) for item in items)
    limit = min(ALERTS_KEPT, room)
    kept = nsmallest(max(limit, 1), _judged(items, rules, levels), key=lambda one: one.order)[:limit]
    tool, version = _tool(run)
    invocations = objects(run.get("invocations"))
    complaints = islice((note for one in invocations for note in _complaints(one)), _NOTES_READ)
    notes = list(dict.fromkeys(complaints))[:_NOTES_KEPT]
    idle = [] if isinstance(results, list) else ["there is no list of results"]
    record = AlertReport(
        path=path,
        tool=tool,
        version=version,
        total=total,
        by_level=tuple(sorted(levels.items())),
        alerts=tuple(_alerts(kept, rules, Places(run))),
        notes=(*notes, *idle),
    )
    return RunReport(
        record=record,
        scanned=not idle,
        complains=bool(notes),
        odd=len(items) - total,
        words=rules.unknown,
        external=bool(mapping(run.get("externalPropertyFileReferences"))),
        times=[start for one in invocations if (start := text(one.get("startTimeUtc")) or text(one.get("startTime")))],
    )


def _judged(items: list[object], rules: Rules, levels: Counter[str]) -> Iterator[_Judged]:
    """Yield what each result is, and count those that count."""
    for item in items:
        if isinstance(item, dict):
            name, rule = rules.of(item)
            kind, level = rules.level_of(item, rule)
            baseline = _BASELINES.get(text(item.get("baselineState")), "") if "baselineState" in item else ""
            judged = _Judged(item, name, rule, kind, level, baseline, is_suppressed(item))
            if judged.counts:
                levels[level] += 1
            yield judged


def is_suppressed(result: Mapping[str, object]) -> bool:
    """Tell whether somebody accepted a result: every suppression counts as accepted unless it says otherwise."""
    found = result.get("suppressions")
    if isinstance(found, list) and found:
        return all(mapping(one).get("status") in (None, "accepted") for one in found)
    states = result.get("suppressionStates")  # SARIF 2.0.0
    return isinstance(states, list) and any(one in ("suppressedInSource", "suppressedExternally") for one in states)


def _alerts(kept: list[_Judged], rules: Rules, places: Places) -> Iterator[Alert]:
    names = Names()
    cleaned: dict[str, str] = {}  # linters say the same thing many times
    for one in kept:
        file, line = places.of(one.result)
        said = rules.message_of(one.result, one.rule).strip()
        if said not in cleaned:
            cleaned[said] = clean(said, _MESSAGE)
        own = mapping(one.result.get("properties")).get("security-severity")
        yield Alert(
            rule=one_line(names[one.name]),
            level=one.level,
            message=cleaned[said],
            file=one_line(names[file]),
            line=line,
            fingerprint=clean_meta(fingerprint_of(one.result)),
            kind=one.kind,
            baseline=one.baseline,
            suppressed=one.suppressed,
            severity=one.rule.severity if one.rule.severity is not None else number(own, 0, 10),
        )


def fingerprint_of(result: Mapping[str, object]) -> str:
    """Return one fingerprint as `name:value`: a full one before a partial one, the latest version of the first name."""
    for name in ("fingerprints", "partialFingerprints"):
        found = {key: value for key, value in mapping(result.get(name)).items() if isinstance(value, str) and value}
        if found:
            key = min(found, key=_fingerprint_order)
            return f"{key}:{found[key]}"
    guid = text(result.get("correlationGuid"))
    return f"correlationGuid:{guid}" if guid else ""


def _fingerprint_order(key: str) -> tuple[bool, str, int, str]:
    name, _, version = key.rpartition("/v")
    is_numbered = bool(name) and version.isascii() and version.isdigit() and len(version) < 10
    return (not key.startswith(_PREFERRED), name if is_numbered else key, -int(version) if is_numbered else 0, key)


def _tool(run: Mapping[str, object]) -> tuple[str, str]:
    tool = mapping(run.get("tool"))
    driver = mapping(tool.get("driver")) or tool
    name = text(driver.get("name")) or text(driver.get("fullName"))
    version = text(driver.get("semanticVersion")) or text(driver.get("version"))
    return one_line(clean_name(name)) or "(unnamed tool)", one_line(clean_meta(version))


def _complaints(invocation: Mapping[str, object]) -> Iterator[str]:
    """Yield what a tool says about why it did not run well."""
    if invocation.get("executionSuccessful") is False:
        code = invocation.get("exitCode")
        parts = (
            f"exit code {code}" if type(code) is int and index(abs(code)) >= 0 else "",
            text(invocation.get("exitSignalName")),
            text(invocation.get("exitCodeDescription")),
            text(invocation.get("processStartFailureMessage")),
        )
        yield _note(": ".join(("the scan was not successful", *(part for part in parts if part))))
    for name in ("Execution", "Configuration"):
        notifications = invocation.get(f"tool{name}Notifications")
        if notifications is None:  # SARIF 2.0.0
            notifications = invocation.get("toolNotifications" if name == "Execution" else "configurationNotifications")
        for notification in objects(notifications):
            if notification.get("level") == "error":
                said = text(notification.get("message")) or text(mapping(notification.get("exception")).get("message"))
                key = text(mapping(notification.get("descriptor")).get("id")) or text(notification.get("id"))
                yield _note(": ".join(part for part in (key, said) if part) or "an error without a message")


def _note(said: str) -> str:
    return one_line(clean_meta(said))
