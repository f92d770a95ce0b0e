"""Labels of flaky tests against 3 000 simulated tests of known nature (statistics, sections 5 and 18)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import rankdata

from generator.analysis.flake_labels import BROKEN, SUSPECTED, FlakeLabels, label_flakes

if TYPE_CHECKING:
    from numpy.typing import NDArray

TESTS, COMMITS = 3_000, 60
SEEDS = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    found: FlakeLabels
    flaky: NDArray[np.bool_]
    broken: NDArray[np.bool_]
    """The last three commits fall into a real breakage."""
    failures: NDArray[np.int64]
    """First attempts that failed."""

    @property
    def failed(self) -> NDArray[np.bool_]:
        return self.failures > 0


@cache
def trial(seed: int, *, rerun: bool) -> Trial:
    """Make 20 % flaky tests at 3-40 %, 20 % with one breakage, 10 % with two to four short ones, the rest stable.

    What is not flaky fails by accident once in 3 000 runs. With `rerun`, each failure is tried once more.
    """
    rng = np.random.default_rng(seed)
    nature = rng.permutation(np.repeat([0, 1, 2, 3], [TESTS // 5, TESTS // 5, TESTS // 10, TESTS // 2]))
    chance = np.where(nature == 0, rng.uniform(0.03, 0.40, TESTS), 1 / 3_000)
    breakages = np.select([nature == 1, nature == 2], [1, rng.integers(2, 5, TESTS)], 0)
    commit = np.arange(COMMITS)[:, None]
    down = np.zeros((COMMITS, TESTS), dtype=np.bool_)
    for number in range(4):
        start = rng.integers(1, COMMITS, TESTS)
        length = np.where(nature == 1, rng.integers(3, 31, TESTS), rng.integers(1, 7, TESTS))
        down |= (number < breakages) & (commit >= start) & (commit < start + length)
    fail = down | (rng.random(down.shape) < chance)
    again = fail & (down | (rng.random(down.shape) < chance))
    passes = ~fail | (fail & ~again & rerun)
    fails = fail.astype(np.int16) + (again & rerun)
    found = label_flakes(passes.astype(np.int16), fails, np.where(fail, 2, 1), np.arange(COMMITS) / 4, COMMITS / 4)
    return Trial(found=found, flaky=nature == 0, broken=np.asarray(down[-3:].all(axis=0)), failures=fail.sum(axis=0))


def precision_recall(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    hits = np.count_nonzero(said & truth)
    return hits / np.count_nonzero(said), hits / np.count_nonzero(truth)


def area(score: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve: how often a true one scores above a false one."""
    positive, negative = np.count_nonzero(truth), np.count_nonzero(~truth)
    return float((rankdata(score)[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_excursions_of_one_commit_tell_flaky_tests_without_any_rerun(seed: int) -> None:
    made = trial(seed, rerun=False)
    precision, recall = precision_recall(made.found.label == SUSPECTED, made.flaky)
    assert precision >= 0.93
    assert recall >= 0.90


@pytest.mark.parametrize("seed", SEEDS)
def test_two_commits_that_disagree_with_themselves_confirm_a_flaky_test(seed: int) -> None:
    made = trial(seed, rerun=True)
    precision, recall = precision_recall(made.found.flake_commits >= 2, made.flaky)
    assert precision >= 0.98
    assert recall >= 0.94


@pytest.mark.parametrize("seed", SEEDS)
def test_one_commit_that_disagrees_with_itself_finds_nearly_all_and_a_few_accidents(seed: int) -> None:
    made = trial(seed, rerun=True)
    precision, recall = precision_recall(made.found.flake_commits >= 1, made.flaky)
    assert precision >= 0.90
    assert recall >= 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_same_commit_disagreement_ranks_flaky_tests_above_broken_ones(seed: int) -> None:
    made = trial(seed, rerun=True)
    assert area(made.found.flake_rate[made.failed], made.flaky[made.failed]) >= 0.99


@pytest.mark.parametrize("rerun", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_flips_rank_flaky_tests_above_broken_ones_with_and_without_reruns(seed: int, *, rerun: bool) -> None:
    made = trial(seed, rerun=rerun)
    assert area(made.found.flip_rate[made.failed], made.flaky[made.failed]) >= 0.96


@pytest.mark.parametrize("seed", SEEDS)
def test_how_often_a_test_fails_does_not_tell_the_flaky_ones(seed: int) -> None:
    """Guards the simulation: with tests that are told apart by their failure rate the other numbers mean nothing."""
    made = trial(seed, rerun=False)
    assert area(made.failures[made.failed] / COMMITS, made.flaky[made.failed]) <= 0.7


@pytest.mark.parametrize(("rerun", "least"), [(False, 0.92), (True, 0.97)])
@pytest.mark.parametrize("seed", SEEDS)
def test_tests_that_are_down_are_called_broken(seed: int, *, rerun: bool, least: float) -> None:
    made = trial(seed, rerun=rerun)
    precision, recall = precision_recall(made.found.label == BROKEN, made.broken)
    assert precision >= least
    assert recall == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_interval_of_the_flake_rate_covers_a_known_rate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.05, 0.5, TESTS)
    fails = (rng.random((COMMITS, TESTS)) < chance).astype(np.int16)
    passes = np.ones_like(fails)
    found = label_flakes(passes, fails, np.where(fails > 0, 2, 1), np.arange(COMMITS) / 4, COMMITS / 4)
    covered = (found.flake_low <= chance) & (chance <= found.flake_high)
    assert 0.93 <= covered.mean() <= 0.97
