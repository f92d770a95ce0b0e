"""Two hundred failures of which a quarter is still open: what each way of taking a median says (statistics, 9, 18)."""

from __future__ import annotations

import numpy as np
import pytest

from generator.analysis.survival import kaplan_meier

TRUTH = 45.0
SIGMA = 1.2
FAILURES = 200
DRAWS = 200
WINDOW = 280.0
"""Minutes in which they began: with it 50 to 60 of 200 are open at its end."""


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Return durations and whether still open, shape (draws, failures)."""
    random = np.random.default_rng(20)
    lasts = TRUTH * np.exp(SIGMA * random.standard_normal((DRAWS, FAILURES)))
    left = random.uniform(0, WINDOW, (DRAWS, FAILURES))
    return np.minimum(lasts, left), lasts > left


@pytest.fixture(scope="module")
def medians(drawn: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    found = [kaplan_meier(*each) for each in zip(*drawn, strict=True)]
    assert all(each.median is not None and each.enough for each in found)
    return np.array([each.median for each in found], dtype=float)


def test_the_generator_leaves_about_a_quarter_open(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    assert 50 <= drawn[1].sum(axis=1).mean() <= 60


def test_the_median_is_right_on_average_and_seldom_far_off(medians: np.ndarray) -> None:
    assert medians.mean() == pytest.approx(TRUTH, rel=0.03)
    assert np.median(np.abs(medians / TRUTH - 1)) <= 0.10


def test_a_median_of_the_closed_ones_alone_is_far_too_short(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    lasted, still_open = drawn
    closed_only = np.nanmedian(np.where(still_open, np.nan, lasted), axis=1)
    assert np.median(np.abs(closed_only / TRUTH - 1)) > 0.20
    assert np.median(lasted, axis=1).mean() < 0.9 * TRUTH


def test_the_interval_holds_the_truth_about_95_times_in_100(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    held = []
    for each in zip(*drawn, strict=True):
        found = kaplan_meier(*each)
        assert found.median_low is not None
        assert found.median_high is not None
        held.append(found.median_low <= TRUTH <= found.median_high)
    assert 0.90 <= np.mean(held) <= 0.99
