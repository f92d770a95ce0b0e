"""Gates: what blocks, why, and what would have to be true to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Verdict
from generator.pages import answers, banners, cells, gate_tables, links, states, words
from generator.pages.badges import head
from generator.pages.commands import OF_GATE, OF_RULE, commands_of
from generator.views import Cell, Fact, Page, Section, StandardView, Table

if TYPE_CHECKING:
    from generator.findings import GateVerdict, Report
    from generator.pages.links import Links
    from generator.plugins import PageLimits

_COLUMNS = cells.columns(
    "Gate", "Verdict", "Blocking", "Expected", "Actual", "Reason", "Since", "Policy",
    choice=("Verdict", "Blocking", "Policy"),
)  # fmt: skip

_RECORDED = "recorded"
"""Policy of the gates that CI evaluated."""

_OF_FAILURES = ("new_failures", "pass_rate")
"""Rules of ours about failures, which have commands of their own."""


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of gates."""
    at = links.links_of(report, limits)
    word, tone = answers.verdict(report)
    shown = (*banners.state(report), *banners.gates(report), *banners.problems(report))
    view = StandardView(
        head=head(report, at, _answer(report), tone, verdict=word, banners=shown),
        sections=(
            *_blockers(report, at, limits),
            *_conditions(report),
            Section(id="all", title="All gates", tables=(_table(report, at),)),
            *gate_tables.sections(report, at, limits),
        ),
    )
    return [Page(path="gates", title="Gates", template="standard.html.j2", view=view, nav="Gates")]


def _answer(report: Report) -> str:
    gates, blockers = report.judgement.gates, report.judgement.blockers
    judged = f"Judged by the policy {report.judgement.policy}" if report.judgement.policy else ""
    if not gates:
        return words.join("No gate was evaluated", judged)
    blocking = [gate for gate in gates if gate.blocking]
    if not blocking:
        return words.join(f"{words.plural(len(gates), 'gate')} evaluated, none of them blocking", judged)
    waived = sum(gate.waived and gate.verdict is not Verdict.PASS for gate in blocking)
    passing = len(blocking) - waived - len(blockers)
    rest = f", {words.number(waived)} {words.verb(waived, 'is', 'are')} waived" if waived else ""
    share = f"{words.number(passing)} of {words.plural(len(blocking), 'blocking gate')}"
    return words.join(f"{share} {words.verb(passing, 'passes', 'pass')}{rest}", answers.gates(report), judged)


def _blockers(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    blockers = report.judgement.blockers
    shown = tuple(_blocker(gate, at) for gate in blockers[: limits.list_rows])
    left = len(blockers) - len(shown)
    if left:
        text = f"{words.plural(left, 'more blocking gate')} {words.verb(left, 'stands', 'stand')} in the table below."
        return (*shown, Section(id="more-blockers", title="More blocking gates", intro=text))
    return shown


def _blocker(gate: GateVerdict, at: Links) -> Section:
    commands = commands_of(gate.commands, OF_GATE if gate.policy == _RECORDED else OF_RULE)
    facts = [
        Fact(label="Expected", value=gate.expected or words.NOTHING),
        Fact(label="Actual", value=_actual(gate) or words.NOTHING),
    ]
    if gate.since:
        facts.append(Fact(label="Not passing since", value=gate.since.label, href=at.run(gate.since.label)))
    if gate.artifact_path:
        facts.append(Fact(label="Evidence", value=gate.artifact_path, mono=True))
    if gate.waiver and not gate.waived:
        text = (
            f"{gate.waiver.state.replace('_', ' ')}, so it waives nothing here"
            if not gate.waiver.valid
            else "does not apply here"
        )
        facts.append(Fact(label="Waiver", value=text, href="gates/#waivers"))
    named = f"{gate.gate_id}: {gate.title}" if gate.title and gate.title != gate.gate_id else gate.gate_id
    notes = () if commands else (_why_no_command(gate),)
    return Section(
        id=f"blocker-{links.gate_anchor(gate.gate_id)}",
        title=f"Blocks: {words.cut(named, 120)}",
        intro=words.sentence(gate.reason),
        facts=tuple(facts),
        commands=commands,
        notes=notes,
    )


def _actual(gate: GateVerdict) -> str:
    """Return what was found; our own rules name states of a run by their code, what CI recorded stays as it is."""
    return gate.actual if gate.policy == _RECORDED else states.in_words(gate.actual)


def _why_no_command(gate: GateVerdict) -> str:
    """Return why a gate cannot be replayed."""
    if gate.policy == _RECORDED:
        return "CI recorded no command that reproduces this gate."
    if gate.gate_id in _OF_FAILURES:
        return "This rule judges all results together: what can be replayed stands on the page of each failure."
    return "This rule judges the evidence itself: there is nothing to replay."


def _conditions(report: Report) -> tuple[Section, ...]:
    blockers = report.judgement.blockers
    if not blockers:
        return ()
    return (
        Section(
            id="to-pass",
            title="What would have to be true to pass",
            notes=tuple(_condition(gate) for gate in blockers),
        ),
    )


def _condition(gate: GateVerdict) -> str:
    if gate.verdict is Verdict.UNKNOWN:
        why = gate.reason or _actual(gate) or "its evidence is missing"
        return words.join(f"gate {gate.gate_id} needs evidence that can be judged", words.cut(why, 300))
    expected = words.cut(gate.expected, 200) or "a pass"
    actual = words.cut(_actual(gate), 200) or words.NOTHING
    return words.sentence(f"gate {gate.gate_id}: expected {expected}; found {actual}")


def _table(report: Report, at: Links) -> Table:
    """Return all gates, each with its anchor; a gate id that stands there twice keeps the first anchor."""
    gates = report.judgement.gates
    anchors: dict[str, None] = {}
    ids = []
    for gate in gates:
        anchor = links.gate_anchor(gate.gate_id)
        ids.append("" if anchor in anchors else anchor)
        anchors[anchor] = None
    return Table(
        id="gates-list",
        caption="Gates, blocking and failing first",
        columns=_COLUMNS,
        rows=tuple(_row(gate, at) for gate in gates),
        empty="No gate was evaluated: nothing is known about what blocks.",
        row_ids=tuple(ids),
    )


def _row(gate: GateVerdict, at: Links) -> tuple[Cell, ...]:
    return (
        Cell(text=gate.gate_id, mono=True, note=gate.title if gate.title != gate.gate_id else ""),
        Cell(text=gate.verdict.value, tone=answers.gate_tone(gate), note=_note(gate)),
        Cell(text=f"{'yes' if gate.blocking else 'no'}{', waived' if gate.waived else ''}"),
        Cell(text=gate.expected),
        Cell(text=_actual(gate)),
        Cell(text=gate.reason),
        cells.run_cell(at, gate.since),
        Cell(text=gate.policy),
    )


def _note(gate: GateVerdict) -> str:
    if gate.missing_evidence:
        return "evidence is missing or old"
    differs = gate.recorded_status and gate.recorded_status != gate.verdict.value
    return f"recorded as {gate.recorded_status}" if differs else ""
