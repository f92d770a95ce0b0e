"""The supplied comparison: recomputed from its exit codes, and every lie is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.analysis import prepare
from generator.analysis.triage import DISAGREEMENTS, supplied
from generator.config import Settings
from generator.findings import ChangeKind, DiffStatus, SuppliedTriage
from generator.records import Evidence, MirroredWorkflow, RunUnit, SemanticEntry, TriageDiff, TriageTarget
from tests.builders import commit, part, snapshot, targets, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[str, tuple[int | None, int | None, str]] = {
    "suite:regressed": (0, 101, "regression"),
    "unit:regressed": (0, 1, "regression"),
    "suite:fresh": (None, 101, "new_failure"),
    "suite:open": (101, 101, "unresolved_failure"),
    "suite:fixed": (101, 0, "fixed"),
    "unit:gone": (0, None, "removed"),
    "unit:added": (None, 0, "added_pass"),
    "unit:ok": (0, 0, "stable_pass"),
}


def row(key: str, baseline: int | None, current: int | None, severity: str) -> TriageTarget:
    surface, _, name = key.partition(":")
    return TriageTarget(
        surface=surface, name=name, baseline_exit=baseline, current_exit=current, severity=severity, priority_score=1
    )


def diff(rows: Mapping[str, tuple[int | None, int | None, str]], **more: Any) -> TriageDiff:
    fields = {
        "part": "unsharded",
        "generated_at": None,
        "status": "regression",
        "baseline_path": "/x/20260301T020000Z/summary.json",
        "targets": tuple(row(key, *values) for key, values in rows.items()),
    }
    return TriageDiff(**(fields | more))


def found(
    *diffs: TriageDiff, codes: Mapping[str, int | None] | None = None, before: RunUnit | None = None
) -> SuppliedTriage:
    known = codes if codes is not None else {key: now for key, (_, now, _) in CODES.items() if now is not None}
    head = unit("9", 9, targets(known), evidence=Evidence(triage=diffs))
    prepared = prepare(snapshot(*([before] if before else []), head), Settings())
    place = len(prepared.runs) - 1
    made = supplied(prepared, place, prepared.evidence(place), {})
    assert made is not None
    return made


def test_an_honest_file_is_confirmed() -> None:
    made = found(diff(CODES))
    assert made.recomputed_status is DiffStatus.REGRESSION
    assert made.under_reported == 0
    assert made.disagreements == ()
    assert [(change.test.key, change.priority_score) for change in made.targets] == [
        ("suite:regressed", 100),
        ("unit:regressed", 100),
        ("suite:fresh", 90),
        ("suite:open", 70),
        ("suite:fixed", 40),
        ("unit:gone", 30),
        ("unit:added", 20),
        ("unit:ok", 10),
    ]
    assert [change.rank for change in made.targets] == list(range(1, 9))
    assert made.targets[5].kind is ChangeKind.MISSING
    assert (made.targets[5].before, made.targets[5].after) == ("passed", "absent")


def test_failures_that_are_filed_as_passes_are_counted_and_named() -> None:
    hidden = {
        key: (was, now, "stable_pass" if label in ("regression", "unresolved_failure") else label)
        for key, (was, now, label) in CODES.items()
    }
    made = found(
        diff(hidden, counts=(("new_failure_count", 1), ("regression_count", 0), ("unresolved_failure_count", 0)))
    )
    assert made.under_reported == 3
    said = {item.subject: (item.reported, item.recomputed) for item in made.disagreements}
    assert said == {
        "regression_count": ("0", "2"),
        "unresolved_failure_count": ("0", "1"),
        "suite:regressed": ("stable_pass", "regression"),
        "unit:regressed": ("stable_pass", "regression"),
        "suite:open": ("stable_pass", "unresolved_failure"),
    }
    assert dict(made.recomputed_counts)["suite_regression_count"] == 1


OPEN = {"suite:open": (101, 101, "unresolved_failure")}
GOOD = {"suite:a": (0, 0, "stable_pass")}
LOST = (MirroredWorkflow(workflow_id="w", title="W", status="aligned", missing_in_current=("suite:x",)),)


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ({"suite:a": (None, 101, "new_failure")}, {}, "regression"),
        (OPEN, {}, "known_failures_only"),
        (
            OPEN,
            {"semantic": (SemanticEntry(suite="open", classification="stable_pass", unresolved=False),)},
            "semantic_mismatch",
        ),
        (GOOD, {"semantic": (SemanticEntry(suite="a", classification="regression", unresolved=True),)}, "stable"),
        (GOOD, {"workflows": LOST}, "incomplete_mirroring"),
        (OPEN, {"workflows": LOST}, "known_failures_only"),
        (GOOD, {}, "stable"),
        ({}, {}, "stable"),
    ],
)
def test_the_status_has_five_words(rows: Any, more: dict[str, Any], expected: str) -> None:
    codes = {key: now for key, (_, now, _) in rows.items()}
    made = found(diff(rows, status="stable", **more), codes=codes)
    assert made.recomputed_status == expected
    assert ("status" in {item.subject for item in made.disagreements}) == (expected != "stable")


def test_a_workflow_mismatches_when_a_suite_of_it_is_open_whatever_the_file_says() -> None:
    entry = SemanticEntry(suite="open", classification="stable_pass", unresolved=False)
    flow = MirroredWorkflow(workflow_id="w", title="W", status="aligned", suite_ids=("open", "other"))
    whole = found(diff(OPEN, semantic=(entry,), workflows=(flow,)))
    assert dict(whole.recomputed_counts)["mirrored_semantic_mismatch_workflow_count"] == 1
    lost = flow.model_copy(update={"missing_in_current": ("other",)})
    partial = found(diff(OPEN, semantic=(entry,), workflows=(lost,)))
    assert dict(partial.recomputed_counts)["mirrored_semantic_mismatch_workflow_count"] == 0


def test_exit_codes_that_contradict_our_results_are_named() -> None:
    made = found(
        diff({"suite:a": (0, 0, "stable_pass"), "suite:b": (0, None, "removed")}),
        codes={"suite:a": 101, "suite:b": 0, "suite:c": 1, "suite:d": 0},
    )
    said = {(item.subject, item.reported, item.recomputed) for item in made.disagreements}
    assert ("suite:a", "exit code 0", "exit code 101") in said
    assert ("suite:b", "absent", "exit code 0") in said
    assert ("suite:c", "not listed", "exit code 1") in said
    assert not any(subject == "suite:d" for subject, _, _ in said)


def test_another_failing_exit_code_is_no_contradiction() -> None:
    made = found(diff({"suite:a": (0, 1, "regression")}), codes={"suite:a": 101})
    assert made.disagreements == ()


def test_the_baseline_is_named_by_its_label_where_it_is_known() -> None:
    before = unit("41", 1, [], parts=[part(folder="e2e/20260301T020000Z")])
    assert found(diff(GOOD), before=before).baseline_label == "41"
    assert found(diff(GOOD)).baseline_label == "20260301T020000Z"


def test_disagreements_are_bounded() -> None:
    rows = {f"suite:s{number}": (0, 101, "stable_pass") for number in range(DISAGREEMENTS * 3)}
    made = found(diff(rows), codes={})
    assert len(made.disagreements) == DISAGREEMENTS
    assert made.under_reported == DISAGREEMENTS * 3


def test_a_target_that_is_listed_twice_counts_once_as_first_said() -> None:
    twice = diff({}, targets=(row("suite:a", 0, 101, "regression"), row("suite:a", 0, 0, "stable_pass")))
    made = found(twice, codes={"suite:a": 101})
    assert [change.severity for change in made.targets] == ["regression"]


def test_surfaces_that_the_table_does_not_know_are_left_out() -> None:
    assert found(diff({"lib:lib": (0, 101, "regression"), "moon:x": (0, 1, "regression")}), codes={}).targets == ()


def test_of_several_files_the_worst_counts() -> None:
    made = found(diff(GOOD, path="a/triage_diff.json"), diff(OPEN, path="b/triage_diff.json"))
    assert made.path == "b/triage_diff.json"


def test_a_shard_is_held_to_its_own_targets_only() -> None:
    units = [
        unit(
            f"s{place}",
            1 + place / 100,
            targets({f"suite:{name}": 101}, part=f"suite-{place}-of-2"),
            sha=commit(1),
            parts=[part(f"suite-{place}-of-2", shard=("suite", place, 2))],
            evidence=Evidence(
                triage=(
                    diff(
                        {f"suite:{name}": (101, 101, "unresolved_failure")},
                        part=f"suite-{place}-of-2",
                        status="known_failures_only",
                    ),
                )
            ),
        )
        for place, name in enumerate("ab")
    ]
    prepared = prepare(snapshot(*units), Settings())
    made = supplied(prepared, 0, prepared.evidence(0), {})
    assert made is not None
    assert made.disagreements == ()


def test_a_run_without_a_file_has_none() -> None:
    prepared = prepare(snapshot(unit("1", 1, targets({"suite:a": 0}))), Settings())
    assert supplied(prepared, 0, prepared.evidence(0), {}) is None
