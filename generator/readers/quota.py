"""No run may cost more than its share: files of one run folder beyond the limit are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers.anchors import GATE_FOLDER, Nearest, Origin, gate_root
from generator.records import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import PurePath

    from generator.readers.discover import Folder, Place

_ORIGINS: Final = {
    "run.json": Origin.MANIFEST,
    **dict.fromkeys(("environment.json", "summary.json", "ci_shard_manifest.json"), Origin.FOLDER),
    **dict.fromkeys(("ci-shard-index.json", "runner_outcome.json", "replay_bundle.json"), Origin.FOLDER),
}
"""Names of files that make their folder the folder of a run."""


def within_quota(places: Sequence[Place], limit: int) -> tuple[list[Place], list[Problem]]:
    """Return the files to read, and an error for each run folder that holds more than its limit.

    What a folder is, is told by names here, because nothing is opened yet. The files nearest to its top are kept.
    """
    if len(places) <= limit:
        return list(places), []
    roots = roots_of(places)
    runs: dict[PurePath, list[Place]] = {root: [] for root in roots.values()}
    for place in places:
        runs[roots[place.folder]].append(place)
    dropped: set[int] = set()
    problems: list[Problem] = []
    for members in runs.values():
        if len(members) > limit:
            members.sort(key=lambda place: (len(place.directory.parts), str(place.directory), place.name))
            dropped.update(id(place) for place in members[limit:])
            problems.append(_problem(members, limit))
    return [place for place in places if id(place) not in dropped], problems


def roots_of(places: Sequence[Place]) -> dict[Folder, PurePath]:
    """Return for each folder the folder of the run that it seems to belong to."""
    folders = dict.fromkeys(place.folder for place in places)
    nearest = Nearest(_anchors(places, folders))
    return {folder: _root(folder, nearest) for folder in folders}


def _problem(members: Sequence[Place], limit: int) -> Problem:
    top = members[0].path
    message = (
        f"a run folder of {len(members)} files: only the {limit} nearest to its top are read, "
        f"{len(members) - limit} are not"
    )
    hint = "name the folders of single runs, or leave out what is no evidence"
    return Problem(path=top.rpartition("/")[0] or top, severity=Severity.ERROR, message=message, hint=hint)


def _anchors(places: Iterable[Place], folders: Iterable[Folder]) -> dict[PurePath, Origin]:
    gates = {folder for folder in folders if folder.directory.name == GATE_FOLDER}
    anchors: dict[PurePath, Origin] = {}
    for place in places:
        in_gates = place.folder in gates
        origin = Origin.GATES if in_gates else _ORIGINS.get(place.name)
        if origin is not None:
            root = gate_root(place.directory) if in_gates else place.directory
            anchors[root] = min(origin, anchors.get(root, origin), key=lambda item: item.value)
    return anchors


def _root(folder: Folder, nearest: Nearest) -> PurePath:
    """Return the folder of the run that a folder seems to belong to: else the argument's child, or the argument."""
    anchor = nearest.of(folder.directory)
    if anchor is not None:
        return anchor[1]
    below = folder.directory.relative_to(folder.argument).parts
    return folder.argument.joinpath(*below[:1])
