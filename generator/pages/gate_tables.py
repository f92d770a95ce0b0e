"""Gates through time, the recorded verdicts they come from, and the waivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.pages import cells, links, words
from generator.views import Cell, Column, Section, Table, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import GatePoint, GateSource, Report, RunRef, WaiverFacts
    from generator.pages.links import Links
    from generator.plugins import PageLimits

_GRID_RUNS = 60
"""Columns of the open grid; older runs stand in a second, folded one."""

_WAIVER_ORDER = ("expired", "invalid", "expiring_soon", "active")
_WAIVER_TONES = {"expired": Tone.BAD, "invalid": Tone.BAD, "expiring_soon": Tone.WARN, "active": Tone.INFO}
_WAIVERS = cells.columns(
    "Gate", "State", "Days left", "Owner", "Reason", "Remove when", "Expires", "Issue", "Scope",
    numeric=("Days left",), choice=("State", "Owner"),
)  # fmt: skip


def sections(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return the grids, the sources and the waivers."""
    found = [*_grids(report, at, limits), _sources(report)]
    if report.judgement.waivers:
        found.append(_waivers(report, limits))
    return tuple(found)


def _grids(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return the newest runs open and all that are older folded, so that a gate stands through all its time."""
    runs = report.judgement.runs
    newest, older = runs[-_GRID_RUNS:], runs[:-_GRID_RUNS]
    absent = "Absent means that the gate was not evaluated in that run: neither passed nor failed."
    table = _grid("grid-table", "Status of each gate in each run, newest run on the right", newest, report, at)
    found = [Section(id="grid", title="Gates through time", intro=absent, tables=(table,))]
    if older:
        shown = older[-limits.list_rows :]
        left = words.more(len(older) - len(shown), "earlier run")
        caption = f"Status of each gate before run {newest[0].label}, newest run on the right"
        table = replace(_grid("grid-older-table", caption, shown, report, at), more=left)
        title = f"Gates in {words.plural(len(shown), 'older run')}"
        found.append(Section(id="grid-older", title=title, tables=(table,), folded=True))
    return tuple(found)


def _grid(table_id: str, caption: str, runs: Sequence[RunRef], report: Report, at: Links) -> Table:
    gates = [gate for gate in report.judgement.gates if gate.history]
    return Table(
        id=table_id,
        caption=caption,
        columns=(Column(title="Gate"), *(_column(run) for run in runs)),
        rows=(
            *(_line(gate.gate_id, gate.history, runs, at) for gate in gates),
            *(_line(gate.gate_id, gate.history, runs, at, gone=True) for gate in report.judgement.gone),
        ),
        empty="No earlier run has gate evidence.",
    )


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
    """Return a status; only what did not pass is linked, or the keyboard would have to pass hundreds of links."""
    if point is None or point.status == "absent":
        return Cell(text="absent", tone=Tone.MUTED)
    href = "" if point.status == "pass" else at.run(point.run.label)
    return Cell(text=point.status, tone=_point_tone(point), href=href)


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
    judged = frozenset(gate.gate_id for gate in report.judgement.gates)
    table = cells.simple_table(
        "waivers-list",
        "Waivers, expired and expiring first",
        _WAIVERS,
        [_waiver(waiver, judged) for waiver in ranked],
        limit=limits.list_rows,
        what="waiver",
        empty="No waiver was read.",
    )
    intro = "A waived gate stays visible with its own verdict; only the blocking is lifted."
    return Section(id="waivers", title="Waivers", intro=intro, tables=(table,))


def _urgency(waiver: WaiverFacts) -> tuple[int, int, str]:
    place = _WAIVER_ORDER.index(waiver.state) if waiver.state in _WAIVER_ORDER else 0
    return (place, waiver.days_remaining if waiver.days_remaining is not None else -1, waiver.gate_id)


def _waiver(waiver: WaiverFacts, judged: frozenset[str]) -> tuple[Cell, ...]:
    differs = waiver.reported_state and waiver.reported_state != waiver.state
    notes = (waiver.detail, f"the audit says {waiver.reported_state.replace('_', ' ')}" if differs else "")
    days = waiver.days_remaining
    return (
        Cell(
            text=waiver.gate_id,
            mono=True,
            href=f"gates/#{links.gate_anchor(waiver.gate_id)}" if waiver.gate_id in judged else "",
        ),
        Cell(
            text=waiver.state.replace("_", " "),
            tone=_WAIVER_TONES.get(waiver.state, Tone.WARN),
            note="; ".join(note for note in notes if note),
        ),
        Cell(text=words.NOTHING) if days is None else Cell(text=str(days), sort=str(days)),
        Cell(text=waiver.owner or "no owner"),
        Cell(text=waiver.reason),
        Cell(text=waiver.remove_when),
        Cell(text=waiver.expires, note=f"created {waiver.created}" if waiver.created else ""),
        Cell(text=waiver.issue),
        Cell(text=waiver.scope),
    )
