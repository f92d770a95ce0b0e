"""Where things stand: the address of a failure, a run, a gate, a commit; empty where there is nothing to lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.safety.ids import is_commit, is_key, key_or_hash

if TYPE_CHECKING:
    from generator.findings import Failure, Report
    from generator.plugins import PageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The addresses of one report."""

    version: str
    label: str
    """Label of the report's own run; its version may be called otherwise."""
    versions: frozenset[str]
    forge_url: str
    """Without the last slash; empty = no links to commits."""
    failure_pages: frozenset[str]
    failure_rows: frozenset[str]

    def failure(self, failure_id: str) -> str:
        """Return the failure's page, else its row in the list, else nothing."""
        if failure_id in self.failure_pages:
            return f"failures/{failure_id}/"
        return f"failures/#{failure_id}" if failure_id in self.failure_rows else ""

    def run(self, label: str) -> str:
        """Return the root of the version that shows the run."""
        name = self.version if label == self.label else label
        return f"/{name}/" if name in self.versions else ""

    def commit(self, commit: str) -> str:
        """Return the commit's page at the forge."""
        return f"{self.forge_url}/commit/{commit}" if self.forge_url and is_commit(commit) else ""

    def compare(self, good: str, bad: str) -> str:
        """Return the forge's page of the commits after `good` up to `bad`."""
        known = self.forge_url and is_commit(good) and is_commit(bad) and good != bad
        return f"{self.forge_url}/compare/{good}...{bad}" if known else ""

    def forge(self, url: str) -> str:
        """Return the address when it lies below the configured forge: others come from artifacts and are not linked."""
        return url if self.forge_url and url.startswith(f"{self.forge_url}/") else ""


def links_of(report: Report, limits: PageLimits) -> Links:
    """Return the addresses of a report, knowing which failures get a page or at least a row."""
    failures = report.findings.failures
    listed = (*counted(report)[: rows_of_failures(limits)], *containers(report)[: limits.list_rows])
    forge = report.forge_url.rstrip("/")
    return Links(
        version=report.version,
        label=report.findings.run.label,
        versions=frozenset(name for name in report.versions if is_key(name)),
        forge_url=forge if forge.startswith("https://") else "",
        failure_pages=frozenset(failure.failure_id for failure in failures[: limits.failure_pages]),
        failure_rows=frozenset(failure.failure_id for failure in listed),
    )


def rows_of_failures(limits: PageLimits) -> int:
    """Return how many failures are listed: those with a page and as many rows again as any list may have."""
    return limits.failure_pages + limits.list_rows


def counted(report: Report) -> tuple[Failure, ...]:
    """Return the failures that are counted: cases, and targets whose failing cases are not known."""
    return report.findings.counted_failures


def containers(report: Report) -> tuple[Failure, ...]:
    """Return the targets that failed through cases that are counted themselves."""
    return tuple(failure for failure in report.findings.failures if failure.children)


def gate_anchor(gate_id: str) -> str:
    """Return the anchor of a gate's row; the prefix keeps a gate's name from being any other id of the page."""
    return f"gate-{key_or_hash(gate_id, 'id')}"
