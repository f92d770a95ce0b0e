"""Small inputs that measure exactly so much: bytes, levels, lines, files, members."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from bisect import bisect_left
from typing import TYPE_CHECKING

from tests.readers.run_folder import digest, event, junit, lines, write, write_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = '<testcase classname="shop" name="adds"/>'
CTRF = {"name": "adds", "status": "passed", "duration": 5}
SUITES = '[suite.unit]\nfiles = ["codec"]\n'
_SIZE = 200_000
GO = (
    '{"Action":"pass","Package":"example.org/mill","Test":"TestAdds"}\n{"Action":"pass","Package":"example.org/mill"}\n'
)


def ctrf(*tests: object, **more: object) -> str:
    """Return a CTRF report."""
    results = {"tool": {"name": "t"}, "summary": {}, "tests": list(tests) or [CTRF], **more}
    return json.dumps({"reportFormat": "CTRF", "results": results})


def padded(text: str, size: int) -> str:
    """Return the text with blanks behind it, so many bytes in all."""
    assert len(text) <= size
    return text + " " * (size - len(text))


def json_bytes(folder: Path, size: int) -> None:
    write(folder / "run/ctrf.json", padded(ctrf(), size))


def json_depth(folder: Path, depth: int) -> None:
    inner: object = []
    for _ in range(depth - 4):  # within the document, `results`, `extra` and the innermost list
        inner = [inner]
    write(folder / "run/ctrf.json", ctrf(extra=[inner]))


def json_parts(folder: Path, number: int) -> None:
    text = ctrf(extra=[])
    strings = json.dumps("[{:" * 50)  # what stands in a string is no part
    signs = sum(text.count(sign) for sign in "{[:")
    inner = ",".join(["[]"] * (number - signs) + [strings])
    write(folder / "run/ctrf.json", text.replace('"extra": []', f'"extra": [{inner}]'))


def fraction(folder: Path, characters: int) -> None:
    digits = "0." + "1" * (characters - 2)
    write(folder / "run/ctrf.json", ctrf().replace('"duration": 5', f'"duration": {digits}'))


def whole_number(folder: Path, value: int) -> None:
    write(folder / "run/ctrf.json", ctrf().replace('"duration": 5', f'"duration": {value}'))


def many_digits(folder: Path, characters: int) -> None:
    number = "1" if characters <= 400 else "9" * characters
    write(folder / "run/ctrf.json", ctrf().replace('"duration": 5', f'"duration": {number}'))


def text_bytes(folder: Path, size: int) -> None:
    write_run(folder / "run", CODEOWNERS=padded("* @mill\n", size))


def jsonl_bytes(folder: Path, size: int) -> None:
    write_timeline(folder, padded(lines([event("checkout", 1)]), size))


def events_by_content(folder: Path, size: int) -> None:
    write(folder / "run/go.jsonl", padded(GO, size))
    write(folder / "run/junit.xml", junit())


def jsonl_line(folder: Path, size: int) -> None:
    good = event("checkout", 1, message="").copy()
    good["message"] = "m" * (size - len(json.dumps(good)))
    write_timeline(folder, lines([event("checkout", 2), good]))


def jsonl_rows(folder: Path, number: int) -> None:
    write_timeline(folder, lines([event("checkout", place) for place in range(1, number + 1)]))


def jsonl_kept(folder: Path, characters: int) -> None:
    first = event("checkout", 1, message="")
    first["message"] = "m" * (characters - len(json.dumps(first)))
    write_timeline(folder, lines([first, event("checkout", 2)]))


def jsonl_depth(folder: Path, depth: int) -> None:
    nested = "[" * (depth - 1) + "]" * (depth - 1)
    row = json.dumps(event("checkout", 2))[:-1] + f', "more": {nested}}}\n'
    write_timeline(folder, lines([event("checkout", 1)]) + row)


def write_timeline(folder: Path, text: str) -> None:
    write_run(folder / "run")
    write(folder / "run/checkout/failure_digest.json", digest("checkout"))
    write(folder / "run/checkout/failure_timeline.jsonl", text)


def xml_bytes(folder: Path, size: int) -> None:
    write(folder / "run/junit.xml", padded(junit(), size))


def xml_depth(folder: Path, depth: int) -> None:
    around = depth - 1
    write(folder / "run/junit.xml", '<testsuite name="s">' * around + CASES + "</testsuite>" * around)


def xml_attributes(folder: Path, number: int) -> None:
    more = " ".join(f'a{place}=""' for place in range(number - 1))
    write(folder / "run/junit.xml", f'<testsuite><testcase name="adds" {more}/></testsuite>')


def xml_elements(folder: Path, number: int) -> None:
    write(folder / "run/junit.xml", "<testsuite><!-- <a -->" + CASES + "<a/>" * (number - 2) + "</testsuite>")


def xml_values(folder: Path, number: int) -> None:
    more = '<a b="="/>' * (number - 2)
    write(folder / "run/junit.xml", f"<testsuite>{CASES}{more}</testsuite>")


def xml_tag(folder: Path, size: int) -> None:
    tag = '<testcase name="adds" message=""/>'
    room = size - len(tag) if size == 1 << 18 else size + 131_072  # measured whenever a piece of the file was read
    tag = tag.replace('""', f'"{"m" * room}"')
    write(folder / "run/junit.xml", f"<testsuite>{tag}</testsuite>")


def xml_repairs(folder: Path, number: int) -> None:
    output = "\x01" * (number - 1) + "&#1;"
    write(folder / "run/junit.xml", f"<testsuite>{CASES}<system-out>{output}</system-out></testsuite>")


def toml_bytes(folder: Path, size: int) -> None:
    write_run(folder / "run", **{"suite_classification.toml": padded(SUITES, size)})


def toml_depth(folder: Path, depth: int) -> None:
    inner = "[" * (depth - 1) + "]" * (depth - 1)
    write_run(folder / "run", **{"suite_classification.toml": f"x = {inner}\n{SUITES}"})


def toml_key(folder: Path, parts: int) -> None:
    key = ".".join(["a", '"b"', *["c"] * (parts - 2)])
    write_run(folder / "run", **{"suite_classification.toml": f"{key} = 1\n{SUITES}"})


def log_bytes(folder: Path, size: int) -> None:
    begin = "a line of the build\n"
    write(folder / "run/go.log", begin + padded(GO, size - len(begin)))


def files_of_a_run(folder: Path, number: int) -> None:
    write_run(folder / "run")
    for place in range(number - 4):
        write(folder / f"run/more/deep/{place:05}.txt", "")


def files(folder: Path, number: int) -> None:
    for place in range(number):
        write(folder / f"in/{place:05}.txt", "")


def files_of_an_archive(folder: Path, number: int) -> None:
    members(folder, number - 1)
    write(folder / "z.txt", "")


def folders(folder: Path, number: int) -> None:
    write(folder / "a.txt", "")
    for place in range(number):
        (folder / f"b{place:05}").mkdir()


def depth(folder: Path, levels: int) -> None:
    write(folder.joinpath(*["d"] * levels, "junit.xml"), junit())


def zipped(*names: str, data: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with members of these names; `junit.xml` is a report."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name in names:
            packed.writestr(name, junit().encode() if name.endswith("junit.xml") else data)
    return buffer.getvalue()


def members(folder: Path, number: int) -> None:
    write(folder / "run.zip", zipped("junit.xml", *(f"{place}.bin" for place in range(number - 1))))


def members_of_a_tar(folder: Path, number: int) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for place in range(number):
            data = junit().encode() if not place else b""
            entry = tarfile.TarInfo(f"{place}.bin" if place else "junit.xml")
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    write(folder / "run.tar.gz", buffer.getvalue())


def archive_bytes(folder: Path, size: int) -> None:
    data = b"x" * (size - len(junit()))
    write(folder / "run.zip", zipped("junit.xml", "a.bin", data=data, method=zipfile.ZIP_STORED))


def member_bytes(folder: Path, size: int) -> None:
    write(folder / "run.zip", zipped("junit.xml", "a.bin", data=b"x" * size, method=zipfile.ZIP_STORED))


def ratio(limit: int) -> Callable[[Path, int], None]:
    """Return what writes an archive whose member unpacks to `limit` times its size at most, or to a little more."""

    def ratio_of(folder: Path, times: int) -> None:
        noise = b"".join(hashlib.sha256(bytes([place])).digest() for place in range(128))
        least = bisect_left(range(len(noise)), True, key=lambda size: limit * _packed(_diluted(noise[:size])) >= _SIZE)
        write(folder / "run.zip", zipped("junit.xml", "a.bin", data=_diluted(noise[: least - (times > limit)])))

    return ratio_of


def _diluted(noise: bytes) -> bytes:
    return noise + bytes(_SIZE - len(noise))


def _packed(data: bytes) -> int:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return len(packer.compress(data) + packer.flush())


def member_name(folder: Path, size: int) -> None:
    name = "é" * (size // 2) + "x" * (size % 2)
    write(folder / "run.zip", zipped("junit.xml", name))


def member_depth(folder: Path, levels: int) -> None:
    write(folder / "run.zip", zipped("/".join(["d"] * levels) + "/junit.xml"))


def listing(folder: Path, number: int) -> None:
    """Write a zip of empty members: of which only the list takes room."""
    write(folder / "run.zip", zipped("junit.xml", *(f"{place:0200}" for place in range(number))))


def empty_pieces(folder: Path, size: int) -> None:
    """Write a packed tar, and behind it pieces of gzip that unpack to nothing."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        entry = tarfile.TarInfo("junit.xml")
        entry.size = len(junit())
        packed.addfile(entry, io.BytesIO(junit().encode()))
    nothing = gzip.compress(b"")
    write(folder / "run.tar.gz", gzip.compress(buffer.getvalue()) + nothing * (size // len(nothing)))


def tests_of_a_run(folder: Path, number: int) -> None:
    """Write two reports of one run that together hold so many tests, none of which says anything."""
    cases = [f'<testcase classname="shop" name="adds {place}"/>' for place in range(number)]
    for part, some in (("a", cases[:2]), ("b", cases[2:])):
        write(folder / "run/nightly" / part / "junit.xml", f'<testsuite name="cart">{"".join(some)}</testsuite>')
    write(folder / "run/nightly/run.json", {"schema": "replaybook.run.v1", "run_id": "7"})


def text_of_a_run(folder: Path, size: int) -> None:
    """Write two reports of one run whose failures say so many characters together."""
    for part, said in (("a", size // 2), ("b", size - size // 2)):
        case = f'<testcase name="adds {part}"><failure message="{"x" * said}"/></testcase>'
        write(folder / "run/nightly" / part / "junit.xml", f'<testsuite name="cart">{case}</testsuite>')
    write(folder / "run/nightly/run.json", {"schema": "replaybook.run.v1", "run_id": "7"})
