"""Blocks of pages made by hand, as the pages stage would make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from generator.views import (
    Badge,
    Cell,
    Chart,
    Column,
    Command,
    Count,
    Event,
    Excerpt,
    Fact,
    Head,
    Link,
    Moment,
    Outcomes,
    Section,
    Series,
    Table,
    Tone,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MOMENT = Moment(at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC), relative="2 hours ago")


def a_head(answer: str = "3 new failures from 1 cause; 12 known.", **fields: object) -> Head:
    head = Head(
        answer=answer,
        tone=Tone.BAD,
        verdict="Blocked.",
        badges=(
            Badge(label="Run", value="r0003", href="run/"),
            Badge(label="Branch", value="main"),
            Badge(label="Shards", value="4 of 4", tone=Tone.GOOD),
        ),
        as_of=MOMENT,
        stale_after_hours=36,
    )
    return replace(head, **fields)  # type: ignore[arg-type]


def some_outcomes(number: int = 20) -> Outcomes:
    words = ("passed", "passed", "failed", "flaky", "skipped", "passed", "error", "not_run", "absent", "failed")
    cells = tuple((words[i % 10], f"r{i:04} {words[i % 10]}", "") for i in range(number))
    return Outcomes(cells=cells, reading=f"failed in 4 of the last {number} runs")


def a_table(identity: str = "tests", rows: int = 12) -> Table:
    kinds = (("new", Tone.BAD), ("still failing", Tone.WARN), ("fixed", Tone.GOOD))
    return Table(
        id=identity,
        caption="Failing tests",
        columns=(
            Column(title="Test"),
            Column(title="Change", filter=True),
            Column(title="Suite", filter=True),
            Column(title="Seconds", numeric=True),
            Column(title="Share", numeric=True),
            Column(title="Seen"),
            Column(title="Outcomes"),
        ),
        rows=tuple(
            (
                Cell(text=f"test_case_{i:03}", href=f"failures/f-{i:016x}/", mono=True, note="tests/e2e/test_rpc.py"),
                Cell(text=kinds[i % 3][0], tone=kinds[i % 3][1]),
                Cell(text=("e2e_rpc", "unit", "conformance")[i % 3]),
                Cell(text=f"{i * 7 % 11 + 0.5:.1f}", sort=f"{i * 7 % 11 + 0.5}"),
                Cell(text=f"{i * 8} %", sort=str(i * 8), bar=min(1.0, i * 0.08)),
                Cell(text="", moment=MOMENT, sort=MOMENT.at.isoformat()),
                Cell(text="", outcomes=some_outcomes(10)),
            )
            for i in range(rows)
        ),
        row_ids=tuple(f"row-{i}" for i in range(rows)),
    )


def a_chart(identity: str = "pass-rate", *, inline: bool = True) -> Chart:
    days = tuple(f"2026-11-{day:02}" for day in range(1, 21))
    rates = tuple(None if day == 7 else 0.97 - day * 0.002 for day in range(20))
    return Chart(
        id=identity,
        title="Pass rate",
        reading="fell 1.8 points in 7 days, most in e2e_rpc",
        x=days,
        series=(
            Series(name="pass rate", y=rates, tone=Tone.GOOD),
            Series(name="failures", y=tuple(float(day % 5) for day in range(20)), tone=Tone.BAD, kind="bar", axis=2),
        ),
        table=Table(
            id=f"{identity}-table",
            caption="Pass rate by day",
            columns=(Column(title="Day"), Column(title="Rate", numeric=True)),
            rows=tuple(
                (Cell(text=day), Cell(text="no run" if rate is None else f"{rate:.1%}"))
                for day, rate in zip(days, rates, strict=True)
            ),
        ),
        y_title="tests that passed",
        y2_title="failures",
        y_percent=True,
        dates=True,
        inline=inline,
    )


def a_command(
    text: str = "cargo test --test e2e_rpc session_resume -- --nocapture --exact", **fields: object
) -> Command:
    command = Command(level="test", title="This test alone", text=text, copyable=True, source="derived")
    return replace(command, **fields)  # type: ignore[arg-type]


def a_section(**fields: object) -> Section:
    section = Section(
        id="trend",
        title="Trend",
        intro="How it went in the last 20 days.",
        facts=(
            Fact(label="Commit", value="0123abcd", mono=True, copy=True),
            Fact(label="Seen", value="", moment=MOMENT),
        ),
        commands=(a_command(),),
        counts=(Count(number="3", label="new", tone=Tone.BAD, href="changes/?changes.change=new"),),
        charts=(a_chart(),),
        tables=(a_table(),),
        events=(
            Event(place="1", title="started", text="shard 1"),
            Event(place="2", title="failed", text="", tone=Tone.BAD),
        ),
        excerpts=(Excerpt(title="Trace", text="line 1\nline 2\n", folded=True, note="cut after 64 KiB"),),
        links=(Link(text="Changes", href="changes/"),),
        outcomes=some_outcomes(),
        notes=("A note.",),
    )
    return replace(section, **fields)  # type: ignore[arg-type]
