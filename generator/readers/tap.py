"""TAP 12, 13 and 14 of Perl, node-tap, tape, node:test, bats, pgTAP and others, with sub-tests and diagnostics."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import Cases
from generator.readers._json_lines import demand_all
from generator.readers._tap_lines import PLAN, POINT, VERSION
from generator.readers._tap_results import Results
from generator.readers._tap_tree import Stream
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "tap"
TITLE: Final = "TAP"
SIGNS: Final = "a line `TAP version N`, or a plan and a test point at the beginning; else named `*.tap`"

_HEAD: Final = 4096  # as much as is seen of a file before it is read
_TAIL: Final = 600  # characters at the end, where tape sums up
_TAPE: Final = re.compile(r"^# tests +[0-9]+\r?\n# pass +[0-9]+", re.MULTILINE)
_CHANGING: Final = re.compile(
    r"(?:attempt|retry|rerun|try)[-_.]?[0-9]{1,3}|[0-9]{1,4}[-_]?of[-_]?[0-9]{1,4}|[0-9]{6,}[0-9TZtz]*", re.IGNORECASE
)
"""What differs in the name of a file from run to run, attempt to attempt, or shard to shard."""


def recognises(artifact: Artifact) -> str:
    """Return the version line, or plan and point, as sign; else the name of a file that ends like TAP."""
    head = artifact.peek()
    if not head.lstrip()[:1] or head.lstrip()[:1] in b"<[":
        return "named `*.tap`" if artifact.name.lower().endswith(".tap") and not head.strip() else ""
    lines = head.decode("utf-8", "replace").replace("\0", "").lstrip("\ufeff\ufffd").split("\n")
    if len(head) >= _HEAD:
        lines.pop()  # it may be cut
    lines = [text for line in lines if (text := line.removesuffix("\r"))]
    if any(VERSION.match(line) for line in lines):
        return "a line `TAP version N`"
    if artifact.name.lower().endswith(".tap"):
        return "named `*.tap`"
    first = next((line for line in lines if line[0] != "#"), "")
    begins = PLAN.match(first) or POINT.match(first)
    has_both = any(PLAN.match(line) for line in lines) and any(POINT.match(line) for line in lines)
    return "a plan and a test point" if begins and has_both else ""


def read(artifact: Artifact) -> Reading:
    """Return its tests; raises UnreadableError for what holds no TAP at all."""
    text = artifact.text().removeprefix("\ufeff")
    cases = Cases(artifact, NAME)
    sections = _TAPE.search(text[-_TAIL:]) is not None and "# Subtest" not in text
    stream = Stream(sections=sections, most=cases.most - 1)
    stream.read(line.removesuffix("\n") for line in io.StringIO(text))
    if not stream.is_tap:
        raise UnreadableError("holds no TAP, neither a plan nor a test point", "check whether the tests ran at all")
    demand_all(artifact)
    if stream.is_cut:
        cases.cut_short()
    results = Results(cases, suite_of(artifact.name))
    results.add(stream)
    _note(cases, results)
    return cases.reading()


def suite_of(name: str) -> str:
    """Return the suite that a file stands for: its name without endings, dates, and numbers of attempt or shard."""
    stem = re.sub(r"(?:\.(?:tap|txt|log|out|t))+$", "", name, flags=re.IGNORECASE)
    return _CHANGING.sub("", stem).strip("-_. ")


def _note(cases: Cases, results: Results) -> None:
    if results.plans:
        several = f", and {len(results.plans) - 1} more" if len(results.plans) > 1 else ""
        cases.note(
            f"does not keep to its plan: {results.plans[0]}{several}; that counts as an error",
            "check whether the tests ran to their end, and that nothing stands behind the plan in its line",
        )
    if results.skipped:
        reason = next((one_line(clean_meta(reason)) for reason in results.skipped if reason), "no reason given")
        left_out = f"; {results.left_out} points stand there all the same and are left out" if results.left_out else ""
        cases.note(f"skips all its tests: {reason}{left_out}", "check whether they should run here")
    if results.repeated or results.unordered:
        message = f"numbers its tests oddly: {results.repeated} numbers twice, {results.unordered} out of order"
        cases.note(message, "let one process write the file, or give it no numbers")
    if results.headless:
        message = f"has {results.headless} groups of sub-tests without the test point that sums them up"
        cases.note(message, "check whether the tests ran to their end")
