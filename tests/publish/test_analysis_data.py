"""Beside the pages of a version stands what the analysis found, as data."""

from __future__ import annotations

from typing import Any

from generator.export.analysis import plain
from generator.findings import Kpi, KpiStatus, Share
from tests.pages.report_builder import case, run


def test_runs_are_named_by_label_and_tests_by_key() -> None:
    assert plain(run("7").ref) == "7"
    assert plain(case("adds"))["key"] == "checkout::adds"


def test_a_computed_number_of_a_page_stands_in_the_data_too() -> None:
    assert plain(Share(failed=1, runs=4)) == {"failed": 1, "runs": 4, "low": None, "high": None, "rate": 0.25}


def test_what_is_not_known_is_null_and_never_zero() -> None:
    kpi = Kpi(
        kpi_id="mttr", title="t", status=KpiStatus.INSUFFICIENT_DATA, unit="s", n=3, of="e", min_n=10, window_days=30
    )
    told: dict[str, Any] = plain(kpi)
    assert (told["value"], told["status"]) == (None, "insufficient_data")
