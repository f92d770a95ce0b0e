"""Our special functions are scipy's, to more digits than any page shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from generator.analysis.special import beta_distribution, beta_quantile, normal_tail


def test_the_normal_tail_is_that_of_scipy_far_out_too() -> None:
    z = np.linspace(-8, 37, 901)
    assert np.allclose(normal_tail(z), stats.norm.sf(z), rtol=1e-12, atol=0)
    assert normal_tail(np.zeros((2, 3))).tolist() == [[0.5] * 3] * 2


@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
def test_the_quantiles_of_all_counts_up_to_sixty_are_those_of_scipy(share: float) -> None:
    n, k = (grid.ravel() for grid in np.meshgrid(np.arange(1, 61), np.arange(61)))
    n, k = n[k <= n], k[k <= n]
    expected = special.betaincinv(k + 0.5, n - k + 0.5, share)
    assert np.allclose(beta_quantile(k + 0.5, n - k + 0.5, share), expected, rtol=1e-10, atol=1e-15)


@given(st.floats(0.5, 5_000), st.floats(0.5, 5_000), st.sampled_from([0.025, 0.975]))
@settings(max_examples=200, deadline=None)
def test_any_quantile_is_that_of_scipy(a: float, b: float, share: float) -> None:
    assert beta_quantile(a, b, share).item() == pytest.approx(special.betaincinv(a, b, share), rel=1e-9, abs=1e-14)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.5, 500), st.floats(0.5, 500))
@settings(max_examples=200, deadline=None)
def test_the_distribution_is_that_of_scipy(x: float, a: float, b: float) -> None:
    found = beta_distribution(np.array([x]), np.array([a]), np.array([b])).item()
    assert found == pytest.approx(special.betainc(a, b, x), rel=1e-9, abs=1e-14)


def test_what_is_not_known_stays_unknown() -> None:
    assert np.isnan(beta_quantile([np.nan, 0.5], [0.5, np.nan], 0.5)).all()
    assert beta_quantile(np.zeros(0), np.zeros(0), 0.5).tolist() == []
