"""Run folders with a secret of every kind in every place that a report has, and the look for what is left of them."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

import pyarrow.parquet as pq

from tests.readers.run_folder import COMMIT, write
from tests.safety.invented import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plant:
    """A secret in the words that make it one."""

    kind: str
    secret: str
    text: str

    @property
    def core(self) -> str:
        """A part of the secret that nothing else holds."""
        middle = len(self.secret) // 2
        return self.secret if len(self.secret) < 16 else self.secret[middle - 6 : middle + 6]


PLANTS: Final = tuple(Plant(kind, secret, around.format(secret)) for kind, secret, around in TABLE)
SHAPED: Final = tuple(plant for plant in PLANTS if plant.text in (plant.secret, f"x{plant.secret}"))
"""Secrets that need no words around them: these are found in a disguise, too."""

DISGUISES: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda text: text,
    "quoted": lambda text: f"'{text}'",
    "url": lambda text: f"https://ci.example/?next={quote(text, safe='')}",
    "entities": lambda text: "&#x3c;" + html.escape(text).replace("_", "&#95;").replace("-", "&#45;"),
    "json": lambda text: json.dumps({"said": f'"{text}"'}),
    "json_unicode": lambda text: text.replace("_", "\\u005f").replace("-", "\\u002d"),
    "base64": lambda text: base64.b64encode(f"see {text} there".encode()).decode(),
    "base64_url": lambda text: base64.urlsafe_b64encode(f"??>>{text}<<~~".encode()).decode(),
    "ansi": lambda text: f"{text[:9]}\x1b[31m{text[9:]}",
    "zero_width": lambda text: f"{text[:9]}\u200b{text[9:]}",
    "after_a_dot": lambda text: f"module.{text}",
    "in_a_path": lambda text: f"/tmp/{text}/out.log",  # noqa: S108  no file of ours
}
PLACES: Final = (
    *("junit_message", "junit_trace", "junit_name", "junit_class", "junit_suite", "ctrf_message", "ctrf_trace"),
    *("ctrf_name", "sarif_message", "archive_member", "file_name", "timeline", "event_log"),
)


def plant_everywhere(root: Path, plants: tuple[Plant, ...], disguise: Callable[[str], str]) -> None:
    """Write one run with every secret in every place."""
    texts = [(number, disguise(plant.text)) for number, plant in enumerate(plants)]
    said = {"schema": "replaybook.run.v1", "repository": "a/b", "workflow": "ci", "run_id": "7", "branch": "main"}
    write(root / "run.json", said | {"commit": COMMIT, "started_at": "2026-03-04T05:00:00Z"})
    write(root / "places.xml", _junit(_case(number, place, text) for number, text in texts for place in range(4)))
    write(root / "suites.xml", _suites(texts))
    write(root / "ctrf.json", _ctrf(texts))
    write(root / "lint.sarif", _sarif(texts))
    write(root / "bundle.zip", _zip(_junit(_case(number, 1, text, "zipped ") for number, text in texts)))
    for number, text in texts:
        if not set("/\n").intersection(text) and len(text.encode()) < 240:  # else it is no name of a file
            write(root / f"{text} {number}.xml", "<testsuite name='s'><testcase name='ok'/>")
    rows = [{"timestamp": "2026-03-04T05:00:01Z", "event": text, "detail": text} for _, text in texts]
    write(root / "failure_timeline.jsonl", "\n".join(map(json.dumps, rows)))
    write(root / "output.log", "\n".join(f"error: {text}" for _, text in texts))


def _junit(cases: Iterator[str]) -> str:
    return f'<testsuite name="shop">{"".join(cases)}</testsuite>'


def _xml(text: str) -> str:
    """A report cannot hold what XML forbids; its writer drops it, or writes the escape as letters."""
    return text.replace("\x1b", "")


def _case(number: int, place: int, text: str, prefix: str = "") -> str:
    message, trace, name, owner = (_xml(text) if place == which else f"{prefix}{number} {place}" for which in range(4))
    attributes = f"name={quoteattr(name)} classname={quoteattr(owner)}"
    return f"<testcase {attributes}><failure message={quoteattr(message)}>{escape(trace)}</failure></testcase>"


def _suites(texts: list[tuple[int, str]]) -> str:
    made = (f"<testsuite name={quoteattr(_xml(text))}><testcase name='t{n}'/></testsuite>" for n, text in texts)
    return f"<testsuites>{''.join(made)}</testsuites>"


def _ctrf(texts: list[tuple[int, str]]) -> dict[str, object]:
    tests = [{"name": f"m {n}", "status": "failed", "duration": 1, "message": text} for n, text in texts]
    tests += [{"name": f"t {n}", "status": "failed", "duration": 1, "trace": text} for n, text in texts]
    tests += [{"name": text, "status": "failed", "duration": 1} for _, text in texts]
    count = {"tests": len(tests), "passed": 0, "failed": len(tests), "pending": 0, "skipped": 0, "other": 0}
    return {"results": {"tool": {"name": "x"}, "summary": {**count, "start": 1, "stop": 2}, "tests": tests}}


def _sarif(texts: list[tuple[int, str]]) -> dict[str, object]:
    results = [{"ruleId": f"r{n}", "level": "error", "message": {"text": text}} for n, text in texts]
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "lint"}}, "results": results}]}


def _zip(report: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zipped.xml", report)
    return packed.getvalue()


def everything_in(folder: Path) -> str:
    """Return all text below a folder: names, files as they are, unpacked, and decoded as their readers do."""
    said: list[str] = []
    for path in sorted(folder.rglob("*")):
        said.append(path.name)
        if path.suffix == ".parquet":
            said.append(str(pq.read_table(path).to_pylist()))
        elif path.is_file():
            data = path.read_bytes()
            said += readings((gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace"))
    return "\n".join(said)


def readings(text: str) -> list[str]:
    """Return a text raw and as it reads in HTML, in JSON and in an address."""
    plain = html.unescape(text)
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), plain).replace("\\/", "/")
    return [text, plain, unescaped, unquote(plain)]


def left_of(plants: tuple[Plant, ...], said: str) -> list[str]:
    """Return the kinds of which a part is left."""
    return [f"{plant.kind}: {plant.text[:12]}…" for plant in plants if plant.core in said]
