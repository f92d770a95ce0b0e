"""Which part of a run each test report stands in, which attempt it is of, and which shard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers.anchors import Origin, is_report
from generator.readers.discover import shown_path
from generator.records import Part, PartState, Shard
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
    for file in group.files:
        if not (is_report(file) and file.was_read):
            continue
        path = relative[file.order].split("/")
        attempt, slot = _attempt(path)
        name = homes.get(_home(file.directory, homes, group.root) or group.root, "") if homes else ""
        if not name:
            shard = _shard(path)
            in_one = group.origin is Origin.REPORTS or attempt > 0
            key = (group.root if in_one else file.directory, shard)
            if key not in own:
                parts.append(_part(group, key[0], shard, parts))
                own[key] = parts[-1].name
            name = own[key]
        found.append(Report(file=file, part=name, slot=(file.reader, *slot), attempt=attempt))
    return found


def _home(directory: PurePath, homes: Mapping[PurePath, str], top: PurePath) -> PurePath | None:
    while directory not in homes:
        if directory in {top, directory.parent}:
            return None
        directory = directory.parent
    return directory


def _attempt(path: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Return the number of the attempt that a path names, and the path without it."""
    for place in range(len(path) - 1, -1, -1):
        found = _ATTEMPT.match(path[place])
        if found:
            rest = path[place][: found.start(1)] + path[place][found.end(1) :]
            return int(found[2]), (*path[:place], rest, *path[place + 1 :])
    return 0, tuple(path)


def _shard(path: Sequence[str]) -> Shard:
    """Return the shard that a folder or file name states as `2-of-4`, counted from one."""
    for name in reversed(path):
        found = _SHARD.match(name)
        if found and 0 < int(found[1]) <= int(found[2]):
            index, total = int(found[1]), int(found[2])
            return Shard(kind="reports", name=f"reports-{index}-of-{total}", index=index - 1, total=total)
    return Shard()


def _part(group: Group, home: PurePath, shard: Shard, parts: Sequence[Part]) -> Part:
    folder = shown_path(home.relative_to(group.root).as_posix())
    name = "reports" if home == group.root else clean_name(home.name)
    if shard.sharded:
        name = shard.name
    if name in {part.name for part in parts}:
        name = f"{folder} {name}" if home != group.root else "test reports"
    return Part(name=name, folder=folder, state=PartState.REPORTS, shard=shard)
