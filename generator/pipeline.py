"""The program's story: artifacts, history, findings, verdicts, pages, site. Only this module knows all stages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator import gates, history, pages, publish, readers, render
from generator.errors import EvidenceError, ExitCode, UsageError
from generator.export import answers
from generator.findings import Report
from generator.records import Problem, Severity
from generator.safety.ids import is_key
from generator.worker import second_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from datetime import datetime
    from pathlib import Path

    from generator.analysis import Prepared
    from generator.config import Settings
    from generator.findings import Findings, Judgement, RunFacts
    from generator.history import Store
    from generator.readers import Intake, RunDefaults
    from generator.views import Page
    from generator.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """What `build` was asked to do."""

    artifacts: tuple[Path, ...]
    history: Path
    site: Path
    settings: Settings
    defaults: RunDefaults
    now: datetime
    base: str | None = None
    version_label: str | None = None
    backfill: int = 0
    mkdocs_config: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What `build` did, for the newest run."""

    report: Report
    problems: tuple[Problem, ...]
    versions: tuple[str, ...]
    changed: int
    added: int
    history_runs: int
    index: Path
    exit_code: ExitCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of the runs of some artifacts."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]
    """Everything that was wrong with the artifacts."""
    unplaced: tuple[Problem, ...]
    """Those that belong to no run: shown with the newest one."""


def build(request: BuildRequest) -> BuildResult:
    """Ingest the artifacts, analyse and judge the newest run, render it and switch it into the site."""
    with second_process() as second, publish.transaction(request.site) as site:
        arriving = second.submit(ingest, request.artifacts, request.history, request.defaults)
        second.submit(render.warm_up)
        from generator import analysis  # noqa: PLC0415  pandas loads while the second process reads

        ingested = arriving.result()
        store = history.open_store(request.history, create=True)
        prepared = analysis.prepare(store.snapshot(), request.settings)
        chosen = _versions(prepared, request, ingested.problems)
        names = tuple(_merged_names(site.existing, chosen))
        report, promised = None, []
        for run, label in chosen:
            newest = run.label == chosen[-1][0].label
            strays = (*prepared.snapshot.problems, *ingested.unplaced) if newest else ()
            report = _report(prepared, run, request, label, names, strays)
            promised.append(_render(report, request, site, second))
        assert report is not None  # _versions raises when there is nothing to render
        shell = render.SiteShell(request.settings.project.name)
        site.stage(shell)
        for version in promised:
            version.result()
        changed = site.switch(shell)
    return BuildResult(
        report=report,
        problems=ingested.problems,
        versions=tuple(label for _, label in chosen),
        changed=changed,
        added=len(ingested.added),
        history_runs=len(prepared.runs),
        index=request.site / "index.html",
        exit_code=_exit_code(report.judgement, ingested.problems),
    )


def ingest(artifacts: Sequence[Path], folder: Path, defaults: RunDefaults) -> Ingested:
    """Add the runs of the artifacts to the history."""
    return _append(history.open_store(folder, create=True), readers.read_all(artifacts, defaults))


def judge(folder: Path, settings: Settings, *, ref: str | None, base: str | None, now: datetime | None) -> Report:
    """Return the report of a run of the history, the newest by default, without rendering it."""
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    prepared = analysis.prepare(history.open_store(folder, create=False).snapshot(), settings)
    if not prepared.runs:
        raise EvidenceError(f"the history {folder} holds no run", "ingest the artifacts of a run first")
    run = analysis.resolve(prepared, ref) if ref else prepared.runs[-1]
    findings = analysis.analyse(prepared, run.label, base=base, settings=settings)
    return Report(
        version=run.label,
        title=run.label,
        as_of=now or run.finished_at or run.started_at,
        findings=findings,
        judgement=gates.judge_all(findings, settings),
        stale_after_hours=settings.site.stale_after_hours,
        forge_url=settings.project.forge_url,
    )


def pages_of(artifacts: Sequence[Path], folder: Path, settings: Settings, defaults: RunDefaults) -> tuple[Page, ...]:
    """Return the pages of the newest run: what the MkDocs plugin puts into somebody's own site."""
    ingested = ingest(artifacts, folder, defaults)
    report = judge(folder, settings, ref=None, base=None, now=None)
    shown = replace(report, findings=_with_problems(report, ingested.unplaced))
    return pages.build_all(shown, failure_pages=settings.site.failure_pages, list_rows=settings.site.list_rows)


def list_runs(folder: Path, settings: Settings) -> tuple[RunFacts, ...]:
    """Return the logical runs of the history, oldest first."""
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    return analysis.prepare(history.open_store(folder, create=False).snapshot(), settings).runs


def verify(folder: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check every stored byte; returns the number of units and what is wrong."""
    return history.open_store(folder, create=False).verify()


def _append(store: Store, intake: Intake) -> Ingested:
    outcome: dict[history.Appended, list[str]] = {state: [] for state in history.Appended}
    refused = []
    for unit in intake.units:
        state = store.append(unit)
        outcome[state].append(unit.run.key.run_id)
        if state is history.Appended.CONFLICT:
            refused.append(store.conflict_problem(unit))
    return Ingested(
        added=tuple(outcome[history.Appended.NEW]),
        known=tuple(outcome[history.Appended.KNOWN]),
        refused=tuple(outcome[history.Appended.CONFLICT]),
        problems=(*intake.problems, *refused),
        unplaced=(*intake.unplaced, *refused),
    )


def _versions(prepared: Prepared, request: BuildRequest, problems: Sequence[Problem]) -> list[tuple[RunFacts, str]]:
    """Return the runs to render with their version names, oldest first, the newest run last."""
    if not prepared.runs:
        first = next((found for found in problems if found.severity is Severity.ERROR), None)
        cause = f"{first.path}: {first.message}" if first else "no artifact holds a run"
        raise EvidenceError(f"nothing to report: {cause}", "run `replaybook inspect` on the artifacts")
    label = request.version_label
    if label is not None and not is_key(label):
        raise UsageError(f"`{label}` cannot name a version", "use letters, digits, dots, dashes and underscores")
    runs = prepared.runs[-1 - request.backfill :]
    return [(run, label if label and run is runs[-1] else run.label) for run in runs]


def _merged_names(existing: Sequence[publish.Version], chosen: Sequence[tuple[RunFacts, str]]) -> Iterator[str]:
    order = {version.name: version.started_at for version in existing} | {name: run.started_at for run, name in chosen}
    yield from sorted(order, key=lambda name: (order[name], name), reverse=True)


def _report(
    prepared: Prepared,
    run: RunFacts,
    request: BuildRequest,
    label: str,
    versions: tuple[str, ...],
    problems: Sequence[Problem],
) -> Report:
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    newest = run is prepared.runs[-1]
    findings = analysis.analyse(prepared, run.label, base=request.base if newest else None, settings=request.settings)
    report = Report(
        version=label,
        title=label,
        as_of=request.now if newest else run.finished_at or run.started_at,
        findings=findings,
        judgement=gates.judge_all(findings, request.settings),
        stale_after_hours=request.settings.site.stale_after_hours,
        forge_url=request.settings.project.forge_url,
        versions=versions,
    )
    if not problems:
        return report
    findings = _with_problems(report, problems)
    return replace(report, findings=findings, judgement=gates.judge_all(findings, request.settings))


def _with_problems(report: Report, problems: Sequence[Problem]) -> Findings:
    """Add what happened while reading to the run that it happened to."""
    known = set(report.findings.run.problems)
    fresh = tuple(found for found in problems if found not in known)
    run = replace(report.findings.run, problems=(*report.findings.run.problems, *fresh))
    return replace(report.findings, run=run, runs=(*report.findings.runs[:-1], run))


def _render(
    report: Report, request: BuildRequest, site: publish.Transaction, second: Worker
) -> Future[render.RenderResult]:
    """Begin to render a version into its staging folder, and register it with its permalinks."""
    settings = request.settings
    made = pages.build_all(report, failure_pages=settings.site.failure_pages, list_rows=settings.site.list_rows)
    promise = second.submit(
        render.render_version,
        made,
        render.RenderTarget(
            out=site.folder(report.version),
            assets_out=site.assets,
            version=report.version,
            site_name=settings.project.name,
            site_url=settings.site.url,
            as_of=report.as_of,
            config_file=request.mkdocs_config,
        ),
    )
    links = {
        page.permalink.removeprefix("f/"): publish.Target(
            version=report.version, title=page.title, summary=page.summary
        )
        for page in made
        if page.permalink
    }
    verdict = report.judgement.verdict.value
    site.add(
        publish.Version(
            name=report.version,
            title=f"{report.version} ({answers.WORDS[verdict].rstrip('.').lower()})",
            started_at=report.findings.run.started_at,
            verdict=verdict,
        ),
        links,
    )
    return promise


def _exit_code(judgement: Judgement, problems: Sequence[Problem]) -> ExitCode:
    """A failed gate before missing evidence before all is well."""
    code = gates.exit_code(judgement)
    unread = any(found.severity is Severity.ERROR for found in problems)
    return ExitCode.EVIDENCE if code is ExitCode.OK and unread else code
