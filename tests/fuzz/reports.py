"""Mutated report files through whichever reader takes them: refused by name, or read into sound and clean records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from generator.artifact import Artifact
from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers.content import LOGS, ending_of
from generator.readers.registry import READERS
from generator.safety.text import has_control, neutralise
from tests.fuzz.leaks import KEY, TOKEN, is_whole, leaked, texts
from tests.fuzz.mutations import mutated
from tests.fuzz.run import Target
from tests.fuzz.watch import touching_only
from tests.readers.in_memory import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random


T = TypeVar("T")

GOLDEN: Final = Path(__file__).parents[1] / "readers" / "golden"
LARGEST: Final = 200_000
"""Larger files are left out: what they would show, smaller ones show more often."""

_PIECE: Final = 1 << 16


def seeds(folders: Sequence[Path]) -> list[Path]:
    """Return the files to mutate, one of each (folder, ending, size) so that a thousand alike do not drown the rest."""
    chosen: dict[tuple[str, str, int], Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
                parts = path.relative_to(folder).parts
                key = ("/".join(parts[:2]), path.suffix, path.stat().st_size // 2000)
                chosen.setdefault(key, path)
    return sorted(chosen.values())


def target(folders: Sequence[Path] = (GOLDEN,)) -> Target:
    """Return the target with the files of these folders; a case is `folder/name`, a line end, and the content."""
    files = seeds(folders)

    def make(random: Random) -> bytes:
        path = random.choice(files)
        return f"{path.parent.name}/{path.name}\n".encode() + mutated(path.read_bytes(), random)

    def check(data: bytes) -> None:
        place, line_end, content = data.partition(b"\n")
        folder, _, name = place.decode("utf-8", "replace").partition("/")
        if line_end and name:
            survive(in_pieces(name, content, (folder,)))

    return Target(
        name="reports",
        promise="a mutated report is refused with cause and hint, or read into counted, clean, unique results",
        make=make,
        check=check,
    )


def in_pieces(name: str, data: bytes, folders: tuple[str, ...]) -> Artifact:
    """Return a file in memory that comes in pieces, as one from the disk does."""
    pieces = [data[place : place + _PIECE] for place in range(0, len(data), _PIECE)]
    return Artifact(
        path="/".join((*folders, name)),
        name=name,
        folders=folders,
        size=len(data),
        load=lambda: data,
        chunks=lambda: iter(pieces),
        lossy=ending_of(name) in LOGS,
    )


def survive(file: Artifact) -> Reading | None:
    """Let the reader that takes a file read it, and look at what it read; None when nobody takes it, or it is refused.

    Nothing may be opened for it, and whatever is raised but a refusal is a mistake of ours.
    """
    reader = next((each for each in READERS if each.recognises(file)), None)
    if reader is None:
        return None
    with touching_only():
        reading, _ = tried(lambda: reader.read(file))
    if reading is not None:
        _demand_clean(reading, file.data())
        counts = reading.counts
        if counts is not None:
            sums = counts.passed + counts.failed + counts.errors + counts.skipped
            assert counts.tests == sums == len(reading.results)
            assert len({result.identity for result in reading.results}) == len(reading.results)
    return reading


def demand_refusal(error: UnreadableError) -> None:
    """Raise unless a refusal says in one clean and short line what is wrong, and what to do."""
    assert error.message, "a refusal without cause"
    assert error.hint, "a refusal without next step"
    for text in (error.message, error.hint):
        assert not has_control(text), f"a refusal with control characters: {text!r}"
        assert len(text) < 700, f"a refusal of {len(text)} characters"


def tried(read: Callable[[], T]) -> tuple[T | None, str]:
    """Return what was read, or why it was refused; raises anything else, and for a refusal that says too little."""
    try:
        return read(), ""
    except UnreadableError as error:
        demand_refusal(error)
        return None, error.message


def _demand_clean(reading: Reading, data: bytes) -> None:
    """Raise when a record holds a hidden character, or a part of the token that the file holds only as a whole."""
    content = data.decode("latin-1")
    secrets = [secret for secret in (TOKEN, KEY) if secret.encode() in data and is_whole(content, secret)]
    for part in (plain(replace(reading, records=())), *(plain(Reading(records=(each,))) for each in reading.records)):
        for text in texts(part):
            if text.isascii() and text.isprintable() and not secrets:
                continue
            assert neutralise(text) == text, f"hidden characters in {text[:300]!r} {_record(part)}"
            for secret in secrets:
                assert not leaked(text, secret), f"a part of a secret in {text[-300:]!r} {_record(part)}"


def _record(part: dict[str, object]) -> str:
    """Name the kind of record that a part of a reading is."""
    records = part.get("records")
    return (
        f"of a record {records[0].get('is')}: {records[0].get('kind')}" if isinstance(records, list) else "of a result"
    )
