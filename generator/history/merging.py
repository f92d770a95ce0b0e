"""The union of histories: units that one has and the other lacks are copied, nothing that stands is changed."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import EvidenceError, UnreadableError
from generator.history import checking, disk, locks, shelf
from generator.history.layout import DATA_FILES, FORMAT_FILE, NAMES, UNIT_FILE, UNITS, run_order
from generator.history.placing import place, stands
from generator.records import Problem, Severity, UnitFacts
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.history.manifest import Manifest

_DECIDE = "find out which one is right, and move the folder of the other one out of its history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of the units of other histories."""

    added: tuple[UnitFacts, ...]
    """In run order."""
    known: int
    """Units that were there with the same bytes."""
    conflicts: tuple[UnitFacts, ...]
    """Units of which there are several contents: what was there stays, what was not is not taken."""
    problems: tuple[Problem, ...]
    """Conflicts, and units that are torn, each by the history it was found in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A history to take units from."""

    folder: Path
    prefix: str
    """How a path in it begins when it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    other: Other
    manifest: Manifest
    data: bytes
    """`unit.json`: it holds the hash of every other file."""

    @property
    def facts(self) -> UnitFacts:
        return UnitFacts(unit_id=self.manifest.unit_id, run=self.manifest.run)

    @property
    def path(self) -> str:
        return f"{self.other.prefix}{UNITS}/{self.manifest.unit_id}"


@dataclass(slots=True)
class _Account:
    added: list[UnitFacts] = field(default_factory=list)
    known: int = 0
    conflicts: list[UnitFacts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def others_of(folders: Iterable[Path]) -> tuple[Other, ...]:
    """Return the histories in these folders; EvidenceError when one is none. Nothing is written into them."""
    found = {}
    for folder in folders:
        if not (folder / FORMAT_FILE).exists():
            raise EvidenceError(f"there is no history in {folder}", "name the folder that holds format.json")
        shelf.demand_format(folder)
        found[folder.resolve()] = Other(folder=folder, prefix=f"{shown(folder)}/")
    return tuple(found.values())


def merge(history: Path, others: Sequence[Other]) -> Merged:
    """Add every unit that the history lacks; the same result whatever the order of the others. Raises OutputError."""
    disk.remove_dead(history / UNITS)
    account = _Account()
    with ExitStack() as stack:
        for other in others:
            stack.enter_context(locks.sharing(other.folder / NAMES))
        offers: dict[str, dict[bytes, list[_Offer]]] = defaultdict(lambda: defaultdict(list))
        for offer in _offers(others, account):
            offers[offer.manifest.unit_id][offer.data].append(offer)
        for unit in sorted(offers):
            _settle(history, offers[unit], account)
    return Merged(
        added=_in_order(account.added),
        known=account.known,
        conflicts=_in_order(account.conflicts),
        problems=tuple(sorted(account.problems, key=lambda found: (found.path, found.message))),
    )


def shown(path: Path) -> str:
    """Return a path as it was given, for a message."""
    return one_line(clean_meta(str(path)))


def _offers(others: Sequence[Other], account: _Account) -> Iterator[_Offer]:
    """Yield the units of the others that are as they were written; those that are not become Problems."""
    for other in others:
        if not (other.folder / UNITS).is_dir():  # git keeps no empty folders
            continue
        for name in shelf.unit_names(other.folder):
            folder = other.folder / UNITS / name
            wrong = [found for found in checking.unit_problems(folder) if found.severity is Severity.ERROR]
            if wrong:
                account.problems += [
                    found.model_copy(update={"path": f"{other.prefix}{found.path}"}) for found in wrong
                ]
                continue
            manifest, data = shelf.read_unit(folder)
            yield _Offer(other=other, manifest=manifest, data=data)


def _settle(history: Path, offers: dict[bytes, list[_Offer]], account: _Account) -> None:
    """Take a unit, or say why not: it is known, or there are several contents of it."""
    first = offers[min(offers)][0]
    place_of = history / UNITS / first.manifest.unit_id
    if len(offers) == 1 and not stands(place_of) and _take(history, first, account):
        return
    if stands(place_of):
        _compare(history, offers, account)
        return
    account.conflicts.append(first.facts)
    for data, same in offers.items():
        others = sorted(offer.path for found, these in offers.items() if found != data for offer in these)
        account.problems += [_conflict(offer, f"has other content in {', '.join(others)}") for offer in same]


def _take(history: Path, offer: _Offer, account: _Account) -> bool:
    """Copy a unit with its blocks of names, each hash checked again; False when another one came first."""
    folder = offer.other.folder / UNITS / offer.manifest.unit_id
    try:
        blocks = {block: shelf.read_block(offer.other.folder, block) for block in offer.manifest.names}
        files = {name: shelf.read_file(folder, offer.manifest, name) for name in DATA_FILES}
    except UnreadableError as error:  # it was whole a moment ago
        account.problems.append(shelf.problem(offer.path, error))
        return True
    if not place(history, offer.manifest.unit_id, {**files, UNIT_FILE: offer.data}, blocks):
        return False
    account.added.append(offer.facts)
    return True


def _compare(history: Path, offers: dict[bytes, list[_Offer]], account: _Account) -> None:
    """Tell the unit that stands in the history from those of the same run with other content."""
    some = offers[min(offers)][0]
    folder = history / UNITS / some.manifest.unit_id
    try:
        mine, data = shelf.read_unit(folder)
        shelf.read_files(folder, mine)
    except UnreadableError as error:
        account.conflicts.append(some.facts)
        account.problems += [
            _conflict(
                offer,
                f"is in the history already, but cannot be read there: {error.message}",
                "move the torn unit out of the history, then merge again",
            )
            for same in offers.values()
            for offer in same
        ]
        return
    account.known += data in offers
    different = [offer for found, same in offers.items() if found != data for offer in same]
    if different:
        account.conflicts.append(some.facts)
    for offer in different:
        same_evidence = offer.manifest.sources_digest == mine.sources_digest
        how = "of the same evidence, but stored with other bytes" if same_evidence else "of other evidence"
        account.problems.append(_conflict(offer, f"is in the history already, {how}"))


def _conflict(offer: _Offer, words: str, hint: str = _DECIDE) -> Problem:
    message = clean_meta(f"{shelf.run_label(offer.manifest.run)} {words}")
    return Problem(path=offer.path, severity=Severity.ERROR, message=message, hint=hint)


def _in_order(units: Iterable[UnitFacts]) -> tuple[UnitFacts, ...]:
    return tuple(sorted(units, key=lambda facts: run_order(facts.run)))
