"""Hostile files all the way: read, kept in a history, analysed, judged and drawn, as a build does it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from generator import analysis
from generator.history import open_store
from generator.safety.text import clean_message
from tests.readers import run_folder
from tests.readers.test_golden import GOLDEN
from tests.structure.drawing import (
    SETTINGS,
    counted,
    differences,
    pages,
    report_of_newest,
    sheets,
    standing,
    with_plain_causes,
)
from tests.structure.spoiling import spoiled
from tests.structure.twins import twin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.records import SourceFile
    from tests.structure.drawing import Sheet
    from tests.structure.spoiling import Leaf

_RAW: Final = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %} &lt;b&gt; &amp; `id`",
    "</pre></code></td></template></script></title><!-- Vec<Option<&str>>",
    "\u202egpj.exe\u2066\u200b\u2029 a",
    "\x1b[31m<b>red</b>\x1b[0m\x00\x9b1m\ud800 a",
)

_FREE: Final = frozenset(
    {
        *("message", "detail", "text", "title", "summary", "reason", "owner", "remove_when", "bead", "evidence"),
        *("trace", "longrepr", "description", "os", "git_branch", "branch", "event", "workflow", "root_cause_class"),
        *("source", "test", "component", "policy", "filename", "line", "snippet", "browser", "device", "name"),
    }
)
"""Keys and attributes below which files hold words for people."""


def files() -> dict[str, bytes]:
    """Return a run that left the runner's own files, gate evidence, reports and more."""
    made = {
        "run.json": run_folder.MANIFEST | {"attempt": 1, "url": "https://forge.example/owner/repo/runs/812"},
        "native/environment.json": run_folder.environment(),
        "native/summary.json": run_folder.summary(suites=[run_folder.result("checkout", 101)]),
        "native/unit/codec/result.json": run_folder.result("codec", surface="unit"),
        "native/checkout/result.json": run_folder.result("checkout", 101),
        "native/checkout/failure_digest.json": run_folder.digest("checkout"),
        "full_suite_gate/full_suite_verdict.json": run_folder.verdict(
            run_folder.gate("ext_must_pass", "fail", detail="two tests fail"), run_folder.gate("other", "warn")
        ),
    }
    golden = {
        "reports/junit.xml": "junit/pytest.xml",
        "reports/ctrf-report.json": "ctrf/pytest.ctrf.json",
        "reports/scan.sarif": "sarif/codeql.sarif",
        "reports/coverage.xml": "cobertura/coverage.xml",
        "full_suite_gate/waiver_audit.json": "waiver_audit/waiver_audit.json",
        "full_suite_gate/quarantine_report.json": "quarantine_report/quarantine_report.json",
    }
    events = run_folder.lines([run_folder.event("checkout", number) for number in range(3)])
    return {
        **{name: run_folder.dumped(content) for name, content in made.items()},
        **{name: (GOLDEN / path).read_bytes() for name, path in golden.items()},
        "native/checkout/failure_timeline.jsonl": events.encode(),
    }


def drawn(folder: Path, text: str) -> list[Sheet]:
    """Return the pages of the run when a text stands at the end of all words for people in its files."""
    for name, data in files().items():
        fit = clean_message(text) if name.endswith(".xml") and "\x00" in text else text  # XML holds no such thing
        run_folder.write(folder / "run" / name, spoiled(data, _is_free, partial(_joined, end=fit)))
    intake = run_folder.read(folder / "run")
    store = open_store(folder / "history", create=True)
    for unit in intake.units:
        store.append(
            replace(unit, evidence=unit.evidence.model_copy(update={"sources": _alike(unit.evidence.sources)}))
        )
    prepared = analysis.prepare(store.snapshot(), SETTINGS)
    return sheets(pages(with_plain_causes(report_of_newest(prepared))))


def _alike(sources: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files without size and hash, which tell the bytes of a text and not what it says."""
    return tuple(source.model_copy(update={"bytes": 1, "sha256": "0" * 64}) for source in sources)


def _joined(value: str, end: str) -> str:
    return value + end


def _is_free(leaf: Leaf) -> bool:
    named = [step for step in leaf if isinstance(step, str)]
    return not named or named[-1] in _FREE


@pytest.mark.parametrize("raw", _RAW)
def test_a_hostile_text_in_the_files_of_a_run_changes_no_page_but_where_it_stands(tmp_path: Path, raw: str) -> None:
    text = clean_message(raw)
    hostile, benign = drawn(tmp_path / "hostile", raw), drawn(tmp_path / "benign", twin(text))
    assert differences(counted(hostile), counted(benign)) == []
    assert [danger for sheet in hostile for danger in sheet.dangers()] == []
    assert standing(text, hostile) == standing(twin(text), benign)
    assert standing(text, hostile)[0] > 100
