"""Base and sample of the pass rates: which runs belong to which window, and when to look back at (statistics, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from generator.analysis.observations import canonical, environment_of, in_days, usable
from generator.analysis.regression import base_window, sample_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.analysis.frames import Prepared
    from generator.analysis.regression import RegressionRule, Window
    from generator.findings import RunFacts


class Trial(NamedTuple):
    """A run with the commit that it is a trial of."""

    place: int
    """Position in `Prepared.runs`."""
    commit: str
    begun: float
    """When the first run of the commit in this environment began: what counts, however late it is repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The two windows with their runs; times are days since 1970, a window is after its first up to its second one."""

    base_name: str
    """What the base is, and why it is empty where it is."""
    base: Window | None
    """None: there is none."""
    sample: Window
    edge: float
    """Before all trials of all samples that are looked at; the base may be put here as a whole."""
    ends: tuple[float, ...]
    """Ends of the samples to look back at, ascending; the last one is the sample's."""
    before: tuple[Trial, ...]
    """Runs of the base."""
    recent: tuple[Trial, ...]
    """Runs of all samples that are looked at."""

    @property
    def inside(self) -> tuple[Trial, ...]:
        """Runs of the sample."""
        return tuple(trial for trial in self.recent if trial.begun > self.sample[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    name: str
    window: Window | None = None
    branch: str | None = None
    """A branch of its own, whose window may overlap that of the sample; None: that of the sample."""


def windows(prepared: Prepared, index: int, rule: RegressionRule, places: Sequence[int]) -> Windows:
    """Return base and sample as the settings name them; `places` are the runs that the sample may be taken from.

    The sample ends with the run itself. Nothing is from after the run or from another repository.
    """
    end = day_of(prepared.runs[index])
    base = _base(prepared, index, rule)
    if base.window is not None and base.branch is None:
        begin, edge = base.window
    else:
        begin = edge = end - rule.base_days - rule.sample_days
    others = [] if base.branch is None else usable(prepared, index, branch=base.branch)
    others = [place for place in others if base.window and day_of(prepared.runs[place]) > base.window[0]]
    own = [place for place in places if day_of(prepared.runs[place]) > begin]
    labels = canonical(prepared.runs[place].commit for place in (*own, *others))
    trials = _trials(prepared, own, labels)
    later = [trial for trial in trials if trial.begun > edge]
    ends = _ends(later, end, rule.looks)
    sample, reach = (sample_window(when, (edge, edge), rule) for when in (end, ends[0]))
    # A commit in both windows would be counted as two independent ones.
    taken = {trial.commit for trial in later if trial.begun > sample[0]}
    borrowed = [trial for trial in _trials(prepared, others, labels) if trial.commit not in taken]
    before = (*(trial for trial in trials if trial.begun <= edge), *borrowed)
    return Windows(
        base_name=base.name if before or base.window is None else f"{base.name}, in which no commit was tested",
        base=base.window,
        sample=sample,
        edge=edge,
        ends=ends,
        before=before,
        recent=tuple(trial for trial in later if trial.begun > reach[0]),
    )


def day_of(run: RunFacts) -> float:
    """Return when a run began, in days since 1970."""
    return float(in_days((run,))[0])


def _base(prepared: Prepared, index: int, rule: RegressionRule) -> _Base:
    end = day_of(prepared.runs[index])
    kind, _, wanted = rule.base.partition(":")
    if kind == "branch":
        name = f"the branch {wanted} in the {_days(rule.base_days)} before the end of the sample"
        return _Base(name=name, window=(end - rule.base_days, end), branch=wanted)
    if kind == "run":
        return _ending_with(_labelled(prepared, index, wanted), f"run {wanted}", end, rule)
    if kind == "tag":
        found = _tagged(prepared, index, wanted, before=end - rule.sample_days)
        if found is None:
            return _Base(name=f"a run of a tag like {wanted}, and none is known from before the sample")
        return _ending_with(found, f"run {found.label} of the tag {found.branch}", end, rule)
    gap = f"end {_days(rule.base_gap_days)} before the sample" if rule.base_gap_days else "end where the sample begins"
    return _Base(name=f"the {_days(rule.base_days)} that {gap}", window=base_window(end, rule))


def _ending_with(run: RunFacts | None, name: str, end: float, rule: RegressionRule) -> _Base:
    if run is None:
        return _Base(name=f"{name}, which is not among the runs up to this one")
    if day_of(run) >= end:
        return _Base(name=f"{name}, which is not older than this one")
    window = base_window(end, rule, release=day_of(run))
    return _Base(name=f"the {_days(rule.base_days)} that end with {name}", window=window)


def _labelled(prepared: Prepared, index: int, label: str) -> RunFacts | None:
    return next((run for run in _earlier(prepared, index) if run.label.casefold() == label.casefold()), None)


def _tagged(prepared: Prepared, index: int, pattern: str, *, before: float) -> RunFacts | None:
    """Return the newest run of a matching tag; the branch of a pull request may be called like one and is none."""
    runs = (run for run in _earlier(prepared, index) if run.pull_request is None and fnmatchcase(run.branch, pattern))
    return next((run for run in runs if day_of(run) <= before), None)


def _earlier(prepared: Prepared, index: int) -> Iterable[RunFacts]:
    """Return the runs of the same repository up to this one, newest first."""
    repository = prepared.runs[index].keys[0].repository
    return (run for run in prepared.runs[index::-1] if run.keys[0].repository == repository)


def _trials(prepared: Prepared, places: Iterable[int], labels: Mapping[str, str]) -> list[Trial]:
    first: dict[tuple[str, str], float] = {}
    found = []
    for place in places:
        run = prepared.runs[place]
        commit = labels[run.commit] if run.commit else f"run {place}"
        begun = first.setdefault((environment_of(run), commit), day_of(run))
        found.append(Trial(place, commit, begun))
    return found


def _ends(trials: Iterable[Trial], end: float, looks: int) -> tuple[float, ...]:
    """Return the times of the last commits, when each was in all its environments, and `end`."""
    known: dict[str, float] = {}
    for trial in trials:
        known[trial.commit] = max(trial.begun, known.get(trial.commit, trial.begun))
    earlier = sorted({time for time in known.values() if time < end})
    return (*earlier[max(len(earlier) - looks + 1, 0) :], end)


def _days(count: float) -> str:
    return "1 day" if count == 1 else f"{count:g} days"
