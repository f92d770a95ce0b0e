"""The events of `go test -json` in order: which test began, what it wrote, how it ended, and what never ended."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from generator.readers._attempts import GOOD, End
from generator.readers._cases import said
from generator.readers._excerpt import Excerpt
from generator.readers._go_packages import PACKAGE_CASE, Package, Test
from generator.readers._go_texts import broke, failure, glued_end, package_failure, reason, without_tool
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._cases import Cases

ACTIONS: Final = frozenset(
    ("start", "run", "pause", "cont", "pass", "bench", "fail", "output", "skip", "attr", "artifacts")
)
"""What an event about a package or a test can say."""

BUILD_ACTIONS: Final = frozenset(("build-output", "build-fail"))
"""What an event about a build can say."""

_ENDS: Final = {"pass": Status.PASSED, "bench": Status.PASSED, "fail": Status.FAILED, "skip": Status.SKIPPED}
_UNENDED: Final = "never ended"
_UNBUILT: Final = (" [build failed]", " [setup failed]")


class Events:
    """Takes the events one by one; `packages` are in the order of their first event.

    `printed` is what go wrote about packages outside of events, by the name of the package; `failed_outside` names
    packages that a plain line says failed, with the reason.
    """

    def __init__(
        self, cases: Cases, printed: Mapping[str, str], failed_outside: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.packages: dict[str, Package] = {}
        self.lost: list[str] = []
        """Sub-tests without an end in a package that passed."""
        self.unknown: dict[str, int] = {}
        """Actions that are not known, with the number of their events."""
        self._builds: dict[str, Excerpt] = {}
        self._unbuilt: dict[str, bool] = {}
        """Builds that failed, and whether a package said that it is why it failed."""
        self._cases = cases
        self._printed = printed
        self._failed_outside = failed_outside

    def take(self, row: dict[str, object]) -> None:
        """Take one row; what is no event is left out."""
        action, name, test = row.get("Action"), row.get("Package", ""), row.get("Test", "")
        if not (type(action) is str and type(name) is str and type(test) is str):
            return
        if action in ACTIONS:
            package = self.packages[name] if name in self.packages else self._package(name)
            if action == "output":
                text = row.get("Output")
                if type(text) is str:
                    _take_output(package, test, text)
            elif test:
                self._about_test(package, test, action, row)
            else:
                self._about_package(package, action, row)
        elif action in BUILD_ACTIONS:
            self._about_build(action, row)
        else:
            self.unknown[action] = self.unknown.get(action, 0) + 1

    def is_empty(self) -> bool:
        """Tell whether there was no event at all."""
        return not (self.packages or self._builds or self._unbuilt)

    def finish(self) -> list[str]:
        """End what is still open; return the names of packages that did not end."""
        for name, why in self._failed_outside.items():
            package = self._package(name)
            if not package.tests and not package.is_open:
                self._fail(package, package_failure(f"FAIL\t{name} [{why}]", self._printed.get(name, "")))
        cut = [package for package in self.packages.values() if package.is_open]
        for package in cut:
            self._end_run(package, "cut", "")
        for build in [build for build, is_told in self._unbuilt.items() if not is_told]:
            package = self._package(build.partition(" ")[0])
            self._fail(package, package_failure(_UNBUILT[0], self._builds.pop(build, Excerpt()).text()))
        return [package.name for package in cut]

    def _package(self, name: str) -> Package:
        if name not in self.packages:
            self.packages[name] = Package(name)
        return self.packages[name]

    def _about_test(self, package: Package, name: str, action: str, row: dict[str, object]) -> None:
        if action == "run":
            if name in package.running:
                self._never_ended(package, name, "the test began again before it")
            test = package.running[name] = package.test(name)
            test.output = Excerpt()
            package.is_open = True
        elif action in _ENDS:
            test = package.test(name)
            package.running.pop(name, test)
            package.is_open = True
            elapsed = self._cases.seconds(row.get("Elapsed"), name)
            _end_test(package, name, test, _ENDS[action], elapsed)

    def _about_package(self, package: Package, action: str, row: dict[str, object]) -> None:
        if action == "start":
            if package.is_open:
                self._end_run(package, "cut", "")
            package.began = package.is_open = True
        elif action in _ENDS:
            build = row.get("FailedBuild")
            self._end_run(package, action, build if type(build) is str else "")

    def _about_build(self, action: str, row: dict[str, object]) -> None:
        name, text = row.get("ImportPath"), row.get("Output")
        if type(name) is not str:
            return
        if action == "build-fail":
            self._unbuilt.setdefault(name, False)
        elif type(text) is str:
            self._builds.setdefault(name, Excerpt()).add(text)

    def _end_run(self, package: Package, how: str, build: str) -> None:
        """End a run of a package: what still runs never ends, and who fails without a failing test failed itself."""
        why = "the file ended before it" if how == "cut" else "the package ended before it"
        for name in list(package.running):
            self._end_open(package, name, why, passed=how in ("pass", "bench"))
        output = package.output.text()
        if build in self._unbuilt:
            self._unbuilt[build] = True
        if how == "fail" and not package.failed:
            self._fail(package, package_failure(output, self._build_errors(package, output, build)))
        elif how == "cut" and not package.failed:
            words = said(f"{_UNENDED}: {why}", without_tool(output), _UNENDED)
            self._fail(package, End(status=Status.ERROR, said=words))
        elif PACKAGE_CASE in package.tests:
            package.tests[PACKAGE_CASE].end(GOOD)
        package.reset()

    def _fail(self, package: Package, end: End) -> None:
        package.test(PACKAGE_CASE).end(end)

    def _build_errors(self, package: Package, output: str, build: str) -> str:
        """Return what the compiler wrote about a package that was not built, else nothing."""
        if build in self._builds:
            return self._builds[build].text()
        if not build and not any(word in output for word in _UNBUILT):
            return ""
        return next(
            (text for name in (package.name, f"{package.name}_test", "") if (text := self._printed.get(name))), ""
        )

    def _end_open(self, package: Package, name: str, why: str, *, passed: bool) -> None:
        test = package.running[name]
        text = test.output.text() if test.output is not None else ""
        root = package.tests.get(name.partition("/")[0])
        if found := glued_end(text, name):
            del package.running[name]
            _end_test(package, name, test, *found)
        elif passed and name.startswith("Benchmark"):
            test.end(GOOD)  # a benchmark that passes has no event of its own
        elif passed and "/" in name and root is not None and root.last is not None and not root.last.status.bad:
            self.lost.append(name)
            test.output = None
            if test.last is None:
                del package.tests[name]
        else:
            self._never_ended(package, name, why)

    def _never_ended(self, package: Package, name: str, why: str) -> None:
        test = package.running.pop(name)
        text = test.output.text() if test.output is not None else ""
        kind, message = broke(text) or (_UNENDED, f"{_UNENDED}: {why}")
        package.remember_failed(name)
        test.end(End(status=Status.ERROR, said=said(message, without_tool(text), kind)))


def _take_output(package: Package, name: str, text: str) -> None:
    test = package.running.get(name)
    if test is not None and test.output is not None:
        test.output.add(text)
    else:
        package.output.add(text)
        if not name:
            package.began = package.is_open = True


def _end_test(package: Package, name: str, test: Test, status: Status, elapsed: float | None) -> None:
    text = test.output.text() if test.output is not None else ""
    test.output = None
    if status is Status.PASSED:
        if "goroutine " in text and broke(text):
            package.output.add(without_tool(text))  # it panicked after its end: the package will say so
        test.end(GOOD, elapsed)
    elif status is Status.SKIPPED:
        test.end(End(status=status, said=reason(text)), elapsed)
    else:
        below = package.failed.get(name, "")
        package.remember_failed(name)
        test.end(failure(text, f"sub-test failed: {below}" if below else "failed without a message"), elapsed)
