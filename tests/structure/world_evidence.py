"""The evidence of the world's newest run: every kind of record, with a word of its own in every text."""

from __future__ import annotations

from datetime import date, timedelta

from generator.records import (
    Alert,
    AlertReport,
    Assertion,
    BundleFailure,
    Counts,
    Coverage,
    CoverageFile,
    Digest,
    Evidence,
    ForgeExport,
    GateFamily,
    GateReport,
    GateRow,
    Level,
    Measurement,
    MeasurementReport,
    MirroredWorkflow,
    OwnerRule,
    Owners,
    Problem,
    QuarantineEntry,
    QuarantineReport,
    ReplayBundle,
    SemanticEntry,
    Severity,
    SourceCommand,
    SourceFile,
    SourceState,
    Statement,
    StatementRow,
    SuiteClassification,
    TimelineEvent,
    TriageDiff,
    TriageTarget,
    WaiverAudit,
    WaiverEntry,
    WorkflowJob,
    WorkflowRun,
    WorkflowStep,
)
from tests.builders import START

MAIN = "main-part"
"""The part of the runner in the newest run."""

REPORTS = "report-part"
"""The part of its test reports."""

NOW = START + timedelta(days=2)
"""When the newest run began."""

COMMIT = "feedc0de" * 5


def evidence() -> Evidence:
    """Return the evidence of the newest run."""
    return Evidence(
        digests=(_digest(),),
        timeline=_timeline(),
        bundles=(_bundle(), _gate_bundle()),
        triage=(_triage(),),
        gate_reports=(gate_report(), _lane(GateFamily.CERTIFICATION), _lane(GateFamily.PREFLIGHT)),
        waiver_audits=(_waivers(),),
        statements=_statements(),
        quarantine=(_quarantine(),),
        classifications=(_classification(),),
        coverage=_coverage(),
        alerts=(_alerts(),),
        measurements=(_measurements(),),
        forge=(_forge(),),
        owners=(_owners(),),
        sources=_sources(),
        problems=problems("now"),
    )


def problems(which: str) -> tuple[Problem, ...]:
    """Return a problem of each severity."""
    return tuple(
        Problem(
            path=f"broken/{which}-{severity.value}.json",
            reader=f"reader-of-{severity.value}",
            severity=severity,
            message=f"the file of {which} is {severity.value}",
            hint=f"write {severity.value} again",
        )
        for severity in Severity
    )


def gate_report(*gone: GateRow) -> GateReport:
    """Return the verdict of the full suite, with rows that earlier runs had beside those of the newest one."""
    return GateReport(
        part=MAIN,
        family=GateFamily.FULL_SUITE,
        generated_at=NOW - timedelta(days=1),
        verdict="said-pass",
        policy="all must hold",
        gates=(*_gates(), *gone),
        summary=(("total_gates", 77), ("numbers of its own", 3)),
        waivers_applied=("waiver-word",),
        first_failure="first-word",
        can_promote=True,
        blockers=("blocker-word",),
        event_statuses=(("event-gate", "event-status"),),
        path="full_suite_gate/full_suite_verdict.json",
    )


def gate(gate_id: str, status: str, *, blocking: bool = True, command: str = "") -> GateRow:
    """Return a gate with a word of its own in every text."""
    return GateRow(
        gate_id=gate_id,
        name=f"title of {gate_id}",
        status=status,
        blocking=blocking,
        detail=f"detail of {gate_id}",
        artifact_path=f"gates/{gate_id}.json",
        bead=f"bead of {gate_id}",
        command=command,
        command_secret=False,
    )


def _gates() -> tuple[GateRow, ...]:
    return (
        gate("blocked_gate", "fail", command="cargo test --test gate_of_it"),
        gate("silent_gate", "fail"),
        gate("waived_gate", "fail", command="./scripts/gate.sh --suite waived"),
        gate("warned_gate", "warn", blocking=False),
        gate("skipped_gate", "skip", blocking=False),
        gate("odd_gate", "status-of-nobody"),
        gate("good_gate", "pass"),
    )


def _lane(family: GateFamily) -> GateReport:
    word = family.value
    return GateReport(
        part=f"{word}-part",
        family=family,
        generated_at=None if family is GateFamily.PREFLIGHT else NOW,
        verdict=f"{word}-verdict",
        gates=(gate(f"{word}_gate", "fail"),),
        waivers_applied=(f"{word}-waiver",),
        path=f"{word}/verdict.json",
    )


def _waivers() -> WaiverAudit:
    return WaiverAudit(
        part=MAIN,
        generated_at=NOW,
        today=NOW.date(),
        total=5,
        entries=(
            _waiver("waived_gate", NOW.date() + timedelta(days=9), status="active-word"),
            _waiver("silent_gate", NOW.date() - timedelta(days=2), status="expired"),
            _waiver("soon_gate", NOW.date() + timedelta(days=1), status="expiring_soon"),
            _waiver("bad_gate", NOW.date() + timedelta(days=3), status="active", scope="scope-word"),
            WaiverEntry(gate_id="unknown_gate", status="status-word", detail="told by the audit", days_remaining=4),
        ),
        path="waivers/waiver_audit.json",
    )


def _waiver(gate_id: str, expires: date, *, status: str, scope: str = "both") -> WaiverEntry:
    return WaiverEntry(
        gate_id=gate_id,
        status=status,
        detail=f"waiver detail of {gate_id}",
        owner=f"owner of {gate_id}",
        created=(expires - timedelta(days=12)).isoformat(),
        expires=expires.isoformat(),
        bead=f"issue of {gate_id}",
        reason=f"reason of {gate_id}",
        scope=scope,
        remove_when=f"end of {gate_id}",
    )


def _digest() -> Digest:
    return Digest(
        part=MAIN,
        suite="checkout",
        exit_code=101,
        root_cause_class="timeout",
        impacted=("impacted-one", "ignored-two", "main"),
        assertion=Assertion(
            test="keeps_cart",
            file="src/cart.rs",
            line=41,
            column=9,
            message="cart is empty",
            raw_header="thread of the cart",
        ),
        summary="look at the cart",
        commands=(
            SourceCommand(level=Level.TEST, text="cargo test --test checkout -- main --exact", source="digest.test"),
            SourceCommand(level=Level.SUITE, text="cargo test --test checkout", source="digest.suite"),
            SourceCommand(level=Level.RUNNER, text="/srv/build/run --suite checkout", source="digest.runner"),
            SourceCommand(level=Level.RUN, text="cargo test --workspace", source="digest.run", secret=True),
        ),
        cargo_rerun_hint="rerun the cart",
        event_count=3,
        path="main/checkout/failure_digest.json",
    )


def _timeline() -> tuple[TimelineEvent, ...]:
    kinds = ("panic_assertion", "test_result", "kind-of-nobody")
    return tuple(
        TimelineEvent(
            part=MAIN,
            suite="checkout",
            ordinal=number,
            source=f"source-{number}",
            event_type=kind,
            line_no=number + 1,
            test=f"tested-{number}" if number else "ignored-two",
            at=NOW,
            t_ms=None if number else 1500.0,
            message=f"message of event {number}" if number else "test is ignored",
        )
        for number, kind in enumerate(("test_result", *kinds))
    )


def _bundle() -> ReplayBundle:
    return ReplayBundle(
        part=MAIN,
        flavour="run",
        generated_at=NOW,
        correlation_id="bundle-correlation",
        source_path="bundle/source.json",
        one_command=SourceCommand(level=Level.RUN, text="./scripts/all.sh --profile full", source="bundle.one"),
        commit=COMMIT,
        branch="bundle-branch",
        profile="bundle-profile",
        vcr_mode="bundle-vcr",
        os="bundle-os",
        rustc="bundle-rustc",
        shard_kind="bundle-kind",
        shard_index=0,
        shard_total=2,
        failures=(
            BundleFailure(
                surface="suite",
                name="checkout",
                exit_code=101,
                root_cause_class="bundle-class",
                commands=(SourceCommand(level=Level.SUITE, text="pytest -q tests/checkout", source="bundle.suite"),),
            ),
            BundleFailure(surface="unit", name="codec", exit_code=1, root_cause_class="codec-class"),
        ),
        commands_valid=True,
        path="main/replay_bundle.json",
    )


def _gate_bundle() -> ReplayBundle:
    command = SourceCommand(level=Level.GATE, text="cargo test --test of_the_gate", source="gate-bundle.gate")
    return ReplayBundle(
        part=MAIN,
        flavour="gate",
        generated_at=NOW,
        one_command=SourceCommand(level=Level.RUN, text="cargo test --tests", source="gate-bundle.one"),
        failures=(BundleFailure(surface="gate", name="blocked_gate", commands=(command,)),),
        commands_valid=False,
        path="full_suite_gate/replay_bundle.json",
    )


def _triage() -> TriageDiff:
    return TriageDiff(
        part=MAIN,
        generated_at=NOW,
        status="status_as_said",
        baseline_path="/srv/build/folder-of-41/summary.json",
        counts=(("regression_count", 0), ("a count of its own", 4)),
        targets=(
            TriageTarget(
                surface="suite",
                name="checkout",
                baseline_exit=0,
                current_exit=101,
                severity="stable_as_said",
                priority_score=1,
                rank=2,
                command="cargo test --test checkout --locked",
            ),
            TriageTarget(
                surface="unit",
                name="codec",
                baseline_exit=0,
                current_exit=0,
                severity="stable",
                command="run the codec",
            ),
            TriageTarget(surface="suite", name="triage-only", baseline_exit=1, current_exit=1, severity="unresolved"),
        ),
        semantic=(
            SemanticEntry(
                suite="checkout",
                classification="class-as-said",
                unresolved=True,
                mismatch_kinds=("mismatch-word",),
                command="semantic command",
            ),
        ),
        workflows=(
            MirroredWorkflow(
                workflow_id="flow-id",
                title="title of the flow",
                status="flow-status",
                suite_ids=("checkout",),
                missing_in_baseline=("not-before",),
                missing_in_current=("not-now",),
            ),
        ),
        runner_command="./scripts/all.sh --suite checkout",
        focus_units=("focus-unit",),
        focus_suites=("focus-suite",),
        path="main/triage_diff.json",
    )


def _statements() -> tuple[Statement, ...]:
    command = SourceCommand(level=Level.GATE, text="./scripts/check.sh", source="statement.command")
    row = StatementRow(
        id="row-id",
        title="title of the row",
        status="status of the row",
        ok=False,
        blocking=True,
        severity="severity of the row",
        owner="owner of the row",
        detail="detail of the row",
        value="value of the row",
        threshold="threshold of the row",
        command=command,
        facts=(("fact of the row", "its value"),),
    )
    return tuple(
        Statement(
            part=MAIN,
            path=f"statements/{word}.json",
            kind=f"kind_{word}",
            generated_at=NOW,
            verdict=f"verdict-{word}",
            ok=ok,
            commit=COMMIT,
            run_id=f"run-of-{word}",
            correlation_id=f"correlation-{word}",
            summary=f"summary of {word}",
            numbers=((f"number of {word}", 7.0),),
            facts=((f"fact of {word}", f"value of {word}"),),
            rows=(row,) if ok is False else (),
        )
        for word, ok in (("bad", False), ("good", True), ("mute", None))
    )


def _quarantine() -> QuarantineReport:
    return QuarantineReport(
        part=MAIN,
        path="quarantine/report.json",
        generated_at=NOW,
        today="2026-03-03",
        numbers=(("quarantined now", 3),),
        entries=(
            _quarantined("expired-test", status="expired"),
            _quarantined("invalid-test", invalid="it names no owner"),
            _quarantined("odd-test", status="state-of-nobody"),
        ),
        escalations=(("escalated-test", "escalated-severity", "escalated-action"),),
    )


def _quarantined(name: str, *, status: str = "active", invalid: str = "") -> QuarantineEntry:
    return QuarantineEntry(
        name=name,
        status=status,
        category=f"category of {name}",
        owner=f"keeper of {name}",
        quarantined=f"since {name}",
        expires=f"until {name}",
        bead=f"ticket of {name}",
        evidence=f"evidence of {name}",
        repro=f"repro of {name}",
        reason=f"excuse of {name}",
        remove_when=f"leave of {name}",
        days_remaining=3,
        invalid=invalid,
    )


def _classification() -> SuiteClassification:
    return SuiteClassification(
        part=MAIN,
        path="suite_classification.toml",
        classes=(("class-of-suites", ("suite-of-class",)),),
        duplicates=("listed-twice",),
        waivers=(WaiverEntry(gate_id="classified_gate", status="classified"),),
        quarantine=(_quarantined("policy-test"),),
    )


def _coverage() -> tuple[Coverage, ...]:
    files = (
        CoverageFile(
            path="src/bare.py", lines_valid=10, lines_covered=1, branches_valid=4, branches_covered=1, component="shop"
        ),
        CoverageFile(path="src/whole.py", lines_valid=10, lines_covered=10),
    )
    return (
        Coverage(
            part=REPORTS,
            path="coverage.xml",
            tool="coverage-tool",
            lines_valid=20,
            lines_covered=11,
            files=files,
            files_left_out=2,
        ),
    )


def _alerts() -> AlertReport:
    return AlertReport(
        part=REPORTS,
        path="scan.sarif",
        tool="scanner-tool",
        version="version-7",
        total=9,
        by_level=(("error", 1), ("level-of-nobody", 1)),
        alerts=(
            _alert("rule-one", "error"),
            _alert("rule-two", "level-of-nobody", baseline="unchanged-word"),
        ),
        notes=("note of the scanner",),
    )


def _alert(rule: str, level: str, baseline: str = "") -> Alert:
    return Alert(
        rule=rule,
        level=level,
        message=f"{rule} found something",
        file=f"src/{rule}.py",
        line=3,
        fingerprint=f"fingerprint of {rule}",
        baseline=baseline,
        severity=7.5,
    )


def _measurements() -> MeasurementReport:
    return MeasurementReport(
        part=REPORTS,
        path="bench.json",
        tool="bench-tool",
        generated_at=NOW,
        verdict="verdict of the bench",
        machine="machine of the bench",
        commit=COMMIT,
        measurements=(
            _measured("series-one", "FAIL", 3.5),
            _measured("series-two", "status-of-series", 2.0),
            _measured("series-gap", "NO_DATA", None),
        ),
        left_out=1,
    )


def _measured(series: str, status: str, value: float | None) -> Measurement:
    return Measurement(
        series=series,
        value=value,
        unit=f"unit of {series}",
        metric=f"metric of {series}",
        at=NOW,
        commit=COMMIT,
        status=status,
        threshold=2.5,
        detail=f"told of {series}",
    )


def _forge() -> ForgeExport:
    step = WorkflowStep(number=1, name="step-of-job", status="completed", conclusion="failure")
    return ForgeExport(
        part=REPORTS,
        path="runs.json",
        forge="forge-of-it",
        shape="rest",
        runs=(
            WorkflowRun(
                run_id="9001",
                attempt=2,
                workflow="flow-of-runs",
                title="title of the run",
                event="event-of-run",
                status="completed",
                conclusion="failure",
                commit=COMMIT,
                branch="branch-of-run",
                repository="repository-of-run",
                actor="actor-of-run",
                url="https://forge.example/owner/repo/actions/runs/9001",
                started_at=NOW,
                updated_at=NOW + timedelta(minutes=3),
            ),
            WorkflowRun(run_id="run-without-name", status="status-while-it-runs"),
        ),
        jobs=(
            WorkflowJob(
                job_id="job-id",
                run_id="9001",
                attempt=1,
                name="job-name",
                status="completed",
                conclusion="conclusion-of-job",
                workflow="flow-of-job",
                commit=COMMIT,
                branch="branch-of-job",
                runner="runner-of-job",
                labels=("label-of-job",),
                url="https://forge.example/owner/repo/actions/jobs/1",
                started_at=NOW,
                completed_at=NOW + timedelta(minutes=1),
                steps=(step,),
            ),
            WorkflowJob(job_id="job-2", name="other-job", status="queued", conclusion="", workflow="flow-of-other"),
        ),
    )


def _owners() -> Owners:
    return Owners(
        part=REPORTS,
        path="CODEOWNERS",
        rules=(
            OwnerRule(pattern="docs-pattern", owners=("owner-one", "owner-two"), section="section-one", line=1),
            OwnerRule(pattern="free-pattern", owners=(), line=2),
        ),
    )


def _sources() -> tuple[SourceFile, ...]:
    read = [
        ("main/summary.json", "summary", None),
        ("main/checkout/failure_digest.json", "failure_digest", None),
        ("main/checkout/failure_timeline.jsonl", "failure_timeline", None),
        ("reports/junit.xml", "junit", Counts(tests=12, failed=4, errors=1, passed=5, skipped=1, flaky=1)),
    ]
    return (
        *(
            SourceFile(
                path=path,
                reader=reader,
                state=SourceState.READ,
                schema_id=f"schema.of.{reader}",
                bytes=1200,
                sha256="0123456789abcdef" * 4,
                counts=counts,
            )
            for path, reader, counts in read
        ),
        SourceFile(path="main/checkout/broken.json", reader="broken-reader", state=SourceState.CORRUPT, bytes=3),
        SourceFile(path="main/checkout/unknown.bin", state=SourceState.UNREAD, bytes=5, sha256="ab" * 32),
    )
