from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import clover, cobertura, content, coverage_py, lcov
from generator.readers._coverage import FILES_KEPT
from generator.records import Coverage
from generator.safety.limits import DEFAULT
from tests.readers.in_memory import artifact, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from generator.artifact import Artifact
    from generator.plugins import Reader, Reading

READERS: tuple[Reader, ...] = (cobertura, clover, coverage_py, lcov)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
NUMBERS = st.sampled_from(["0", "1", "-1", "7", "1e3", "nan", "", "x", "99999999999999999999", "²"])


def coverage(reading: Reading) -> Coverage:
    (record,) = reading.records
    assert isinstance(record, Coverage)
    return record


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in reading.problems]


def lines(*pairs: tuple[object, object], extra: str = "") -> str:
    written = "".join(f'<line number="{number}" hits="{hits}"{extra}/>' for number, hits in pairs)
    return f"<lines>{written}</lines>"


def klass(filename: str, inside: str, name: str = "C") -> str:
    return f'<class name="{name}" filename="{filename}">{inside}</class>'


def report(*classes: str, attributes: str = 'line-rate="1"', sources: str = "") -> str:
    packages = f'<packages><package name="p"><classes>{"".join(classes)}</classes></package></packages>'
    return f"<coverage {attributes}><sources>{sources}</sources>{packages}</coverage>"


def read_cobertura(text: str) -> Reading:
    return cobertura.read(artifact("coverage.xml", text))


def paths(text: str) -> list[str]:
    return [file.path for file in coverage(read_cobertura(text)).files]


def totals(record: Coverage) -> tuple[int, int, int | None, int | None]:
    return record.lines_valid, record.lines_covered, record.branches_valid, record.branches_covered


def read_json(files: object, totals: object, *, branches: bool = False) -> Reading:
    document = {"meta": {"version": "7.6", "branch_coverage": branches}, "files": files, "totals": totals}
    return coverage_py.read(artifact("coverage.json", json.dumps(document)))


def trace(text: str, name: str = "lcov.info") -> Reading:
    return lcov.read(artifact(name, text))


def test_lines_of_several_classes_of_one_file_count_once_and_once_hit_is_hit() -> None:
    first, second = klass("a.py", lines((1, 0), (2, 1))), klass("a.py", lines((1, 4), (3, 0)))
    record = coverage(read_cobertura(report(first, second)))
    assert totals(record) == (3, 2, None, None)
    assert paths(report(first, second)) == ["a.py"]


def test_totals_of_lines_as_they_are_written_are_no_difference() -> None:
    classes = klass("a.py", lines((1, 0), (2, 1))), klass("a.py", lines((1, 4)))
    assert not messages(read_cobertura(report(*classes, attributes='lines-valid="3" lines-covered="2"')))
    assert not messages(read_cobertura(report(*classes, attributes='lines-valid="2" lines-covered="2"')))
    (said,) = messages(read_cobertura(report(*classes, attributes='lines-valid="4" lines-covered="2"')))
    assert "4 lines, has 2" in said


@pytest.mark.parametrize(
    ("rate", "differs"), [("0.6667", False), ("0.666", False), ("0.6", False), ("0.5", True), ("1", True), ("x", False)]
)
def test_a_line_rate_is_compared_as_far_as_its_digits_go(rate: str, *, differs: bool) -> None:
    text = report(klass("a.py", lines((1, 1), (2, 1), (3, 0))), attributes=f'line-rate="{rate}"')
    assert bool(messages(read_cobertura(text))) == differs


def test_lines_of_methods_count_only_where_the_class_lists_none_itself() -> None:
    methods = f"<methods><method>{lines((8, 1), (9, 0))}</method></methods>"
    assert coverage(read_cobertura(report(klass("a.py", methods + "<lines/>")))).lines_valid == 2
    assert coverage(read_cobertura(report(klass("a.py", methods + lines((1, 1)))))).lines_valid == 1


def test_branches_are_those_of_conditions_and_none_where_there_are_no_conditions() -> None:
    condition = ' branch="true" condition-coverage="50% (1/2)"'
    two = report(klass("a.py", lines((1, 1), extra=condition)), klass("b.py", lines((1, 1))))
    record = coverage(read_cobertura(two))
    assert totals(record) == (2, 2, 2, 1)
    assert [file.branches_valid for file in record.files] == [2, 0]
    odd = report(klass("a.py", lines((1, 1), extra=' condition-coverage="100%"')))
    assert coverage(read_cobertura(odd)).branches_valid is None


@pytest.mark.parametrize(
    ("source", "filename", "path"),
    [
        ("/home/ci/shop/src", "cart.py", "cart.py"),
        ("/home/ci/shop", "/home/ci/shop/src/cart.py", "src/cart.py"),
        ("/home/ci", "/elsewhere/cart.py", "/elsewhere/cart.py"),
        (r"C:\ci\shop", r"C:\ci\shop\src\Cart.cs", "src/Cart.cs"),
        ("src", "cart.py", "src/cart.py"),
        ("src/", "src/cart.py", "src/cart.py"),
        (".", "./src/cart.py", "src/cart.py"),
        ("../shop", "cart.py", "cart.py"),
        ("--source", "cart.py", "cart.py"),
        ("", "cart.py", "cart.py"),
    ],
)
def test_only_a_relative_source_belongs_to_a_path(source: str, filename: str, path: str) -> None:
    assert paths(report(klass(filename, lines((1, 1))), sources=f"<source>{source}</source>")) == [path]


def test_with_several_sources_nobody_can_tell_which_one_a_file_lies_in() -> None:
    sources = "<source>src</source><source>lib</source>"
    assert paths(report(klass("cart.py", lines((1, 1))), sources=sources)) == ["cart.py"]


@pytest.mark.parametrize(
    "text", [report(), report(klass("a.py", "<lines/>")), '<coverage lines-valid="8"><packages/></coverage>']
)
def test_a_report_without_any_line_is_a_problem(text: str) -> None:
    reading = read_cobertura(text)
    assert totals(coverage(reading)) == (0, 0, None, None)
    assert coverage(reading).files == ()
    assert "nothing was measured" in messages(reading)[0]


def test_a_doctype_is_accepted_but_never_declarations() -> None:
    body = report(klass("a.py", lines((1, 1))))
    assert read_cobertura(f'<!DOCTYPE coverage SYSTEM "http://nowhere.example/c.dtd">{body}').records
    with pytest.raises(UnreadableError, match="DOCTYPE"):
        read_cobertura(f'<!DOCTYPE coverage [<!ENTITY a "b">]>{body}')


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("1767348125", "2026-01-02T10:02:05Z"),
        ("1767348125482", "2026-01-02T10:02:05.482000Z"),
        ("9" * 15, ""),
        ("?", ""),
    ],
)
def test_a_time_stamp_counts_seconds_or_milliseconds(stamp: str, time: str) -> None:
    attributes = f'line-rate="1" timestamp="{stamp}"'
    assert read_cobertura(report(klass("a.py", lines((1, 1))), attributes=attributes)).started_at == time


@pytest.mark.parametrize(
    ("text", "takers"),
    [
        ('<coverage line-rate="0.5"/>', ["cobertura"]),
        ("<coverage><packages/></coverage>", ["cobertura"]),
        ('<coverage generated="1"><project/></coverage>', ["clover"]),
        ('<coverage clover="4.4.1" generated="1"/>', ["clover"]),
        ('<coverage version="1"><file path="a.c"><lineToCover/></file></coverage>', []),
        ("<report name='jacoco'><packages/></report>", []),
        ("", []),
    ],
)
def test_reports_with_the_root_coverage_are_told_apart_by_what_is_in_them(text: str, takers: list[str]) -> None:
    file = artifact("coverage.xml", text)
    assert [reader.NAME for reader in READERS if reader.recognises(file)] == takers


def test_a_cobertura_file_without_a_root_in_sight_is_known_by_name() -> None:
    assert cobertura.recognises(artifact("cobertura-coverage.xml", ""))
    assert not cobertura.recognises(artifact("cobertura.xml", "<testsuite/>"))


def test_more_files_than_are_kept_are_counted_all_the_same() -> None:
    classes = (klass(f"f{number:05}.py", lines((1, 1))) for number in range(FILES_KEPT + 2))
    reading = read_cobertura(report(*classes))
    record = coverage(reading)
    assert (record.lines_valid, len(record.files), record.files_left_out) == (FILES_KEPT + 2, FILES_KEPT, 2)
    assert [problem.severity for problem in reading.problems] == ["info"]


@pytest.mark.parametrize("place", ["number", "hits", "condition-coverage", "filename", "timestamp", "line-rate"])
@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='<&"\ufffe\uffff')) | NUMBERS)
@settings(max_examples=40, deadline=None)
def test_any_value_of_an_attribute_is_read_or_refused_politely(place: str, value: str) -> None:
    values = {"number": "1", "hits": "1", "condition-coverage": "50% (1/2)", "filename": "a.py"} | {place: value}
    line = " ".join(f'{name}="{values[name]}"' for name in ("number", "hits", "condition-coverage"))
    attributes = f'line-rate="{values.get("line-rate", "1")}" timestamp="{values.get("timestamp", "")}"'
    text = report(klass(values["filename"], f"<lines><line {line}/></lines>"), attributes=attributes)
    record = coverage(read_cobertura(text))
    assert 0 <= record.lines_covered <= record.lines_valid <= 1


def test_statements_of_files_stand_for_lines_in_clover() -> None:
    metrics = '<metrics statements="4" coveredstatements="9" conditionals="2" coveredconditionals="1"/>'
    klass = '<class name="C"><metrics statements="99" coveredstatements="99"/></class>'
    text = f'<coverage clover="4"><project><file path="/a.php">{klass}{metrics}</file></project></coverage>'
    assert totals(coverage(clover.read(artifact("clover.xml", text)))) == (4, 4, 2, 1)


def test_lines_executed_and_missing_beat_the_summary_and_the_totals() -> None:
    entry = {"executed_lines": [1, 2], "missing_lines": [2, 3], "summary": {"num_statements": 9, "covered_lines": 9}}
    reading = read_json({"a.py": entry}, {"num_statements": 9, "covered_lines": 9})
    assert totals(coverage(reading)) == (3, 2, None, None)
    assert "9 lines, has 3; 9 covered lines, has 2" in messages(reading)[0]


def test_a_local_time_of_coverage_py_is_not_taken_for_utc() -> None:
    document = {"meta": {"timestamp": "2026-01-02T10:02:05.5"}, "files": {}, "totals": {"covered_lines": 0}}
    assert not coverage_py.read(artifact("coverage.json", json.dumps(document))).started_at


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"meta": {}, "files": {}, "totals": {}},
        {"meta": {}, "files": [], "totals": {"covered_lines": 1}},
        {"files": 1},
    ],
)
def test_json_of_others_is_not_taken_for_coverage_py(document: object) -> None:
    assert not coverage_py.recognises(artifact("coverage.json", json.dumps(document)))


@given(files=st.dictionaries(st.text(max_size=4), JSON), totals=JSON, meta=JSON)
@settings(max_examples=50, deadline=None)
def test_any_json_in_the_place_of_coverage_is_read_or_refused_politely(
    files: dict[str, object], totals: object, meta: object
) -> None:
    entry = {"executed_lines": totals, "missing_lines": meta, "summary": {"num_statements": meta}}
    document = {"meta": meta, "files": files | {"x": entry}, "totals": totals}
    try:
        record = coverage(coverage_py.read(artifact("coverage.json", json.dumps(document))))
    except UnreadableError:
        return
    assert 0 <= record.lines_covered <= record.lines_valid


def test_records_of_one_file_are_merged_by_line() -> None:
    reading = trace("SF:a.c\nDA:1,0\nDA:2,0\nend_of_record\nSF:./a.c\nDA:2,3\nDA:4,1\nend_of_record\n")
    assert totals(coverage(reading)) == (3, 2, None, None)
    assert not reading.problems


def test_branches_of_a_tracefile_are_ways_and_a_dash_is_not_taken() -> None:
    reading = trace("SF:a.c\nBRDA:1,0,0,-\nBRDA:1,0,1,0\nBRDA:2,e1,x,7\nDA:1,1\nBRF:3\nBRH:1\nend_of_record\n")
    assert totals(coverage(reading)) == (1, 1, 3, 1)
    assert not reading.problems


def test_totals_of_a_record_are_compared_with_its_lines() -> None:
    reading = trace("SF:a.c\nDA:1,1\nLF:4\nLH:1\nend_of_record\nSF:b.c\nDA:1,1\nLF:2\nend_of_record\n")
    assert messages(reading) == [
        "declares other totals than its lines add up to: a.c says LF:4, has 1, and 1 more records; the lines count"
    ]


@pytest.mark.parametrize("tail", ["DA:2,1", "DA:2", "end_of_rec", ""])
def test_a_last_record_without_its_end_is_a_problem_and_what_it_holds_counts(tail: str) -> None:
    reading = trace(f"SF:a.c\nDA:1,1\nend_of_record\nSF:b.c\nDA:1,0\n{tail}")
    assert coverage(reading).lines_valid == 2
    assert messages(reading) == ["is cut off in the record of b.c"]


def test_a_record_in_the_middle_without_its_end_is_another_problem() -> None:
    assert messages(trace("SF:a.c\nDA:1,1\nSF:b.c\nDA:1,0\nend_of_record\n")) == [
        "has records without `end_of_record`: a.c"
    ]


def test_a_tracefile_is_read_whole_even_when_it_is_named_like_a_log(tmp_path: Path) -> None:
    file = tmp_path / "coverage.txt"
    records = "".join(f"SF:src/f{number}.c\nDA:1,1\nend_of_record\n" for number in range(9_000))
    file.write_text(f"# made by hand\n{records}")

    def found() -> Artifact:
        return content.artifact(str(file), file.name, file.name, (), file.stat().st_size, DEFAULT)

    assert lcov.recognises(found())
    whole = lcov.read(found())
    assert (coverage(whole).lines_valid, messages(whole)) == (9_000, [])
    opened = found()
    assert len(opened.text()) < file.stat().st_size  # whoever reads it as a log has the ends only
    assert "is named like a log, of which only the ends were read" in messages(lcov.read(opened))


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("coverage.dat", "TN:\nSF:a.c\nDA:1,1\n", True),
        ("coverage.dat", "# made by hand\r\nTN:x\r\n\r\nSF:a.c\r\nFN:1,main\r\n", True),
        ("notes.txt", "The format has lines like\nSF:a.c\nDA:1,1\n", False),
        ("notes.txt", "SF: San Francisco\nLA: Los Angeles\n", False),
        ("lcov.info", "", True),
        ("setup.info", "name = shop\n", False),
    ],
)
def test_a_tracefile_is_known_by_its_first_lines(name: str, text: str, *, taken: bool) -> None:
    assert bool(lcov.recognises(artifact(name, text))) == taken


@pytest.mark.parametrize("text", ["", "\n\n", "TN:\n", "DA:1,1\nend_of_record\n", "\x00\x01"])
def test_a_tracefile_without_a_record_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"empty|no record"):
        trace(text)


@given(
    st.lists(
        st.sampled_from(["SF:a.c", "SF:", "DA:", "DA:1,", "DA:1,1", "DA:x,1", "BRDA:1,0,0,-", "BRDA:", "end_of_record"])
        | st.text(max_size=5)
    )
)
@settings(max_examples=150, deadline=None)
def test_any_lines_of_a_tracefile_are_read_or_refused_politely(rows: list[str]) -> None:
    try:
        record = coverage(trace("\n".join(rows)))
    except UnreadableError:
        return
    assert 0 <= record.lines_covered <= record.lines_valid


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
def test_a_file_that_may_not_be_opened_is_refused_with_a_next_step(reader: Reader) -> None:
    with pytest.raises(UnreadableError) as caught:
        reader.read(unreadable("coverage.xml"))
    assert caught.value.hint
