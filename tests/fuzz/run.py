"""One mutated file after another through the readers, without the net that catches their mistakes."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers.registry import READERS
from tests.fuzz.mutations import mutated
from tests.readers.in_memory import artifact, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reader, Reading

LARGEST: Final = 200_000
"""Larger files are left out: what they would show, smaller ones show more often."""

SLOW_S: Final = 5.0
GOLDEN: Final = Path(__file__).parents[1] / "readers" / "golden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A mutation that a reader did not survive, or took too long for."""

    path: str
    seed: int
    what: str
    data: bytes


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


def fuzz(files: Sequence[Path], number: int, seed: int) -> Iterator[Finding]:
    """Yield what goes wrong in so many mutations; the same seed makes the same ones."""
    for turn in range(number):
        random = Random(f"{seed}-{turn}")  # noqa: S311 - mutations are no secret
        path = files[random.randrange(len(files))]
        data = mutated(path.read_bytes(), random)
        began = time.monotonic()
        try:
            survive(path.name, data, path.parent.name)
        except Exception:  # noqa: BLE001 - that is what is looked for
            yield Finding(path=str(path), seed=turn, what=traceback.format_exc(), data=data)
        if time.monotonic() - began > SLOW_S:
            yield Finding(path=str(path), seed=turn, what=f"took over {SLOW_S:g} s", data=data)


def survive(name: str, data: bytes, folder: str) -> None:
    """Let the reader that takes a file read it; whatever it raises but a refusal is a mistake of ours."""
    file = artifact(name, data, (folder,))
    reader = next((each for each in READERS if each.recognises(file)), None)
    if reader is None:
        return
    reading = _tried(reader, file)
    if reading is None:
        return
    plain(reading)
    counts = reading.counts
    if counts is not None:
        assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped == len(reading.results)
        assert len({result.identity for result in reading.results}) == len(reading.results)


def _tried(reader: Reader, file: Artifact) -> Reading | None:
    try:
        return reader.read(file)
    except UnreadableError as error:
        if not (error.message and error.hint):
            raise AssertionError("a refusal without cause or next step") from error
        return None
