"""Which part of a run each test report stands in, which attempt it is of, and which shard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers.anchors import Origin, is_part_name, is_report
from generator.readers.discover import shown_path
from generator.records import Part, PartState, Shard
from generator.safety.archives import stem
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import PurePath

    from generator.readers.anchors import Group
    from generator.readers.found import Found

_ATTEMPT: Final = re.compile(
    r"(?:.*[-_.])?((?:run[-_])?(?:attempt|retry|rerun|try)[-_.]?([0-9]{1,3}))(?=$|\.[A-Za-z]{1,8}$)",
    re.ASCII | re.IGNORECASE,
)
_SHARD: Final = re.compile(r"(?:^|.*?[-_. ])([0-9]{1,4})[-_]?of[-_]?([0-9]{1,4})(?=$|[-_. ])", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One test report of a run, with its place in it."""

    file: Found
    part: str
    slot: tuple[str, ...]
    """Where it lies within the run, without what names the attempt: files of one slot are attempts of one another."""
    attempt: int
    """Number in the name of a folder or file above it; 0 where there is none."""


def place_reports(
    group: Group, homes: Mapping[PurePath, str], relative: Mapping[tuple[str, str], str], parts: list[Part]
) -> list[Report]:
    """Return the test reports of a run, in the order of their paths; parts of reports alone are added to `parts`.

    `homes` are the folders of the runner with the names of their parts: a report below one stands in that part.
    """
    own: dict[tuple[PurePath, Shard], str] = {}
    found: list[Report] = []
    zero_based = _count_from_zero(relative.values())
    is_flat = any(file.directory == group.root and is_report(file) for file in group.files)
    for file in group.files:
        if not (is_report(file) and file.was_read):
            continue
        path = relative[file.order].split("/")
        attempt, slot = _attempt(path)
        name = homes.get(_home(file.directory, homes, group.root) or group.root, "") if homes else ""
        if not name:
            shard = _shard(path, zero_based)
            key = (_home_of(file, group, attempt, is_flat=is_flat), shard)
            if key not in own:
                parts.append(_part(group, key[0], shard, parts))
                own[key] = parts[-1].name
            name = own[key]
        found.append(Report(file=file, part=name, slot=(file.reader, *slot), attempt=attempt))
    return found


def _home_of(file: Found, group: Group, attempt: int, *, is_flat: bool) -> PurePath:
    """Return the folder of the part of reports that a file stands in: the run's own, or that of one of its jobs.

    `is_flat`: the run's folder holds a report itself, so that folders in it are no jobs.
    """
    if attempt:
        return group.root
    if group.origin is not Origin.REPORTS:
        return file.directory
    below = file.directory.relative_to(group.root).parts
    return group.root if is_flat or is_part_name(stem(below[0])) else group.root / below[0]


def _home(directory: PurePath, homes: Mapping[PurePath, str], top: PurePath) -> PurePath | None:
    while directory not in homes:
        if directory in {top, directory.parent}:
            return None
        directory = directory.parent
    return directory


def _attempt(path: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Return the number of the attempt that a path names, and the path without it."""
    for place in range(len(path) - 1, -1, -1):
        found = _ATTEMPT.match(stem(path[place]))
        if found:
            rest = path[place][: found.start(1)] + stem(path[place])[found.end(1) :]
            return int(found[2]), (*path[:place], rest, *path[place + 1 :])
    return 0, tuple(path)


def _shard(path: Sequence[str], zero_based: Collection[int]) -> Shard:
    """Return the shard that a folder or file name states as `2-of-4`; totals in `zero_based` count from zero.

    A number beyond the total is kept as it is, so that the whole is never complete.
    """
    for name in reversed(path):
        found = _SHARD.match(stem(name))
        if found and int(found[2]):
            number, total = int(found[1]), int(found[2])
            index = number if total in zero_based else number - 1
            return Shard(kind="reports", name=f"reports-{number}-of-{total}", index=index, total=total)
    return Shard()


def _count_from_zero(paths: Iterable[str]) -> set[int]:
    """Return the totals that one of the paths is the shard 0 of."""
    found = (_SHARD.match(stem(name)) for path in paths for name in path.split("/"))
    return {int(each[2]) for each in found if each and not int(each[1])}


def _part(group: Group, home: PurePath, shard: Shard, parts: Sequence[Part]) -> Part:
    folder = shown_path(home.relative_to(group.root).as_posix())
    name = "reports" if home == group.root else clean_name(stem(home.name))
    if shard.sharded:
        name = shard.name
    if name in {part.name for part in parts}:
        name = f"{folder} {name}" if home != group.root else "test reports"
    return Part(name=name, folder=folder, state=PartState.REPORTS, shard=shard)
