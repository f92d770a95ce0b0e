"""Pages made by hand, as the pages stage would make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.render import RenderTarget
from generator.views import (
    Badge,
    Banner,
    Cell,
    Chart,
    Column,
    Command,
    Count,
    Event,
    Excerpt,
    Fact,
    FailureView,
    Head,
    Link,
    Moment,
    Outcomes,
    Page,
    Section,
    Series,
    StandardView,
    Table,
    Tone,
)

if TYPE_CHECKING:
    from pathlib import Path

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


def an_overview(**fields: object) -> Page:
    view = StandardView(
        head=a_head(
            banners=(
                Banner(
                    tone=Tone.WARN,
                    title="Incomplete.",
                    text="Shard 3 of 4 is missing.",
                    links=(Link(text="Problems", href="problems/"),),
                ),
            )
        ),
        counts=(
            Count(number="3", label="new", tone=Tone.BAD, href="changes/#new"),
            Count(number="12", label="still failing", tone=Tone.WARN, href="changes/"),
            Count(number="2", label="fixed", tone=Tone.GOOD, href="changes/"),
            Count(number="4", label="flaky", tone=Tone.INFO, href="changes/"),
            Count(number="0", label="missing", tone=Tone.MUTED, href="changes/"),
        ),
        strip=(
            Badge(label="ext_must_pass", value="fail", tone=Tone.BAD, href="changes/", hint="2 must-pass tests fail"),
            Badge(label="waiver_health", value="pass", tone=Tone.GOOD),
            Badge(label="evidence_age", value="no data", tone=Tone.WARN),
        ),
        sections=(a_section(),),
    )
    page = Page(
        path="", title="Overview", template="standard.html.j2", view=view, nav="Overview", search_title="Overview"
    )
    return replace(page, **fields)  # type: ignore[arg-type]


def a_plain_page(path: str, title: str, **fields: object) -> Page:
    section = Section(id="new", title="New failures", tables=(a_table("changes"),))
    page = Page(
        path=path,
        title=title,
        template="standard.html.j2",
        view=StandardView(head=a_head(), sections=(section,)),
        nav=title,
        search_title=title,
    )
    return replace(page, **fields)  # type: ignore[arg-type]


def a_failure(number: int = 0, **fields: object) -> Page:
    identity = f"f-{number:016x}"
    trace = "\n".join(f"  {i:2}: crate::rpc::session::resume at src/rpc/session.rs:{i * 7}:13" for i in range(14))
    view = FailureView(
        head=a_head("New since run r0003; failed in 1 run, not flaky.", verdict="New failure."),
        test_title=f"session_resume_{number}",
        test_key=f"e2e_rpc::session::session_resume_{number}",
        status="new since r0003, 1 run, not flaky",
        replay=(
            a_command(),
            a_command("cargo test --test e2e_rpc", level="suite", title="Its suite"),
            a_command(
                "./scripts/e2e/run_all.sh --suite e2e_rpc",
                level="runner",
                title="Through the runner",
                copyable=False,
                reason="names a path of another machine",
            ),
        ),
        no_replay="",
        environment=(
            Fact(
                label="Commit",
                value="0123abcd4567",
                href="https://github.com/o/r/commit/0123abcd4567",
                mono=True,
                copy=True,
            ),
            Fact(label="Profile", value="full"),
            Fact(label="VCR", value="playback"),
            Fact(label="Shard", value="2 of 4"),
        ),
        assertion=Excerpt(title="Message", text="assertion `left == right` failed\n  left: 3\n right: 4"),
        location=Link(
            text="src/rpc/session.rs:88:13", href="https://github.com/o/r/blob/0123abcd/src/rpc/session.rs#L88"
        ),
        cause=(Fact(label="Class", value="assertion"), Fact(label="Signature", value="a1b2c3d4", mono=True)),
        outcomes=some_outcomes(),
        since=(
            Fact(label="First bad", value="r0003", href="run/", moment=MOMENT),
            Fact(label="Last good", value="r0002"),
            Fact(label="Commits", value="0123abc..4567def", mono=True),
        ),
        sections=(
            Section(id="trace", title="Trace", excerpts=(Excerpt(title="Trace", text=trace, folded=True),)),
            Section(
                id="timeline",
                title="Timeline",
                events=(
                    Event(place="1", title="started", text=""),
                    Event(place="2", title="failed", text="exit 101", tone=Tone.BAD),
                ),
            ),
        ),
        permalink=f"f/{identity}",
        previous=Link(text="f-1", href="failures/f-0000000000000001/"),
        next=Link(text="f-2", href="failures/f-0000000000000002/"),
    )
    page = Page(
        path=f"failures/{identity}",
        title=identity,
        template="failure.html.j2",
        view=view,
        lean=True,
        search_title=f"session_resume_{number}",
        summary="session_resume failed",
        permalink=f"f/{identity}",
    )
    return replace(page, **fields)  # type: ignore[arg-type]


def some_pages(failures: int = 12) -> list[Page]:
    return [
        an_overview(),
        a_plain_page("changes", "Changes"),
        a_plain_page("run", "Run"),
        a_plain_page("failures", "Failures"),
        a_plain_page("problems", "Problems"),
        *(a_failure(number) for number in range(failures)),
    ]


def a_target(folder: Path, **fields: object) -> RenderTarget:
    target = RenderTarget(
        out=folder / "r0003",
        assets_out=folder / "_assets",
        version="r0003",
        site_name="Demo",
        site_url="",
        as_of=NOW,
    )
    return replace(target, **fields)  # type: ignore[arg-type]
