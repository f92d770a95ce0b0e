"""Which file belongs to which run: by the files that anchor a run, else by the folders that hold test reports.

1. All below a folder with `run.json` is one CI run, however many runner folders are in it.
2. Else a folder that directly holds a file of the runner is one run.
3. Else the folder above `tests/full_suite_gate/` or `full_suite_gate/` is one run of gate evidence.
4. Test reports without any of these: see `_whole_arguments` and `_report_root`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from os.path import commonpath
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from generator.safety.archives import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.readers.found import Found

RUN_READERS: Final = frozenset({"run_manifest"})
FOLDER_READERS: Final = frozenset(
    {"environment", "summary", "shard_manifest", "replay_bundle", "lane_index", "runner_outcome"}
)
GATE_READERS: Final = frozenset(
    {"full_suite_verdict", "full_suite_events", "preflight_verdict", "certification_verdict", "waiver_audit"}
)
EVIDENCE_READERS: Final = frozenset(
    {
        *("result", "failure_digest", "diagnostics_index", "failure_timeline", "triage_diff", "log_signal", "test_log"),
        *("evidence_contract", "release_readiness", "soak_report", "extension_profile_matrix", "gate_promotion"),
        *("quarantine_report", "quarantine_audit", "suite_classification", "evidence_bundle", "certification_dossier"),
        *("remediation_backlog", "must_pass_gate", "conformance_summary", "health_delta", "platform_report"),
        *("dropin_verdict", "practical_finish", "bead_coverage", "sec_conformance", "artifact_retention"),
        *("scenario_matrix", "maintenance_dashboard", "smoke_summary", "perf_budgets", "perf_budget_events"),
        *("perf_comparison", "stress_triage", "parameter_sweeps", "opportunity_matrix", "shard_summary"),
        *("test_health", "family_events"),
    }
)
BESIDE_READERS: Final = frozenset(
    {
        *("codeowners", "github_runs", "github_jobs"),
        *("allure_container", "allure_history", "allure_trend", "allure_report_data"),
    }
)
"""Readers of what belongs to a run that is there, or to none."""

ABOUT_SEVERAL: Final = frozenset({"shard_summary", "test_health", "codeowners", "github_runs", "github_jobs"})
"""Readers of what may be about several runs at once."""

NOT_REPORTS: Final = RUN_READERS | FOLDER_READERS | GATE_READERS | EVIDENCE_READERS | BESIDE_READERS
"""Readers whose files do not make a run as test reports do; those of every other reader do."""

GATE_FOLDER: Final = "full_suite_gate"

CONVENTIONAL: Final = frozenset(
    {
        *("junit", "reports", "test-results", "test_results", "results", "surefire-reports", "failsafe-reports"),
        *("allure-results", "target", "build", "out", "xml", "artifacts"),
    }
)
"""Names of folders that hold reports of the run above them and say nothing about which run it is."""

_SLICE: Final = re.compile(
    r"(?:run[-_])?(?:attempt|retry|rerun|try)[-_.]?[0-9]{1,3}|(?:.{0,80}[-_. ])?[0-9]{1,4}[-_]?of[-_]?[0-9]{1,4}",
    re.ASCII | re.IGNORECASE,
)
"""Names of folders that hold an attempt or a shard of the run above them."""

Key = tuple["Origin", PurePath]
"""Which rule made a run, and its folder."""


class Origin(Enum):
    """Which rule made a run of a group of files."""

    MANIFEST = auto()
    FOLDER = auto()
    GATES = auto()
    REPORTS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The files of one run; `root` is its absolute folder, for grouping only."""

    origin: Origin
    root: PurePath
    files: tuple[Found, ...]


def group(files: Sequence[Found], *, one_run: bool) -> tuple[list[Group], list[Found]]:
    """Return the runs, sorted by origin and folder, and the files that belong to none.

    `one_run`: all reports that no file anchors are one run, because the command line says which.
    """
    anchors = {folder: origin for origin in reversed(Origin) for folder in _anchored(files, origin)}
    nearest = Nearest(anchors)
    members: dict[Key, list[Found]] = {}
    loose: list[Found] = []
    for file in files:
        key = nearest.of(file.directory)
        if key is None:
            loose.append(file)
        else:
            members.setdefault(key, []).append(file)
    reports, rest = _group_reports(loose, one_run=one_run)
    groups = [
        Group(origin=origin, root=root, files=tuple(sorted(found, key=lambda file: file.order)))
        for (origin, root), found in sorted(
            (members | reports).items(), key=lambda item: (item[0][0].value, str(item[0][1]))
        )
    ]
    return groups, rest


def is_report(file: Found) -> bool:
    """Whether a reader of test reports took the file."""
    return file.source.reader is not None and file.reader not in NOT_REPORTS


def is_runner_file(file: Found) -> bool:
    """Whether the file shows that the runner wrote into the folder it lies in."""
    return file.reader in FOLDER_READERS and not _is_gate_bundle(file)


def gate_root(directory: PurePath) -> PurePath:
    """Return the folder of the run that gate files in `directory` belong to."""
    if directory.name != GATE_FOLDER:
        return directory
    above = directory.parent
    return above.parent if above.name == "tests" else above


def _is_gate_bundle(file: Found) -> bool:
    return file.reader == "replay_bundle" and file.directory.name == GATE_FOLDER


def _anchored(files: Iterable[Found], origin: Origin) -> set[PurePath]:
    if origin is Origin.MANIFEST:
        return {file.directory for file in files if file.reader in RUN_READERS}
    if origin is Origin.FOLDER:
        return {file.directory for file in files if is_runner_file(file)}
    if origin is Origin.GATES:
        return {gate_root(file.directory) for file in files if file.reader in GATE_READERS or _is_gate_bundle(file)}
    return set()


class Nearest:
    """For every folder the anchor above it: `run.json` goes before runner files, and these before gates."""

    def __init__(self, anchors: dict[PurePath, Origin]) -> None:
        self._anchors = anchors
        self._known: dict[PurePath, Key | None] = {}

    def of(self, folder: PurePath) -> Key | None:
        """Return rule and root, or None where no anchor is above."""
        if folder in self._known:
            return self._known[folder]
        above = folder.parent
        outer = self.of(above) if above != folder else None
        origin = self._anchors.get(folder)
        here = (origin, folder) if origin else None
        best = here if here and (outer is None or here[0].value <= outer[0].value) else outer
        self._known[folder] = best
        return best


def _group_reports(loose: Sequence[Found], *, one_run: bool) -> tuple[dict[Key, list[Found]], list[Found]]:
    """Group test reports by rule 4; other files below such a run's folder belong to it, too."""
    reports = [file for file in loose if is_report(file)]
    if not reports:
        return {}, list(loose)
    whole = _whole_arguments(file for file in reports if not file.named)
    together = _common(file.directory for file in reports)
    named_root = _common(file.directory for file in reports if file.named)
    found: dict[Key, list[Found]] = {}
    for file in reports:
        root = together if one_run else named_root if file.named else _report_root(file, whole)
        found.setdefault((Origin.REPORTS, root), []).append(file)
    rest: list[Found] = []
    for file in loose:
        if not is_report(file):
            root = together if one_run else _report_root(file, whole)
            key = (Origin.REPORTS, root)
            below = file.directory.is_relative_to(root) and not file.named
            home = found.get(key) if below else None
            (rest if home is None else home).append(file)
    return found, rest


def _whole_arguments(reports: Iterable[Found]) -> set[PurePath]:
    """Return the arguments that are one run each: they hold a report themselves, or folders for its jobs.

    Folders of runs are numbered or dated. Where there are several and one of them has no digit in its name (`linux`,
    `coverage`, `lint`), they are what the jobs of one run left.
    """
    children: dict[PurePath, set[str]] = {}
    whole: set[PurePath] = set()
    for file in reports:
        if file.directory == file.argument:
            whole.add(file.argument)
        else:
            children.setdefault(file.argument, set()).add(_child(file))
    whole |= {
        argument
        for argument, names in children.items()
        if len(names) > 1 and any(not any(letter.isdigit() for letter in name) for name in names)
    }
    return whole


def _child(file: Found) -> str:
    """Return the folder within its argument that a file lies in, an archive without its ending."""
    return stem(file.directory.relative_to(file.argument).parts[0])


def _report_root(file: Found, whole: set[PurePath]) -> PurePath:
    """Return the argument when it is one run or the folder's name is that of a part of one, else its child."""
    argument = file.argument
    if argument in whole or file.directory == argument:
        return argument
    if is_part_name(_child(file)):
        return argument
    return argument / file.directory.relative_to(argument).parts[0]


def is_part_name(name: str) -> bool:
    """Tell whether a folder is called like a part of the run above it: a conventional name, an attempt or a shard."""
    return name.lower() in CONVENTIONAL or _SLICE.fullmatch(name) is not None


def _common(folders: Iterable[PurePath]) -> PurePath:
    """Return the folder above all of them; the empty path for none."""
    found = [str(folder) for folder in folders]
    return PurePath(commonpath(found)) if found else PurePath()
