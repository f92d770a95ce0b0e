"""From paths to runs: find the files, let the readers read them, group them, build each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.anchors import ABOUT_SEVERAL, group
from generator.readers.discover import discover, shown_path
from generator.readers.found import Readers, examine
from generator.readers.intake import Intake
from generator.readers.past import past_runs
from generator.readers.quota import within_quota
from generator.readers.redactions import redactions_in
from generator.readers.registry import all_readers
from generator.readers.runs import build, ordered
from generator.readers.seen import seen
from generator.readers.shares import Shares
from generator.records import Counts, Problem, Severity, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from generator.readers.discover import Place
    from generator.readers.found import Found
    from generator.readers.intake import RunDefaults
    from generator.readers.runs import Built
    from generator.records import RunKey


def read_all(paths: Sequence[Path], defaults: RunDefaults) -> Intake:
    """Read everything that the paths name or hold.

    The result does not depend on the order of the paths. A file that cannot be read is a Problem; the rest is used.
    """
    discovery = discover(paths, defaults.limits)
    places, over = within_quota(discovery.places, defaults.limits.tree_files_per_run)
    discovery.places.clear()
    files = _examined(places, Readers(all_readers()))
    groups, loose = group(files, one_run=bool(defaults.run_id))
    built: list[Built] = []
    for each in groups:
        made = build(each, defaults)
        if made is None:
            loose += each.files
        else:
            built.append(made)
    built += past_runs(files, defaults)
    kept, twice = _unique(built)
    unplaced = [
        *discovery.problems,
        *([] if built else _strangers(paths, files)),
        *over,
        *twice,
        *_homeless(loose),
        *(problem for file in loose for problem in file.problems),
        *(problem for made in built if made not in kept for problem in made.problems),
    ]
    return Intake(
        units=tuple(made.unit for made in kept),
        sources=_sorted_sources(file.source for file in files),
        problems=ordered([*unplaced, *(problem for made in kept for problem in made.problems)]),
        unplaced=ordered(unplaced),
        seen=tuple(sorted((seen(file) for file in files), key=lambda each: each.path)),
        redactions=redactions_in((made.unit for made in kept), unplaced),
        totals=_totals(kept, loose),
    )


def _examined(places: list[Place], readers: Readers) -> list[Found]:
    """Read the files one after another; the content of each is let go before the next, so that memory stays small."""
    files: list[Found] = []
    shares = Shares(places)
    places.reverse()
    while places:
        place = places.pop()
        files.append(examine(place, readers, shares.left(place)))
        shares.take(place, files[-1].reading)
    return files


def _strangers(paths: Sequence[Path], files: Sequence[Found]) -> list[Problem]:
    """Return an error when nothing that the paths hold is known to any reader: silence would pass for an empty run."""
    if not files or any(file.named or file.reader for file in files):
        return []
    noun = "file" if len(files) == 1 else "files"
    message = f"{len(files)} {noun} there, none of a kind that a reader knows"
    hint = "name the folder that holds test reports; `replaybook readers` lists what is known"
    first = min(str(path) for path in paths)
    return [Problem(path=shown_path(first), severity=Severity.ERROR, message=message, hint=hint)]


def _homeless(loose: Iterable[Found]) -> list[Problem]:
    """Return a warning for each artifact that was read and belongs to no run; what is about several runs is told."""
    found = []
    for file in loose:
        if not (file.was_read and (file.reading.records or file.reading.results)):
            continue
        is_wide = file.reader in ABOUT_SEVERAL
        found.append(
            Problem(
                path=file.path,
                reader=file.source.reader,
                severity=Severity.INFO if is_wide else Severity.WARNING,
                message="is about several runs or none, and lies in the folder of none, so it is not used"
                if is_wide
                else "belongs to no run, so it is not used",
                hint="put it into the folder of the run that it is about"
                if is_wide
                else "name the folder of the run, with its environment.json or summary.json",
            )
        )
    return found


def _unique(built: Sequence[Built]) -> tuple[list[Built], list[Problem]]:
    """Keep the first run of each identity, by folder; say which others were left out."""
    kept: dict[tuple[str, str, str, int], Built] = {}
    problems: list[Problem] = []
    for made in sorted(built, key=lambda item: (_sort_key(item.unit.run.key), item.root, _digest(item))):
        key = _sort_key(made.unit.run.key)
        if key not in kept:
            kept[key] = made
            continue
        same = _digest(made) == _digest(kept[key])
        severity = Severity.INFO if same else Severity.ERROR
        what = "the same files" if same else "other files"
        message = f"{made.root} is the run {key[2]} attempt {key[3]} again, with {what}; {kept[key].root} is used"
        hint = "leave one of them out" if same else "leave one of them out, or tell them apart with a run.json"
        problems.append(Problem(path=made.root, severity=severity, message=message, hint=hint))
    return [kept[key] for key in sorted(kept)], problems


def _sort_key(key: RunKey) -> tuple[str, str, str, int]:
    return (key.repository, key.workflow, key.run_id, key.attempt)


def _digest(made: Built) -> list[tuple[str, str, int]]:
    return [(source.path, source.sha256, source.bytes) for source in made.unit.evidence.sources]


def _sorted_sources(sources: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    return tuple(sorted(sources, key=lambda source: (source.path, source.sha256, source.reader or "", source.bytes)))


def _totals(kept: Iterable[Built], loose: Iterable[Found]) -> Counts:
    """Return the counts of all test reports, also of those that belong to no run."""
    counts = [file.source.counts for file in loose if file.source.counts is not None]
    return sum([made.counts for made in kept] + counts, Counts())
