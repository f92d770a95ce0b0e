"""A history as one file: a tar of `format.json`, units and their blocks of names, and the way back.

The tar is a function of its units: sorted members without owners and times. It is not packed: Parquet is packed
already, and what is read from the tar can never be larger than the file.
"""

from __future__ import annotations

import os
import re
import tarfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from generator.errors import EvidenceError, OutputError, UnreadableError
from generator.history import checking, disk, foreign, merging, shelf
from generator.history.layout import DATA_FILES, FORMAT_FILE, NAMES, UNIT_FILE, UNITS
from generator.records import Severity
from generator.safety.archives import members
from generator.safety.files import opened_regular
from generator.safety.limits import DEFAULT, MIB
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.history.manifest import Manifest
    from generator.history.merging import Merged
    from generator.records import Problem
    from generator.safety.limits import ReadLimits

_BLOCK: Final = tarfile.BLOCKSIZE
_MEMBER: Final = re.compile(
    rf"{re.escape(FORMAT_FILE)}|{NAMES}/[0-9a-f]{{32}}\.parquet"
    rf"|{UNITS}/u-[0-9a-f]{{32}}/(?:{'|'.join(map(re.escape, (UNIT_FILE, *DATA_FILES)))})",
    re.ASCII,
)
_MEMBER_BYTES: Final = 256 * MIB
"""Largest member: more than the texts of a run can take."""

_HINT: Final = "export the history again with `replaybook history export`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written to a tar."""

    units: int
    blocks: int
    size: int
    """Bytes of the file."""
    problems: tuple[Problem, ...]
    """Units that are torn: they were left out."""


def export(history: Path, target: Path, units: Collection[str] | None) -> Exported:
    """Write units with their blocks of names to a tar, aside and then renamed. Raises OutputError."""
    if target.resolve().is_relative_to(history.resolve()):
        raise OutputError(f"cannot write {target}: it lies in the history", "name a file outside of it")
    if not target.parent.is_dir():
        raise OutputError(f"cannot write {target}: its folder does not exist", "make the folder first")
    whole: dict[str, Manifest] = {}
    problems: list[Problem] = []
    for name in shelf.unit_names(history):
        if units is None or name in units:
            wrong = [
                found for found in checking.unit_problems(history / UNITS / name) if found.severity is Severity.ERROR
            ]
            problems += wrong
            if not wrong:
                whole[name] = shelf.read_manifest(history / UNITS / name)
    blocks = sorted({block for manifest in whole.values() for block in manifest.names})
    size = disk.write_over(target, _tar(_contents(history, whole, blocks)))
    return Exported(units=len(whole), blocks=len(blocks), size=size, problems=tuple(problems))


def demand_bundle(file: Path) -> None:
    """Raise UnreadableError unless a file is a tar of a history in which every member is safe; names the first bad."""
    for _ in _read(file):
        pass


def take_in(history: Path, file: Path) -> Merged:
    """Add the units of a tar that the history lacks; UnreadableError when anything in it is not as it should be.

    It is laid out as a history beside the units, in a folder that the next writer removes if this one is stopped; then
    that is merged like any other history, each hash checked.
    """
    disk.remove_dead(history / UNITS)
    with disk.staged(history / UNITS, "import") as staged:
        for folder in (staged / UNITS, staged / NAMES):
            disk.make_folder(folder)
        for name, data in _read(file):
            disk.make_folder((staged / name).parent)
            disk.write_file(staged / name, data)
        (other,) = merging.others_of([staged])
        return merging.merge(history, [replace(other, prefix=f"{merging.shown(file)}!/")])


def _contents(history: Path, units: Mapping[str, Manifest], blocks: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the members in the order of their names."""
    yield FORMAT_FILE, (history / FORMAT_FILE).read_bytes()
    for block in blocks:
        yield f"{NAMES}/{block}.parquet", shelf.read_block(history, block)
    for name, manifest in units.items():
        folder = history / UNITS / name
        files = {**shelf.read_files(folder, manifest), UNIT_FILE: shelf.read_unit(folder)[1]}
        for file in sorted(files):
            yield f"{UNITS}/{name}/{file}", files[file]


def _tar(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield the bytes of a tar piece by piece."""
    for name, data in files:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = len(data), 0o644, 0
        yield header.tobuf(tarfile.USTAR_FORMAT)
        yield data
        yield bytes(-len(data) % _BLOCK)
    yield bytes(2 * _BLOCK)


def _read(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the members of a tar of a history; UnreadableError at the first that does not belong into one."""
    try:
        yield from _checked(members(file, _limits(file)))
    except EvidenceError as error:
        raise UnreadableError(f"{merging.shown(file)}: {error.message}", error.hint or _HINT) from error


def _checked(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    names: set[str] = set()
    for name, data in files:
        if _MEMBER.fullmatch(name) is None:
            raise UnreadableError(f"holds `{one_line(clean_meta(name))}`, which is no part of a history", _HINT)
        if name == FORMAT_FILE:
            shelf.demand_known(name, data)
        else:
            foreign.demand_modest(name, data)
        names.add(name)
        yield name, data
    if FORMAT_FILE not in names:
        raise UnreadableError(f"holds no {FORMAT_FILE}: it is no history", _HINT)


def _limits(file: Path) -> ReadLimits:
    """Return limits that follow from the size of the file: nothing in it is packed, and each member has a header."""
    with opened_regular(file) as (descriptor, size):
        head = os.read(descriptor, _BLOCK)
    if head[257:262] != b"ustar":
        raise UnreadableError("is no plain tar", "unpack it if it is packed, or export the history again")
    return replace(DEFAULT, archive_members=size // _BLOCK + 1, archive_bytes=size, archive_member_bytes=_MEMBER_BYTES)
