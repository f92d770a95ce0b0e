"""What the targets of one runner folder came to, and where its files disagree about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.targets import Key, joined, key_of
from generator.records import PartState, ResultFile, Summary, TargetRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers.evidence import Pieces
    from generator.readers.folder import RunnerFolder
    from generator.readers.found import Found
    from generator.records import Digest, Part, TestResult


def target_results(
    folder: RunnerFolder, part: Part, digests: Mapping[str, Digest], pieces: Pieces
) -> tuple[TestResult, ...]:
    """Return the results of a part; problems go to `pieces`."""
    files = _result_files(folder, pieces)
    rows = {key: row for key, (_, row) in files.items()}
    summary = folder.summary
    summary_file = next((file for file, _ in folder.every(Summary) if file.directory == folder.root), None)
    if summary is not None and summary_file is not None:
        _compare(summary, summary_file, rows, pieces)
    broken = folder.broken_summary
    if broken is not None:
        message = (
            f"{broken.name} is there, but it cannot be read: how the run ended is not known; "
            "what is known comes from the result.json files"
        )
        pieces.note(broken, message, "upload the summary again, or run once more")
    selected: list[Key] = []
    if summary is None and part.state in {PartState.KILLED, PartState.UNREADABLE, PartState.ABORTED}:
        selected = [*(("unit", name) for name in part.unit_targets), *(("suite", name) for name in part.suites)]
    return joined(summary.targets if summary else (), rows, selected, digests, part.name)


def _result_files(folder: RunnerFolder, pieces: Pieces) -> dict[Key, tuple[Found, TargetRow]]:
    """Return the result file of each target; of two for one target the first by path counts."""
    files: dict[Key, tuple[Found, TargetRow]] = {}
    for file, result in folder.every(ResultFile):
        key = key_of(result.target)
        if key in files:
            message = f"is a second result of the {key[0]} {key[1]}; {files[key][0].path} counts"
            pieces.note(file, message, "leave one of them out")
        else:
            files[key] = (file, result.target)
    return files


def _compare(summary: Summary, file: Found, rows: Mapping[Key, TargetRow], pieces: Pieces) -> None:
    """Note where the summary and a result file state different exit codes."""
    for row in summary.targets:
        other = rows.get(key_of(row))
        if other is not None and other.exit_code != row.exit_code:
            message = (
                f"states exit code {row.exit_code} for the {row.surface} {row.name}, "
                f"its result.json states {other.exit_code}; the result.json counts"
            )
            pieces.note(file, message, "look at the log of the target")
