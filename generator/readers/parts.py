"""A runner folder as a Part: state, environment and selection, each from the best file that states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.records import (
    Environment,
    LogSignal,
    Part,
    PartState,
    ReplayBundle,
    ResultFile,
    RunnerOutcome,
    Shard,
    Summary,
)
from generator.safety.archives import stem
from generator.safety.ids import parse_stamp
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from generator.readers.folder import RunnerFolder

_FULL_COMMIT = 40
_SHAPES = {"legacy": PartState.LEGACY, "live_provider": PartState.LIVE_PROVIDER}


def part_of(folder: RunnerFolder, relative: str, taken: Iterable[str]) -> Part:
    """Return the Part of a folder that lies at `relative` in its run; its name differs from those `taken`."""
    environment = folder.environment or folder.manifest or Environment()
    summary = folder.summary or Summary(shape="")
    bundle = folder.bundle or ReplayBundle(part="", flavour="", generated_at=None)
    outcome = folder.outcome or RunnerOutcome(status="")
    lane = folder.lane
    selection = next((e for e in (folder.environment, folder.manifest) if e and e.selection_known), environment)
    failed = {signal.phase for _, signal in folder.every(LogSignal) if signal.failed}
    name = part_name(folder, shard_of(folder))
    return Part(
        name=relative if name in set(taken) else name,
        folder=relative,
        state=state_of(folder),
        namespace=environment.namespace or summary.namespace,
        started_at=time_of(folder)[0],
        profile=environment.profile or summary.profile or bundle.profile,
        commit=commit_of(folder),
        branch=environment.branch or bundle.branch,
        correlation_id=environment.correlation_id
        or summary.correlation_id
        or bundle.correlation_id
        or (lane.correlation_id if lane else ""),
        shard=shard_of(folder),
        vcr_mode=environment.vcr_mode or bundle.vcr_mode,
        os=environment.os or bundle.os,
        rustc=environment.rustc or bundle.rustc,
        cargo=environment.cargo,
        parallelism=environment.parallelism,
        foreign_folder=environment.artifact_dir or summary.artifact_dir,
        rerun_from=environment.rerun_from or summary.rerun_from,
        diff_from=environment.diff_from or summary.diff_from,
        unit_targets=selection.unit_targets,
        suites=selection.suites,
        selection_known=selection.selection_known,
        lint_failed=tuple(sorted(failed - {"build"})),
        build_failed="build" in failed,
        lane=lane.lane if lane else None,
        outcome_status=outcome.status,
        failed_phases=outcome.failed_phases,
    )


def state_of(folder: RunnerFolder) -> PartState:
    """Tell how far the runner got; a summary that cannot be read never makes a complete part."""
    summary = folder.summary
    if summary is not None:
        return _SHAPES.get(summary.shape, PartState.COMPLETE)
    if folder.broken_summary is not None:
        return PartState.UNREADABLE
    if any(True for _ in folder.every(ResultFile)):
        return PartState.KILLED
    began = [file for file in folder.files if file.reader in {"environment", "shard_manifest", "runner_outcome"}]
    if began:
        return PartState.ABORTED
    if folder.lane is not None:
        return PartState.LANE
    return PartState.BUNDLE_ONLY if folder.bundle is not None else PartState.ABORTED


def shard_of(folder: RunnerFolder) -> Shard:
    """Return the shard as the environment, else manifest, summary or bundle state it."""
    stated = [source.shard for source in (folder.environment, folder.manifest, folder.summary) if source is not None]
    known = next((shard for shard in stated if shard != Shard()), None)
    bundle, lane = folder.bundle, folder.lane
    if known is not None:
        return known
    if not stated and bundle is not None and bundle.shard_kind not in {"", "none"}:
        name = f"{bundle.shard_kind}-{bundle.shard_index}-of-{bundle.shard_total}"
        return Shard(kind=bundle.shard_kind, name=name, index=bundle.shard_index, total=bundle.shard_total)
    return Shard(name=lane.shard_name) if lane is not None and lane.shard_name else Shard()


def part_name(folder: RunnerFolder, shard: Shard) -> str:
    """Return the shard's name when sharded or under `ci-shards`, else the folder's."""
    below_shards = folder.root.parent.name == "ci-shards"
    if (shard.sharded or below_shards) and shard.name != Shard().name:
        return shard.name
    return clean_name(stem(folder.root.name)) or "run"


def commit_of(folder: RunnerFolder) -> str:
    """Return the first full commit id of environment, summary, outcome and bundle, else the first short one."""
    sources = (folder.environment, folder.manifest, folder.summary, folder.outcome, folder.bundle)
    commits = [source.commit for source in sources if source is not None and source.commit]
    return next((text for text in commits if len(text) == _FULL_COMMIT), commits[0] if commits else "")


def time_of(folder: RunnerFolder) -> tuple[datetime | None, str]:
    """Return when the runner began, and which file says so."""
    environment, summary, manifest = folder.environment, folder.summary, folder.manifest
    bundle, lane = folder.bundle, folder.lane
    candidates = (
        (environment.started_at if environment else None, "environment.json"),
        (summary.started_at if summary else None, "summary.json"),
        (manifest.started_at if manifest else None, "ci_shard_manifest.json"),
        (parse_stamp(stem(folder.root.name)), "folder name"),
        (bundle.generated_at if bundle else None, "replay_bundle.json"),
        (lane.generated_at if lane else None, "ci-shard-index.json"),
    )
    return next(((moment, source) for moment, source in candidates if moment is not None), (None, ""))
