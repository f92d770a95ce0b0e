"""A large report is read in pieces: what is read from it does not depend on where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.artifact import Artifact
from generator.readers import cargo_libtest, go_test_json, lcov
from generator.safety.limits import MIB
from tests.readers.in_memory import artifact, outcome
from tests.readers.test_golden import BY_NAME, GOLDEN, INPUTS, name_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.plugins import Reader

STREAMED = ("allure_history", "cargo_libtest", "dart_json", "go_test_json", "lcov", "pytest_reportlog")
LINES = ("test_log", "failure_timeline", "full_suite_events", "family_events", "github_runs", "github_jobs")
REPORTS = [path for path in INPUTS if path.relative_to(GOLDEN).parts[0] in (*STREAMED, *LINES)]
GO = (
    *("# acme/a\n", "# acme/b [acme/b.test]\n", "a.go:1: mistake\n", "\n", "x" * 40_000, "#\n", " # acme/c\n", "\r\n"),
    *("FAIL\tacme/a [build failed]\n", "FAIL\tacme/b [setup failed]\r\n", "FAIL\tacme/a\n", "\ufeff", '{"torn'),
    *('{"Action":"start","Package":"acme/a"}\n', '{"Action":"fail","Package":"acme/a"}\n'),
    *('{"Action":"pass","Package":"acme/b","Test":"TestÄ"}\n', '{"Action":"build-fail","ImportPath":"acme/b"}\n'),
)
CARGO = (
    *("     Running unittests src/lib.rs (target/debug/deps/acme-0123456789abcdef)\n", "   Doc-tests acme\r\n", "\n"),
    *("\x1b[32m   Running\x1b[0m tests/cli.rs (target/cli-0123456789abcdef)\n", '{"torn', "é\n", " " * 5_000),
    *('{"type":"suite","event":"started","test_count":1}\n', '{"type":"test","event":"ok","name":"adds"}\n'),
    '{"type":"suite","event":"ok","passed":1,"failed":0,"ignored":0,"measured":0,"filtered_out":0}\n',
)
LCOV = ("TN:\n", "SF:a.py\n", "SF:b.py\r\n", "DA:1,1\n", "DA:2,0\r\n", "LF:2\n", "end_of_record\n", "é", "\n", "\r")


def in_pieces(name: str, data: bytes, size: int) -> Artifact:
    """Return a file in memory as a large one is given: in pieces."""
    pieces = [data[place : place + size] for place in range(0, len(data), size)]
    whole = artifact(name, data)
    return Artifact(
        path=whole.path,
        name=name,
        folders=whole.folders,
        size=2 * MIB,
        load=lambda: data,
        chunks=lambda: iter(pieces),
    )


@pytest.mark.parametrize("size", [1, 61, 4_096])
@pytest.mark.parametrize("path", REPORTS, ids=name_of)
def test_a_report_in_pieces_is_read_as_at_once(path: Path, size: int) -> None:
    reader, data = BY_NAME[path.relative_to(GOLDEN).parts[0]], path.read_bytes()
    name = f"{path.stem}.jsonl"  # a log is not read in pieces
    found = outcome(reader, in_pieces(name, data, size))
    assert isinstance(found, dict)
    lost = "is named like a log, of which only the ends were read"  # by its size, which is not the true one
    problems = found.get("problems", [])
    assert isinstance(problems, list)
    kept = [problem for problem in problems if lost not in problem.values()]
    at_once = outcome(reader, artifact(name, data))
    assert found | {"problems": kept} == {"problems": []} | at_once  # type: ignore[operator]


@given(st.sampled_from([(go_test_json, GO), (cargo_libtest, CARGO)]), st.data(), st.integers(1, 50))
def test_what_stands_between_events_is_found_wherever_the_pieces_end(
    known: tuple[Reader, tuple[str, ...]], drawn: st.DataObject, size: int
) -> None:
    reader, lines = known
    data = "".join(drawn.draw(st.lists(st.sampled_from(lines), max_size=12))).encode()
    assert outcome(reader, in_pieces("a.jsonl", data, size)) == outcome(reader, artifact("a.jsonl", data))


@given(st.lists(st.sampled_from(LCOV), max_size=16), st.integers(1, 9))
def test_records_of_a_tracefile_are_the_same_wherever_the_pieces_end(lines: list[str], size: int) -> None:
    data = "".join(lines).encode()
    found = in_pieces("lcov.info", data, size)
    found.size = len(data)
    assert outcome(lcov, found) == outcome(lcov, artifact("lcov.info", data))
