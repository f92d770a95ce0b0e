"""All targets, in the order in which they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz import archive_files, command_lines, json_texts, reports, secret_texts, settings_files, xml_documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.fuzz.run import Target

NAMES = ("reports", "xml", "json", "settings", "archives", "redaction", "commands")


def targets(folders: Sequence[Path] = (reports.GOLDEN,)) -> tuple[Target, ...]:
    """Return the targets; those that mutate files take them from these folders."""
    return (
        reports.target(folders),
        xml_documents.target(folders),
        json_texts.target(folders),
        settings_files.TARGET,
        archive_files.TARGET,
        secret_texts.TARGET,
        command_lines.TARGET,
    )
