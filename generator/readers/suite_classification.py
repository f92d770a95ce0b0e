"""`suite_classification.toml`: suites by class, waivers and quarantine as the policy file of the gates has them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers import _native
from generator.readers._policy import quarantine_entry, quarantine_fault, waiver_fault
from generator.readers._said import items, said, shown, table, told
from generator.records import SuiteClassification, WaiverEntry

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.readers._said import Raw
    from generator.records import Problem, QuarantineEntry

NAME = "suite_classification"
TITLE = "Gates: classes of suites, waivers, quarantine"
SIGNS = "TOML with a table `suite.unit`, `suite.vcr` or `suite.e2e`, or named `suite_classification.toml`"
FILE = "suite_classification.toml"
LIMIT: Final = 1_000
"""Waivers, and quarantined tests, kept of one file."""

_TABLES: Final = ("suite", "waiver", "quarantine")
_HEAD: Final = re.compile(rb"^[ \t]*\[suite\.(?:unit|vcr|e2e)\]", re.MULTILINE)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the policy file."""
    if artifact.name == FILE:
        return f"named `{FILE}`"
    if not artifact.name.endswith(".toml"):
        return ""
    found = _HEAD.search(artifact.peek())
    return f"table `{found.group().decode('ascii').strip()}`" if found else ""


def read(artifact: Artifact) -> Reading:
    """Return the SuiteClassification; states need a date and are left open; raises UnreadableError."""
    document = artifact.toml()
    if not any(name in document for name in _TABLES):
        raise UnreadableError("holds none of the tables suite, waiver and quarantine", "check which file this is")
    notes = [f"`{name}` is no table" for name in _TABLES if not isinstance(document.get(name, {}), dict)]
    classes = _classes(table(document.get("suite")), notes)
    stems = Counter(stem for _, found in classes for stem in found)
    duplicates = tuple(sorted(stem for stem, times in stems.items() if times > 1))
    if duplicates:
        notes.append(f"lists more than once: {', '.join(duplicates[:5])}")
    waivers = [_waiver(shown(name), row) for name, row in table(document.get("waiver")).items()]
    quarantine = [_quarantined(shown(name), row) for name, row in table(document.get("quarantine")).items()]
    for what, count in (("waivers", len(waivers)), ("quarantined tests", len(quarantine))):
        if count > LIMIT:
            notes.append(f"has {count} {what}, of which {LIMIT} are kept")
    faults = [f"the waiver of {one.gate_id} {one.detail}" for one in waivers if one.status]
    faults += [f"the quarantine of {one.name} {one.invalid}" for one in quarantine if one.invalid]
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        notes.append(f"has entries that excuse nothing: {'; '.join(faults[:3])}{more}")
    record = SuiteClassification(
        classes=classes,
        duplicates=duplicates,
        waivers=tuple(waivers[:LIMIT]),
        quarantine=tuple(quarantine[:LIMIT]),
    )
    return Reading(records=(record,), problems=_problems(artifact, notes))


def _problems(artifact: Artifact, notes: list[str]) -> tuple[Problem, ...]:
    return tuple(_native.warning(artifact, NAME, text, "correct the policy file") for text in notes)


def _classes(suites: Raw, notes: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the stems of each class in the order of the file."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, row in suites.items():
        files = table(row).get("files")
        stems = tuple(text for item in items(files) if isinstance(item, str) and (text := shown(item)))
        if not isinstance(files, list) or len(stems) < len(files):
            notes.append(f"`suite.{shown(name)}.files` is no list of texts")
        found.append((shown(name), stems))
    return tuple(found)


def _waiver(gate: str, row: object) -> WaiverEntry:
    """Return a waiver as it is written; one against the rules is invalid, with the reason as its detail."""
    fault, entry = waiver_fault(row), table(row)
    return WaiverEntry(
        gate_id=gate,
        status="invalid" if fault else "",
        detail=fault,
        owner=said(entry, "owner"),
        created=said(entry, "created"),
        expires=said(entry, "expires"),
        bead=said(entry, "bead"),
        reason=told(entry, "reason"),
        scope=said(entry, "scope"),
        remove_when=told(entry, "remove_when"),
    )


def _quarantined(name: str, row: object) -> QuarantineEntry:
    return quarantine_entry(name, table(row), fault=quarantine_fault(row))
