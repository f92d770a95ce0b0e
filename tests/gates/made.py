"""Small functions that build findings for the gates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from generator.findings import (
    ChangeKind,
    CommitRange,
    Comparison,
    Completeness,
    DiffStatus,
    Failure,
    Findings,
    FlakyNote,
    GateEvidence,
    GateSource,
    GateVerdict,
    ReplayCommand,
    RunFacts,
    RunRef,
    RunState,
    Since,
    Tally,
    TestRef,
    Trends,
    Verdict,
    WaiverFacts,
)
from generator.records import Level, RunKey
from generator.safety.ids import test_id

START = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)
REF = RunRef(label="nightly-7", started_at=START, commit="c0ffee7", branch="main")
BASE = RunRef(label="nightly-6", started_at=START, commit="c0ffee6", branch="main")


def run(state: RunState = RunState.COMPLETE, **more: Any) -> RunFacts:
    """Return a complete run of 100 passed cases, changed as asked for."""
    fields: dict[str, Any] = {
        "label": REF.label,
        "keys": (RunKey(repository="local", workflow="ci", run_id="7"),),
        "unit_ids": ("u-7",),
        "workflow": "ci",
        "run_id": "7",
        "attempt": 1,
        "started_at": START,
        "finished_at": None,
        "commit": REF.commit,
        "branch": REF.branch,
        "event": "",
        "url": "",
        "pull_request": None,
        "profile": "full",
        "state": state,
        "parts": (),
        "completeness": Completeness(present=1, expected=1),
        "targets": Tally(),
        "cases": Tally(passed=100),
        "duration_s": None,
    }
    return RunFacts(**(fields | more))


def command(text: str = "cargo test --test geo", level: Level = Level.SUITE, *, copyable: bool = True) -> ReplayCommand:
    """Return a vetted command."""
    reason = "" if copyable else "chain"
    return ReplayCommand(level=level, text=text, copyable=copyable, reason=reason, source="derived")


def flaky(commits: int, retries: int = 0) -> FlakyNote:
    """Return the note of a test that disagreed with itself on so many commits."""
    return FlakyNote(
        test=identity("geo"),
        label="confirmed",
        commits=tuple(f"c0ffee{place}" for place in range(commits)),
        runs=(REF,),
        retries=retries,
        failing_runs=1,
        executed_runs=9,
        derates=(commits or retries) >= 2,
    )


def identity(name: str, surface: str = "unit") -> TestRef:
    """Return the identity of a target."""
    return TestRef(test_id=test_id(surface, name), surface=surface, suite=name, classname="", name=name)


def failure(name: str = "geo", change: ChangeKind = ChangeKind.NEW_FAILURE, **more: Any) -> Failure:
    """Return a new failure of a unit target with one command, changed as asked for."""
    fields: dict[str, Any] = {
        "failure_id": f"f-{name}",
        "test": identity(name, more.pop("surface", "unit")),
        "signature": "f1:0",
        "change": change,
        "signature_changed": False,
        "since": Since(first_bad=REF, last_good=BASE, runs=1, commits=CommitRange(good="", bad=REF.commit)),
        "flaky": None,
        "exit_code": 101,
        "status": "failed",
        "kind": "",
        "message": "boom",
        "trace": "",
        "file": "",
        "line": 0,
        "column": 0,
        "source_url": "",
        "root_cause_class": "",
        "class_caution": "",
        "impacted": (),
        "duration_s": None,
        "attempts": (),
        "commands": (command(f"cargo test --test {name}"),),
        "no_command_reason": "",
        "environment": (),
        "timeline": (),
        "evidence": (),
        "outcomes": (),
        "same_cause": (),
        "parent": None,
        "children": (),
        "notes": (),
        "part": "",
    }
    return Failure(**(fields | more))


def row(gate: str = "must_pass", status: str = "pass", *, blocking: bool = True, **more: Any) -> GateVerdict:
    """Return a recorded gate."""
    verdict = {"pass": Verdict.PASS, "fail": Verdict.FAIL, "warn": Verdict.FAIL}.get(status, Verdict.UNKNOWN)
    fields: dict[str, Any] = {
        "gate_id": gate,
        "title": gate,
        "policy": "recorded",
        "verdict": verdict,
        "blocking": blocking,
        "expected": "pass",
        "actual": status,
        "reason": f"CI recorded {status}.",
        "recorded_status": status,
        "missing_evidence": verdict is Verdict.UNKNOWN,
    }
    return GateVerdict(**(fields | more))


def waiver(gate: str = "must_pass", state: str = "active", **more: Any) -> WaiverFacts:
    """Return a waiver that holds for ten more days."""
    fields: dict[str, Any] = {
        "gate_id": gate,
        "state": state,
        "reported_state": state,
        "detail": "",
        "days_remaining": 10,
        "owner": "depot-team",
        "created": "2026-06-20",
        "expires": "2026-07-15",
        "issue": "px-1",
        "reason": "the sandbox is being replaced",
        "scope": "both",
        "remove_when": "it passes",
    }
    return WaiverFacts(**(fields | more))


def source(*, stale: bool = False, **more: Any) -> GateSource:
    """Return a fresh verdict file that agrees with itself."""
    fields: dict[str, Any] = {
        "family": "full_suite",
        "path": "tests/full_suite_gate/full_suite_verdict.json",
        "generated_at": START,
        "age_days": 0,
        "stale": stale,
        "reported_verdict": "pass",
        "recomputed_verdict": "pass",
        "gates": 1,
        "agrees": True,
    }
    return GateSource(**(fields | more))


def findings(
    facts: RunFacts | None = None,
    *failures: Failure,
    base: RunRef | None = BASE,
    rows: tuple[GateVerdict, ...] = (),
    waivers: tuple[WaiverFacts, ...] = (),
    sources: tuple[GateSource, ...] = (),
) -> Findings:
    """Return the findings of a run."""
    known = facts or run()
    return Findings(
        run=known,
        runs=(known,),
        comparison=Comparison(
            base=base,
            base_reason="the run before it" if base else "it is the first run",
            head=known.ref,
            status=DiffStatus.STABLE if base else DiffStatus.NO_BASELINE,
            changes=(),
            stable=0,
        ),
        failures=failures,
        causes=(),
        flaky=(),
        suites=(),
        slowest=(),
        trends=Trends(branch="main", days=(), suites=(), change_points=None),
        gates=GateEvidence(sources=sources, rows=rows, waivers=waivers, runs=()),
    )
