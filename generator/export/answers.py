"""Answers of the command line as JSON documents, plain text and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.records import tally_text
from generator.safety.surfaces import code_span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.findings import GateVerdict, Judgement, Report, RunFacts, Tally
    from generator.records import Counts, Problem, Redaction, SourceFile

Json = dict[str, Any]


def counts(found: Counts) -> Json:
    """Return counts of test cases, `tests = passed + failed + errors + skipped`."""
    return found.model_dump()


def source(found: SourceFile) -> Json:
    """Return one artifact as `inspect` lists it."""
    entry: Json = {"path": found.path, "reader": found.reader, "schema": found.schema_id}
    return entry | ({"counts": counts(found.counts)} if found.counts else {})


def problem(found: Problem) -> Json:
    """Return a problem with file, cause and next step."""
    return {
        "path": found.path,
        "reader": found.reader,
        "severity": found.severity.value,
        "message": found.message,
        "hint": found.hint,
    }


def inspection(
    sources: Sequence[SourceFile], problems: Sequence[Problem], totals: Counts, masked: Sequence[Redaction] = ()
) -> Json:
    """Return the document of `inspect`, sorted by path."""
    return {
        "artifacts": [source(found) for found in sources],
        "problems": [problem(found) for found in problems],
        "totals": counts(totals),
        "redactions": redactions(masked),
    }


def redactions(found: Sequence[Redaction]) -> Json:
    """Return how often a secret of each kind was masked; never a value."""
    return {each.kind: each.count for each in found}


def secrets_line(found: Sequence[Redaction]) -> str:
    """Return what was masked as one line with the next step."""
    kinds = ", ".join(f"{each.kind} {each.count}" for each in found)
    return f"warning: secrets were masked in the artifacts: {kinds} (whoever saw the CI log has them: rotate them)"


def problem_line(found: Problem) -> str:
    """Return a problem as one line: severity, file, cause, next step."""
    hint = f" ({found.hint})" if found.hint else ""
    return f"{found.severity.value}: {found.path}: {found.message}{hint}"


def ingested(
    outcome: Mapping[str, Sequence[str]], problems: Sequence[Problem], masked: Sequence[Redaction] = ()
) -> Json:
    """Return what became of the runs of some artifacts."""
    return {
        "schema": "replaybook.ingested.v1",
        **{word: list(run_ids) for word, run_ids in outcome.items()},
        "problems": [problem(each) for each in problems],
        "redactions": redactions(masked),
    }


def build(
    report: Report,
    exit_code: int,
    problems: Sequence[Problem],
    versions: Sequence[str],
    masked: Sequence[Redaction] = (),
) -> Json:
    """Return the verdict of the newest run with the versions written and the problems met."""
    return verdict(report, exit_code) | {
        "versions": list(versions),
        "problems": [problem(found) for found in problems],
        "redactions": redactions(masked),
    }


def tally(found: Tally) -> Json:
    """Return results by outcome."""
    return {
        "passed": found.passed,
        "failed": found.failed,
        "errors": found.errors,
        "skipped": found.skipped,
        "not_run": found.not_run,
        "flaky": found.flaky,
    }


def run(found: RunFacts) -> Json:
    """Return a logical run of the history."""
    return {
        "label": found.label,
        "workflow": found.workflow,
        "run_id": found.run_id,
        "attempt": found.attempt,
        "started_at": found.started_at.isoformat(),
        "commit": found.commit,
        "branch": found.branch,
        "state": found.state.value,
        "parts": {"present": found.completeness.present, "expected": found.completeness.expected},
        "missing": list(found.completeness.missing),
        "targets": tally(found.targets),
        "cases": tally(found.cases),
        "units": list(found.unit_ids),
    }


def gate(found: GateVerdict) -> Json:
    """Return one verdict with expected, actual, reason and commands."""
    return {
        "id": found.gate_id,
        "title": found.title,
        "policy": found.policy,
        "verdict": found.verdict.value,
        "blocking": found.blocking,
        "blocks": found.blocks,
        "waived": found.waived,
        "expected": found.expected,
        "actual": found.actual,
        "reason": found.reason,
        "since": found.since.label if found.since else None,
        "commands": [
            {"level": command.level.value, "text": command.text, "copyable": command.copyable, "reason": command.reason}
            for command in found.commands
        ],
    }


def verdict(report: Report, exit_code: int) -> Json:
    """Return the judgement of a report: verdict, blockers and every gate."""
    judgement = report.judgement
    return {
        "schema": "replaybook.verdict.v1",
        "run": run(report.findings.run),
        "as_of": report.as_of.isoformat(),
        "policy": judgement.policy,
        "verdict": judgement.verdict.value,
        "exit_code": exit_code,
        "blockers": [found.gate_id for found in judgement.blockers],
        "gates": [gate(found) for found in judgement.gates],
        "changes": change_counts(report),
    }


def change_counts(report: Report) -> Json:
    """Return how many tests are new failures, still failing, fixed and so on.

    A failing target whose failing cases are known is left to them, as on every page.
    """
    explained = {failure.failure_id for failure in report.findings.failures if failure.children}
    found: Json = {}
    for change in report.findings.comparison.changes:
        if change.failure_id not in explained or not change.failure_id:
            found[change.kind.value] = found.get(change.kind.value, 0) + 1
    return found


def numbers(found: RunFacts) -> str:
    """Return a run's results in words, targets and cases apart."""
    parts = [
        f"{word}: {_tally_text(part)}"
        for word, part in (("targets", found.targets), ("cases", found.cases))
        if part.total
    ]
    return "; ".join(parts) or "no results"


def _tally_text(found: Tally) -> str:
    return tally_text(
        {
            "failed": found.bad,
            "flaky": found.flaky,
            "passed": found.passed,
            "skipped": found.skipped,
            "not run": found.not_run,
        }
    )


WORDS = {"pass": "Passes.", "fail": "Blocked.", "unknown": "Unknown."}


def sentence(judgement: Judgement) -> str:
    """Return the verdict in one line: what blocks, by id."""
    blockers = ", ".join(found.gate_id for found in judgement.blockers[:5])
    more = len(judgement.blockers) - 5
    rest = f" and {more} more" if more > 0 else ""
    why = f" Blocking: {blockers}{rest}." if blockers else " No blocking gate fails."
    return WORDS[judgement.verdict.value] + why


def gate_text(report: Report) -> str:
    """Return the verdict with each gate that does not pass, for a terminal."""
    lines = [f"Run {report.findings.run.label}: {sentence(report.judgement)}"]
    for found in report.judgement.gates:
        if found.verdict.value != "pass":
            kind = "blocking" if found.blocks else "waived" if found.waived else "informational"
            lines.append(f"  {found.verdict.value:7} {found.gate_id} ({kind}): {found.reason}")
            lines.append(f"          expected {found.expected}, got {found.actual}")
            lines += [f"          $ {command.text}" for command in found.commands if command.copyable]
    return "\n".join(lines)


def gate_markdown(report: Report) -> str:
    """Return the verdict as Markdown; every text that comes from outside stands in a code span."""
    lines = [f"### Run {code_span(report.findings.run.label)}: {WORDS[report.judgement.verdict.value]}", ""]
    lines += ["| gate | verdict | blocks | expected | actual |", "|---|---|---|---|---|"]
    for found in report.judgement.gates:
        blocks = "yes" if found.blocks else "waived" if found.waived else "no"
        cells = (
            code_span(found.gate_id),
            found.verdict.value,
            blocks,
            code_span(found.expected),
            code_span(found.actual),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
