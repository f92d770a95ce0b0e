"""Code coverage as a report states it, by file."""

from __future__ import annotations

from generator.records.base import Record


class CoverageFile(Record):
    """Lines and branches of one source file; branches are None where the report has none."""

    path: str
    lines_valid: int
    lines_covered: int
    branches_valid: int | None = None
    branches_covered: int | None = None
    component: str = ""
    """Package or module that the report puts it in."""


class Coverage(Record):
    """One coverage report; totals are those of its files."""

    part: str = ""
    path: str = ""
    tool: str
    """Format, with the tool's name and version where stated."""
    lines_valid: int
    lines_covered: int
    branches_valid: int | None = None
    branches_covered: int | None = None
    files: tuple[CoverageFile, ...] = ()
    """Sorted by path."""
    files_left_out: int = 0
    """Files beyond the limit; the totals have them."""
