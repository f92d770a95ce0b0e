"""A Go package and its tests while the events of a run come in: what runs, what it wrote, and what failed."""

from __future__ import annotations

from typing import Final

from generator.readers._attempts import Tried
from generator.readers._excerpt import Excerpt

PACKAGE_CASE: Final = "(package)"
"""Name of the result that stands for a package which fails without a failing test."""

_LEVELS: Final = 16  # tests above a sub-test that are told of its failure


class Test(Tried):
    """One test of a package; `output` is what its running attempt wrote so far, None when none is running."""

    __slots__ = ("output",)

    def __init__(self) -> None:
        super().__init__()
        self.output: Excerpt | None = None


class Package:
    """One package: its tests in order, and the state of its present run."""

    __slots__ = ("began", "failed", "is_open", "name", "output", "running", "tests")

    def __init__(self, name: str) -> None:
        self.name = name
        self.tests: dict[str, Test] = {}
        self.reset()

    def test(self, name: str) -> Test:
        """Return the test of a name, a new one where there is none."""
        found = self.tests.get(name)
        if found is None:
            found = self.tests[name] = Test()
        return found

    def reset(self) -> None:
        """Make ready for another run."""
        self.running: dict[str, Test] = {}
        self.failed: dict[str, str] = {}
        """Tests that failed in this run, and their parents with the first failed test below each."""
        self.output = Excerpt()
        self.began = False
        """Whether the package itself said something in this run."""
        self.is_open = False
        """Whether something was said about it since its last end."""

    def remember_failed(self, name: str) -> None:
        """Remember that a test failed, and for each test above it that it was the first to fail below."""
        self.failed.setdefault(name, "")
        above = name
        for _ in range(_LEVELS):
            above = above.rpartition("/")[0]
            if not above or self.failed.get(above):
                break
            self.failed[above] = name
