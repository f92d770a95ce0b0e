"""A failure with everything its replay page says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings.flaky import FlakyNote
    from generator.findings.run import RunRef
    from generator.findings.suspects import Suspects
    from generator.records import Level, SourceFile, TimelineEvent


class ChangeKind(StrEnum):
    """How a test's outcome relates to the baseline (statistics, section 3)."""

    NEW_FAILURE = "new_failure"
    """Passed in the baseline, fails now."""
    NEW_TEST_FAILING = "new_test_failing"
    """Absent in the baseline, fails now."""
    STILL_FAILING = "still_failing"
    FIXED = "fixed"
    NEW_TEST = "new_test"
    """Absent in the baseline, passes now."""
    MISSING = "missing"
    """There in the baseline, absent now."""
    NOT_RUN = "not_run"
    """Selected now, but the run ended before it."""
    SKIPPED = "skipped"
    UNSKIPPED = "unskipped"
    STABLE = "stable"

    @property
    def failing(self) -> bool:
        """Whether the test fails now."""
        return self in (ChangeKind.NEW_FAILURE, ChangeKind.NEW_TEST_FAILING, ChangeKind.STILL_FAILING)

    @property
    def new(self) -> bool:
        """Whether the failure is new against the baseline."""
        return self in (ChangeKind.NEW_FAILURE, ChangeKind.NEW_TEST_FAILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRef:
    """A test's identity; the same in every run."""

    __test__ = False

    test_id: int
    surface: str
    suite: str
    classname: str
    name: str

    @property
    def key(self) -> str:
        """`suite:name`, `unit:name`, `lib:lib`, or `suite::class::name` of a case."""
        if self.surface != "case":
            return f"{self.surface}:{self.name}"
        return "::".join(dict.fromkeys(part for part in (self.suite, self.classname, self.name) if part))

    @property
    def title(self) -> str:
        """The narrowest name a reader knows the test by."""
        return self.name or self.classname or self.suite


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRange:
    """Commits after `good` up to `bad`; `good` is empty when nothing earlier is known."""

    good: str
    bad: str
    url: str = ""

    @property
    def same(self) -> bool:
        """Good and bad on one commit: the change is not in the code."""
        return bool(self.good) and (self.good.startswith(self.bad) or self.bad.startswith(self.good))


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The current streak: since when, and what was the last good run."""

    first_bad: RunRef
    last_good: RunRef | None
    runs: int
    """Failing runs in the streak, this one included."""
    commits: CommitRange
    note: str = ""
    """What the streak does not show: runs without a report of the test, evidence taken from its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCommand:
    """A vetted command; `text` is exactly what a copy button copies, if it may be copied."""

    level: Level
    text: str
    copyable: bool
    reason: str
    """Why it may not be copied; empty when it may."""
    source: str
    """Artifact and field it comes from, or `derived` when rebuilt from a validated name."""
    portable: bool = True
    """False when it names an absolute path of the machine that ran."""
    caution: str = ""
    """What to know before running it (a thread name as test, for example)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One cell of the outcomes strip."""

    run: RunRef
    status: str
    """passed, failed, error, flaky, skipped, not_run or absent."""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptNote:
    """An attempt before the final one, or the final one, in order."""

    number: int
    status: str
    duration_s: float | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLink:
    """Enough of a failure to link to it."""

    failure_id: str
    title: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failing test of the run with all that its replay page needs."""

    failure_id: str
    """`f-` and 16 hex digits of test identity and signature: the same in every run."""
    test: TestRef
    signature: str
    change: ChangeKind
    signature_changed: bool
    """Failed before too, but differently."""
    since: Since
    flaky: FlakyNote | None
    exit_code: int | None
    status: str
    kind: str
    message: str
    trace: str
    file: str
    line: int
    column: int
    source_url: str
    root_cause_class: str
    class_caution: str
    """Why the class must be read with care; empty when it need not."""
    impacted: tuple[str, ...]
    duration_s: float | None
    attempts: tuple[AttemptNote, ...]
    commands: tuple[ReplayCommand, ...]
    no_command_reason: str
    environment: tuple[tuple[str, str], ...]
    """(label, value) pairs: commit, profile, VCR mode, shard, OS …"""
    timeline: tuple[TimelineEvent, ...]
    evidence: tuple[SourceFile, ...]
    outcomes: tuple[Outcome, ...]
    """Last 50 runs, oldest first."""
    same_cause: tuple[FailureLink, ...]
    parent: FailureLink | None
    """The failing suite target that this case belongs to."""
    children: tuple[FailureLink, ...]
    """Failing cases inside this target; the target is then not counted twice."""
    notes: tuple[str, ...]
    part: str
    suspects: Suspects | None = None
    """Commits that may have broken it; `None` where it was not asked."""

    @property
    def link(self) -> FailureLink:
        """The short form."""
        return FailureLink(failure_id=self.failure_id, title=self.test.title, key=self.test.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Failures of the run that have one presumable cause: they share a signature, or say nearly the same."""

    signature: str
    """That of its first failure."""
    title: str
    """The normalised message, or the name of the user's rule."""
    failures: tuple[FailureLink, ...]
    first_seen: RunRef
    runs: int
    """Runs in which it was seen, in whatever spelling, this one included."""
    new: bool
    cluster_id: str = ""
    """The cluster that it is; empty when nobody asked."""
