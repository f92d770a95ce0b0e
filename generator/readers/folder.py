"""The files of one runner folder, and how they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from generator.records import Environment, LaneIndex, ReplayBundle, RunnerOutcome, SourceState, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePath

    from generator.readers.found import Found
    from generator.records import Record

    _R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerFolder:
    """One runner invocation: its folder (absolute, for grouping only) and all files below it that are its own."""

    root: PurePath
    files: tuple[Found, ...]

    def direct(self, reader: str, kind: type[_R]) -> _R | None:
        """Return the record that a reader took from a file directly in the folder, the first by name."""
        found = (file.first(kind) for file in self.files if file.reader == reader and file.directory == self.root)
        return next((record for record in found if record is not None), None)

    def every(self, kind: type[_R]) -> Iterator[tuple[Found, _R]]:
        """Yield all records of a kind with their files, in the order of paths."""
        for file in self.files:
            for record in file.reading.records:
                if isinstance(record, kind):
                    yield file, record

    def broken(self, reader: str) -> tuple[Found, ...]:
        """Return the files that a reader took and could not read."""
        return tuple(file for file in self.files if file.reader == reader and file.source.state is SourceState.CORRUPT)

    @property
    def environment(self) -> Environment | None:
        """`environment.json`, when it could be read."""
        return self.direct("environment", Environment)

    @property
    def manifest(self) -> Environment | None:
        """`ci_shard_manifest.json`, when it could be read."""
        return self.direct("shard_manifest", Environment)

    @property
    def summary(self) -> Summary | None:
        """`summary.json`, when it could be read."""
        return self.direct("summary", Summary)

    @property
    def broken_summary(self) -> Found | None:
        """`summary.json`, when it is there and could not be read."""
        return next((file for file in self.broken("summary") if file.directory == self.root), None)

    @property
    def bundle(self) -> ReplayBundle | None:
        """`replay_bundle.json`, when it could be read."""
        return self.direct("replay_bundle", ReplayBundle)

    @property
    def outcome(self) -> RunnerOutcome | None:
        """`runner_outcome.json`, when it could be read."""
        return self.direct("runner_outcome", RunnerOutcome)

    @property
    def lane(self) -> LaneIndex | None:
        """`ci-shard-index.json`, when it could be read."""
        return self.direct("lane_index", LaneIndex)
