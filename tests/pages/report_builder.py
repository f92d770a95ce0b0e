"""Small builders of a report: each makes one plain value; tests change what they are about with `replace`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from generator.findings import (
    Cause,
    Change,
    ChangeKind,
    CommitRange,
    Comparison,
    Completeness,
    DayPoint,
    DiffStatus,
    Failure,
    Findings,
    GateEvidence,
    GatePoint,
    GateVerdict,
    Judgement,
    Outcome,
    ReplayCommand,
    Report,
    RunFacts,
    RunState,
    Since,
    SuiteFacts,
    SuiteTrend,
    Tally,
    TestRef,
    Trends,
    Verdict,
)
from generator.pages import build_all
from generator.records import Level, Part, PartState, RunKey, SourceFile, SourceState
from generator.views import FailureView, StandardView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.views import Page

FORGE = "https://forge.example/owner/repo"
AS_OF = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
STARTED = AS_OF - timedelta(hours=3)
GOOD_COMMIT = "a" * 40
BAD_COMMIT = "b" * 40
GREEN = Tally(passed=390)
NONE = Tally()


def run(
    label: str = "1042",
    *,
    state: RunState = RunState.COMPLETE,
    cases: Tally = GREEN,
    targets: Tally = NONE,
    days_ago: int = 0,
) -> RunFacts:
    """A run with one part and one file; complete and green unless told otherwise."""
    started = STARTED - timedelta(days=days_ago)
    return RunFacts(
        label=label,
        keys=(RunKey(repository="owner/repo", workflow="ci", run_id=label),),
        unit_ids=(f"u-{label}",),
        workflow="ci",
        run_id=label,
        attempt=1,
        started_at=started,
        finished_at=started + timedelta(minutes=4),
        commit=BAD_COMMIT,
        branch="main",
        event="push",
        url=f"{FORGE}/actions/runs/{label}",
        pull_request=None,
        profile="ci",
        state=state,
        parts=(Part(name="unsharded", folder=".", state=PartState.COMPLETE),),
        completeness=Completeness(present=1, expected=1),
        targets=targets,
        cases=cases,
        duration_s=192.0,
        sources=(source("junit.xml"),),
    )


def source(path: str, state: SourceState = SourceState.READ) -> SourceFile:
    """One file of the evidence."""
    reader = None if state is SourceState.UNREAD else "junit"
    return SourceFile(path=path, reader=reader, state=state, bytes=1200, sha256="0" * 64)


def case(name: str, suite: str = "checkout") -> TestRef:
    """A test case."""
    return TestRef(test_id=_number(name), surface="case", suite=suite, classname="", name=name)


def failure_id(name: str) -> str:
    """The id that the failure of this name has."""
    return f"f-{_number(name):016x}"


def failure(
    name: str = "pays by card",
    *,
    change: ChangeKind = ChangeKind.NEW_FAILURE,
    signature: str = "f1:0011223344556677",
    commands: tuple[ReplayCommand, ...] = (),
    message: str = "expected 3, got 4",
) -> Failure:
    """A failing case that passed in run 1041."""
    before, now = run("1041", days_ago=1).ref, run().ref
    return Failure(
        failure_id=failure_id(name),
        test=case(name),
        signature=signature,
        change=change,
        signature_changed=False,
        since=Since(
            first_bad=now,
            last_good=before,
            runs=1,
            commits=CommitRange(good=GOOD_COMMIT, bad=BAD_COMMIT),
        ),
        flaky=None,
        exit_code=None,
        status="failed",
        kind="AssertionError",
        message=message,
        trace="at checkout.rs:12",
        file="src/checkout.rs",
        line=12,
        column=5,
        source_url=f"{FORGE}/blob/{BAD_COMMIT}/src/checkout.rs#L12",
        root_cause_class="assertion_failure",
        class_caution="",
        impacted=(),
        duration_s=0.34,
        attempts=(),
        commands=commands,
        no_command_reason="",
        environment=(("Commit", BAD_COMMIT), ("Profile", "ci")),
        timeline=(),
        evidence=(source("junit.xml"),),
        outcomes=(Outcome(run=before, status="passed"), Outcome(run=now, status="failed")),
        same_cause=(),
        parent=None,
        children=(),
        notes=(),
        part="unsharded",
    )


def command(text: str = "cargo test --test checkout", *, level: Level = Level.TEST, reason: str = "") -> ReplayCommand:
    """A command; one with a reason may not be copied."""
    return ReplayCommand(level=level, text=text, copyable=not reason, reason=reason, source="derived")


def gate(
    gate_id: str = "ext_must_pass",
    verdict: Verdict = Verdict.PASS,
    *,
    blocking: bool = True,
    history: tuple[GatePoint, ...] = (),
) -> GateVerdict:
    """A recorded gate."""
    return GateVerdict(
        gate_id=gate_id,
        title="Must-pass extensions",
        policy="recorded",
        verdict=verdict,
        blocking=blocking,
        expected="pass",
        actual=verdict.value,
        reason="2 extensions fail" if verdict is Verdict.FAIL else "as recorded",
        history=history,
    )


def judgement(*gates: GateVerdict, verdict: Verdict | None = None) -> Judgement:
    """The judgement that follows from the gates, unless a verdict is given."""
    blockers = [found for found in gates if found.blocks]
    worst = Verdict.FAIL if any(found.verdict is Verdict.FAIL for found in blockers) else Verdict.UNKNOWN
    found = worst if blockers else Verdict.PASS
    return Judgement(verdict=verdict or found, policy="default", gates=gates, sources=(), waivers=(), runs=())


def trends(*rates: tuple[int, int], change: float | None = None) -> Trends:
    """One day for each pair of (passed, failed)."""
    days = tuple(
        DayPoint(
            day=date(2026, 11, 1) + timedelta(days=place),
            runs=1,
            failed_runs=1 if failed else 0,
            tally=Tally(passed=passed, failed=failed),
            duration_s=190.0 + place,
        )
        for place, (passed, failed) in enumerate(rates)
    )
    suite = SuiteTrend(
        suite="checkout",
        surface="case",
        runs=len(rates),
        tally=Tally(passed=sum(rate[0] for rate in rates), failed=sum(rate[1] for rate in rates)),
        recent=tuple("failed" if failed else "passed" for _, failed in rates),
        median_s=1.0,
        last_s=1.5,
        ratio=None,
    )
    return Trends(branch="main", days=days, suites=(suite,) if rates else (), change_points=change)


def report(
    *failures: Failure,
    of: RunFacts | None = None,
    judged: Judgement | None = None,
    baseline: bool = True,
) -> Report:
    """A report whose comparison, causes and suites follow from its failures."""
    head = of or run(cases=Tally(passed=390, failed=len(failures)))
    base = run("1041", days_ago=1)
    findings = Findings(
        run=head,
        runs=(base, head),
        comparison=_comparison(head, base if baseline else None, failures),
        failures=failures,
        causes=_causes(head, failures),
        flaky=(),
        suites=(SuiteFacts(name="checkout", surface="case", tally=head.cases, duration_s=1.5),),
        slowest=(),
        trends=trends((390, 0), (390, len(failures))),
        gates=GateEvidence(sources=(), rows=(), waivers=(), runs=()),
    )
    return Report(
        version=head.label,
        title=head.label,
        as_of=AS_OF,
        findings=findings,
        judgement=judged or judgement(gate()),
        stale_after_hours=36,
        forge_url=FORGE,
        versions=(head.label, "1041"),
    )


def with_findings(made: Report, findings: Findings) -> Report:
    """The report with other findings."""
    return replace(made, findings=findings)


def pages(made: Report, *, failure_pages: int = 50, list_rows: int = 200) -> dict[str, Page]:
    """All pages of a report by path."""
    return {page.path: page for page in build_all(made, failure_pages=failure_pages, list_rows=list_rows)}


def standard(made: Report, path: str = "") -> StandardView:
    """The view of a standard page."""
    view = pages(made)[path].view
    assert isinstance(view, StandardView)
    return view


def replay_page(made: Report, name: str = "pays by card") -> FailureView:
    """The view of a failure's page."""
    view = pages(made)[f"failures/{failure_id(name)}"].view
    assert isinstance(view, FailureView)
    return view


def _comparison(head: RunFacts, base: RunFacts | None, failures: Sequence[Failure]) -> Comparison:
    status = DiffStatus.REGRESSION if any(found.change.new for found in failures) else DiffStatus.STABLE
    return Comparison(
        base=base.ref if base else None,
        base_reason="the newest complete run of main before this one" if base else "this is the first run",
        head=head.ref,
        status=status if base else DiffStatus.NO_BASELINE,
        changes=tuple(
            Change(
                test=found.test,
                kind=found.change,
                before="passed",
                after="failed",
                failure_id=found.failure_id,
            )
            for found in failures
        ),
        stable=390,
    )


def _causes(head: RunFacts, failures: Sequence[Failure]) -> tuple[Cause, ...]:
    by_signature: dict[str, list[Failure]] = {}
    for found in failures:
        by_signature.setdefault(found.signature, []).append(found)
    return tuple(
        Cause(
            signature=signature,
            title=found[0].message,
            failures=tuple(one.link for one in found),
            first_seen=head.ref,
            runs=1,
            new=True,
        )
        for signature, found in by_signature.items()
    )


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
