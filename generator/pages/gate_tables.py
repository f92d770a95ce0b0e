"""Gates through time, the recorded verdicts they come from, and the waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, links, words
from generator.views import Cell, Column, Section, Table, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import GatePoint, GateSource, Report, RunRef, WaiverFacts
    from generator.pages.links import Links
    from generator.plugins import PageLimits

_GRID_RUNS = 30
_WAIVER_ORDER = ("expired", "invalid", "expiring_soon", "active")
_WAIVER_TONES = {"expired": Tone.BAD, "invalid": Tone.BAD, "expiring_soon": Tone.WARN, "active": Tone.INFO}
_WAIVERS = cells.columns(
    "Gate", "State", "Days left", "Owner", "Reason", "Issue", "Scope", "Created", "Expires", "Remove when",
    numeric=("Days left",), choice=("State", "Owner"),
)  # fmt: skip


def sections(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return the grid, the sources and the waivers."""
    found = [_grid(report, at), _sources(report)]
    if report.judgement.waivers:
        found.append(_waivers(report, limits))
    return tuple(found)


def _grid(report: Report, at: Links) -> Section:
    runs = report.judgement.runs[-_GRID_RUNS:]
    gates = [gate for gate in report.judgement.gates if gate.history]
    table = Table(
        id="grid-table",
        caption="Status of each gate in each run, newest run on the right",
        columns=(Column(title="Gate"), *(_column(run) for run in runs)),
        rows=(
            *(_line(gate.gate_id, gate.history, runs, at) for gate in gates),
            *(_line(gate.gate_id, gate.history, runs, at, gone=True) for gate in report.judgement.gone),
        ),
        empty="No earlier run has gate evidence.",
        more=words.more(len(report.judgement.runs) - len(runs), "earlier run"),
    )
    intro = "Absent means that the gate was not evaluated in that run: neither passed nor failed."
    return Section(id="grid", title="Gates through time", intro=intro, tables=(table,))


def _column(run: RunRef) -> Column:
    return Column(title=run.label, hint=words.utc(run.started_at))


def _line(
    gate_id: str, history: Sequence[GatePoint], runs: Sequence[RunRef], at: Links, *, gone: bool = False
) -> tuple[Cell, ...]:
    points = {point.run.label: point for point in history}
    note = "no longer evaluated" if gone else ""
    href = "" if gone else f"gates/#{links.gate_anchor(gate_id)}"
    name = Cell(text=gate_id, mono=True, href=href, note=note)
    return (name, *(_point(points.get(run.label), at) for run in runs))


def _point(point: GatePoint | None, at: Links) -> Cell:
    if point is None or point.status == "absent":
        return Cell(text="absent", tone=Tone.MUTED)
    return Cell(text=point.status, tone=_point_tone(point), href=at.run(point.run.label))


def _point_tone(point: GatePoint) -> Tone:
    if point.status == "pass":
        return Tone.GOOD
    return Tone.BAD if point.status == "fail" and point.blocking is not False else Tone.WARN


def _sources(report: Report) -> Section:
    table = Table(
        id="sources-list",
        caption="Verdict files that CI recorded, checked against their own rows",
        columns=cells.columns(
            "File", "Kind", "Written", "Age", "Says", "Its rows say", "Agrees", "Blocking passed", "Promotion"
        ),
        rows=tuple(_source(source, report) for source in report.judgement.sources),
        empty="CI recorded no gate verdict that was read.",
    )
    return Section(id="sources", title="Recorded verdicts", tables=(table,))


def _source(source: GateSource, report: Report) -> tuple[Cell, ...]:
    age = (
        "no date"
        if source.age_days is None
        else words.plural(source.age_days, "day")
        if source.age_days
        else "same day"
    )
    promote = {True: "allowed", False: "not allowed", None: ""}[source.can_promote]
    blocking = (
        f"{words.number(source.blocking_pass)} of {words.number(source.blocking_total)}"
        if source.blocking_total
        else ""
    )
    return (
        Cell(
            text=source.path, mono=True, note=f"first failure: {source.first_failure}" if source.first_failure else ""
        ),
        Cell(text=source.family.replace("_", " "), note=words.plural(source.gates, "gate")),
        cells.time_cell(source.generated_at, report.as_of),
        Cell(text=age, tone=Tone.WARN if source.stale else None, note="stale" if source.stale else ""),
        Cell(text=source.reported_verdict or words.NOTHING),
        Cell(text=source.recomputed_verdict or words.NOTHING),
        Cell(text="yes") if source.agrees else Cell(text="no", tone=Tone.BAD),
        Cell(text=blocking, note=f"waived: {words.listing(source.waivers_applied)}" if source.waivers_applied else ""),
        Cell(text=promote),
    )


def _waivers(report: Report, limits: PageLimits) -> Section:
    ranked = sorted(report.judgement.waivers, key=_urgency)
    table = cells.simple_table(
        "waivers-list",
        "Waivers, expired and expiring first",
        _WAIVERS,
        [_waiver(waiver) for waiver in ranked],
        limit=limits.list_rows,
        what="waiver",
        empty="No waiver was read.",
    )
    intro = "A waived gate stays visible with its own verdict; only the blocking is lifted."
    return Section(id="waivers", title="Waivers", intro=intro, tables=(table,))


def _urgency(waiver: WaiverFacts) -> tuple[int, int, str]:
    place = _WAIVER_ORDER.index(waiver.state) if waiver.state in _WAIVER_ORDER else 0
    return (place, waiver.days_remaining if waiver.days_remaining is not None else -1, waiver.gate_id)


def _waiver(waiver: WaiverFacts) -> tuple[Cell, ...]:
    differs = waiver.reported_state and waiver.reported_state != waiver.state
    notes = (waiver.detail, f"the audit says {waiver.reported_state.replace('_', ' ')}" if differs else "")
    days = waiver.days_remaining
    return (
        Cell(text=waiver.gate_id, mono=True, href=f"gates/#{links.gate_anchor(waiver.gate_id)}"),
        Cell(
            text=waiver.state.replace("_", " "),
            tone=_WAIVER_TONES.get(waiver.state, Tone.WARN),
            note="; ".join(note for note in notes if note),
        ),
        Cell(text=words.NOTHING) if days is None else Cell(text=str(days), sort=str(days)),
        Cell(text=waiver.owner or "no owner"),
        Cell(text=waiver.reason),
        Cell(text=waiver.issue, mono=bool(waiver.issue)),
        Cell(text=waiver.scope),
        Cell(text=waiver.created),
        Cell(text=waiver.expires),
        Cell(text=waiver.remove_when),
    )
