"""The readers in order of recognition: a new format is one module and one name here.

Each stands under the kind of document that it reads, because only readers of that kind are asked about a file, and
imported only then. Where two could take a file, the first in the list does. Readers of other packages come last.
"""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import TYPE_CHECKING, Final

from generator.errors import UsageError
from generator.plugins import Reader
from generator.readers.content import ending_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint
    from types import ModuleType

    from generator.artifact import Artifact
    from generator.plugins import Reading

JSON: Final = (
    *("github_runs", "github_jobs", "allure_report_data", "result", "environment", "shard_manifest", "summary"),
    *("failure_digest", "failure_timeline", "diagnostics_index", "replay_bundle", "triage_diff"),
    *("runner_outcome", "run_manifest", "lane_index", "full_suite_verdict", "full_suite_events"),
    *("preflight_verdict", "certification_verdict", "waiver_audit", "test_log", "quarantine_report"),
    *("quarantine_audit", "evidence_bundle", "certification_dossier", "remediation_backlog", "must_pass_gate"),
    *("conformance_summary", "health_delta", "platform_report", "dropin_verdict", "practical_finish"),
    *("bead_coverage", "sec_conformance", "artifact_retention", "evidence_contract", "gate_promotion"),
    *("release_readiness", "soak_report", "scenario_matrix", "maintenance_dashboard", "smoke_summary"),
    *("perf_budgets", "perf_budget_events", "perf_comparison", "stress_triage", "parameter_sweeps"),
    *("opportunity_matrix", "shard_summary", "test_health", "family_events", "extension_profile_matrix"),
    *("allure_result", "allure_container", "allure_history", "allure_summary", "allure_trend", "ctrf"),
    *("playwright_json", "pytest_json_report", "pytest_reportlog", "jest_json", "mochawesome", "mocha_json"),
    *("cucumber_json", "rspec_json", "dart_json", "go_test_json", "cargo_libtest", "sarif", "coverage_py"),
    *("pytest_benchmark", "benchmark_action", "asv", "hyperfine", "google_benchmark", "jmh", "benchmarkdotnet"),
)
"""Readers of JSON documents and JSON lines."""

XML: Final = (*("trx", "nunit2", "nunit3", "xunit", "allure1", "jenkins_result", "cobertura", "clover", "junit"),)
"""Readers of XML documents."""

TEXT: Final = (
    *("log_signal", "suite_classification", "allure_suites_csv", "codeowners", "lcov", "benchmark_action"),
    *("go_test_json", "cargo_libtest", "dart_json", "tap"),
)
"""Readers of everything else: text, CSV, TOML, JavaScript, and JSON lines that begin with other lines."""

GROUP: Final = "replaybook.readers"
"""Entry points of other packages: each names a module that keeps to `plugins.Reader`."""

_BY_ENDING: Final = {
    **dict.fromkeys(("json", "jsonl", "ndjson", "sarif"), "json"),
    **dict.fromkeys(("xml", "trx"), "xml"),
}
_BY_FIRST: Final = {b"{": "json", b"[": "json", b"<": "xml"}
_BLANK: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"


class Registered:
    """A reader of ours, imported when a file of its kind is first seen."""

    def __init__(self, name: str, kinds: frozenset[str]) -> None:
        self.NAME = name
        self.kinds = kinds

    @cached_property
    def module(self) -> ModuleType:
        """The module of the reader."""
        return importlib.import_module(f"generator.readers.{self.NAME}")

    @property
    def TITLE(self) -> str:  # noqa: N802 - as the contract names it
        """What people call the format."""
        return str(self.module.TITLE)

    @property
    def SIGNS(self) -> str:  # noqa: N802 - as the contract names it
        """By what its files are recognised."""
        return str(self.module.SIGNS)

    def recognises(self, artifact: Artifact) -> str:
        """Return by which sign the artifact is of this format, empty when it is of another kind of document."""
        if self.kinds.isdisjoint(artifact.remembered("kinds", lambda: kinds_of(artifact))):
            return ""
        sign: str = self.module.recognises(artifact)
        return sign

    def read(self, artifact: Artifact) -> Reading:
        """Return what the artifact says; raises UnreadableError."""
        reading: Reading = self.module.read(artifact)
        return reading


def kinds_of(artifact: Artifact) -> frozenset[str]:
    """Return as which kinds of document a file may be read: by its first character, and by its ending."""
    first = artifact.peek().replace(b"\0", b"").lstrip(_BLANK)[:1]
    by_name = _BY_ENDING.get(ending_of(artifact.name), "text")
    return frozenset({_BY_FIRST.get(first, "text"), by_name})


def _registered() -> tuple[Registered, ...]:
    kinds: dict[str, set[str]] = {}
    for kind, names in (("json", JSON), ("text", TEXT), ("xml", XML)):
        for name in names:
            kinds.setdefault(name, set()).add(kind)
    return tuple(Registered(name, frozenset(found)) for name, found in kinds.items())


READERS: Final[tuple[Reader, ...]] = _registered()
"""All our readers; the order within a kind is that of its list."""


def all_readers(found: Iterable[EntryPoint] | None = None) -> tuple[Reader, ...]:
    """Return our readers and those that installed packages add; raises UsageError for one that cannot be used."""
    from importlib.metadata import entry_points  # noqa: PLC0415  not needed to name the readers

    added = sorted(entry_points(group=GROUP) if found is None else found, key=lambda point: (point.name, point.value))
    readers = [*READERS, *(_loaded(point) for point in added)]
    names = [reader.NAME for reader in readers]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), "")
    if twice:
        raise UsageError(f"two readers are called {twice}", "uninstall one of the packages that add it")
    return tuple(readers)


def _loaded(point: EntryPoint) -> Reader:
    hint = f"repair or uninstall the package that adds `{point.value}` to `{GROUP}`"
    try:
        reader = point.load()
    except Exception as error:  # whatever a foreign module does when it is imported
        raise UsageError(f"the reader {point.name} cannot be loaded: {type(error).__name__}: {error}", hint) from error
    if not isinstance(reader, Reader):
        wanted = "NAME, TITLE, SIGNS, recognises and read"
        raise UsageError(f"the reader {point.name} does not offer {wanted}", hint)
    return reader
