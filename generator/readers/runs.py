"""One group of files as one RunUnit: its parts, results and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.readers.anchors import Origin, is_runner_file
from generator.readers.discover import shown_path
from generator.readers.evidence import Pieces, by_part
from generator.readers.folder import RunnerFolder
from generator.readers.identity import began, folder_commit, key_of, takes_defaults
from generator.readers.merging import merge
from generator.readers.outcomes import target_results
from generator.readers.parts import part_of
from generator.readers.redactions import redactions_of
from generator.readers.report_parts import place_reports
from generator.records import Counts, Evidence, Part, PartState, Problem, Run, RunManifest, RunUnit
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from pathlib import PurePath

    from generator.readers.anchors import Group
    from generator.readers.found import Found
    from generator.readers.intake import RunDefaults
    from generator.records import RunKey, TestResult

_FULL_COMMIT = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Built:
    """A run, and what was found wrong when its files were put together."""

    unit: RunUnit
    root: str
    """The run's folder as it is shown."""
    counts: Counts
    """Of its test reports, attempts merged and nothing counted twice."""
    problems: tuple[Problem, ...]
    """All problems that the unit carries, with paths as `inspect` prints them."""


def build(group: Group, defaults: RunDefaults) -> Built | None:
    """Return the run of a group of files; None when nothing in it could be read."""
    if not any(file.was_read for file in group.files):
        return None
    manifest = next((record for file in group.files if (record := file.first(RunManifest))), None)
    relative = _relative(group)
    pieces = Pieces(relative=relative)
    folders, others = _folders(group)
    parts, results = _runner_parts(group, folders, pieces)
    parts += _add_others(group, others, pieces, parts)
    homes = {folder.root: part.name for folder, part in zip(folders, parts, strict=False)}
    merged = merge(place_reports(group, homes, relative, parts))
    for file, message, hint in merged.notes:
        pieces.note(file, message, hint)
    key = key_of(group, manifest, folders, parts, defaults)
    run = _run(group, manifest, key, folders, parts, pieces, defaults)
    problems = [*((file, problem) for file in group.files for problem in file.problems), *pieces.problems]
    evidence = Evidence(
        digests=by_part(pieces.digests),
        timeline=tuple(pieces.timeline),
        bundles=by_part(pieces.bundles),
        triage=by_part(pieces.triage),
        gate_reports=by_part(pieces.gate_reports),
        waiver_audits=by_part(pieces.waiver_audits),
        statements=by_part(pieces.statements),
        quarantine=by_part(pieces.quarantine),
        classifications=by_part(pieces.classifications),
        coverage=by_part(pieces.coverage),
        alerts=by_part(pieces.alerts),
        measurements=by_part(pieces.measurements),
        forge=by_part(pieces.forge),
        owners=by_part(pieces.owners),
        sources=tuple(
            sorted(
                (file.source.model_copy(update={"path": relative[file.order]}) for file in group.files),
                key=lambda source: source.path,
            )
        ),
        problems=ordered(problem.model_copy(update={"path": relative[file.order]}) for file, problem in problems),
    )
    results += merged.results
    evidence = evidence.model_copy(update={"redactions": redactions_of(run, results, evidence)})
    unit = RunUnit(run=run, results=tuple(results), evidence=evidence)
    return Built(
        unit=unit, root=_shown_root(group), counts=merged.counts, problems=tuple(problem for _, problem in problems)
    )


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems sorted by path, severity, message and reader."""
    return tuple(
        sorted(problems, key=lambda item: (item.path, item.severity.value, item.message, item.reader or "", item.hint))
    )


def _below(root: PurePath, path: PurePath) -> str:
    """Return a path within the run as it is shown and stored."""
    return shown_path(path.relative_to(root).as_posix())


def _relative(group: Group) -> dict[tuple[str, str], str]:
    """Return the path within the run of each file, by its order."""
    below = {folder: folder.relative_to(group.root).parts for folder in {file.directory for file in group.files}}
    return {file.order: shown_path("/".join((*below[file.directory], file.name))) for file in group.files}


def _shown_root(group: Group) -> str:
    """Return the run's folder by the shortest path that was printed for one of its files."""
    shown = [file.path for file in group.files if file.directory == group.root] or [file.path for file in group.files]
    return min(shown).rpartition("/")[0] or clean_name(group.root.name)


def _folders(group: Group) -> tuple[list[RunnerFolder], tuple[Found, ...]]:
    """Return the runner folders with their own files, and the files that lie in none."""
    if group.origin not in {Origin.MANIFEST, Origin.FOLDER}:
        return [], group.files
    roots = sorted({file.directory for file in group.files if is_runner_file(file)})
    homes: dict[PurePath, list[Found]] = {root: [] for root in roots}
    others: list[Found] = []
    nearest = {folder: _home(folder, homes, group.root) for folder in {file.directory for file in group.files}}
    for file in group.files:
        home = nearest[file.directory]
        (others if home is None else homes[home]).append(file)
    return [RunnerFolder(root=root, files=tuple(homes[root])) for root in roots], tuple(others)


def _home(directory: PurePath, homes: Container[PurePath], top: PurePath) -> PurePath | None:
    """Return the nearest runner folder at or above a folder, not above the run's own."""
    while directory not in homes:
        if directory in {top, directory.parent}:
            return None
        directory = directory.parent
    return directory


def _runner_parts(group: Group, folders: Sequence[RunnerFolder], pieces: Pieces) -> tuple[list[Part], list[TestResult]]:
    parts: list[Part] = []
    results: list[TestResult] = []
    for folder in folders:
        part = part_of(folder, _below(group.root, folder.root), [part.name for part in parts])
        digests = pieces.add(folder, part.name)
        results += target_results(folder, part, digests, pieces)
        parts.append(part)
    return parts, results


def _add_others(group: Group, others: tuple[Found, ...], pieces: Pieces, parts: Sequence[Part]) -> list[Part]:
    """Add evidence that lies in no runner folder; a run that has nothing else gets a part for it."""
    folder = RunnerFolder(root=group.root, files=others)
    is_gates = group.origin is Origin.GATES and not parts
    pieces.add(folder, "gates" if is_gates else "")
    return [Part(name="gates", folder=".", state=PartState.GATES)] if is_gates else []


def _run(
    group: Group,
    manifest: RunManifest | None,
    key: RunKey,
    folders: Sequence[RunnerFolder],
    parts: Sequence[Part],
    pieces: Pieces,
    defaults: RunDefaults,
) -> Run:
    """Return the run: `run.json` first, then its parts, bundles and reports; settings where they may speak."""
    said = defaults if takes_defaults(group, manifest) else None
    moment, odd = began(group, manifest, folders, defaults)
    for wrong, place in odd[:1]:
        message = f"the time of this run by its {place} is {wrong:%Y-%m-%d %H:%M} UTC, after this build; not believed"
        pieces.note(group.files[0], message, "check the clock of the machine that ran")
    if moment is None:
        message = "no artifact of this run says when it began; the time of this build is taken"
        pieces.note(group.files[0], message, "name the time with --started-at, or add a run.json")
    started_at, source = moment or (defaults.now, "now")
    stated = manifest or said
    return Run(
        key=key,
        started_at=started_at,
        time_source=source,
        finished_at=manifest.finished_at if manifest else None,
        commit=(stated.commit if stated else "") or _commit(group, parts, pieces),
        branch=(stated.branch if stated else "") or _branch(group, parts, pieces),
        event=stated.event if stated else "",
        url=stated.url if stated else "",
        pull_request=stated.pull_request if stated else None,
        expected_parts=manifest.expected_parts if manifest else (),
        parts=tuple(parts),
    )


def _commit(group: Group, parts: Sequence[Part], pieces: Pieces) -> str:
    """Return the commit by parts and bundles, a full one first, else by the folder's name, else by the reports."""
    commits = [*(part.commit for part in parts), *(bundle.commit for bundle in pieces.bundles)]
    full = next((text for text in commits if len(text) == _FULL_COMMIT), "")
    return full or next(filter(None, [*commits, folder_commit(group), _property(group, "commit")]), "")


def _branch(group: Group, parts: Sequence[Part], pieces: Pieces) -> str:
    """Return the branch by parts, else by bundles, else by the reports."""
    branches = [*(part.branch for part in parts), *(bundle.branch for bundle in pieces.bundles)]
    return next(filter(None, [*branches, _property(group, "branch")]), "")


def _property(group: Group, name: str) -> str:
    """Return what the first test report by path says about the run, else what the first other file does."""
    files = sorted(group.files, key=lambda file: file.reading.counts is None)
    stated = (value for file in files for key, value in file.reading.properties if key == name)
    return next(stated, "")
