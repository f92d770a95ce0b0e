"""Causes: how many problems are there really? What fails over the window, gathered by what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import answers, cells, links, novelty, states, words
from generator.pages.badges import head
from generator.views import Cell, Fact, Link, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Cluster, Failure, Report, RunRef
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

PATH = "clusters/"
"""Where the page stands."""

_LISTED = 100
"""Rows of the table of causes."""

_MEMBERS = 20
"""Causes whose tests are listed: the first ones."""

_FIRST = 4
"""Causes at the top, of which more tests are listed."""

_MOST = 50
_FEW = 10
_ENOUGH = 100
"""Runs from which a rate needs no interval."""

_CAUSES = cells.columns(
    "Cause", "Status", "Failures now", "Tests", "Runs", "Reach", "Known as", "First seen", "Last seen",
    numeric=("Failures now", "Tests", "Runs"), choice=("Status", "Reach", "Known as"),
)  # fmt: skip
_TESTS = cells.columns("Test", "Runs", "In this run", numeric=("Runs",))


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of causes."""
    at = links.links_of(report, limits)
    found = report.findings.clusters
    view = StandardView(
        head=head(report, at, _answer(report), _tone(report)),
        sections=(
            Section(id="causes", title="Causes", intro=_base(found), tables=(_table(report, at, limits),)),
            *(
                _tests(cluster, report, at, place)
                for place, cluster in enumerate(found[: min(_MEMBERS, _rows(limits))])
            ),
        ),
    )
    return [Page(path=PATH.rstrip("/"), title="Causes", template="standard.html.j2", view=view, nav="Causes")]


def addresses(report: Report, limits: PageLimits) -> dict[str, str]:
    """Return by cluster id where its tests are listed, else its row; the page has no others."""
    return {
        cluster.cluster_id: f"{PATH}#{_anchor('tests' if place < _MEMBERS else 'cause', cluster.cluster_id)}"
        for place, cluster in enumerate(report.findings.clusters[: _rows(limits)])
    }


def _answer(report: Report) -> str:
    found = report.findings.clusters
    now = [cluster for cluster in found if cluster.failures]
    missing = states.what_is_missing(report.findings.run)
    if not now:
        return words.join(answers.nothing(report, "No cause is behind this run: nothing that is counted failed"),
                          _seen(report, "cause"), missing)  # fmt: skip
    failing = sum(len(cluster.failures) for cluster in now)
    explained = (
        f"{words.plural(len(now), 'cause')} {words.verb(len(now), 'explains', 'explain')} "
        f"{words.plural(failing, 'failing test')}"
    )
    return words.join(f"{explained}; {_kinds(report, now)}", _seen(report, "other cause"), missing)


def _kinds(report: Report, now: list[Cluster]) -> str:
    """Return `1 is new, 1 is wide`."""
    wide, new = (sum(flags) for flags in zip(*((each.wide, each.new) for each in now), strict=True))
    told = f"{words.number(wide)} {words.verb(wide, 'is', 'are')} wide"
    if not novelty.compared(report):
        return f"{told}; there is no baseline that says which are new"
    return f"{words.number(new)} {words.verb(new, 'is', 'are')} new, {told}"


def _seen(report: Report, what: str) -> str:
    """Return how many causes of the window are not in this run, and how many of them are listed."""
    found = report.findings.clusters
    listed = sum(not cluster.failures for cluster in found)
    every = listed + report.findings.clusters_unlisted
    if not every:
        return ""
    window = f"the {_window(found[0])}" if found else "the window"
    said = f"{words.plural(every, what)} {words.verb(every, 'was', 'were')} seen in {window} but not in this run"
    if listed == every:
        return said
    many = words.verb(listed, "is", "are")
    tests, failures = report.findings.clusters_listed_from
    which = f"{words.number(listed) if listed else 'none'} of them"
    if not tests:
        return f"{said}; {which} {many} listed"
    floor = f"hit at least {words.plural(tests, 'test')} or failed at least {words.plural(failures, 'time')}"
    return f"{said}; {which} {floor}" + (f" and {many} listed" if listed else ", so none is listed")


def _window(cluster: Cluster) -> str:
    """Return `20 runs of the last 30 days`."""
    runs = words.plural(cluster.window_runs, "run")
    return f"{runs} of the last {words.plural(cluster.window_days, 'day')}" if cluster.window_days else runs


def _base(found: tuple[Cluster, ...]) -> str:
    """Return what is counted, and over which runs."""
    counted = (
        f"Counted are the failing tests of the {_window(found[0])} up to this run, on every branch; when a cause was "
        "first seen is looked up in the whole history."
        if found
        else ""
    )
    return words.join(
        counted,
        "Failures of one kind and place whose messages say nearly the same have one presumable cause, and so have the "
        "failures of a run in which nearly everything failed",
        "A target that failed without a report of its cases counts to the cause that they have in the newest run with "
        "such a report, if the target failed alike there and did not pass in between",
        "A cause is wide when it hits more than one test or environment",
    )


def _tone(report: Report) -> Tone:
    now = [cluster for cluster in report.findings.clusters if cluster.failures]
    if not now:
        return Tone.INFO
    known = novelty.compared(report) and not any(cluster.new for cluster in now)
    return Tone.WARN if known else Tone.BAD


def _rows(limits: PageLimits) -> int:
    return min(_LISTED, limits.list_rows)


def _table(report: Report, at: Links, limits: PageLimits) -> Table:
    found = report.findings.clusters
    shown, known = found[: _rows(limits)], addresses(report, limits)
    return cells.simple_table(
        "clusters-list",
        "Causes, those of this run first",
        _CAUSES,
        (
            _row(cluster, report, at, known[cluster.cluster_id] if place < _MEMBERS else "")
            for place, cluster in enumerate(shown)
        ),
        limit=_rows(limits),
        what="cause",
        empty=answers.nothing(
            report, "Nothing fails in this run, and nothing failed in the window often or widely enough to be listed."
        ),
        total=len(found),
        row_ids=tuple(_anchor("cause", cluster.cluster_id) for cluster in shown),
    )


def _row(cluster: Cluster, report: Report, at: Links, tests: str) -> tuple[Cell, ...]:
    return (
        Cell(text=_title(cluster), href=tests, mono=True),
        novelty.cell(report, new=cluster.new) if cluster.failures else Cell(text="not in this run", tone=Tone.MUTED),
        cells.number_cell(len(cluster.failures), href=_failing(cluster, at, tests), tone=Tone.BAD),
        cells.number_cell(cluster.tests, href=tests),
        Cell(text=_runs(cluster), sort=f"{cluster.rate or 0:.6f}", note=_rate(cluster)),
        _reach(cluster),
        _known(cluster, at),
        cells.run_cell(at, cluster.first_seen),
        cells.run_cell(at, cluster.last_seen),
    )


def _failing(cluster: Cluster, at: Links, tests: str) -> str:
    """Return where the failures of this run are: the only one's own page, or the first one's, or among the tests."""
    alone = len(cluster.failures) == 1 or not tests
    return at.failure(cluster.failures[0].failure_id) if alone and cluster.failures else tests


def _title(cluster: Cluster) -> str:
    return words.cut(cluster.title) or "no message"


def _runs(cluster: Cluster) -> str:
    return f"{words.number(cluster.runs)} of {words.plural(cluster.window_runs, 'run')}"


def _rate(cluster: Cluster) -> str:
    """Return `15% (95% interval 5.2% to 36%)`; many runs need no interval."""
    share = words.percent(cluster.rate)
    if cluster.window_runs >= _ENOUGH or cluster.low is None or cluster.high is None:
        return share
    return f"{share} (95% interval {words.percent(cluster.low)} to {words.percent(cluster.high)})"


def _reach(cluster: Cluster) -> Cell:
    """Return `wide` or `isolated`, and how many environments it was seen in."""
    text, tone = ("wide", Tone.WARN) if cluster.wide else ("isolated", Tone.MUTED)
    return Cell(text=text, tone=tone, note=words.plural(cluster.environments, "environment"))


def _known(cluster: Cluster, at: Links) -> Cell:
    """Return the rule that knows the cause, with its owner and issue; an address that is not the forge's is text."""
    if not cluster.known:
        return Cell(text="unknown", tone=Tone.MUTED)
    owner = f"owner {words.cut(cluster.owner, 80)}" if cluster.owner else "no owner"
    return Cell(
        text=words.cut(cluster.rule, 120),
        href=at.forge(cluster.issue),
        note=f"{owner}, issue {words.cut(cluster.issue, 120)}" if cluster.issue else owner,
    )


def _tests(cluster: Cluster, report: Report, at: Links, place: int) -> Section:
    """Return the tests of one cause, those that fail in this run first."""
    own = {link.key for link in cluster.failures}
    now = {failure.test.key: failure for failure in report.findings.failures}
    twins = {(one.test.classname, one.test.name) for one in now.values() if one.test.classname}
    members = sorted(cluster.members, key=lambda member: (member[0].key not in own, member[0].key not in now))
    limit = _MOST if place < _FIRST else _FEW
    shown = {member.key for member, _ in members[:limit]}
    left = len(own - shown)
    failing = (Link(text=f"{words.plural(left, 'more failure')} of this run", href="failures/"),) if left else ()
    table = cells.simple_table(
        _anchor("list", cluster.cluster_id),
        "Tests that it hit, those that fail in this run first",
        _TESTS,
        (
            (
                cells.cell_of_test(test, at.failure(now[test.key].failure_id if test.key in now else "")),
                cells.number_cell(runs),
                _now(now.get(test.key), own, twin=(test.classname, test.name) in twins),
            )
            for test, runs in members
        ),
        limit=limit,
        what="test",
        empty="Its tests are not known.",
        total=max(cluster.tests, len(members)),
    )
    return Section(
        id=_anchor("tests", cluster.cluster_id),
        title=f"Cause {place + 1}",  # it stands in the list of contents, where no text of an artifact may be
        facts=_facts(cluster, report, at),
        tables=(table,),
        links=failing,
    )


def _now(failure: Failure | None, own: set[str], *, twin: bool) -> Cell:
    """Return whether a test fails in this run, and if so where that is counted, given the keys that this cause has.

    A `twin` of the same class and name fails: perhaps the test itself, of which another report says another suite.
    """
    if failure is None:
        note = "its namesake of another suite fails" if twin else ""
        return Cell(text="does not fail" if not twin else "not of this suite", tone=Tone.MUTED, note=note)
    if failure.test.key in own:
        return Cell(text="fails", tone=Tone.BAD)
    elsewhere = "counted as its failing cases" if failure.children else "counted to another cause"
    return Cell(text="fails", tone=Tone.BAD, note=elsewhere)


def _facts(cluster: Cluster, report: Report, at: Links) -> tuple[Fact, ...]:
    """Return what the cause is, how far it reaches, since when, and who knows it."""
    reach = "wide" if cluster.wide else "isolated"
    tests = f"{words.plural(cluster.tests, 'test')} in {words.plural(cluster.environments, 'environment')}"
    spelt = len(cluster.signatures)
    facts = [
        Fact(label="Cause", value=_title(cluster), mono=True),
        Fact(label="Reach", value=f"{reach}: {tests}, {_runs(cluster)}, {_rate(cluster)}"),
        _seen_in("First seen", cluster.first_seen, report, at),
        _seen_in("Last seen", cluster.last_seen, report, at),
        Fact(label="Known as", value=words.cut(cluster.rule, 120) or "unknown: no rule of the settings names it"),
    ]
    if cluster.known:
        facts.append(Fact(label="Owner", value=words.cut(cluster.owner, 80) or "not stated"))
    if cluster.issue:
        facts.append(Fact(label="Issue", value=words.cut(cluster.issue, 120), href=at.forge(cluster.issue)))
    if spelt > 1:
        facts.append(Fact(label="Spellings", value=f"{words.number(spelt)} that say nearly the same"))
    return tuple(facts)


def _seen_in(label: str, run: RunRef, report: Report, at: Links) -> Fact:
    return Fact(label=label, value=run.label, href=at.run(run.label), moment=words.moment(run.started_at, report.as_of))


def _anchor(kind: str, cluster_id: str) -> str:
    return f"{kind}-{cluster_id.replace(':', '-')}"
