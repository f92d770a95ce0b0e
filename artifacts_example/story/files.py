"""All files of the example, in memory: path below `artifacts_example/` to text."""

from __future__ import annotations

from artifacts_example.story.gates import gate_files
from artifacts_example.story.junit import junit_files
from artifacts_example.story.native import part_files
from artifacts_example.story.plan import PARTS, SHARDED, CiRun, all_runs
from artifacts_example.story.truth import truth
from artifacts_example.story.world import Json, iso_seconds, pretty

# Files that the upload cut off: run number, end of the path, share of the text that arrived.
TRUNCATED = (
    (7, "e2e_waitlist/failure_digest.json", 0.6),
    (33, "unit/mooring_rules/test-log.jsonl", 0.7),
    (33, "release_readiness_summary.json", 0.5),
)


def wrapper(run: CiRun) -> Json:
    """run.json: what the CI system knows about a run and the runner does not."""
    out: Json = {
        "schema": "replaybook.run.v1",
        "repository": "harbour/harbour",
        "workflow": run.workflow,
        "run_id": run.run_id,
        "attempt": run.attempt,
        "event": "pull_request" if run.is_pull_request else "schedule",
        "branch": run.branch,
        "commit": run.commit,
        "started_at": iso_seconds(run.when),
        "finished_at": iso_seconds(run.finished),
        "url": f"https://github.com/harbour-example/harbour/actions/runs/{run.run_id}",
    }
    return {**out, "expected_parts": list(PARTS)} if run.number in SHARDED else out


def run_files(run: CiRun) -> dict[str, str]:
    """Every file of one CI run, by its path below the run's folder."""
    files = {"run.json": pretty(wrapper(run))}
    for part in run.parts:
        files |= part_files(part)
    files |= gate_files(run) | junit_files(run)
    for name in cut_names(run, files):
        share = next(share for number, end, share in TRUNCATED if number == run.number and name.endswith(end))
        files[name] = files[name][: int(len(files[name]) * share)]
    return files


def cut_names(run: CiRun, files: dict[str, str]) -> tuple[str, ...]:
    """Paths of the files that arrived truncated."""
    ends = tuple(end for number, end, _ in TRUNCATED if number == run.number)
    return tuple(name for name in sorted(files) if ends and name.endswith(ends))


def example_files() -> dict[str, str]:
    """Every generated file, sorted by path; truth.json is one of them."""
    out: dict[str, str] = {}
    corrupt: dict[str, tuple[str, ...]] = {}
    for run in all_runs():
        files = run_files(run)
        corrupt[run.folder] = cut_names(run, files)
        out |= {f"runs/{run.folder}/{name}": text for name, text in files.items()}
    out["truth.json"] = pretty(truth(corrupt))
    return dict(sorted(out.items()))
