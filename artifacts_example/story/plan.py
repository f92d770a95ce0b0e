"""Six weeks of CI runs: when they ran, what they selected and what failed in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Literal

from artifacts_example.story import faults as f
from artifacts_example.story.outcomes import Outcome, play
from artifacts_example.story.world import (
    HOMES,
    NEW_SUITE,
    REMOVED_SUITE,
    SUITE_THINGS,
    UNIT_THINGS,
    hex_of,
    seeded,
    stamp,
)

State = Literal["complete", "aborted", "incomplete"]
FIRST_DAY = datetime(2026, 9, 28, 2, 15, tzinfo=UTC)
NIGHTLY_DAYS = [
    day for day in range(43) if day % 7 not in {2, 5}
]  # the machines are lent out on Wednesdays and Saturdays
PULL_REQUESTS = {23: datetime(2026, 10, 28, 14, 5, tzinfo=UTC), 26: datetime(2026, 10, 31, 16, 40, tzinfo=UTC)}
LAST = 33
ABORTED, MISSING_SHARD, SHARDED, RERUN = 10, 14, (14, 27), 20
REMOVED_AT, NEW_AT, SLOW_FROM, LATE_FROM = 13, 17, 18, 16
SLOW_SUITE, SLOW_FACTOR = "e2e_lock_schedule", 2.3
MAC_RUNS, HOSTED_FROM = (4, 9, 17, 22), 27
PARTS = ("unit", "integration-0", "integration-1")
# fault, target, first and last run number
STORY: tuple[tuple[f.Fault, str, int, int], ...] = (
    (f.WAITLIST, "suite:e2e_waitlist", 5, 8),
    (f.SURCHARGE, "suite:e2e_invoice_run", 11, LAST),
    (f.OFFLINE_MOVE, "suite:e2e_harbour_master_app", 12, 12),
    (f.SEGFAULT, "suite:e2e_chart_render", 16, 16),
    (f.LOST_LEASE, "unit:ais_decoder", 19, 19),
    (f.WEATHER, "suite:e2e_weather_feed", RERUN, RERUN),
    (f.SLACK_WATER, "suite:e2e_lock_schedule", 23, 23),
    (f.NO_COMPILE, "unit:tariff_rules", 24, 24),
    (f.RAFTING, "unit:mooring_rules", 28, LAST),
    (f.WEATHER, "suite:e2e_weather_feed", 29, 29),
    (f.BOARD, "suite:e2e_arrival_board", 32, LAST),
    (f.KEEL, "suite:e2e_berth_allocation", 32, LAST),
    (f.SPRING, "suite:e2e_tide_windows", 32, LAST),
    (f.OFFLINE_MOVE, "suite:e2e_harbour_master_app", LAST, LAST),
    (f.SPLIT_VAT, "unit:money_rounding", LAST, LAST),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class CiRun:
    """One attempt of one CI run."""

    number: int
    attempt: int
    when: datetime
    baseline: CiRun | None  # the complete nightly before it, newest attempt
    diff_from: CiRun | None  # the same, but one that has a single summary.json to compare with

    @property
    def run_id(self) -> str:
        """The id that the CI system gave."""
        return str(1000 + self.number)

    @property
    def folder(self) -> str:
        """Name of the folder under `runs/`."""
        return f"{self.number:04d}-{self.when:%Y%m%d}" + (f"-attempt{self.attempt}" if self.attempt > 1 else "")

    @property
    def is_pull_request(self) -> bool:
        """Whether it ran for the branch and not for main."""
        return self.number in PULL_REQUESTS

    @property
    def branch(self) -> str:
        """Branch that was tested."""
        return "feature/tidal-gates" if self.is_pull_request else "main"

    @property
    def workflow(self) -> str:
        """Name of the workflow."""
        return "pull-request" if self.is_pull_request else "nightly"

    @property
    def commit(self) -> str:
        """Commit id; a second attempt has the same."""
        return hex_of(40, "commit", self.number)

    @property
    def state(self) -> State:
        """How far the run came."""
        return "aborted" if self.number == ABORTED else "incomplete" if self.number == MISSING_SHARD else "complete"

    @property
    def late(self) -> bool:
        """Whether the runner already writes the newer fields (fourth week and later)."""
        return self.number >= LATE_FROM

    @property
    def triage_defect(self) -> bool:
        """Whether the triage step files regressions and unresolved failures under stable_pass."""
        return self.number % 3 == 0

    @property
    def host(self) -> int:
        """Index of the machine."""
        return 1 if self.number in MAC_RUNS else 2 if self.number >= HOSTED_FROM or self.is_pull_request else 0

    @cached_property
    def parts(self) -> list[Part]:
        """The runner folders of this run, in order: one, or one for each shard that was uploaded."""
        suites = [s for s in SUITE_THINGS if s not in _absent(self.number)]
        if self.number not in SHARDED:
            return [Part(run=self, name="unsharded", kind="none", units=tuple(UNIT_THINGS), suites=tuple(suites))]
        out = [Part(run=self, name="unit", kind="none", units=tuple(UNIT_THINGS), suites=())]
        for index in (0, 1):
            mine = tuple(suites[index::2])
            out.append(
                Part(run=self, name=f"integration-{index}", kind="suite", index=index, total=2, units=(), suites=mine)
            )
        return out[:2] if self.number == MISSING_SHARD else out

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """Every target that has a result, by key, in running order."""
        if self.state == "aborted":
            return {}
        keys = [
            *(f"unit:{u}" for p in self.parts for u in p.units),
            *(f"suite:{s}" for p in self.parts for s in p.suites),
        ]
        return {key: self._play(key) for key in keys}

    def fault(self, key: str) -> f.Fault | None:
        """What is wrong with a target in this run."""
        if self.is_pull_request:
            return next(
                (x for x, t, a, b in STORY if t == key and (a == b == self.number or (b == LAST and a < self.number))),
                None,
            )
        if self.attempt > 1 and key == "suite:e2e_weather_feed":
            return None
        return next((x for x, t, a, b in STORY if t == key and a <= self.number <= b and a not in PULL_REQUESTS), None)

    def duration_ms(self, key: str) -> int:
        """How long a target took: its own pace, a little noise, and the slow suite from its day on."""
        surface, name = key.split(":")
        pace = seeded("pace", name)
        base = pace.randint(300, 2500) if surface != "suite" else pace.randint(4000, 30000)
        noise = seeded("noise", self.folder, key).uniform(0.93, 1.09)
        return int(base * noise * (SLOW_FACTOR if name == SLOW_SUITE and self.number >= SLOW_FROM else 1))

    def _play(self, key: str) -> Outcome:
        surface, name = key.split(":")
        return play("suite" if surface == "suite" else "unit", name, self.fault(key), self.duration_ms(key))

    @property
    def failed(self) -> list[str]:
        """Keys of the targets that failed, sorted."""
        return sorted(key for key, outcome in self.outcomes.items() if outcome.exit_code)

    @property
    def finished(self) -> datetime:
        """When the last job ended."""
        work = sum(outcome.duration_ms for outcome in self.outcomes.values())
        return self.when + timedelta(minutes=9, seconds=work // 1000)


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One runner folder: the whole run, or one shard of it."""

    run: CiRun
    name: str
    kind: Literal["none", "suite"]
    index: int | None = None
    total: int | None = None
    units: tuple[str, ...]
    suites: tuple[str, ...]

    @property
    def sharded(self) -> bool:
        """Whether it is one shard of several."""
        return self.name != "unsharded"

    @property
    def folder(self) -> str:
        """Runner folder below the run's folder."""
        return "tests/e2e_results/" + (f"ci-shards/{self.name}" if self.sharded else stamp(self.run.when))

    @property
    def foreign(self) -> str:
        """The same folder as the machine that ran saw it."""
        return f"{HOMES[self.run.host]}/{self.folder}"

    @property
    def correlation(self) -> str:
        """Link between the artifacts of one folder."""
        return (
            f"{self.run.run_id}-{self.run.attempt}-{self.name}" if self.sharded else f"{stamp(self.run.when)}-unsharded"
        )

    @property
    def outcomes(self) -> list[Outcome]:
        """Results of this folder: unit targets, then suites."""
        keys = [*(f"unit:{u}" for u in self.units), *(f"suite:{s}" for s in self.suites)]
        return [self.run.outcomes[key] for key in keys if key in self.run.outcomes]

    def failed(self, surface: str) -> list[Outcome]:
        """Failed suites or unit targets of this folder."""
        return [outcome for outcome in self.outcomes if outcome.exit_code and outcome.surface == surface]


def _absent(number: int) -> set[str]:
    return ({REMOVED_SUITE} if number >= REMOVED_AT else set()) | ({NEW_SUITE} if number < NEW_AT else set())


@cache
def all_runs() -> tuple[CiRun, ...]:
    """Every attempt in the order of time."""
    nights = iter(NIGHTLY_DAYS)
    out: list[CiRun] = []
    base: CiRun | None = None
    single: CiRun | None = None
    for number in range(1, LAST + 1):
        pull = PULL_REQUESTS.get(number)
        noise = timedelta(seconds=seeded("start", number).randint(0, 400))
        run = CiRun(
            number=number,
            attempt=1,
            when=pull or FIRST_DAY + timedelta(days=next(nights)) + noise,
            baseline=base,
            diff_from=single,
        )
        out.append(run)
        if number == RERUN:
            run = replace(run, attempt=2, when=run.when + timedelta(hours=5, minutes=11))
            out.append(run)
        if not pull and run.state == "complete":
            base = run
            single = single if number in SHARDED else run
    return tuple(out)
