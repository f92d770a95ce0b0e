"""Every limit on what is read, stored and shown; what lies beyond one is refused or cut, and said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
"""One binary kilobyte."""

MIB: Final = 1024 * KIB
"""One binary megabyte."""

JSON_BYTES: Final = 16 * MIB
"""Largest JSON document; a larger one is refused."""

JSON_DEPTH: Final = 64
"""Deepest nesting of JSON, JSONL rows, YAML and TOML; deeper is refused."""

JSONL_BYTES: Final = 256 * MIB
"""Largest JSONL file; a larger one is refused."""

JSONL_LINE: Final = 1 * MIB
"""Longest line of a JSONL file; a longer line is refused with its number."""

JSONL_ROWS: Final = 10_000
"""Rows kept of one JSONL file; the rest is counted, not kept."""

JSON_PARTS: Final = 2_000_000
"""Most objects, lists and named values of one JSON document together; more are refused."""

JSONL_LINES: Final = 1_000_000
"""Most lines of one JSONL file; more refuse it."""

JSONL_KEPT: Final = 64 * MIB
"""Characters of the rows kept of one JSONL file; the rest is counted, not kept."""

XML_BYTES: Final = 256 * MIB
"""Largest XML report; a larger one is refused."""

XML_DEPTH: Final = 64
"""Deepest nesting of elements; deeper is refused."""

XML_ATTRIBUTES: Final = 64
"""Most attributes of one element; more are refused."""

XML_TEXT: Final = 64 * KIB
"""Characters of text kept of one element; the rest is cut."""

XML_ELEMENTS: Final = 4_000_000
"""Most elements of one report; more are refused."""

XML_VALUES: Final = 6_000_000
"""Most attributes of one report; more are refused."""

XML_REPAIRS: Final = 4_000_000
"""Most characters that are looked at to repair a report; one that would need more is refused."""

XML_TAG: Final = 4 * MIB
"""Longest tag, comment or instruction, in bytes; a longer one is refused."""

TOML_BYTES: Final = 1 * MIB
"""Largest TOML document; a larger one is refused."""

YAML_BYTES: Final = 256 * KIB
"""Largest YAML document; a larger one is refused."""

LOG_HEAD: Final = 64 * KIB
"""Bytes read from the beginning of a log."""

LOG_TAIL: Final = 192 * KIB
"""Bytes read from the end of a log."""

TESTS_PER_RUN: Final = 300_000
"""Tests read of one run folder or archive; the rest is not read."""

TEXT_PER_RUN: Final = 16 * MIB
"""Characters of messages and traces kept of the tests of one run folder or archive; further tests go without."""

NUMBER_CHARS: Final = 400
"""Most characters of a number; a longer one is refused."""

COUNT_MAX: Final = 2**53
"""Counts and durations lie below this: the integers that a double holds exactly."""

TREE_FILES_PER_RUN: Final = 5_000
"""Files looked at in one run folder; the rest is not read."""

TREE_FILES: Final = 200_000
"""Files looked at for one argument of the command line; the rest is not read."""

TREE_DEPTH: Final = 32
"""Folders within folders; deeper ones are not read."""

NAME_BYTES: Final = 255
"""Longest name of a file or folder, in UTF-8 bytes."""

TEXT_NAME: Final = 512
"""Characters kept of a name."""

TEXT_META: Final = 512
"""Characters kept of a piece of metadata."""

TEXT_MESSAGE: Final = 8 * KIB
"""Characters kept of a message."""

TEXT_TRACE: Final = 64 * KIB
"""Characters kept of a trace or an excerpt."""

COMBINING_RUN: Final = 4
"""Combining characters kept in a row."""

FAILURE_PAGES: Final = 2_000
"""Failure pages of one version; failures beyond are table rows only."""

LIST_ROWS: Final = 200
"""Rows of a list on first view."""

COMMAND_BYTES: Final = 8 * KIB
"""Longest command with a copy button, in UTF-8 bytes."""

URL_CHARS: Final = 2_048
"""Longest address that becomes a link; a longer one is shown as text."""

ARCHIVE_MEMBERS: Final = 2_000
"""Most members of an archive; more refuse the whole archive."""

ARCHIVE_BYTES: Final = 64 * MIB
"""All members of an archive together, unpacked; more refuse the whole archive."""

ARCHIVE_MEMBER_BYTES: Final = 16 * MIB
"""One member of an archive, unpacked; more refuse the whole archive."""

ARCHIVE_RATIO: Final = 200
"""Unpacked size over packed size; more refuses the whole archive."""

ARCHIVE_NAME_BYTES: Final = 255
"""Longest member name, in UTF-8 bytes; a longer one refuses the whole archive."""

ARCHIVE_DEPTH: Final = 32
"""Folders within folders in an archive; deeper refuses the whole archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """The limits on reading that settings may change; the defaults are the constants above."""

    json_bytes: int = JSON_BYTES
    jsonl_bytes: int = JSONL_BYTES
    jsonl_line: int = JSONL_LINE
    jsonl_rows: int = JSONL_ROWS
    xml_bytes: int = XML_BYTES
    toml_bytes: int = TOML_BYTES
    text_bytes: int = JSON_BYTES
    log_head: int = LOG_HEAD
    log_tail: int = LOG_TAIL
    depth: int = JSON_DEPTH
    tree_files: int = TREE_FILES
    tree_files_per_run: int = TREE_FILES_PER_RUN
    tree_depth: int = TREE_DEPTH
    tests_per_run: int = TESTS_PER_RUN
    text_per_run: int = TEXT_PER_RUN
    archive_members: int = ARCHIVE_MEMBERS
    archive_bytes: int = ARCHIVE_BYTES
    archive_member_bytes: int = ARCHIVE_MEMBER_BYTES
    archive_ratio: int = ARCHIVE_RATIO


DEFAULT: Final = ReadLimits()
"""The limits where settings say nothing else."""
