"""JSON lines of Rust's libtest and of cargo-nextest, which writes the same: one suite for each test binary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._attempts import add_tried
from generator.readers._cases import Cases
from generator.readers._json_lines import demand_all, first_row, is_torn
from generator.readers._libtest_suites import TOTALS, Suites
from generator.readers._libtest_texts import doc_test, headings
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._libtest_suites import Suite
    from generator.readers._libtest_texts import DocTest

NAME: Final = "cargo_libtest"
TITLE: Final = "Rust libtest JSON (cargo test, nextest)"
SIGNS: Final = "JSON lines with `type` suite or test and a known `event`"

_SUITE_EVENTS: Final = frozenset(("started", "ok", "failed", "discovery", "completed"))
_TEST_EVENTS: Final = frozenset(("started", "ok", "failed", "ignored", "timeout", "discovered", "allowed_failure"))
_CARGO: Final = ("Compiling ", "Finished ", "Running ", "Fresh ", "Updating ", "Downloading ", "Blocking ", "warning: ")


def recognises(artifact: Artifact) -> str:
    """Return kind and event of the first row as sign; lines of cargo may stand before it."""
    row = first_row(artifact, ("type", "event"), _CARGO, foreign="reason")
    kind, event = row.get("type"), row.get("event")
    if not isinstance(event, str):
        return ""
    is_suite = kind == "suite" and event in _SUITE_EVENTS
    is_test = kind == "test" and event in _TEST_EVENTS and isinstance(row.get("name"), str)
    return f"row of `type` {kind} with `event` {event}" if is_suite or is_test else ""


def read(artifact: Artifact) -> Reading:
    """Return its tests with all attempts; raises UnreadableError when it holds no run of tests."""
    cases = Cases(artifact, NAME)
    suites = Suites(cases, headings(artifact.blocks()))
    bad: list[tuple[int, str]] = []
    for number, row in artifact.events(bad):
        if type(row) is dict:
            suites.take(number, row)
    if not suites.all:
        what = "lists tests, but ran none" if suites.discovered else "holds no event of a test"
        raise UnreadableError(what, "run the tests, without `--list`" if suites.discovered else "check what wrote it")
    demand_all(artifact)
    cut = suites.finish()
    _add(cases, suites.all)
    _declare(cases, suites.all)
    if cut:
        noun = "suite" if cut == 1 else "suites"
        message = f"ends before {cut} {noun} did; what still ran counts as an error"
        cases.note(message, "check whether a test ended the process, or the file is cut off")
    elif is_torn(artifact, bad):
        cases.note("has a last line that is cut off", "check whether the run was killed")
    if suites.unknown:
        events = ", ".join(clean_name(event) or "(none)" for event in sorted(suites.unknown)[:3])
        cases.note(f"has tests with an unknown event: {events}; they count as errors", "use a version that knows it")
    return cases.reading()


def _add(cases: Cases, suites: list[Suite]) -> None:
    """Add the tests; one whose name an earlier suite of the same label has, too, is another test."""
    taken: dict[tuple[str, str], int] = {}
    for suite in suites:
        named = _doc_tests(suite)
        for name, test in suite.tests.items():
            key = (suite.label, name)
            nth = taken[key] = taken.get(key, 0) + 1
            label = suite.label if nth == 1 else f"{suite.label} #{nth}"
            doc = named.get(name)
            if doc is None:
                add_tried(cases, label, name, test)
            else:
                add_tried(cases, label, doc.name, test, file=doc.file, line=doc.line)


def _doc_tests(suite: Suite) -> dict[str, DocTest]:
    """Return the tests in documentation by their names; the second of one item, by line, is `name #2`."""
    found = [(doc.name, doc.line, name, doc) for name in suite.tests if (doc := doc_test(name)) is not None]
    counts: dict[str, int] = {}
    named: dict[str, DocTest] = {}
    for bare, _, name, doc in sorted(found, key=lambda entry: entry[:3]):
        nth = counts[bare] = counts.get(bare, 0) + 1
        named[name] = doc if nth == 1 else replace(doc, name=f"{bare} #{nth}")
    return named


def _declare(cases: Cases, suites: list[Suite]) -> None:
    """Compare what the suites say with the tests found, where all of them say it and ran once."""
    if any(suite.runs != 1 or min(suite.totals.get(word, -1) for word in TOTALS) < 0 for suite in suites):
        return
    sums = {word: sum(suite.totals[word] for suite in suites) for word in TOTALS}
    cases.declare(passed=sums["passed"] + sums["measured"], bad=sums["failed"], skipped=sums["ignored"])
    if all(suite.totals["tests"] >= 0 for suite in suites):
        cases.declare(tests=sum(suite.totals["tests"] for suite in suites))
