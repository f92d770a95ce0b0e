"""One version of the site: a run analysed as of its time, judged, put into words and rendered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator import analysis, gates, pages, publish, render
from generator.export import analysis as export_analysis
from generator.export import answers
from generator.findings import Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from datetime import datetime
    from pathlib import Path

    from generator.analysis import Prepared
    from generator.config import Settings
    from generator.findings import Findings, RunFacts
    from generator.records import Problem
    from generator.views import Page
    from generator.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which run becomes which version, and what is known beside its records."""

    run: RunFacts
    name: str
    """Name of the version: the run's label, or the user's."""
    as_of: datetime
    base: str | None = None
    strays: tuple[Problem, ...] = ()
    """Problems that belong to no run, shown with this one."""


def report_of(prepared: Prepared, edition: Edition, settings: Settings, versions: tuple[str, ...] = ()) -> Report:
    """Return findings and judgement of a run, looking at no later run."""
    findings = analysis.analyse(prepared, edition.run.label, base=edition.base, settings=settings)
    if edition.strays:
        findings = _with_problems(findings, edition.strays)
    return Report(
        version=edition.name,
        title=edition.name,
        as_of=edition.as_of,
        findings=findings,
        judgement=gates.judge_all(findings, settings),
        stale_after_hours=settings.site.stale_after_hours,
        forge_url=settings.project.forge_url,
        versions=versions,
    )


def pages_of(report: Report, settings: Settings) -> tuple[Page, ...]:
    """Return all pages of a report."""
    return pages.build_all(report, failure_pages=settings.site.failure_pages, list_rows=settings.site.list_rows)


def begin(
    report: Report, settings: Settings, mkdocs: Path | None, site: publish.Transaction, second: Worker
) -> Future[render.RenderResult]:
    """Begin to render a version into its staging folder, and register it with its permalinks."""
    made = pages_of(report, settings)
    target = render.RenderTarget(
        out=site.folder(report.version),
        assets_out=site.assets,
        version=report.version,
        site_name=settings.project.name,
        site_url=settings.site.url,
        as_of=report.as_of,
        config_file=mkdocs,
    )
    links = {
        page.permalink.removeprefix("f/"): publish.Target(
            version=report.version, title=page.title, summary=page.summary
        )
        for page in made
        if page.permalink
    }
    site.add(_version(report), links)
    return second.submit(render.render_version, made, target)


def put_data(report: Report, site: publish.Transaction) -> None:
    """Write what the analysis found as data beside the pages of its version, which must stand by now."""
    site.put(report.version, export_analysis.NAME, export_analysis.dumped(report))


def _version(report: Report) -> publish.Version:
    """Return the entry of the version selector; its title is made of a validated name and fixed words."""
    verdict = report.judgement.verdict.value
    return publish.Version(
        name=report.version,
        title=f"{report.version} ({answers.WORDS[verdict].rstrip('.').lower()})",
        started_at=report.findings.run.started_at,
        verdict=verdict,
    )


def _with_problems(findings: Findings, problems: Sequence[Problem]) -> Findings:
    known = set(findings.run.problems)
    fresh = tuple(found for found in problems if found not in known)
    run = replace(findings.run, problems=(*findings.run.problems, *fresh))
    return replace(findings, run=run, runs=(*findings.runs[:-1], run))
