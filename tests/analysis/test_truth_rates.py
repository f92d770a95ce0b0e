"""Fisher's exact test against scipy's, and what it costs (statistics, section 18)."""

from __future__ import annotations

import time

import numpy as np
from numpy.testing import assert_allclose
from scipy import stats

from generator.analysis.rates import fisher_right, jeffreys_interval, wilson


def test_two_thousand_tables_have_the_p_of_scipy() -> None:
    rng = np.random.default_rng(18)
    n1, n2 = rng.integers(1, 200, 2_000), rng.integers(1, 60, 2_000)
    # Half of the tables are drawn as they occur, few failures each, half from all there are.
    f1 = np.where(np.arange(2_000) % 2, rng.integers(0, n1 + 1), rng.binomial(n1, 0.03))
    f2 = np.where(np.arange(2_000) % 2, rng.integers(0, n2 + 1), rng.binomial(n2, 0.1))
    wanted = [
        stats.fisher_exact([[b, d - b], [a, c - a]], alternative="greater").pvalue
        for a, c, b, d in zip(f1.tolist(), n1.tolist(), f2.tolist(), n2.tolist(), strict=True)
    ]
    assert_allclose(fisher_right(f1, n1, f2, n2), wanted, rtol=1e-9, atol=1e-12)


def test_twenty_thousand_tables_take_at_most_twenty_milliseconds() -> None:
    rng = np.random.default_rng(19)
    f1, f2 = rng.binomial(120, 0.05, 20_000), rng.binomial(28, 0.1, 20_000)
    took = []
    for _ in range(10):
        begin = time.process_time()
        fisher_right(f1, 120, f2, 28)
        took.append(time.process_time() - begin)
    assert min(took) <= 0.020


def test_intervals_cover_the_true_rate_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20)
    rate = rng.uniform(0.02, 0.5, 100_000)
    hits = rng.binomial(60, rate)
    for interval in (wilson(hits, 60), jeffreys_interval(hits, 60)):
        covered = ((interval.low <= rate) & (rate <= interval.high)).mean()
        assert 0.94 <= covered <= 0.96
