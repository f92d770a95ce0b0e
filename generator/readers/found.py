"""One file after it was offered to the readers: what was read of it, its line in the ledger, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers import content
from generator.readers._allowance import EnoughError, cut_texts, within
from generator.readers.registry import Registered, kinds_of
from generator.readers.wholeness import demand_whole
from generator.records import Problem, Severity, SourceFile, SourceState
from generator.safety.text import clean_message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from generator.artifact import Artifact
    from generator.plugins import Reader
    from generator.readers.discover import Place
    from generator.records import Record
    from generator.safety.limits import ReadLimits

    _R = TypeVar("_R", bound=Record)

_NOTHING: Final = Reading()
_POINTER: Final = b"version https://git-lfs.github.com/"
_PACKED: Final = (".xml.gz", ".json.gz", ".jsonl.gz", ".xml.xz", ".json.xz", ".xml.bz2", ".json.bz2")
_DOCUMENTS: Final = frozenset({"xml", "json", "trx", "sarif"})
_ROWS: Final = frozenset({"jsonl", "ndjson", "tap", "info", "lcov", "csv", "js"})
_MARKS: Final = (
    *(b"<testsuite", b"<testcase", b"<test-case", b"<UnitTestResult", b"<assembl", b'"reportFormat"', b'"testResults"'),
    *(b'"assertionResults"', b'"nodeid"', b'"suites"', b'"historyId"', b'"testRuns"'),
)
"""What stands in test reports and hardly anywhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file with its reading; `problems` are about this file alone."""

    directory: PurePath
    """The absolute folder it lies in; for grouping only."""
    argument: PurePath
    """The folder that was named on the command line; for a file that was named, its own."""
    named: bool
    """Whether the file itself was named on the command line."""
    name: str
    source: SourceFile
    sign: str = ""
    """By what its reader recognised it."""
    reading: Reading = _NOTHING
    problems: tuple[Problem, ...] = ()

    @property
    def path(self) -> str:
        """The path as `inspect` prints it."""
        return self.source.path

    @property
    def reader(self) -> str:
        """Name of the reader that took it, or nothing."""
        return self.source.reader or ""

    @property
    def was_read(self) -> bool:
        """Whether a reader understood it."""
        return self.source.state is SourceState.READ

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands among the files of one run; unique in one intake."""
        return (str(self.directory), self.name)

    def first(self, kind: type[_R]) -> _R | None:
        """Return its first record of a kind."""
        return next((record for record in self.reading.records if isinstance(record, kind)), None)


class Readers:
    """All readers, and which of them are asked about documents of some kinds: the others would say no at once."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers
        self._asked: dict[frozenset[str], tuple[Reader, ...]] = {}

    def of(self, artifact: Artifact) -> tuple[Reader, ...]:
        """Return the readers to ask about a file, in their order."""
        kinds = artifact.remembered("kinds", lambda: kinds_of(artifact))
        if kinds not in self._asked:
            self._asked[kinds] = tuple(
                each for each in self._readers if not isinstance(each, Registered) or not each.kinds.isdisjoint(kinds)
            )
        return self._asked[kinds]


def examine(place: Place, readers: Readers, limits: ReadLimits) -> Found:
    """Let the first reader that recognises the file read it; a file that cannot be read becomes a Problem.

    `limits` are those of its folder, less what the run has brought already. A mistake in a reader becomes a Problem,
    too: it must not take the other files with it.
    """
    artifact = place.artifact
    artifact.limits = limits
    reader: Reader | None = None
    sign = ""
    try:
        for reader in readers.of(artifact):
            asked = reader.module if isinstance(reader, Registered) else reader  # its kind is right, that is known
            sign = asked.recognises(artifact)
            if sign:
                break
        else:
            source = SourceFile(path=artifact.path, state=SourceState.UNREAD, bytes=artifact.size)
            return _found(place, source, problems=_unknown(artifact, named=place.named))
        reading = within(_read(reader, artifact), artifact, reader.NAME)
    except UnreadableError as error:
        name, message, hint = reader.NAME if reader else "", error.message, error.hint
    except Exception as error:  # noqa: BLE001 - see above
        name = reader.NAME if reader else ""
        message = f"the reader failed on this file: {type(error).__name__}: {error}"
        hint = "tell the author of the reader; the other files are used"
    else:
        source = _source(artifact, reader.NAME, SourceState.READ, reading)
        problems = (*reading.problems, *cut_texts(reading, artifact.path, reader.NAME))
        return _found(place, source, sign, reading, problems)
    problem = _problem(artifact.path, name, Severity.ERROR, message, hint)
    return _found(place, _source(artifact, name, SourceState.CORRUPT), sign, problems=(problem,))


def _read(reader: Reader, artifact: Artifact) -> Reading:
    """Let the reader read up to the limit of tests, where it may have enough."""
    try:
        return reader.read(artifact)
    except EnoughError as enough:
        if enough.reading is None:
            raise
        return enough.reading()


def _found(
    place: Place, source: SourceFile, sign: str = "", reading: Reading = _NOTHING, problems: tuple[Problem, ...] = ()
) -> Found:
    """Return what is kept of a file; its content is not among it."""
    return Found(
        directory=place.directory,
        argument=place.argument,
        named=place.named,
        name=place.name,
        source=source,
        sign=sign,
        reading=reading,
        problems=problems,
    )


def _source(artifact: Artifact, reader: str, state: SourceState, reading: Reading = _NOTHING) -> SourceFile:
    return SourceFile(
        path=artifact.path,
        reader=reader,
        state=state,
        schema_id=reading.schema_id,
        bytes=artifact.size,
        sha256=_sha256(artifact),
        counts=reading.counts,
    )


def _sha256(artifact: Artifact) -> str:
    """Hash what was read; nothing for a file that could not be read or of which only the ends were read."""
    limits = artifact.limits
    if content.ending_of(artifact.name) in content.LOGS and artifact.size > limits.log_head + limits.log_tail:
        return ""
    if not artifact.size and not _is_readable(artifact):  # the pieces of an empty log are there without opening it
        return ""
    return artifact.sha256()


def _is_readable(artifact: Artifact) -> bool:
    try:
        artifact.data()
    except UnreadableError:
        return False
    return True


def _unknown(artifact: Artifact, *, named: bool) -> tuple[Problem, ...]:
    """Say something about a file without reader where silence would hide lost evidence."""
    if artifact.peek().startswith(_POINTER):
        message = "is a pointer of Git LFS, not the file itself"
        return (_problem(artifact.path, None, Severity.ERROR, message, "fetch it with `git lfs pull`"),)
    if artifact.name.lower().endswith(_PACKED):
        message = "is packed by itself and not read"
        return (_problem(artifact.path, None, Severity.ERROR, message, "unpack it, or pack a .zip or .tar.gz"),)
    severity = Severity.ERROR if named or _is_lost_report(artifact) else Severity.WARNING
    is_rows = content.ending_of(artifact.name) in _ROWS
    if is_rows and artifact.size > (limit := content.limit_of(artifact.name, artifact.limits)):
        message = f"is larger than {limit} bytes; it is not read"
        hint = "split it, leave it out, or raise the limit in the settings"
        return (_problem(artifact.path, None, Severity.ERROR, message, hint),)
    try:
        demand_whole(artifact, named=named)
    except UnreadableError as error:
        message = f"no reader recognises this file, and it is broken: {error.message}"
        return (_problem(artifact.path, None, severity, message, error.hint),)
    if named:
        hint = "name a test report or an artifact of the runner"
        return (_problem(artifact.path, None, severity, "no reader recognises this file", hint),)
    return ()


def _is_lost_report(artifact: Artifact) -> bool:
    """Tell whether a file that is broken was a report by all that can be seen: empty, or with a mark of one in it."""
    head = artifact.peek()
    is_document = content.ending_of(artifact.name) in _DOCUMENTS
    return is_document and (not head.strip() or any(mark in head for mark in _MARKS))


def _problem(path: str, reader: str | None, severity: Severity, message: str, hint: str) -> Problem:
    return Problem(path=path, reader=reader, severity=severity, message=clean_message(message), hint=hint)
