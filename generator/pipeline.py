"""The program's story: artifacts, history, findings, verdicts, pages, site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import history
from generator.errors import EvidenceError, ExitCode, UsageError
from generator.ingestion import Ingested, ingest
from generator.publish import RESERVED, transaction
from generator.records import Problem, Redaction, Severity
from generator.render import SiteShell, warm_up
from generator.safety.ids import is_key
from generator.worker import second_process

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from generator.analysis import Prepared
    from generator.config import Settings
    from generator.edition import Edition
    from generator.findings import Report, RunFacts
    from generator.publish import Version
    from generator.readers import RunDefaults
    from generator.views import Page

__all__ = [
    "BuildRequest",
    "BuildResult",
    "Ingested",
    "build",
    "export",
    "import_file",
    "ingest",
    "judge",
    "list_runs",
    "merge",
    "pages_of",
    "prune",
    "verify",
]


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
    mkdocs: Path | None = None
    """A mkdocs.yml of the user's that the site inherits from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What `build` did, for the newest run."""

    report: Report
    problems: tuple[Problem, ...]
    versions: tuple[str, ...]
    changed: int
    """Files and folders of the site that are not as they were."""
    added: int
    history_runs: int
    index: Path
    redactions: tuple[Redaction, ...]
    """What was masked in the artifacts that were given, sorted by kind."""
    exit_code: ExitCode


def build(request: BuildRequest) -> BuildResult:
    """Ingest the artifacts, analyse and judge the newest run, render it and switch it into the site."""
    with second_process() as second, transaction(request.site) as site:
        arriving = second.submit(ingest, request.artifacts, request.history, request.defaults)
        second.submit(warm_up)
        from generator import analysis, edition, gates  # noqa: PLC0415  pandas loads while the other process reads

        ingested = arriving.result()
        if not request.history.exists():
            raise _nothing(ingested)
        prepared = analysis.prepare(history.open_store(request.history, create=True).snapshot(), request.settings)
        editions = _editions(prepared, request, ingested)
        names = _names(site.existing, editions)
        reports = []
        promised = []
        for chosen in editions:
            reports.append(edition.report_of(prepared, chosen, request.settings, names))
            promised.append(edition.begin(reports[-1], request.settings, request.mkdocs, site, second))
        shell = SiteShell(request.settings.project.name)
        site.stage(shell)
        for version, report in zip(promised, reports, strict=True):
            version.result()
            edition.put_data(report, site)
        changed = site.switch(shell)
    return BuildResult(
        report=reports[-1],
        problems=ingested.problems,
        versions=tuple(chosen.name for chosen in editions),
        changed=changed,
        added=len(ingested.added),
        history_runs=len(prepared.runs),
        index=request.site / "index.html",
        redactions=ingested.redactions,
        exit_code=_exit_code(gates.exit_code(reports[-1].judgement), ingested.problems),
    )


def judge(folder: Path, settings: Settings, *, ref: str | None = None, base: str | None = None) -> Report:
    """Return the report of a run of the history, the newest by default, without rendering it."""
    return _report(folder, settings, ref=ref, base=base)


def pages_of(artifacts: Sequence[Path], folder: Path, settings: Settings, defaults: RunDefaults) -> tuple[Page, ...]:
    """Return the pages of the newest run: what the MkDocs plugin puts into somebody's own site."""
    from generator import edition  # noqa: PLC0415  pandas is loaded only when it is needed

    strays = ingest(artifacts, folder, defaults).unplaced
    return edition.pages_of(_report(folder, settings, strays=strays), settings)


def list_runs(folder: Path, settings: Settings) -> tuple[RunFacts, ...]:
    """Return the logical runs of the history, oldest first."""
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    return analysis.prepare(history.open_store(folder, create=False).snapshot(), settings).runs


def verify(folder: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check every stored byte; returns the number of units and what is wrong."""
    return history.open_store(folder, create=False).verify()


def merge(others: Sequence[Path], folder: Path) -> history.Merged:
    """Add the units of other histories to one, which is begun if there is none; nothing there is changed."""
    history.others_of(others)  # none is begun for folders that are no histories
    return history.open_store(folder, create=True).merge(others)


def export(folder: Path, file: Path, settings: Settings, refs: Sequence[str] = ()) -> history.Exported:
    """Write the history, or some of its runs, to one tar."""
    store = history.open_store(folder, create=False)
    if not refs:
        return store.export(file)
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    prepared = analysis.prepare(store.snapshot(), settings)
    return store.export(file, {unit for ref in refs for unit in analysis.resolve(prepared, ref).unit_ids})


def import_file(file: Path, folder: Path) -> history.Merged:
    """Add the units of an exported tar to a history, which is begun if there is none."""
    history.demand_bundle(file)
    return history.open_store(folder, create=True).take_in(file)


def prune(
    folder: Path, settings: Settings, keep: history.Keep, *, really: bool
) -> tuple[tuple[RunFacts, ...], int, history.Pruned]:
    """Remove old runs, or only say which: the runs that go, how many stay, and what became of their files."""
    from generator import analysis  # noqa: PLC0415  pandas is loaded only when it is needed

    store = history.open_store(folder, create=False)
    prepared = analysis.prepare(store.snapshot(), settings)
    going = history.surplus(prepared.runs, keep)
    pruned = store.prune({unit for run in going for unit in run.unit_ids}, really=really)
    return going, len(prepared.runs) - len(going), pruned


def _report(
    folder: Path,
    settings: Settings,
    *,
    ref: str | None = None,
    base: str | None = None,
    strays: tuple[Problem, ...] = (),
) -> Report:
    from generator import analysis, edition  # noqa: PLC0415  pandas is loaded only when it is needed

    prepared = analysis.prepare(history.open_store(folder, create=False).snapshot(), settings)
    if not prepared.runs:
        raise EvidenceError(f"the history {folder} holds no run", "ingest the artifacts of a run first")
    run = analysis.resolve(prepared, ref) if ref else prepared.runs[-1]
    chosen = edition.Edition(run=run, name=run.label, as_of=_time(run), base=base, strays=strays)
    return edition.report_of(prepared, chosen, settings)


def _editions(prepared: Prepared, request: BuildRequest, ingested: Ingested) -> list[Edition]:
    """Return the runs to render, oldest first; the newest is as of now, those before it each as of its time."""
    from generator.edition import Edition  # noqa: PLC0415  loaded by `build`

    if not prepared.runs:
        raise _nothing(ingested)
    *earlier, newest = prepared.runs[-1 - request.backfill :]
    return [
        *(Edition(run=run, name=_version_name(run), as_of=_time(run)) for run in earlier),
        Edition(
            run=newest,
            name=_chosen_name(request.version_label) or _version_name(newest),
            as_of=request.now,
            base=request.base,
            strays=(*prepared.snapshot.problems, *ingested.unplaced),
        ),
    ]


def _nothing(ingested: Ingested) -> EvidenceError:
    """Return why there is no run to report, by the first thing that could not be read."""
    first = next((found for found in ingested.problems if found.severity is Severity.ERROR), None)
    if first is None:
        return EvidenceError("nothing to report: no run was given and the history holds none", "name a folder of runs")
    return EvidenceError(f"nothing to report: {first.path}: {first.message}", first.hint)


def _time(run: RunFacts) -> datetime:
    return run.finished_at or run.started_at


def _version_name(run: RunFacts) -> str:
    """Return the run's label, unless the site needs that name for itself."""
    return f"run-{run.label}" if run.label.casefold() in RESERVED else run.label


def _chosen_name(label: str | None) -> str:
    """Return the user's name for the version, or nothing; UsageError when it cannot be one."""
    if label is not None and (not is_key(label) or label.casefold() in RESERVED):
        raise UsageError(f"`{label}` cannot name a version", "use letters, digits, dots, dashes and underscores")
    return label or ""


def _names(existing: Sequence[Version], editions: Sequence[Edition]) -> tuple[str, ...]:
    """Return the names of all versions as they will be, newest run first."""
    order = {version.name: version.started_at for version in existing}
    order |= {chosen.name: chosen.run.started_at for chosen in editions}
    return tuple(sorted(order, key=lambda name: (order[name], name), reverse=True))


def _exit_code(verdict: ExitCode, problems: Sequence[Problem]) -> ExitCode:
    """A failed gate before missing evidence before all is well."""
    unread = any(found.severity is Severity.ERROR for found in problems)
    return ExitCode.EVIDENCE if verdict is ExitCode.OK and unread else verdict
