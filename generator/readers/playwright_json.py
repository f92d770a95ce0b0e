"""Playwright's JSON reporter: files, describe blocks, specs, a test for each project, a result for each attempt."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import Cases
from generator.readers._junit_values import earliest
from generator.readers._loose import count_of, list_of, note_lost, note_words, object_of, objects_of, text_of
from generator.readers._playwright_attempts import Verdict, error_text, verdict
from generator.records import Status
from generator.safety.ids import is_commit
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._loose import Object

NAME: Final = "playwright_json"
TITLE: Final = "Playwright JSON"
SIGNS: Final = "an object with the list `suites` and `config` with `rootDir`, `projects` or `configFile`"

RUN_ERROR: Final = "(run)"
"""Name of the result that stands for an error outside of all tests."""

_BETWEEN: Final = " › "
"""Between the titles of describe blocks and test, as Playwright prints them."""
_BUCKETS: Final = {"expected": "passed", "flaky": "passed", "unexpected": "bad", "skipped": "skipped"}
_FACTS: Final = {
    "commit": (("gitCommit", "hash"), ("ci", "commitHash"), ("", "revision.id")),
    "branch": (("gitCommit", "branch"), ("ci", "branch")),
    "url": (("ci", "buildHref"), ("", "ci.link")),
}
"""Where Playwright keeps what it finds out about the commit; older versions wrote flat names."""


def recognises(artifact: Artifact) -> str:
    """Return the keys of the report as sign, or those of its beginning when it is no JSON."""
    document = artifact.peek_object()
    config = document.get("config")
    if isinstance(document.get("suites"), list) and isinstance(config, dict):
        named = next((name for name in ("rootDir", "projects", "configFile") if name in config), "")
        return f"keys `suites` and `config.{named}`" if named else ""
    head = artifact.peek()
    is_cut = head.lstrip()[:1] == b"{" and all(mark in head for mark in (b'"config":', b'"configFile":', b'"rootDir":'))
    return "begins like a Playwright report" if is_cut and artifact.peek_json() is None else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with cause and next step."""
    document = artifact.json()
    if not isinstance(document, dict) or not isinstance(document.get("suites"), list):
        raise UnreadableError("the report has no list `suites`", "write it with `--reporter=json`")
    report = _Report(Cases(artifact, NAME))
    for suite in list_of(document.get("suites")):
        file = text_of(object_of(suite).get("file")) or text_of(object_of(suite).get("title"))
        for titles, spec in report.specs(suite, ()):
            report.add(spec, file, _BETWEEN.join((*titles, text_of(spec.get("title")))))
    config, stats = object_of(document.get("config")), object_of(document.get("stats"))
    errors = objects_of(document.get("errors"))
    _add_errors(report.cases, errors, text_of(config.get("rootDir")))
    report.declare(stats, len(errors))
    note_words(report.cases, report.words)
    note_lost(report.cases, report.lost, "suites, specs and tests")
    began = text_of(stats.get("startTime"))
    return report.cases.reading(
        started_at=earliest([began] if began else report.stamps),
        properties=_facts(object_of(config.get("metadata"))),
    )


class _Report:
    """The cases of a report, and what is counted on the way."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self.words: Counter[str] = Counter()
        self.lost = 0
        self.stamps: set[str] = set()
        self._shift: Counter[str] = Counter()

    def specs(self, suite: object, titles: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Object]]:
        """Yield the specs of a suite and of those within it, with the titles of the describe blocks around them."""
        if not isinstance(suite, dict):
            self.lost += 1
            return
        for spec in list_of(suite.get("specs")):
            if isinstance(spec, dict) and spec.get("tests"):
                yield titles, spec
            else:
                self.lost += 1
        for inner in list_of(suite.get("suites")):
            title = text_of(object_of(inner).get("title"))
            yield from self.specs(inner, (*titles, title) if title else titles)

    def add(self, spec: Object, file: str, name: str) -> None:
        """Add the tests of a spec, one for each project."""
        home, line = text_of(spec.get("file")) or file, count_of(spec.get("line"))
        for test in list_of(spec.get("tests")):
            if not isinstance(test, dict):
                self.lost += 1
                continue
            found = verdict(self.cases, test, name, self.words)
            self._count(test, found)
            self.cases.add(
                name,
                found.status,
                suite=file,
                classname=text_of(test.get("projectName")) or text_of(test.get("projectId")),
                duration_s=found.duration_s,
                said=found.said,
                file=home,
                line=line,
                earlier=found.earlier,
            )
            if found.stamp:
                self.stamps.add(found.stamp)

    def declare(self, stats: Object, errors: int) -> None:
        """Declare the totals of the report in our words: what was interrupted is an error, not skipped."""
        found = {name: count_of(stats.get(name)) for name in _BUCKETS}
        if None in found.values():
            return
        totals: Counter[str] = Counter(bad=errors)
        for name, number in found.items():
            totals[_BUCKETS[name]] += number or 0
            totals["tests"] += number or 0
        totals.update(self._shift)
        self.cases.declare(
            tests=totals["tests"] + errors, passed=totals["passed"], bad=totals["bad"], skipped=totals["skipped"]
        )

    def _count(self, test: Object, found: Verdict) -> None:
        theirs = _BUCKETS.get(text_of(test.get("status")))
        ours = "bad" if found.status.bad else found.status.value
        if theirs is not None and theirs != ours:
            self._shift[theirs] -= 1
            self._shift[ours] += 1


def _add_errors(cases: Cases, errors: list[Object], root: str) -> None:
    """Add a result for each error outside of the tests: a file that does not load, a global set-up, no tests at all."""
    numbers: Counter[str] = Counter()
    for error in errors:
        place = object_of(error.get("location"))
        file = text_of(place.get("file"))
        if root and file.startswith(f"{root}/"):
            file = file[len(root) + 1 :]
        suite = "" if file.startswith("/") else file  # an absolute path differs from computer to computer
        numbers[suite] += 1
        name = RUN_ERROR if numbers[suite] == 1 else f"{RUN_ERROR} #{numbers[suite]}"
        cases.add(
            name, Status.ERROR, suite=suite, said=error_text([error]), file=file, line=count_of(place.get("line"))
        )


def _facts(metadata: Object) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    for fact, places in _FACTS.items():
        for outer, name in places:
            value = (object_of(metadata.get(outer)) if outer else metadata).get(name)
            text = one_line(clean_meta(text_of(value)))
            if text and (fact != "commit" or is_commit(text)):
                facts.append((fact, text))
                break
    return facts
