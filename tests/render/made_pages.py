"""Pages made by hand, as the pages stage would make them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.render import RenderTarget
from generator.render.fill import Surroundings
from generator.views import (
    Badge,
    Banner,
    Count,
    Event,
    Excerpt,
    Fact,
    FailureView,
    Link,
    Page,
    Section,
    StandardView,
    Tone,
)
from tests.render.made_blocks import MOMENT, NOW, a_command, a_head, a_section, a_table, some_outcomes

if TYPE_CHECKING:
    from pathlib import Path


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


def surroundings(assets: str = "") -> Surroundings:
    """Return what stands around a page, with its assets in a folder."""
    return Surroundings(
        site_name="Demo",
        style=f"{assets}s.css",
        script=f"{assets}s.js",
        plotly="p.js",
        theme_styles=(f"{assets}t.css",),
        scope="/",
        primary="indigo",
        accent="indigo",
        site="../",
    )
