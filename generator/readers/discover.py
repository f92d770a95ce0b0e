"""Which files the arguments of the command line name or hold; nothing is opened here, no link is followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers import bundles, content
from generator.records import Problem, Severity
from generator.safety import archives
from generator.safety.limits import DEFAULT, NAME_BYTES
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.artifact import Artifact
    from generator.safety.limits import ReadLimits

PATH_CHARS: Final = 2048
"""Characters kept of a path that is shown."""

SKIPPED: Final = frozenset({"node_modules", "__pycache__"})
"""Folders that never hold evidence; folders whose name begins with a dot are skipped, too."""

EVIDENCE_ENDINGS: Final = (".json", ".jsonl", ".xml", ".toml")
"""What is no regular file but ends like this is an error: a report that was expected here is not read."""

_SPECIAL: Final = (
    (stat.S_ISLNK, "is a symbolic link, which is not followed", "put the file itself in its place"),
    (stat.S_ISFIFO, "is a pipe, not a file", "write the report to a regular file"),
    (stat.S_ISSOCK, "is a socket, not a file", "write the report to a regular file"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One regular file: what may be read of it, and where it lies."""

    artifact: Artifact
    directory: PurePath
    """Absolute folder; for grouping only, never shown or stored."""
    argument: PurePath
    """Absolute folder that was named on the command line; for a file that was named, the folder it lies in."""
    named: bool
    """Whether the file itself was named on the command line."""

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Which of several ways to the same file counts: named first, then the outermost argument."""
        return (not self.named, len(self.argument.parts), self.artifact.path)


@dataclass(slots=True)
class Discovery:
    """What one walk over all arguments found."""

    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: str, severity: Severity, message: str, hint: str) -> None:
        """Add a problem about a path as it is shown."""
        shown = shown_path(path)
        self.problems.append(Problem(path=shown, severity=severity, message=message, hint=hint))


@dataclass(slots=True)
class _Walk:
    """One argument that is a folder."""

    argument: PurePath
    shown: str
    found: Discovery
    limits: ReadLimits
    seen: int = 0
    folders: int = 0
    full: bool = False

    def enter(self, folder: str, names: tuple[str, ...]) -> None:
        """List one folder and go down, in the order of the names' bytes."""
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError:
            self._report(names, Severity.ERROR, "the folder cannot be listed", "check its permissions")
            return
        directory = self.argument.joinpath(*names)
        for entry in entries:
            if self.full:
                return
            self._take(entry, names, directory)

    def _take(self, entry: os.DirEntry[str], names: tuple[str, ...], directory: PurePath) -> None:
        below = (*names, entry.name)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            self._report(below, Severity.ERROR, "cannot be looked at", "check the permissions of its folder")
            return
        if len(os.fsencode(entry.name)) > NAME_BYTES:
            self._report(below, Severity.WARNING, "has a name that is too long; it is not read", "rename it")
        elif stat.S_ISDIR(status.st_mode):
            self._go_down(entry, below)
        elif self._is_full():
            return
        elif stat.S_ISREG(status.st_mode) and bundles.is_bundle(entry.name, directory.name):
            bundle = Bundle(
                path=Path(entry.path),
                shown=shown_path("/".join(below)),
                directory=directory / entry.name,
                argument=self.argument,
            )
            self.seen += max(unpack(bundle, self.found, self.limits) - 1, 0)
        elif stat.S_ISREG(status.st_mode):
            artifact = content.artifact(
                entry.path, shown_path("/".join(below)), entry.name, names, status.st_size, self.limits
            )
            place = Place(artifact=artifact, directory=directory, argument=self.argument, named=False)
            self.found.places.append(place)
        else:
            cause, hint = special(status.st_mode)
            severity = Severity.ERROR if entry.name.endswith(EVIDENCE_ENDINGS) else Severity.WARNING
            self._report(below, severity, cause, hint)

    def _is_full(self) -> bool:
        """Count one more file; say so once when it is one too many."""
        self._demand_room(self.seen, "files")
        self.seen += 1
        return self.full

    def _demand_room(self, number: int, what: str) -> None:
        self.full = number >= self.limits.tree_files
        if self.full:
            message = f"holds more than {self.limits.tree_files} {what}; the rest is not read"
            self._report((), Severity.ERROR, message, "name the folders of single runs")

    def _go_down(self, entry: os.DirEntry[str], below: tuple[str, ...]) -> None:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            return
        if len(below) > self.limits.tree_depth:
            message = f"lies deeper than {self.limits.tree_depth} folders; it is not read"
            self._report(below, Severity.ERROR, message, "name a folder further down")
            return
        self._demand_room(self.folders, "folders")
        if self.full:
            return
        self.folders += 1
        if entry.name.endswith(EVIDENCE_ENDINGS):
            self._report(below, Severity.WARNING, "is a folder where a file was expected", "put the file in its place")
        self.enter(entry.path, below)

    def _report(self, names: tuple[str, ...], severity: Severity, message: str, hint: str) -> None:
        self.found.report("/".join(names) or self.shown, severity, message, hint)


def discover(paths: Sequence[Path], limits: ReadLimits = DEFAULT) -> Discovery:
    """Return every regular file that the paths name or hold, each once, and what stands in the way.

    The result does not depend on the order of the paths.
    """
    found = Discovery()
    for path in sorted(set(paths), key=os.fsencode):
        _enter_argument(path, found, limits)
    found.places = _once(found.places)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One archive: where it is, how it is shown, and the folder that its members seem to lie in."""

    path: Path
    shown: str
    directory: PurePath
    argument: PurePath


def unpack(bundle: Bundle, found: Discovery, limits: ReadLimits) -> int:
    """Add the members of an archive, and return how many; one that is refused, or holds nothing, is an error."""
    before = len(found.places)
    try:
        for folders, artifact in bundles.members(bundle.path, bundle.shown, limits):
            directory = bundle.directory.joinpath(*folders)
            found.places.append(Place(artifact=artifact, directory=directory, argument=bundle.argument, named=False))
            if archives.is_archive(artifact.name):
                hint = "unpack it and name the folder"
                found.report(artifact.path, Severity.ERROR, "is an archive within an archive; it is not opened", hint)
    except UnreadableError as error:
        found.report(bundle.shown, Severity.ERROR, error.message, error.hint)
        return 0
    if len(found.places) == before:
        found.report(bundle.shown, Severity.ERROR, "the archive holds no file", "check the step that packs it")
    return len(found.places) - before


def shown_path(path: str) -> str:
    """Return a path as it is shown: cleaned, because names of files are chosen by strangers."""
    return clean(path, PATH_CHARS)


def special(mode: int) -> tuple[str, str]:
    """Say what a file that is neither regular nor a folder is, and what to do about it."""
    known = ((cause, hint) for test, cause, hint in _SPECIAL if test(mode))
    return next(known, ("is a device, not a file", "write the report to a regular file"))


def _enter_argument(path: Path, found: Discovery, limits: ReadLimits) -> None:
    typed = str(path)
    try:
        status = path.lstat()
    except ValueError:
        found.report(typed.replace("\0", "?"), Severity.ERROR, "is no path: it holds a NUL character", "check the path")
        return
    except OSError as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        message = "does not exist" if missing else "cannot be looked at"
        hint = "check the path, or whether the step that writes it ran" if missing else "check the permissions"
        found.report(typed, Severity.ERROR, message, hint)
        return
    absolute = PurePath(os.path.abspath(typed))  # noqa: PTH100  links must not be resolved
    if stat.S_ISDIR(status.st_mode):
        before = len(found.places), len(found.problems)
        _Walk(argument=absolute, shown=typed, found=found, limits=limits).enter(typed, ())
        if before == (len(found.places), len(found.problems)):
            found.report(
                typed, Severity.ERROR, "the folder holds nothing to read", "check that the artifacts are in it"
            )
    elif stat.S_ISREG(status.st_mode) and archives.is_archive(path.name):
        unpack(Bundle(path=path, shown=shown_path(typed), directory=absolute, argument=absolute.parent), found, limits)
    elif stat.S_ISREG(status.st_mode):
        folders = tuple(part for part in PurePath(typed).parts[:-1] if part not in {"/", "..", "."})
        artifact = content.artifact(typed, shown_path(typed), path.name, folders, status.st_size, limits)
        found.places.append(Place(artifact=artifact, directory=absolute.parent, argument=absolute.parent, named=True))
    else:
        cause, hint = special(status.st_mode)
        found.report(typed, Severity.ERROR, cause, hint)


def _once(places: Iterable[Place]) -> list[Place]:
    """Keep one place a file, however many arguments lead to it, sorted by where it lies."""
    best: dict[tuple[PurePath, str], Place] = {}
    for place in places:
        key = (place.directory, place.artifact.name)
        if key not in best or place.rank < best[key].rank:
            best[key] = place
    return [best[key] for key in sorted(best, key=lambda key: (os.fsencode(key[0]), os.fsencode(key[1])))]
