"""A bounded run of the fuzz target; `make fuzz` runs the long one."""

from __future__ import annotations

import pytest

from tests.fuzz.run import GOLDEN, fuzz, seeds
from tests.shared import shared


def test_no_mutation_of_a_golden_file_makes_a_reader_fail() -> None:
    assert [finding.what for finding in fuzz(seeds([GOLDEN]), 1_500, 7)] == []


@pytest.mark.shared
def test_no_mutation_of_a_real_report_makes_a_reader_fail() -> None:
    assert [finding.what for finding in fuzz(seeds([shared("corpus")]), 2_000, 8)] == []
