"""Every limit with what measures exactly as much, and what measures one more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.config import FILE_NAME, load
from generator.errors import UsageError
from generator.readers import junit
from generator.records import Severity, SourceState
from generator.render.hrefs import Place
from generator.safety import limits
from generator.safety.commands import vet_command
from generator.safety.ids import reanchor
from generator.safety.text import clean_trace
from tests.limits import inputs
from tests.limits.table import Reading, Showing
from tests.pages.report_builder import failure, pages, report, run, source
from tests.pages.view_texts import tables
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.readers import Intake
    from generator.records import TestResult

# What is there of an input when it was read: the same on both sides would prove nothing.


def tests(intake: Intake) -> object:
    return intake.totals.tests


def timed(intake: Intake) -> object:
    return bool(intake.totals.duration_s)


def events(intake: Intake) -> object:
    return sum(len(unit.evidence.timeline) for unit in intake.units)


def policies(intake: Intake) -> object:
    return sum(each.reader == "suite_classification" and each.state is SourceState.READ for each in intake.sources)


def owners(intake: Intake) -> object:
    return sum(each.reader == "codeowners" and each.state is SourceState.READ for each in intake.sources)


def all_kept(intake: Intake) -> object:
    return not any("rows are kept" in problem.message for problem in intake.problems)


def files(intake: Intake) -> object:
    return len(intake.sources)


def all_said(intake: Intake) -> object:
    return all("xx" in result.message for unit in intake.units for result in unit.results)


def errors(intake: Intake) -> object:
    return [problem for problem in intake.problems if problem.severity is Severity.ERROR]


def complaints(intake: Intake) -> object:
    return sum("the rest is not read" in problem.message for problem in intake.problems)


def _refused(
    constant: str,
    make: Callable[[Path, int], None],
    at: int,
    says: str,
    used: Callable[[Intake], object] = tests,
    beyond: str = "refused",
    *,
    inner: bool = False,
    **settings: int,
) -> Reading:
    return Reading(
        constants=tuple(constant.split()),
        make=make,
        at=at,
        says=says,
        used=used,
        beyond=beyond,
        settings=settings,
        inner=inner,
    )


_LARGER: Final = "larger than {at} bytes"
_DEEPER: Final = "nested deeper than {at}"
_NO_TIME: Final = "a time is negative or no number: adds; read as unknown"
_WHOLE: Final = "; nothing of it is read"
_RATIO: Final = "unpacks to more than {at} times its size at `a.bin`" + _WHOLE
_ARCHIVE: Final = "whole archive refused"

READINGS: Final = (
    _refused("JSON_BYTES", inputs.json_bytes, 2_000, _LARGER, json_bytes=2_000),
    _refused("JSON_BYTES", inputs.text_bytes, 2_000, _LARGER, owners, text_bytes=2_000),
    _refused("JSON_DEPTH", inputs.json_depth, limits.JSON_DEPTH, f"{_DEEPER} at line 1, column"),
    _refused("JSON_DEPTH", inputs.json_depth, 9, f"{_DEEPER} at line 1, column", depth=9),
    _refused("JSON_DEPTH", inputs.jsonl_depth, limits.JSON_DEPTH, f"line 2 {_DEEPER}", events, "line refused"),
    _refused("JSON_DEPTH", inputs.toml_depth, limits.JSON_DEPTH, _DEEPER, policies),
    _refused("JSON_DEPTH", inputs.toml_key, limits.JSON_DEPTH, _DEEPER, policies),
    _refused("JSON_PARTS", inputs.json_parts, 60, "more than {at} objects, lists and values", inner=True),
    _refused("NUMBER_CHARS", inputs.fraction, limits.NUMBER_CHARS, "a number has more than {at} characters at line 1"),
    _refused("NUMBER_CHARS", inputs.many_digits, limits.NUMBER_CHARS, _NO_TIME, timed, "unknown"),
    _refused("COUNT_MAX", inputs.whole_number, limits.COUNT_MAX - 1, _NO_TIME, timed, "unknown"),
    _refused("JSONL_BYTES", inputs.jsonl_bytes, 2_000, _LARGER, events, jsonl_bytes=2_000),
    _refused("JSONL_LINES", inputs.jsonl_rows, 5, "more than {at} lines", events, inner=True),
    _refused(
        *("JSONL_LINE", inputs.jsonl_line, 2_000, "line 2 longer than {at} bytes", events, "line refused"),
        jsonl_line=2_000,
    ),
    _refused(
        *("JSONL_ROWS", inputs.jsonl_rows, 3, "only the first {at} of 4 rows are kept", all_kept, "counted, not kept"),
        jsonl_rows=3,
    ),
    _refused(
        *("JSONL_KEPT", inputs.jsonl_kept, 500, "only the first 1 of 2 rows are kept", all_kept, "counted, not kept"),
        inner=True,
    ),
    _refused("XML_BYTES", inputs.xml_bytes, 2_000, _LARGER, xml_bytes=2_000),
    _refused("XML_DEPTH", inputs.xml_depth, limits.XML_DEPTH, f"{_DEEPER} at line 1, column"),
    _refused("XML_DEPTH", inputs.xml_depth, 9, f"{_DEEPER} at line 1, column", depth=9),
    _refused(
        "XML_ATTRIBUTES", inputs.xml_attributes, limits.XML_ATTRIBUTES, "an element has more than {at} attributes"
    ),
    _refused("XML_ELEMENTS", inputs.xml_elements, 20, "more than {at} elements at line 1, column", inner=True),
    _refused("XML_VALUES", inputs.xml_values, 20, "more than {at} attributes at line 1, column", inner=True),
    _refused("XML_TAG", inputs.xml_tag, 1 << 18, "a tag or comment is longer than {at} bytes at", inner=True),
    _refused("XML_REPAIRS", inputs.xml_repairs, 20, "not XML: not well-formed (invalid token) at", inner=True),
    _refused("TOML_BYTES", inputs.toml_bytes, 2_000, _LARGER, policies, toml_bytes=2_000),
    _refused(
        *("LOG_HEAD LOG_TAIL", inputs.log_bytes, 800, "only the beginning and the end are read", tests, "not read"),
        log_head=300,
        log_tail=500,
    ),
    _refused(
        *("TREE_FILES_PER_RUN", inputs.files_of_a_run, 6, "only the {at} nearest to its top are read, 1 are not"),
        *(lambda intake: files(intake) == 6 and not intake.problems, "not read"),
        tree_files_per_run=6,
    ),
    _refused(
        *(
            "TESTS_PER_RUN",
            inputs.tests_of_a_run,
            3,
            "is read up to its first 1 tests: more are over the limit",
        ),
        *(lambda intake: tests(intake) == 3 and not errors(intake), "not read"),
        tests_per_run=3,
    ),
    _refused(
        *(
            "TEXT_PER_RUN",
            inputs.text_of_a_run,
            400,
            "says more than a run may say, `text_per_run`: 1 test goes",
        ),
        *(all_said, "tests beyond go without message and trace"),
        text_per_run=400,
    ),
    _refused(
        *("TREE_FILES", inputs.files, 6, "holds more than {at} files; the rest is not read"),
        *(lambda intake: files(intake) == 6 and not complaints(intake), "not read"),
        tree_files=6,
    ),
    _refused(
        *("TREE_FILES", inputs.files_of_an_archive, 6, "holds more than {at} files; the rest is not read"),
        *(lambda intake: not complaints(intake), "not read"),
        tree_files=6,
    ),
    _refused(
        *("TREE_FILES", inputs.folders, 3, "holds more than {at} folders; the rest is not read"),
        *(lambda intake: not complaints(intake), "not read"),
        tree_files=3,
    ),
    _refused(
        *("TREE_DEPTH", inputs.depth, limits.TREE_DEPTH, "lies deeper than {at} folders; it is not read"),
        *(tests, "not read"),
    ),
    _refused(
        "TREE_DEPTH", inputs.depth, 3, "lies deeper than {at} folders; it is not read", beyond="not read", tree_depth=3
    ),
    *(
        _refused("ARCHIVE_MEMBERS", make, 4, "more than {at} members" + _WHOLE, beyond=_ARCHIVE, archive_members=4)
        for make in (inputs.members, inputs.members_of_a_tar)
    ),
    _refused(
        *("ARCHIVE_BYTES", inputs.archive_bytes, 5_000, "holds more than {at} bytes" + _WHOLE, tests, _ARCHIVE),
        archive_bytes=5_000,
    ),
    _refused(
        *("ARCHIVE_MEMBER_BYTES", inputs.member_bytes, 5_000, "has the member `a.bin` of 5001 bytes" + _WHOLE),
        *(tests, _ARCHIVE),
        archive_member_bytes=5_000,
    ),
    _refused(
        *("ARCHIVE_RATIO", inputs.ratio(limits.ARCHIVE_RATIO), limits.ARCHIVE_RATIO, _RATIO, tests, _ARCHIVE),
    ),
    _refused("ARCHIVE_RATIO", inputs.ratio(90), 90, _RATIO, tests, _ARCHIVE, archive_ratio=90),
    _refused("ARCHIVE_NAME_BYTES", inputs.member_name, limits.ARCHIVE_NAME_BYTES, "unsafe name", beyond=_ARCHIVE),
    _refused("ARCHIVE_DEPTH", inputs.member_depth, limits.ARCHIVE_DEPTH, "unsafe name", beyond=_ARCHIVE),
)


def _result(name: str = "adds", kind: str = "", message: str = "", trace: str = "") -> TestResult:
    failed = f'<failure type="{kind}" message="{message}">{trace}</failure>'
    text = f'<testsuite name="s"><testcase name="{name}">{failed}</testcase></testsuite>'
    return junit.read(artifact("junit.xml", text)).results[0]


def _words(length: int) -> str:
    return ("word " * (length // 5 + 1))[: length - 1] + "d"


def _marked(length: int) -> str:
    return "a" + "\u0301" * length


def _command(size: int) -> str:
    return "cargo test --test " + "a" * (size - len("cargo test --test "))


def _address(length: int) -> str:
    return "https://ci.example/" + "a" * (length - len("https://ci.example/"))


def _failures(number: int, _: Path) -> str:
    found = pages(report(*(failure(f"case {place:02}") for place in range(number))), failure_pages=3)
    assert sum(path.startswith("failures/") for path in found) == 3
    return " ".join(found["failures"].view.sections[0].notes)


def _ledger(number: int, _: Path) -> str:
    named = tuple(source(f"{place:04}.xml") for place in range(number))
    return tables(pages(report(of=replace(run(), sources=named)))["run"])["evidence-files"].more


def _setting(key: str) -> Callable[[int, Path], str]:
    def complaint(value: int, folder: Path) -> str:
        return _loaded(folder, f"site: {{{key}: {value}}}")

    return complaint


def _loaded(folder: Path, text: str) -> str:
    """Return what is wrong with the settings, nothing when they are taken."""
    (folder / FILE_NAME).write_text(text)
    try:
        load(None, folder)
    except UsageError as error:
        return str(error)
    return ""


def _shown(
    constant: str, about: str, at: int, shown: Callable[[int, Path], str], whole: Callable[[int], str], **more: str
) -> Showing:
    return Showing(
        constants=tuple(constant.split()),
        about=about,
        at=at,
        shown=shown,
        whole=whole,
        says=more.get("says", "characters cut …›"),
        beyond=more.get("beyond", "cut"),
    )


def _nothing(_: int) -> str:
    return ""


SHOWINGS: Final = (
    _shown("TEXT_NAME", "name", limits.TEXT_NAME, lambda size, _: _result("n" * size).name, "n".__mul__),
    _shown("TEXT_META", "type", limits.TEXT_META, lambda size, _: _result(kind="K" * size).kind, "K".__mul__),
    _shown(
        "TEXT_MESSAGE", "message", limits.TEXT_MESSAGE, lambda size, _: _result(message=_words(size)).message, _words
    ),
    _shown("TEXT_TRACE", "trace", limits.TEXT_TRACE, lambda size, _: clean_trace(_words(size)), _words),
    _shown(
        *("XML_TEXT", "text of an element", limits.XML_TEXT, lambda size, _: _result(trace=_words(size)).trace, _words),
        says="text over {at} characters cut …›",
    ),
    _shown(
        *("COMBINING_RUN", "accents", limits.COMBINING_RUN, lambda size, _: _result(_marked(size)).name, _marked),
        says=_marked(limits.COMBINING_RUN),
    ),
    _shown(
        *("NAME_BYTES", "path of another computer", limits.NAME_BYTES),
        lambda size, _: reanchor(f"/srv/run/{'x' * size}", {"run"}) or "no link",
        "x".__mul__,
        says="no link",
        beyond="not read",
    ),
    _shown(
        *("FAILURE_PAGES", "pages", 3, _failures, _nothing),
        says="1 failure has a row only",
        beyond="row only",
    ),
    _shown(
        *("FAILURE_PAGES", "setting", limits.FAILURE_PAGES, _setting("failure_pages"), _nothing),
        says="`site.failure_pages`: Input should be less than or equal to {at}",
        beyond="row only",
    ),
    _shown(
        *("LIST_ROWS", "rows", limits.LIST_ROWS, _ledger, _nothing),
        says="1 more file is not listed here.",
        beyond="counted, not listed",
    ),
    _shown(
        *(
            "COMMAND_BYTES",
            "command",
            limits.COMMAND_BYTES,
            lambda size, _: vet_command(_command(size)).reason,
            _nothing,
        ),
        says="too long",
        beyond="no button",
    ),
    _shown(
        *("URL_CHARS", "link", limits.URL_CHARS),
        lambda size, _: Place(up="", site=None).href(_address(size)) or "no link",
        _address,
        says="no link",
        beyond="text",
    ),
    _shown(
        *("YAML_BYTES", "settings", limits.YAML_BYTES),
        lambda size, folder: _loaded(folder, inputs.padded("project: {name: Mill}", size)),
        _nothing,
        says="replaybook.yml is larger than {at} bytes",
        beyond="refused",
    ),
    _shown(
        *("JSON_DEPTH", "settings", limits.JSON_DEPTH),
        lambda depth, folder: _loaded(folder, "project: " + "{a: " * (depth - 2) + "b" + "}" * (depth - 2)),
        lambda _: "replaybook.yml: `project.a` is not a setting (see the settings page of the documentation)",
        says="nested deeper than {at}",
        beyond="refused",
    ),
)
