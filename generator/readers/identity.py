"""Which run a group of files is, and when it began."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from generator.readers.anchors import CONVENTIONAL, Origin, is_report
from generator.readers.parts import time_of
from generator.records import GateReport, ReplayBundle, RunKey, Shard, WaiverAudit
from generator.safety.archives import stem
from generator.safety.ids import content_id, is_commit, key_or_hash, parse_stamp, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from generator.readers.anchors import Group
    from generator.readers.folder import RunnerFolder
    from generator.readers.intake import RunDefaults
    from generator.records import Part, RunManifest

_AHEAD: Final = timedelta(days=2)
"""How far the clock of CI may be ahead of the one of this build."""

Moment = tuple["datetime", str]
"""A time and the artifact that states it."""


def takes_defaults(group: Group, manifest: RunManifest | None) -> bool:
    """Whether the command line may say which run this is: it is known by its test reports only."""
    if group.origin is Origin.MANIFEST:
        return manifest is None
    return group.origin is Origin.REPORTS or (
        group.origin is Origin.GATES and any(is_report(file) for file in group.files)
    )


def key_of(
    group: Group,
    manifest: RunManifest | None,
    folders: Sequence[RunnerFolder],
    parts: Sequence[Part],
    defaults: RunDefaults,
) -> RunKey:
    """Return the identity of a run; what is no key becomes a hash of itself."""
    if manifest is not None:
        return RunKey(
            repository=manifest.repository or defaults.repository,
            workflow=manifest.workflow or defaults.workflow,
            run_id=key_or_hash(manifest.run_id, "run"),
            attempt=manifest.attempt,
        )
    explicit = takes_defaults(group, manifest)
    run_id = (defaults.run_id if explicit else "") or _run_id(group, folders, parts)
    return RunKey(
        repository=defaults.repository,
        workflow=defaults.workflow,
        run_id=key_or_hash(run_id, "run"),
        attempt=(defaults.attempt if explicit else None) or 1,
    )


def _run_id(group: Group, folders: Sequence[RunnerFolder], parts: Sequence[Part]) -> str:
    if group.origin is Origin.FOLDER and folders:
        return _folder_run_id(folders[0], parts[0]) or _name_or_hash(group)
    return _name_or_hash(group)


def _folder_run_id(folder: RunnerFolder, part: Part) -> str:
    """Return stamp and shard, else the correlation id; nothing when neither is known."""
    stated = [source.started_at for source in (folder.environment, folder.summary, folder.manifest) if source]
    moment = next((time for time in stated if time is not None), None)
    name = stem(folder.root.name)
    stamp = moment.strftime("%Y%m%dT%H%M%SZ") if moment else name if parse_stamp(name) else ""
    if not stamp:
        return part.correlation_id
    is_named = part.shard.name not in {"", Shard().name}
    return f"{stamp}-{part.shard.name}" if part.shard.sharded or is_named else stamp


def _name_or_hash(group: Group) -> str:
    """Return the name of the run's folder, or a hash of its content where the name says nothing about the run."""
    name = stem(group.root.name)
    is_telling = name.lower() not in CONVENTIONAL and not all(file.named for file in group.files)
    if is_telling and name:
        return name
    return content_id("run", *sorted(file.source.sha256 for file in group.files if file.was_read))


def began(
    group: Group, manifest: RunManifest | None, folders: Sequence[RunnerFolder], defaults: RunDefaults
) -> tuple[Moment | None, list[Moment]]:
    """Return when the run began, and the times that are not believed.

    The best artifact that states a time counts, else the command line; None: not known. A time after this build is
    of a wrong clock, or hostile: it would stand last for ever.
    """
    stated = list(_stated(group, manifest, folders))
    if defaults.started_at is not None:
        stated.append((defaults.started_at, "settings"))
    latest = defaults.now + _AHEAD
    odd = [moment for moment in stated if moment[0] > latest]
    return next((moment for moment in stated if moment[0] <= latest), None), odd


def _stated(group: Group, manifest: RunManifest | None, folders: Sequence[RunnerFolder]) -> Iterator[Moment]:
    """Yield the times that artifacts state about the beginning of the run, the best one first."""
    if manifest is not None and manifest.started_at is not None:
        yield (manifest.started_at, "run.json")
    yield from sorted((moment, source) for moment, source in map(time_of, folders) if moment is not None)
    stamp = parse_stamp(stem(group.root.name).split("-", maxsplit=1)[0])
    if stamp is not None:
        yield (stamp, "folder name")
    gates = _gate_times(group)
    if gates:
        yield (max(gates), "gate files")
    for is_test_report in (True, False):  # what was measured beside the tests may be of another day
        files = (file for file in group.files if (file.reading.counts is not None) is is_test_report)
        times = (parse_time(file.reading.started_at) for file in files)
        yield from sorted((moment, "test report") for moment in times if moment is not None)


def _gate_times(group: Group) -> list[datetime]:
    kinds = (GateReport, WaiverAudit, ReplayBundle)
    records = (record for file in group.files for record in file.reading.records if isinstance(record, kinds))
    return [record.generated_at for record in records if record.generated_at is not None]


def folder_commit(group: Group) -> str:
    """Return the commit in a folder name `<stamp>-<commit>`, as gate histories have it."""
    stamp, _, rest = stem(group.root.name).partition("-")
    return rest.lower() if parse_stamp(stamp) and is_commit(rest) else ""
