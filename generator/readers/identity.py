"""Which run a group of files is, and when it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.anchors import CONVENTIONAL, Origin, is_report
from generator.readers.parts import time_of
from generator.records import GateReport, ReplayBundle, RunKey, Shard, WaiverAudit
from generator.safety.ids import content_id, is_commit, key_or_hash, parse_stamp, parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.readers.anchors import Group
    from generator.readers.folder import RunnerFolder
    from generator.readers.intake import RunDefaults
    from generator.records import Part, RunManifest

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
    name = folder.root.name
    stamp = moment.strftime("%Y%m%dT%H%M%SZ") if moment else name if parse_stamp(name) else ""
    if not stamp:
        return part.correlation_id
    is_named = part.shard.name not in {"", Shard().name}
    return f"{stamp}-{part.shard.name}" if part.shard.sharded or is_named else stamp


def _name_or_hash(group: Group) -> str:
    """Return the name of the run's folder, or a hash of its content where the name says nothing about the run."""
    name = group.root.name
    is_telling = name.lower() not in CONVENTIONAL and not all(file.named for file in group.files)
    if is_telling and name:
        return name
    return content_id("run", *sorted(file.source.sha256 for file in group.files if file.was_read))


def began(
    group: Group, manifest: RunManifest | None, folders: Sequence[RunnerFolder], defaults: RunDefaults
) -> Moment | None:
    """Return when the run began by the best artifact that says so, else as the command line says; None: not known."""
    if manifest is not None and manifest.started_at is not None:
        return (manifest.started_at, "run.json")
    stated = [(moment, source) for moment, source in map(time_of, folders) if moment is not None]
    if stated:
        return min(stated)
    stamp = parse_stamp(group.root.name.split("-", maxsplit=1)[0])
    if stamp is not None:
        return (stamp, "folder name")
    gates = _gate_times(group)
    if gates:
        return (max(gates), "gate files")
    reports = [moment for file in group.files if (moment := parse_time(file.reading.started_at))]
    if reports:
        return (min(reports), "test report")
    return (defaults.started_at, "settings") if defaults.started_at is not None else None


def _gate_times(group: Group) -> list[datetime]:
    kinds = (GateReport, WaiverAudit, ReplayBundle)
    records = (record for file in group.files for record in file.reading.records if isinstance(record, kinds))
    return [record.generated_at for record in records if record.generated_at is not None]


def folder_commit(group: Group) -> str:
    """Return the commit in a folder name `<stamp>-<commit>`, as gate histories have it."""
    stamp, _, rest = group.root.name.partition("-")
    return rest.lower() if parse_stamp(stamp) and is_commit(rest) else ""
