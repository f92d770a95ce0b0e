"""A history whose newest run draws every kind of page, and small ones for what one run cannot be at the same time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from generator.records import Attempt, Evidence, LaneStatus, Part, PartState, Run, RunKey, RunUnit, Shard, Status
from tests.builders import attempt, case, commit, part, target, unit
from tests.structure.fields import filled, made, text_fields, texts
from tests.structure.world_evidence import COMMIT, MAIN, NOW, REPORTS, evidence, gate, gate_report, problems

if TYPE_CHECKING:
    from generator.records import TestResult

FORGE = "https://forge.example/owner/repo"
"""The configured forge."""

_LONG = "\n".join(f"line {number} of a long trace" for number in range(80))
_LAPSE = Attempt(status=Status.FAILED, kind="LapseError", message="only once", trace="trace of one try")
_FRAME = "thread panicked at src/pay.rs:17:4\n    at pay (src/pay.rs:17:4)"


def world() -> tuple[RunUnit, ...]:
    """Return three runs; the newest one failed in every way and left every kind of evidence, with text in every field.

    What is not written down here (a record or field that is new) gets a word of its own all the same.
    """
    newest = _newest()
    absent = [name for name in Evidence.model_fields if not getattr(newest.evidence, name)]
    extra = {name: made(Evidence.model_fields[name].annotation, name) for name in absent}
    newest = replace(newest, evidence=newest.evidence.model_copy(update=extra))
    earlier = (_first(), _before())
    lacking = set(text_fields()) - {field for field, _ in texts((*earlier, newest))}
    return (*earlier, filled(newest, lacking))


def _first() -> RunUnit:
    return unit(
        "40",
        1,
        [*_steady(), case("flickers", "failed", message="now and then"), case("wavers", "failed", message="at times")],
    )


def _before() -> RunUnit:
    results = [
        *_steady(),
        case("flickers"),
        case("wavers"),
        target("suite:checkout", 0, part=MAIN),
        target("unit:codec", 0, part=MAIN),
        case("keeps_cart", suite="checkout", classname="cart.Cart"),
        case("pays", suite="shop", classname="till.Till"),
        case("always broken", "failed", message="known for long"),
        case("is mended", "failed", message="was broken"),
        case("gets lost"),
        case("falls asleep"),
    ]
    told = Evidence(gate_reports=(gate_report(gate("gone_gate", "fail")),), problems=problems("before"))
    return unit(
        "41", 2, results, branch="main", parts=[part(MAIN, folder="folder-of-41")], evidence=told, sha=commit(1)
    )


def _steady() -> list[TestResult]:
    return [case(f"steady {number}", seconds=number / 10) for number in range(6)]


def _newest() -> RunUnit:
    return RunUnit(run=_run(), results=tuple(_results()), evidence=evidence())


def _run() -> Run:
    return Run(
        key=RunKey(repository="local", workflow="ci", run_id="42", attempt=2),
        started_at=NOW,
        time_source="source-of-time",
        finished_at=NOW,
        commit=COMMIT,
        branch="main",
        event="event-of-it",
        url=f"{FORGE}/actions/runs/42",
        pull_request=7,
        expected_parts=(MAIN, REPORTS, "missing-part"),
        parts=(
            _main(),
            Part(name=REPORTS, folder="reports", state=PartState.REPORTS),
            Part(name="whole-part", folder="whole", state=PartState.COMPLETE, commit="commit-of-nobody"),
        ),
    )


def _main() -> Part:
    return Part(
        name=MAIN,
        folder="main",
        state=PartState.COMPLETE,
        namespace="namespace-of-it",
        started_at=NOW,
        profile="full",
        commit=COMMIT[:9],
        branch="main",
        correlation_id="correlation-of-it",
        shard=Shard(kind="suite", name="shard-of-it", index=0, total=2),
        vcr_mode="vcr-of-it",
        os="system-of-it 7",
        rustc="compiler-of-it",
        cargo="cargo-of-it",
        parallelism=4,
        foreign_folder="/srv/build/folder-of-it",
        diff_from="/srv/build/folder-of-41/summary.json",
        unit_targets=("codec",),
        suites=("checkout",),
        selection_known=True,
        lint_failed=("clippy",),
        build_failed=True,
        lane=LaneStatus(lane="lane-of-it", job_status="status-of-lane"),
        outcome_status="outcome-of-it",
        failed_phases=("phase-of-it",),
    )


def _results() -> list[TestResult]:
    told = partial(case, part=REPORTS)
    return [
        *_steady(),
        target(
            "suite:checkout",
            101,
            message="panicked in the cart",
            kind="Panic",
            file="src/cart.rs",
            line=41,
            part=MAIN,
            odd=["huge_count", "odd-of-nobody"],
        ),
        target("unit:codec", 0, part=MAIN),
        target("suite:left out", None, part=MAIN),
        target("lib:lib", 101, message="the library broke", part=MAIN),
        told(
            "keeps_cart",
            "failed",
            suite="checkout",
            classname="cart.Cart",
            message="cart is empty",
            kind="CartError",
            trace=_FRAME,
            file="src/cart.rs",
            line=41,
        ),
        told(
            "pays",
            "failed",
            suite="shop",
            classname="till.Till",
            message="till is closed",
            kind="TillError",
            trace=_LONG,
            file="src/till.rs",
            line=9,
            earlier=[
                attempt("error", "first try", kind="FirstError"),
                attempt("failed", "till is closed", kind="TillError"),
            ],
        ),
        told(
            "pays again",
            "failed",
            message="till is closed",
            kind="TillError",
            trace=_LONG,
            file="src/till.rs",
            line=9,
        ),
        told(
            "says nothing",
            "error",
            trace="only a trace is left",
            kind="TraceError",
            file="src/mute.rs",
            line=3,
        ),
        told("says nothing at all", "error", kind="MuteError"),
        told("always broken", "failed", message="known for long"),
        case("always broken", "failed", message="known for long", part=MAIN),
        told("is mended"),
        told("is new"),
        told("falls asleep", "skipped", message="not today"),
        told("flickers", earlier=[_LAPSE]),
        told("wavers", "failed", message="at times"),
    ]


def worlds_of_states() -> dict[str, tuple[RunUnit, ...]]:
    """Return a history for each thing that a run can be instead."""
    known = [case("works"), case("breaks", "failed", message="broken")]
    lone = unit("1", 1, known)
    return {
        "first": (lone,),
        "nothing": (unit("1", 1, [], parts=[]),),
        "all skipped": (unit("1", 1, [case("sleeps", "skipped")]),),
        "all green": (unit("1", 1, [case("works")]),),
        "gates only": (unit("1", 1, [], parts=[part(state="gates")]),),
        "lane only": (unit("1", 1, [], parts=[part(state="lane")]),),
        "aborted": (unit("1", 1, [], parts=[part(state="aborted", lint_failed=["lint of it"])]),),
        "killed": (unit("1", 1, [*known, target("suite:left", None)], parts=[part(state="killed")]),),
        "repeats": (
            unit("1", 1, known, parts=[part(folder="folder-of-1")]),
            unit("2", 2, known, parts=[part(folder="folder-of-2", rerun_from="/srv/folder-of-1/summary.json")]),
        ),
        "not whole": (unit("1", 1, known, expected_parts=["unsharded", "absent"]),),
        "bundle only": (unit("1", 1, [], parts=[part(MAIN, state="bundle_only")], evidence=evidence()),),
        "many": tuple(_of_many(number) for number in range(1, 64)),
    }


def _of_many(number: int) -> RunUnit:
    """Return one of 63 days: in the last seven of them a suite fails that did not before."""
    results = [
        *_steady(),
        case("gives way", "failed" if number > 56 else "passed", suite="fell most", message="gave way"),
    ]
    return unit(str(number), number, results, evidence=Evidence(gate_reports=(gate_report(),)))
