"""Which commits may have broken the failing tests of a run, and how probable each is (statistics, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.borrowed import with_targets
from generator.analysis.culprits import CulpritRule, culprits
from generator.analysis.grid import executed_states, grid
from generator.analysis.observations import FAILED, PASSED, SHORTEST_COMMIT, canonical, environment_of, observe
from generator.analysis.since import lineage
from generator.analysis.trends import infrastructure
from generator.findings import Suspects
from generator.safety.ids import is_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from generator.analysis.culprits import Culprits
    from generator.analysis.frames import Prepared
    from generator.analysis.observations import Observations

_MENDED: Final = 2
"""So many commits in a row that pass end an earlier breakage; one may be an accident."""


def build(
    prepared: Prepared, index: int, test_ids: NDArray[np.int64], rates: Mapping[int, float]
) -> dict[int, Suspects]:
    """Return the suspects of each of these tests, which fail in run `index`.

    Commits are those of the runs that its streak is taken from (`since.lineage`), in its environment, in the order of
    their first runs, the newest `settings.analysis.culprit.commits`. Runs without a commit id, and those in which
    nearly everything failed, are left out. What a test did before an earlier breakage of it ended does not count. Where
    a run has no report of a case, its target may tell. `rates` are flake rates; a test without one has that of a test
    that never flaked.
    """
    wanted = np.unique(np.asarray(test_ids, dtype=np.int64))
    head = prepared.runs[index]
    if not len(wanted):
        return {}
    if not is_commit(head.commit):
        return _none(wanted, "this run states no commit")
    if infrastructure(head):
        return _none(wanted, "more than 80% of this run failed, which speaks for its machine rather than for a commit")
    rule = prepared.settings.analysis.culprit
    found, commits = _observed(prepared, index, wanted, rule.commits)
    passes, fails = _with_targets(prepared, index, found)
    tested = _since_mended(passes, fails, prepared.settings.analysis.flaky.broken_streak)
    passes, fails = np.where(tested, passes, 0), np.where(tested, fails, 0)
    known = ((passes + fails) > 0).sum(axis=0)
    own = np.array([rates.get(test_id, np.nan) for test_id in wanted.tolist()], dtype=np.float64)
    flake_rates = np.where(np.isnan(own), 0.5 / (known + 1), own)
    judged = culprits(passes, fails, flake_rates, prior=tested, rule=CulpritRule(hold=rule.hold))
    return _suspects(wanted, commits, passes, known, judged)


def _observed(
    prepared: Prepared, index: int, test_ids: NDArray[np.int64], limit: int
) -> tuple[Observations, tuple[str, ...]]:
    """Return the outcomes by commit, oldest first, and the commits."""
    world = environment_of(prepared.runs[index])
    places: list[int] = []
    near: set[str] = set()
    for place in lineage(prepared, index)[::-1].tolist():
        run = prepared.runs[place]
        if not is_commit(run.commit) or environment_of(run) != world or infrastructure(run):
            continue
        near.add(run.commit[:SHORTEST_COMMIT].lower())
        if len(near) > limit:
            break
        places.append(place)
    (found,) = observe(prepared, places, test_ids)
    labels = canonical(prepared.runs[place].commit for place in places)
    return found, tuple(labels[prepared.runs[runs[0]].commit] for runs in found.runs)


def _with_targets(prepared: Prepared, index: int, found: Observations) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return passes and failures with what targets prove of cases that have no report; this run's failures are sure."""
    passes, fails = found.passes.astype(np.int64), found.fails.astype(np.int64)
    commit_of = {place: commit for commit, runs in enumerate(found.runs) for place in runs}
    table = grid(prepared, sorted(commit_of), found.test_ids)
    told = with_targets(prepared, table, executed_states(prepared, table))
    for row in np.flatnonzero(told.taken.any(axis=1)).tolist():
        commit = commit_of[int(table.positions[row])]
        passes[commit] += told.taken[row] & (told.states[row] == PASSED)
        fails[commit] += told.taken[row] & (told.states[row] == FAILED)
    own = commit_of[index]
    fails[own] = np.maximum(fails[own], 1)  # where only a replay bundle tells of the failure
    return passes, fails


def _since_mended(passes: NDArray[np.int64], fails: NDArray[np.int64], streak: int) -> NDArray[np.bool_]:
    """Return, shaped (commits, tests), which commits are of the time that the present failure is judged by.

    It begins with the first outcome, or, when the test was broken and mended before, with the first pass after that: a
    breakage is at least `streak` commits in a row that only fail, and two in a row that only pass mend it.
    """
    only_failed, only_passed = (fails > 0) & (passes == 0), (passes > 0) & (fails == 0)
    seen = (passes + fails) > 0
    tests = passes.shape[1]
    begin = np.where(seen.any(axis=0), seen.argmax(axis=0), len(seen))
    bad, good, first_good = (np.zeros(tests, dtype=np.int64) for _ in range(3))
    broken = np.zeros(tests, dtype=bool)
    for commit in range(len(seen)):
        bad = np.where(only_failed[commit], bad + 1, np.where(seen[commit], 0, bad))
        broken |= bad >= streak
        first_good = np.where(only_passed[commit] & (good == 0), commit, first_good)
        good = np.where(only_passed[commit], good + 1, np.where(seen[commit], 0, good))
        over = broken & (good >= _MENDED)
        begin = np.where(over, first_good, begin)
        broken &= ~over
    found: NDArray[np.bool_] = np.arange(len(seen))[:, None] >= begin
    return found


def _suspects(
    test_ids: NDArray[np.int64],
    commits: tuple[str, ...],
    passes: NDArray[np.int64],
    tested: NDArray[np.int64],
    judged: Culprits,
) -> dict[int, Suspects]:
    result: dict[int, Suspects] = {}
    passed = passes.sum(axis=0)
    for column, test_id in enumerate(test_ids.tolist()):
        flake, seen = float(judged.no_culprit[column]), int(tested[column])
        enough = bool(judged.enough[column])
        reason = _reason(seen, flake, passed=bool(passed[column]), enough=enough)
        if not reason and judged.suppressed[column]:
            reason = f"a flake is more probable: {_per_cent(flake)}"
        named = [] if reason else judged.order[: judged.size[column], column].tolist()
        share = judged.posterior[:, column]
        result[test_id] = Suspects(
            commits=tuple((commits[place], _digits(float(share[place]))) for place in named),
            flake=_digits(flake),
            tested=seen,
            enough=enough,
            reason=reason,
        )
    return result


def _reason(tested: int, flake: float, *, passed: bool, enough: bool) -> str:
    """Return why there are no suspects although the test fails, "" where there may be some."""
    if enough:
        return ""
    if tested <= 1 and not passed:
        return "no earlier result"
    if not passed:
        return f"it passed on none of the {tested} commits with a result"
    lead = f"a flake is more probable: {_per_cent(flake)}" if flake > 0.5 else "no pass lies before the likely commit"
    return f"{lead} ({tested} {'commit' if tested == 1 else 'commits'} with a result)"


def _digits(share: float) -> float:
    """Return a probability with six digits; what is not zero never becomes zero."""
    return float(f"{share:.6g}")


def _per_cent(share: float) -> str:
    """Return a share as whole per cent that never says certainty."""
    return "over 99%" if share > 0.99 else f"{100 * share:.0f}%"


def _none(test_ids: Iterable[int], reason: str) -> dict[int, Suspects]:
    nothing = Suspects(commits=(), flake=0.0, tested=0, enough=False, reason=reason)
    return {int(test_id): nothing for test_id in test_ids}
