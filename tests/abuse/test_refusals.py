"""Hostile structures: each is one Problem within seconds, and what is good beside it still counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.records import Severity
from tests.abuse.corpus import CLASSES
from tests.readers.run_folder import read

if TYPE_CHECKING:
    from tests.abuse.corpus import Corpus

pytestmark = pytest.mark.shared


def complaint(corpus: Corpus, case: Any) -> str:
    """Say what is wrong with the reading of a case; nothing when it is as the corpus expects."""
    began = time.monotonic()
    intake = read(corpus.folder / case.path)
    seconds = time.monotonic() - began
    errors = [problem for problem in intake.problems if problem.severity is Severity.ERROR]
    if seconds > 10:
        return f"{case.path}: took {seconds:.0f} s"
    if case.expect == "must-reject-with-error":
        named = [each for each in intake.problems if case.file in each.path + each.message]
        return "" if errors or (named and intake.problems) else f"{case.path}: no problem about {case.file}"
    if "clean" in case.checks and errors:
        return f"{case.path}: {errors[0].message}"
    return "" if intake.units or errors else f"{case.path}: neither read nor named"


@pytest.mark.parametrize("name", CLASSES)
def test_hostile_input_is_refused_by_name_and_genuine_input_is_read(corpus: Corpus, name: str) -> None:
    cases = corpus.of(name)
    assert cases
    assert [text for case in cases if (text := complaint(corpus, case))] == []


def test_nothing_of_a_refused_archive_is_read(corpus: Corpus) -> None:
    refused = [case for case in corpus.of("archive") if case.expect == "must-reject-with-error"]
    assert len(refused) >= 20
    for case in refused:
        intake = read(corpus.folder / case.path)
        assert intake.units == ()
        assert all(problem.hint for problem in intake.problems)
