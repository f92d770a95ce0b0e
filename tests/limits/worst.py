"""The worst input of each class, as large as its limits allow, made on the spot."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

from generator.safety import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PIECE = 1 << 20
_ALLURE = "urn:model.allure.qatools.yandex.ru"
_CASE = '<testsuite><testcase name="adds"/></testsuite>'


def repeated(path: Path, size: int, begin: str, unit: str, end: str, *, times: int | None = None) -> Path:
    """Write `begin`, `unit` as often as fits or as is said, `end`, and blanks up to the size."""
    first, one, last = begin.encode(), unit.encode(), end.encode()
    number = (size - len(first) - len(last)) // len(one)
    number = number if times is None else min(times, number)
    block = one * max(_PIECE // len(one), 1)
    whole, rest = divmod(number, len(block) // len(one))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.write(first)
        for _ in range(whole):
            out.write(block)
        out.write(one * rest)
        out.write(last)
        left = size - out.tell()
        for _ in range(left // _PIECE):
            out.write(b" " * _PIECE)
        out.write(b" " * (left % _PIECE))
    assert path.stat().st_size == size
    return path


def numbered(path: Path, size: int, begin: str, end: str, make: Callable[[int], str], most: int) -> Path:
    """Write as many different pieces as fit, at most so many, between two texts."""
    pieces: list[str] = []
    left = size - len(begin) - len(end)
    for number in range(most):
        piece = make(number)
        if len(piece) > left:
            break
        left -= len(piece)
        pieces.append(piece)
    path.write_text(begin + "".join(pieces).rstrip(",") + end, encoding="utf-8")
    return path


def _json(begin: str, unit: str, end: str, *, times: int | None = None) -> Callable[[Path], Path]:
    return lambda folder: repeated(folder / "a.json", limits.JSON_BYTES, begin, unit, end, times=times)


def _xml(begin: str, unit: str, end: str, *, times: int | None = None) -> Callable[[Path], Path]:
    return lambda folder: repeated(folder / "junit.xml", limits.XML_BYTES, begin, unit, end, times=times)


def _format(name: str, begin: str, unit: str, end: str) -> Callable[[Path], Path]:
    times = limits.XML_VALUES // 2 - 10
    return lambda folder: repeated(folder / name, limits.XML_BYTES, begin, unit, end, times=times)


def _lines(unit: str, *, times: int = limits.JSONL_LINES - 1) -> Callable[[Path], Path]:
    size = len(unit) * times + 3
    return lambda folder: repeated(folder / "a.jsonl", size, "{}\n", unit, "", times=times)


def _toml(begin: str, unit: str, end: str) -> Callable[[Path], Path]:
    return lambda folder: repeated(folder / "suite_classification.toml", limits.TOML_BYTES, begin, unit, end)


def _log(unit: str) -> Callable[[Path], Path]:
    """Return what writes a log both ends of which hold nothing but the unit, with a hole of gigabytes between."""

    def make(folder: Path) -> Path:
        path = repeated(folder / "run/lint/fmt.log", _PIECE, "", unit, "")
        with path.open("r+b") as out:
            out.seek(8 << 30)
            out.write((unit * (_PIECE // len(unit.encode()))).encode())
        return folder / "run"

    return make


def _messages(unit: str) -> Callable[[Path], Path]:
    """Return what writes 16 MiB of failing tests, each with a trace of 64 KiB."""

    def make(folder: Path) -> Path:
        trace = json.dumps(unit * (60_000 // len(unit.encode())), ensure_ascii=False)
        begin = '{"reportFormat": "CTRF", "results": {"tests": ['
        test = '{"name": "n%d", "status": "failed", "trace": ' + trace.replace("%", "%%") + "},"
        count = (limits.JSON_BYTES - 100) // (len(test.encode()) + 4)
        return numbered(folder / "a.json", limits.JSON_BYTES, begin, "]}}", lambda place: test % place, count)

    return make


def _keys(folder: Path) -> Path:
    return numbered(folder / "a.json", limits.JSON_BYTES, "{", "}", '"{:x}": 0,'.format, limits.JSON_PARTS - 1)


def _key_twice(folder: Path) -> Path:
    most = limits.JSON_PARTS - 2
    return numbered(folder / "a.json", limits.JSON_BYTES, "{", ',"0":1}', '"{:x}":0,'.format, most)


def _dotted(folder: Path) -> Path:
    make = ("a{}" + ".b" * 60 + " = 1\n").format
    return numbered(folder / "suite_classification.toml", limits.TOML_BYTES, "", "", make, 1 << 20)


def _tests_of_archive() -> Iterator[tuple[str, bytes]]:
    """Yield four reports of 16 MiB with nothing but short tests."""
    for report in range(4):
        tests = "".join(f'<testcase name="a{number:05}"/>' for number in range(limits.ARCHIVE_MEMBER_BYTES // 27 - 4))
        yield f"{report}/junit.xml", f'<testsuite name="s{report}">{tests}</testsuite>'.encode()


def _different_tests(folder: Path) -> Path:
    """Write 200 MB of short tests, as a genuine report would hold them."""
    case = '<testcase classname="tests.module_{0}.TestThing" name="test_case_{1}_does_what_it_should" time="0.{1:03}"/>'
    with (folder / "junit.xml").open("w") as out:
        out.write("<testsuites>\n")
        for suite in range(73_000):
            cases = "\n".join(case.format(suite, number) for number in range(25))
            out.write(f'<testsuite name="tests.module_{suite}">{cases}</testsuite>\n')
        out.write("</testsuites>\n")
    return folder / "junit.xml"


def _all_files(folder: Path) -> Path:
    for number in range(limits.TREE_FILES):
        path = folder / "in" / str(number // limits.TREE_FILES_PER_RUN) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return folder / "in"


def _toml_settings(folder: Path) -> Path:
    (folder / "in").mkdir()
    (folder / "in/junit.xml").write_text(_CASE)
    (folder / "replaybook.toml").write_text("[tool.replaybook]\na" + ".b" * (limits.TOML_BYTES // 2 - 20) + "=1\n")
    return folder / "in"


def _settings(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "in").mkdir()
        (folder / "in/junit.xml").write_text(_CASE)
        (folder / "replaybook.yml").write_text(text)
        return folder / "in"

    return make


def _tree(content: str, ending: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        for number in range(limits.TREE_FILES_PER_RUN):
            path = folder / "in/run" / str(number % 50) / f"a{number}.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return folder / "in"

    return make


def _folders(folder: Path) -> Path:
    for number in range(5_000):
        (folder / "in" / str(number % 50) / str(number)).mkdir(parents=True)
    (folder / "in" / "/".join(["d"] * (limits.TREE_DEPTH + 20))).mkdir(parents=True)
    return folder / "in"


def _members(ending: str) -> Iterator[tuple[str, bytes]]:
    """Yield members that together are as many and as large as may be, and packed as tightly."""
    size = limits.ARCHIVE_BYTES // limits.ARCHIVE_MEMBERS - 600
    noise = os.urandom(size // (limits.ARCHIVE_RATIO - 50) // 2).hex()
    for number in range(limits.ARCHIVE_MEMBERS):
        yield f"run/{number}.{ending}", json.dumps(f"{number}{noise}".ljust(size - 2, "x")).encode()


def _large_members() -> Iterator[tuple[str, bytes]]:
    size = limits.ARCHIVE_MEMBER_BYTES
    noise = os.urandom(size // (limits.ARCHIVE_RATIO - 50)).hex()
    for number in range(limits.ARCHIVE_BYTES // size):
        yield f"run/{number}.json", json.dumps(f"{number}{noise}".ljust(size - 2, "x")).encode()


def _zip(members: Callable[[], Iterator[tuple[str, bytes]]]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "in.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in members():
                packed.writestr(name, data)
        return folder / "in.zip"

    return make


def _tar(ending: str, members: Callable[[], Iterator[tuple[str, bytes]]]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        mode = "w:gz" if ending.endswith("gz") else "w"
        with tarfile.open(folder / f"in.{ending}", mode) as packed:  # type: ignore[call-overload]
            for name, data in members():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                packed.addfile(entry, io.BytesIO(data))
        return folder / f"in.{ending}"

    return make


def _many_entries(folder: Path) -> Path:
    return _zip(lambda: ((f"{number}", b"") for number in range(40_000)))(folder)


def _empty_pieces(folder: Path) -> Path:
    path = _tar("tar.gz", lambda: iter([("junit.xml", _CASE.encode())]))(folder)
    with path.open("ab") as out:
        out.write(gzip.compress(b"") * 1_000_000)
    return path


def _tail(folder: Path) -> Path:
    path = _tar("tar", lambda: iter([("junit.xml", _CASE.encode())]))(folder)
    os.truncate(path, 16 << 30)
    return path


def _comments(folder: Path) -> Path:
    with tarfile.open(folder / "in.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as packed:
        for number in range(60):
            entry = tarfile.TarInfo(f"{number}.json")
            entry.pax_headers = {"comment": "x" * _PIECE}
            packed.addfile(entry)
    return folder / "in.tar.gz"


_FAILED = "<testsuite><testcase><failure>"
_END = "</failure></testcase></testsuite>"
_OUTPUT = '<testsuite><testcase name="adds"/><system-out>'
_OUTPUT_END = "</system-out></testsuite>"

WORST: dict[str, Callable[[Path], Path]] = {
    "json: one text": _json('{"a": "', "x", '"}'),
    "json: numbers": _json('{"a": [0', ",0.1", "]}"),
    "json: numbers of 4 300 digits": _json('{"a": [0', f",{'9' * 4_300}", "]}"),
    "json: short texts": _json('{"a": [""', ',"щщ"', "]}"),
    "json: as many lists as may be, as deep as may be": _json('{"a": [0', f",{'[' * 60}{']' * 60}", "]}", times=33_000),
    "json: as many objects as may be": _json('{"a": [0', ',{"":0}', "]}", times=999_000),
    "json: nothing but brackets": _json("", "[", ""),
    "json: nothing but empty texts and brackets in texts": _json('["["', ',""', "]"),
    "json: as many names as may be": _keys,
    "json: the last name is the first": _key_twice,
    "json: as many failing tests as may be": _json(
        '{"reportFormat": "CTRF", "results": {"tests": [{}', ',{"name":"a"}', "]}}", times=998_000
    ),
    "jsonl: as many events as may be": lambda folder: repeated(
        *(folder / "a.jsonl", limits.JSONL_BYTES, '{"Action":"start","Package":"p"}\n'),
        *('{"Action":"output","Package":"p","Output":"%s"}\n' % ("x" * 300), ""),
        times=700_000,
    ),
    "jsonl: as many lines as may be, none a row": _lines('{"a\n'),
    "jsonl: nothing but line ends": _lines("\n", times=64 << 20),
    "jsonl: as many rows as may be": _lines('{"a":1}\n'),
    "jsonl: one line": _lines("x", times=32 << 20),
    "xml: elements nobody knows": _xml("<testsuite>", "<a/>", "</testsuite>"),
    "xml: tests of one name": _xml("<testsuite>", "<testcase/>", "</testsuite>", times=20_000),
    "xml: suites of one name": _xml("<testsuites>", "<testsuite/>", "</testsuites>", times=100_000),
    "xml: tests that fail": _xml("<testsuite>", "<testcase><failure/></testcase>", "</testsuite>", times=1_900_000),
    "xml: 200 MB of different tests": _different_tests,
    "xml: long texts of tests that fail": _xml(
        *("<testsuite>", f"<testcase><failure>\U0001f600{'word ' * 13_000}</failure></testcase>", "</testsuite>")
    ),
    "xml: one text": _xml(_FAILED, "word ", _END),
    "xml: one text of references": _xml(_FAILED, "&amp;", _END),
    "xml: comments": _xml("<testsuite>", "<!---->", "</testsuite>"),
    "xml: one comment": _xml("<testsuite><!--", "x", "--></testsuite>"),
    "xml: one attribute": _xml('<testsuite><testcase name="', "x", '"/></testsuite>'),
    "xml: one name": _xml("<testsuite><", "x", "/></testsuite>"),
    "xml: to be repaired here and there": _xml(_OUTPUT, "word " * 1_000 + "\x1b", _OUTPUT_END),
    "xml: to be repaired everywhere": _xml(_OUTPUT, "\x1b", _OUTPUT_END),
    "xml: references to be repaired everywhere": _xml(_OUTPUT, "&#1;", _OUTPUT_END),
    "xml: text behind the document": _xml(_CASE, "word ", ""),
    "xml: tests of TRX that fail": _format(
        "a.trx", "<TestRun><Results>", '<UnitTestResult testName="n" outcome="Failed"/>', "</Results></TestRun>"
    ),
    "xml: suites of NUnit that fail": _format(
        *("a.xml", "<test-run><test-suite>", '<test-suite name="n" result="Failed:Error"/>', "</test-suite></test-run>")
    ),
    "xml: steps of Allure 1": lambda folder: repeated(
        *(folder / "a-testsuite.xml", limits.JSON_BYTES),
        f'<a:test-suite xmlns:a="{_ALLURE}"><test-cases><test-case status="failed"><name>n</name><steps>',
        *('<step status="failed"/>', "</steps></test-case></test-cases></a:test-suite>"),
    ),
    "tap: points": lambda folder: repeated(folder / "a.tap", limits.JSON_BYTES, "TAP version 13\n", "ok\n", ""),
    "toml: one dotted name": _toml("a", ".b", " = 1"),
    "toml: one table": _toml("[a", ".b", "]"),
    "toml: lists, as deep as may be": _toml("a = [", f"{'[' * 60}{']' * 60},", "]"),
    "toml: deeper than may be": _toml("a = ", "[", ""),
    "toml: names, as deep as may be": _dotted,
    "yaml: lists": _settings("a: [" + "[]," * (limits.YAML_BYTES // 3 - 4) + "]"),
    "yaml: one text": _settings("a: " + "x" * (limits.YAML_BYTES - 4)),
    "yaml: deeper than may be": _settings("a: " + "[" * (limits.YAML_BYTES - 4)),
    "toml: settings of one dotted name": _toml_settings,
    "tree: as many files as an argument may hold": _all_files,
    "tree: reports": _tree(_CASE, "xml"),
    "tree: broken reports": _tree("<testsuite", "xml"),
    "tree: strangers": _tree("{}", "json"),
    "tree: folders": _folders,
    "archive: members that are read": _zip(lambda: _members("json")),
    "archive: large members that are read": _zip(_large_members),
    "archive: large members of a packed tar": _tar("tar.gz", _large_members),
    "archive: members of a tar": _tar("tar", lambda: _members("json")),
    "archive: members that are not read": _tar("tar.gz", lambda: _members("bin")),
    "archive: a list of too many": _many_entries,
    "archive: pieces of nothing": _empty_pieces,
    "archive: a tar with gigabytes behind it": _tail,
    "archive: long comments": _comments,
    "archive: reports full of tests": _zip(_tests_of_archive),
    "text: accents": _messages("a" + "\u0301" * 6),
    "text: directions": _messages("a\u202e"),
    "text: beginnings of colours": _messages("\x1b["),
    "text: secrets": _messages("pass" + "word=hunter2 tok" + "en: abc "),
    "text: colours": _messages("\x1b[31mred\x1b[0m "),
    "text: what may be a secret but is none": _messages("password prompt skipped, token_count=12; "),
    "text: plain": _messages("lorem ipsum dolor sit amet "),
    **{
        f"log: {name}": _log(unit)
        for name, unit in {
            "one line": "x",
            "accents": "a\u0301\u0301\u0301\u0301\u0301\u0301",
            "beginnings of titles": "\x1b]0;aaaa",
            "directions": "a\u202e",
            "secrets": "pass" + "word=hunter2 tok" + "en: abc ",
            "keys": "-----BEGIN PRIVATE " + "KEY-----\n",
            "base64": "QUJD" * 16 + " ",
            "escapes": "%3D%20&amp;\\u0041\\n",
            "addresses": "https://u:p" + "@h ",
        }.items()
    },
}
"""What is read, by its class and what is bad about it."""
