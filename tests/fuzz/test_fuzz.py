"""A bounded run of every fuzz target: over a minute in all where CI runs it, two seconds each elsewhere."""

from __future__ import annotations

import os

import pytest

from tests.fuzz import reports
from tests.fuzz.run import fuzz
from tests.fuzz.targets import NAMES, targets
from tests.shared import shared

IN_CI = 10.0
SECONDS = IN_CI if os.environ.get("CI") == "true" else 2.0
BY_NAME = {target.name: target for target in targets()}


@pytest.mark.parametrize("name", NAMES)
def test_no_case_breaks_the_promise_of_its_target(name: str) -> None:
    outcome = fuzz(BY_NAME[name], 1, seconds=SECONDS)
    assert [f"{finding.what}\n{finding.data!r:.2000}" for finding in outcome.findings] == []
    assert outcome.cases > 10


def test_all_targets_together_are_fuzzed_for_a_minute_in_ci() -> None:
    assert tuple(BY_NAME) == NAMES
    assert len(NAMES) * IN_CI >= 60


@pytest.mark.shared
def test_no_mutation_of_a_real_report_breaks_the_promise() -> None:
    outcome = fuzz(reports.target([shared("corpus")]), 8, cases=2_000)
    assert [finding.what for finding in outcome.findings] == []
