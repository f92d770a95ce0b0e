"""What one target leaves behind: its log as cargo would print it, and the counts scraped from that log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from artifacts_example.story.faults import NAMED_CASES, Fault
from artifacts_example.story.world import REMOVED_SUITE, SUITE_THINGS, UNIT_THINGS, case_names, seeded

Surface = Literal["suite", "unit", "lib"]
NO_PANIC = "The suite failed, but its output holds no assertion or panic header."
# First match over the lower-cased log decides, as the runner does it.
CLASS_WORDS = (
    ("timeout", ("timeout", "timed out")),
    ("vcr_mismatch", ("vcr", "cassette")),
    ("assertion_failure", ("assertion",)),
    ("permission_denied", ("permission denied",)),
    ("network_io", ("connection refused",)),
    ("panic", ("panicked at",)),
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one target left behind; counts are scraped from the log and may be wrong on purpose."""

    surface: Surface
    name: str
    fault: Fault | None
    duration_ms: int
    log: str

    @property
    def key(self) -> str:
        """`suite:<name>` or `unit:<name>`."""
        return f"{self.surface}:{self.name}"

    @property
    def exit_code(self) -> int:
        """Zero means passed."""
        return self.fault.exit_code if self.fault else 0

    def scraped(self, word: str) -> int:
        """The last `<n> passed|failed|ignored` of the log, as the runner counts."""
        found: list[str] = re.findall(rf"(\d+) {word}", self.log)
        return int(found[-1]) if found else 0

    @property
    def first_line(self) -> str:
        """The message as the digest holds it: one line, or the fixed sentence of the runner."""
        return self.fault.message.split("\n")[0] if self.fault and self.fault.message else NO_PANIC

    @property
    def root_cause(self) -> str:
        """The runner's class, with its known weakness: the fixed sentence itself says "assertion"."""
        text = f"{self.first_line}\n{self.log}".lower()
        return next((name for name, words in CLASS_WORDS if any(word in text for word in words)), "unknown")


@cache
def cases_of(target: str) -> tuple[str, ...]:
    """All test names of a target."""
    return case_names(target, [NAMED_CASES[target]] if target in NAMED_CASES else [])


def ignored_case(target: str) -> str:
    """The one test that a suite ignores; every second suite has one."""
    suites = [*SUITE_THINGS, *UNIT_THINGS]
    plain = [name for name in cases_of(target) if name != NAMED_CASES.get(target)]
    return plain[3] if target in SUITE_THINGS and target != REMOVED_SUITE and suites.index(target) % 2 else ""


def play(surface: Surface, name: str, fault: Fault | None, duration_ms: int) -> Outcome:
    """Run one target of the story."""
    return Outcome(surface=surface, name=name, fault=fault, duration_ms=duration_ms, log=_log(surface, name, fault))


def _log(surface: Surface, name: str, fault: Fault | None) -> str:
    if surface == "lib":
        return "running 96 tests\n\ntest result: ok. 96 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n"
    if fault and not fault.compiles:
        return "\n".join([f"   Compiling harbour v4.2.0 ({name})", *fault.tail, ""])
    names, ignored, failing = cases_of(name), ignored_case(name), fault.case if fault else ""
    shown = names if not fault or fault.message else names[: names.index(failing) if failing else len(names) // 2]
    program = f"{name}-{seeded('deps', name).getrandbits(64):016x}"
    out = [f"     Running tests/{name}.rs (target/debug/deps/{program})", "", f"running {len(names)} tests"]
    marks = {failing: "FAILED", ignored: "ignored"}
    out += [f"test {case} ... {marks.get(case, 'ok')}" for case in shown]
    if fault and fault.message:
        out += ["", "failures:", "", f"---- {failing} stdout ----", "", *trace_of(fault).split("\n")]
        out += ["", "failures:", f"    {failing}"]
    if not fault or fault.message:
        out += ["", _result_line(len(names), int(bool(failing)), int(bool(ignored)))]
        out += ["", f"error: test failed, to rerun pass `--test {name}`"] if failing else []
    return "\n".join([*out, *(fault.tail if fault else ()), ""])


def _result_line(total: int, bad: int, idle: int) -> str:
    word = "FAILED" if bad else "ok"
    return f"test result: {word}. {total - bad - idle} passed; {bad} failed; {idle} ignored; 0 measured; 0 filtered out"


def trace_of(fault: Fault) -> str:
    """The panic as Rust prints it, with a short backtrace."""
    if not fault.message:
        return "\n".join(fault.tail)
    module = fault.file.removeprefix("src/").removeprefix("tests/").removesuffix(".rs").replace("/", "::")
    frames = (
        "__rustc::rust_begin_unwind",
        "core::panicking::panic_fmt",
        f"harbour::{module}",
        f"{fault.case}::{{{{closure}}}}",
        "core::ops::function::FnOnce::call_once",
    )
    return "\n".join(
        [fault.header, fault.message, "stack backtrace:", *(f"{n:4}: {frame}" for n, frame in enumerate(frames))]
    )
