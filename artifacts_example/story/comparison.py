"""Two runs compared by exit codes: the category of every target, by the rules or with the known defect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from artifacts_example.story.diagnostics import RUNNER, impacted
from artifacts_example.story.timelines import timeline
from artifacts_example.story.world import WORKFLOWS, Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import CiRun, Part


SCORES = {
    "regressions": ("regression", 100),
    "new_failures": ("new_failure", 90),
    "unresolved_failures": ("unresolved_failure", 70),
    "fixed": ("fixed", 40),
    "removed": ("removed", 30),
    "added_pass": ("added_pass", 20),
    "stable_pass": ("stable_pass", 10),
}
FAILING = ("regressions", "new_failures", "unresolved_failures")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two runs and the category of every target, as this triage step files it."""

    base: Part
    now: Part
    categories: Mapping[str, str]

    def count(self, category: str, surface: str = "") -> int:
        """Targets in a category."""
        return sum(1 for key, filed in self.categories.items() if filed == category and key.startswith(surface))

    def failing(self, surface: str) -> list[str]:
        """Names in the three failing categories, sorted."""
        return sorted(
            key.split(":")[1] for key, filed in self.categories.items() if filed in FAILING and key.startswith(surface)
        )


def category(base: Outcome | None, now: Outcome | None) -> str:
    """The category that the exit codes ask for; None stands for a target that was not selected."""
    if now is None:
        return "removed"
    if base is None:
        return "new_failures" if now.exit_code else "added_pass"
    if base.exit_code:
        return "unresolved_failures" if now.exit_code else "fixed"
    return "regressions" if now.exit_code else "stable_pass"


def categories(base: CiRun, now: CiRun) -> dict[str, str]:
    """Category of every target of either run, by the rules."""
    keys = sorted({*base.outcomes, *now.outcomes})
    return {key: category(base.outcomes.get(key), now.outcomes.get(key)) for key in keys}


def compare(base: CiRun, now: CiRun, *, defect: bool) -> Comparison:
    """Compare two unsharded runs; the defect looks labels up under the wrong name and falls back to stable_pass."""
    filed = categories(base, now)
    if defect:
        filed = {
            key: "stable_pass" if kind in {"regressions", "unresolved_failures"} else kind
            for key, kind in filed.items()
        }
    return Comparison(base=base.parts[0], now=now.parts[0], categories=filed)


def status(pair: Comparison) -> str:
    """One of the five status words."""
    if pair.count("regressions") + pair.count("new_failures"):
        return "regression"
    if any(entry["unresolved"] for entry in semantic_entries(pair)):
        return "semantic_mismatch"
    if pair.count("unresolved_failures"):
        return "known_failures_only"
    return (
        "incomplete_mirroring" if any(row["status"] == "incomplete_mirroring" for row in mirrored(pair)) else "stable"
    )


def semantic_entries(pair: Comparison) -> list[Json]:
    """Suites whose diagnostics differ between the two runs, unresolved first."""
    out: list[tuple[bool, str, str, Json]] = []
    for key, filed in pair.categories.items():
        old, new = (_failed(part, key) for part in (pair.base, pair.now))
        kinds = _mismatches(pair, old, new)
        if not kinds or key.startswith("unit:"):
            continue
        name, label, still = key.split(":")[1], SCORES[filed][0], filed in FAILING
        links: Json = {}
        for side, part, outcome in (("baseline", pair.base, old), ("current", pair.now, new)):
            links[f"{side}_digest"] = f"{part.foreign}/{name}/failure_digest.json" if outcome else None
            links[f"{side}_timeline"] = f"{part.foreign}/{name}/failure_timeline.jsonl" if outcome else None
        entry: Json = {
            "suite": name,
            "classification": label,
            "unresolved": still,
            "mismatch_kinds": kinds,
            "artifact_links": links,
            "baseline_digest": _projection(old),
            "current_digest": _projection(new),
            "recommended_command": f"cargo test --test {name} -- --nocapture",
        }
        out.append((not still, label, name, entry))
    return [entry for *_, entry in sorted(out, key=lambda row: row[:3])]


def _failed(part: Part, key: str) -> Outcome | None:
    outcome = part.run.outcomes.get(key)
    return outcome if outcome and outcome.exit_code else None


def _projection(outcome: Outcome | None) -> Json | None:
    if outcome is None:
        return None
    return {
        "root_cause_class": outcome.root_cause,
        "impacted_scenario_ids": impacted(outcome),
        "message": outcome.first_line,
    }


def _mismatches(pair: Comparison, old: Outcome | None, new: Outcome | None) -> list[str]:
    if old is None or new is None:
        return ["missing_baseline_diagnostics"] if new else ["missing_current_diagnostics"] if old else []
    pairs = (
        ("root_cause_class_changed", old.root_cause, new.root_cause),
        ("impacted_scenarios_changed", impacted(old), impacted(new)),
        ("first_failing_assertion_changed", old.first_line, new.first_line),
        ("timeline_event_count_changed", len(timeline(pair.base, old)), len(timeline(pair.now, new))),
    )
    return [name for name, left, right in pairs if left != right]


def mirrored(pair: Comparison) -> list[Json]:
    """The workflows that at least one run covers, and whether both runs cover them alike."""
    open_suites = {entry["suite"] for entry in semantic_entries(pair) if entry["unresolved"]}
    out: list[Json] = []
    for ident, title, suites in WORKFLOWS:
        ours = [s for s in suites if s in pair.base.suites or s in pair.now.suites]
        lost = [[s for s in ours if s not in part.suites] for part in (pair.base, pair.now)]
        open_here = [s for s in ours if s in open_suites]
        state = "incomplete_mirroring" if any(lost) else "semantic_mismatch" if open_here else "aligned"
        out.append(
            {
                "workflow_id": ident,
                "workflow_title": title,
                "status": state,
                "suite_ids": list(suites),
                "replay_command": " ".join([RUNNER, "--skip-unit", *(f"--suite {s}" for s in suites)]),
                "missing_in_baseline": lost[0],
                "missing_in_current": lost[1],
                "unresolved_semantic_suites": open_here,
                "artifact_links": [],
            }
        )
    return out
