"""No run may cost more than its share: files of one run folder beyond the limit are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers.anchors import GATE_FOLDER, Nearest, Origin, gate_root
from generator.records import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from generator.readers.discover import Place

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
    nearest = Nearest(_anchors(places))
    runs: dict[PurePath, list[Place]] = {}
    for place in places:
        anchor = nearest.of(place.directory)
        runs.setdefault(anchor[1] if anchor else _child(place), []).append(place)
    dropped: set[int] = set()
    problems: list[Problem] = []
    for members in runs.values():
        if len(members) > limit:
            members.sort(key=lambda place: (len(place.directory.parts), str(place.directory), place.artifact.name))
            dropped.update(id(place) for place in members[limit:])
            problems.append(_problem(members, limit))
    return [place for place in places if id(place) not in dropped], problems


def _problem(members: Sequence[Place], limit: int) -> Problem:
    top = members[0].artifact.path
    message = (
        f"a run folder of {len(members)} files: only the {limit} nearest to its top are read, "
        f"{len(members) - limit} are not"
    )
    hint = "name the folders of single runs, or leave out what is no evidence"
    return Problem(path=top.rpartition("/")[0] or top, severity=Severity.ERROR, message=message, hint=hint)


def _anchors(places: Sequence[Place]) -> dict[PurePath, Origin]:
    anchors: dict[PurePath, Origin] = {}
    for place in places:
        folder = place.directory
        in_gates = folder.name == GATE_FOLDER
        origin = Origin.GATES if in_gates else _ORIGINS.get(place.artifact.name)
        if origin is not None:
            root = gate_root(folder) if in_gates else folder
            anchors[root] = min(origin, anchors.get(root, origin), key=lambda item: item.value)
    return anchors


def _child(place: Place) -> PurePath:
    """Return the argument's child folder that a file lies in, or the argument."""
    below = place.directory.relative_to(place.argument).parts
    return place.argument.joinpath(*below[:1])
