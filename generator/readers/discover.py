"""Which files the arguments of the command line name or hold; nothing is opened here, no link is followed."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from generator.artifact import Artifact
from generator.errors import UnreadableError
from generator.readers import bundles, content
from generator.records import Problem, Severity
from generator.safety import archives
from generator.safety.limits import DEFAULT, NAME_BYTES
from generator.safety.text import are_plain, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


_TOGETHER: Final = 256
"""Paths that are looked at in one go."""

_ORDINARY: Final = re.compile(r"[\w./+@-]*", re.ASCII)
"""Paths that can be looked at together: nothing in one could announce a secret in the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """What the files of one folder have in common: kept once, because there may be 200 000 of them."""

    directory: PurePath
    """Absolute; for grouping only, never shown or stored."""
    argument: PurePath
    """Absolute folder that was named on the command line; for a file that was named, the folder it lies in."""
    way: str
    """The path by which its files are opened."""
    names: tuple[str, ...]
    """Names of the folders down to it, as readers see them."""
    limits: ReadLimits


@dataclass(frozen=True, slots=True)
class Place:
    """One regular file, not opened yet: where it lies, and what may be read of it."""

    folder: Folder
    name: str
    path: str
    """As it is shown."""
    size: int
    named: bool = False
    """Whether the file itself was named on the command line."""
    member: Artifact | None = None
    """The file when it lies in an archive."""

    @property
    def artifact(self) -> Artifact:
        """The file as readers see it; that of a file on disk is made anew each time and remembers nothing."""
        if self.member is not None:
            return self.member
        if self.size or content.ending_of(self.name) not in content.LOGS:
            return self._on_disk()
        return Artifact(  # an empty log, of which a run may leave many: opened only when a reader takes it
            path=self.path,
            name=self.name,
            folders=self.folder.names,
            size=0,
            load=lambda: self._on_disk().data(),
            chunks=_nothing,
            limits=self.folder.limits,
            lossy=True,
        )

    def _on_disk(self) -> Artifact:
        folder = self.folder
        way = os.path.join(folder.way, self.name)  # noqa: PTH118  one of many: texts, no objects
        return content.artifact(way, self.path, self.name, folder.names, self.size, folder.limits)

    @property
    def directory(self) -> PurePath:
        """The absolute folder it lies in; for grouping only."""
        return self.folder.directory

    @property
    def argument(self) -> PurePath:
        """The absolute folder that was named on the command line."""
        return self.folder.argument

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Which of several ways to the same file counts: named first, then the outermost argument."""
        return (not self.named, len(self.argument.parts), self.path)


def _nothing() -> Iterator[bytes]:
    return iter(())


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
        here = Folder(self.argument.joinpath(*names), self.argument, folder, names, self.limits)
        for entry, shown in zip(entries, _shown("/".join((*names, entry.name)) for entry in entries), strict=True):
            if self.full:
                return
            self._take(entry, shown, here)

    def _take(self, entry: os.DirEntry[str], shown: str, here: Folder) -> None:
        name = entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            below = (*here.names, name)
            self._report(below, Severity.ERROR, "cannot be looked at", "check the permissions of its folder")
            return
        mode = status.st_mode
        if len(os.fsencode(name)) > NAME_BYTES:
            below = (*here.names, name)
            self._report(below, Severity.WARNING, "has a name that is too long; it is not read", "rename it")
        elif stat.S_ISDIR(mode):
            self._go_down(entry, (*here.names, name))
        elif self._is_full():
            return
        elif not stat.S_ISREG(mode):
            cause, hint = special(mode)
            severity = Severity.ERROR if name.endswith(EVIDENCE_ENDINGS) else Severity.WARNING
            self._report((*here.names, name), severity, cause, hint)
        elif bundles.is_bundle(name, here.directory.name):
            bundle = Bundle(path=Path(entry.path), shown=shown, directory=here.directory / name, argument=self.argument)
            self.seen += max(unpack(bundle, self.found, self.limits) - 1, 0)
        else:
            self.found.places.append(Place(here, name, shown, status.st_size))

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
    known: dict[tuple[str, ...], Folder] = {}
    try:
        for names, artifact in bundles.members(bundle.path, bundle.shown, limits):
            if names not in known:
                directory = bundle.directory.joinpath(*names)
                known[names] = Folder(directory, bundle.argument, "", artifact.folders, limits)
            place = Place(known[names], artifact.name, artifact.path, artifact.size, member=artifact)
            found.places.append(place)
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


def _shown(paths: Iterable[str]) -> Iterator[str]:
    """Yield each path as `shown_path` has it, ordinary ones looked at together: to look at each costs more."""
    coming = iter(paths)
    while batch := list(islice(coming, _TOGETHER)):
        ordinary = [path for path in batch if _ORDINARY.fullmatch(path)]
        if are_plain(ordinary):
            known = set(ordinary)
            yield from (path if path in known else shown_path(path) for path in batch)
        else:
            yield from map(shown_path, batch)


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
        folder = Folder(absolute.parent, absolute.parent, os.path.dirname(typed), folders, limits)  # noqa: PTH120
        found.places.append(Place(folder, path.name, shown_path(typed), status.st_size, named=True))
    else:
        cause, hint = special(status.st_mode)
        found.report(typed, Severity.ERROR, cause, hint)


def _once(places: Iterable[Place]) -> list[Place]:
    """Keep one place a file, however many arguments lead to it, sorted by where it lies."""
    best: dict[PurePath, dict[str, Place]] = {}
    for place in places:
        here = best.setdefault(place.folder.directory, {})
        other = here.setdefault(place.name, place)
        if other is not place and place.rank < other.rank:
            here[place.name] = place
    folders = sorted(best, key=os.fsencode)
    return [best[folder][name] for folder in folders for name in sorted(best[folder], key=os.fsencode)]
