"""The readers in order of recognition: a new format is one module and one name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers import (
    certification_verdict,
    diagnostics_index,
    environment,
    failure_digest,
    failure_timeline,
    full_suite_events,
    full_suite_verdict,
    junit,
    lane_index,
    log_signal,
    preflight_verdict,
    replay_bundle,
    result,
    run_manifest,
    runner_outcome,
    shard_manifest,
    summary,
    test_log,
    triage_diff,
    waiver_audit,
)

if TYPE_CHECKING:
    from generator.plugins import Reader

READERS: Final[tuple[Reader, ...]] = (
    result,
    environment,
    shard_manifest,
    summary,
    failure_digest,
    failure_timeline,
    diagnostics_index,
    replay_bundle,
    triage_diff,
    runner_outcome,
    log_signal,
    test_log,
    run_manifest,
    lane_index,
    full_suite_verdict,
    full_suite_events,
    preflight_verdict,
    certification_verdict,
    waiver_audit,
    junit,
)
