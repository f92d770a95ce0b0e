"""Failures: what a replay page says, from commands to the doubts about the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.analysis import analyse, prepare
from generator.config import ProjectSettings, ReplaySettings, ReplayTemplate, Settings, SiteSettings
from generator.findings import ChangeKind, Failure, Findings
from generator.records import (
    BundleFailure,
    Counts,
    Evidence,
    Level,
    SourceCommand,
    SourceFile,
    SourceState,
    TimelineEvent,
    TriageDiff,
    TriageTarget,
)
from generator.safety.ids import content_id
from tests.builders import attempt, bundle, case, command, commit, digest, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from generator.records import RunUnit, TestResult

CARGO = "cargo test --test e2e_pay -- --nocapture"
RUNNER = "./scripts/e2e/run_all.sh --profile focused --skip-lint --suite e2e_pay"


def findings(*units: RunUnit, settings: Settings | None = None) -> Findings:
    settings = settings or Settings()
    prepared = prepare(snapshot(*units), settings)
    return analyse(prepared, prepared.runs[-1].label, base=None, settings=settings)


def one(result: TestResult, evidence: Evidence | None = None, settings: Settings | None = None) -> Failure:
    """Return the only failure of a run with this result."""
    (found,) = findings(unit("1", 1, [result], evidence=evidence), settings=settings).failures
    return found


def suite(**more: object) -> Failure:
    made = digest("e2e_pay", **more)  # type: ignore[arg-type]  # fields of the digest
    file, line = made.assertion.file, made.assertion.line
    return one(target("suite:e2e_pay", 101, message="boom", file=file, line=line or None), Evidence(digests=(made,)))


# --- identity and order ----------------------------------------------------------------------------------------------


def test_a_failure_is_known_by_its_test_and_signature() -> None:
    found = one(case("refund", "failed", classname="shop.Cart", message="boom 1"))
    expected = content_id("f", "case", "shop", "shop.Cart", "refund", found.signature, size=8)
    assert found.failure_id == expected
    assert len(found.failure_id) == 18
    assert one(case("refund", "failed", classname="shop.Cart", message="boom 2")).failure_id == expected
    assert one(case("refund", "failed", classname="shop.Cart", message="bang")).failure_id != expected


def test_every_failing_result_is_a_failure_and_errors_are_too() -> None:
    results = [case("a", "failed"), case("b", "error"), case("c"), case("d", "skipped"), case("e", "not_run")]
    found = findings(unit("1", 1, [*results, *targets({"unit:u": 1, "lib:lib": 101})]))
    assert {failure.test.key for failure in found.failures} == {"shop::a", "shop::b", "unit:u", "lib:lib"}
    assert {failure.status for failure in found.failures} == {"failed", "error"}


def test_new_failures_come_before_known_ones_and_wide_ones_before_lone_ones() -> None:
    before = [case("known", "failed", message="old"), *(case(name) for name in ("lone", "wide1", "wide2"))]
    after = [
        case("known", "failed", message="old"),
        case("lone", "failed", message="lone"),
        case("wide1", "failed", message="wide"),
        case("wide2", "failed", message="wide"),
    ]
    found = findings(unit("1", 1, before), unit("2", 2, after)).failures
    assert [failure.test.name for failure in found] == ["wide1", "wide2", "lone", "known"]
    assert [link.title for link in found[0].same_cause] == ["wide2"]
    assert found[2].same_cause == ()


def test_a_first_run_has_no_baseline_and_its_failures_are_new_tests() -> None:
    assert one(case("a", "failed")).change is ChangeKind.NEW_TEST_FAILING


def test_without_a_baseline_the_branchs_other_runs_tell_whether_it_is_new() -> None:
    quick = unit("1", 1, [case("a", "failed"), case("b")], parts=[part(profile="quick")])
    found = findings(quick, unit("2", 2, [case("a", "failed"), case("b", "failed")])).failures
    assert {failure.test.name: failure.change for failure in found} == {
        "a": ChangeKind.STILL_FAILING,
        "b": ChangeKind.NEW_FAILURE,
    }


# --- commands --------------------------------------------------------------------------------------------------------


def pay_evidence(*, bundled: str = CARGO, offered: str = RUNNER) -> Evidence:
    failure = BundleFailure(
        surface="suite",
        name="e2e_pay",
        commands=(command(bundled, "suite", "replay_bundle.failed_suites.cargo_replay"),),
    )
    listed = TriageTarget(
        surface="suite", name="e2e_pay", baseline_exit=0, current_exit=101, severity="regression", command=CARGO
    )
    run = command(
        "./scripts/e2e/run_all.sh --rerun-from /data/x/summary.json", "run", "replay_bundle.one_command_replay"
    )
    return Evidence(
        digests=(digest("e2e_pay", commands=(command(offered, "runner"),)),),
        bundles=(bundle([failure], one_command=run),),
        triage=(
            TriageDiff(part="unsharded", generated_at=None, status="regression", baseline_path="", targets=(listed,)),
        ),
    )


def test_all_distinct_commands_are_offered_narrowest_first() -> None:
    found = one(target("suite:e2e_pay", 101), pay_evidence())
    assert [(item.level, item.text) for item in found.commands] == [
        (Level.SUITE, CARGO),
        (Level.RUNNER, RUNNER),
        (Level.RUN, "./scripts/e2e/run_all.sh --rerun-from /data/x/summary.json"),
    ]
    assert found.commands[0].source == "replay_bundle.failed_suites.cargo_replay"
    assert [item.portable for item in found.commands] == [True, True, False]
    assert all(item.copyable for item in found.commands)
    assert found.no_command_reason == ""


def test_the_command_of_the_comparison_is_used_where_it_is_the_only_one() -> None:
    listed = TriageTarget(
        surface="unit",
        name="geo",
        baseline_exit=0,
        current_exit=1,
        severity="stable_pass",
        command="cargo test --test geo",
    )
    diff = TriageDiff(part="unsharded", generated_at=None, status="stable", baseline_path="", targets=(listed,))
    (found,) = one(target("unit:geo", 1), Evidence(triage=(diff,))).commands
    assert (found.text, found.level) == ("cargo test --test geo", Level.SUITE)
    assert found.source == "triage_diff.ranked_diagnostics.recommended_command"


BOTH = "./scripts/e2e/run_all.sh --profile focused --skip-lint --suite e2e_pay --unit-target geo"


def recommended(runner: str) -> dict[str, list[tuple[Level, str]]]:
    """Return the commands, with their sources, of three failing targets in a run with a recommended command."""
    diff = TriageDiff(part="unsharded", generated_at=None, status="regression", baseline_path="", runner_command=runner)
    results = [
        *targets({"suite:e2e_pay": 101, "unit:geo": 1, "suite:e2e_pay_later": 1}),
        case("x", "failed", suite="geo"),
    ]
    found = findings(unit("1", 1, results, evidence=Evidence(triage=(diff,)))).failures
    assert {item.text for failure in found for item in failure.commands} <= {runner}
    return {failure.test.key: [(item.level, item.source) for item in failure.commands] for failure in found}


@pytest.mark.parametrize("runner", [BOTH, "./scripts/e2e/run_all.sh --suite=e2e_x,e2e_pay --unit-target=geo"])
def test_the_recommended_command_of_the_runner_is_offered_for_each_target_it_names(runner: str) -> None:
    offered = [(Level.RUNNER, "triage_diff.recommended_commands.runner_repro_command")]
    assert recommended(runner) == {
        "suite:e2e_pay": offered,
        "unit:geo": offered,
        "geo::x": offered,
        "suite:e2e_pay_later": [],
    }


def test_a_command_of_the_runner_is_not_offered_for_a_target_of_another_surface() -> None:
    assert not any(recommended("./scripts/e2e/run_all.sh --suite geo --unit-target e2e_pay").values())


def test_a_masked_command_of_the_runner_is_not_copied() -> None:
    diff = TriageDiff(
        part="unsharded", generated_at=None, status="x", baseline_path="", runner_command=f"{BOTH} --token REDACTED"
    )
    (found,) = one(target("unit:geo", 1), Evidence(triage=(diff,))).commands
    assert (found.copyable, found.reason) == (False, "redacted")


def test_a_target_without_a_command_for_a_single_test_says_so() -> None:
    said = "The artifacts name no command for a single test of this target."
    assert said in one(target("suite:e2e_pay", 101), pay_evidence()).notes
    assert said not in suite(commands=(command("cargo test --test e2e_pay refund", "test"),)).notes
    assert said not in one(target("unit:geo", 1)).notes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cargo test --test a; rm -rf /", "chain"),
        ("cargo test --test <unnamed>", "redirect"),
        ("cargo test $HOME", "substitution"),
        ("rm -rf x", "program"),
    ],
)
def test_a_command_that_is_not_safe_is_shown_and_not_copied(text: str, reason: str) -> None:
    found = one(target("suite:e2e_pay", 101), pay_evidence(bundled=text))
    shown = next(item for item in found.commands if item.reason)
    assert (shown.copyable, shown.reason) == (False, reason)


def test_a_masked_command_is_not_copied() -> None:
    secret = SourceCommand(level=Level.SUITE, text="cargo test --test a", source="x", secret=True)
    found = one(target("suite:e2e_pay", 101), Evidence(digests=(digest("e2e_pay", commands=(secret,)),)))
    assert [(item.copyable, item.reason) for item in found.commands] == [(False, "redacted")]


@pytest.mark.parametrize("thread", ["main", "tokio-rt-worker", "<unnamed>"])
def test_a_targeted_command_that_names_a_thread_is_cautioned(thread: str) -> None:
    text = f"cargo test --test e2e_pay {thread} -- --exact"
    found = suite(test=thread, commands=(command(text, "test"), command(CARGO, "suite")))
    assert thread in found.commands[0].caution
    assert found.commands[1].caution == ""
    assert any(f"`{thread}` is the name of a thread" in note for note in found.notes)


def test_commands_of_another_part_are_not_mixed_in() -> None:
    other = digest("e2e_pay", part="elsewhere", commands=(command(CARGO, "suite"),))
    assert one(target("suite:e2e_pay", 101), Evidence(digests=(other,))).commands == ()


def test_a_case_without_any_command_says_why() -> None:
    assert "replay.templates" in one(case("a", "failed")).no_command_reason
    assert one(target("unit:u", 1)).no_command_reason == "No artifact of this run offers a command for this target."


def templates(*argv: str, suite: str = "*") -> Settings:
    return Settings(replay=ReplaySettings(templates=(ReplayTemplate(suite=suite, argv=argv),)))


def test_a_template_makes_a_command_word_by_word() -> None:
    result = case("adds up; or so", "failed", classname="Cart", file="tests/cart.py")
    (found,) = one(result, settings=templates("pytest", "{file}", "-k", "{classname} {name}")).commands
    assert found.text == "pytest tests/cart.py -k 'Cart adds up; or so'"
    assert (found.source, found.copyable, found.level) == ("derived", True, Level.TEST)


def test_a_name_with_braces_fills_in_once() -> None:
    (found,) = one(case("{suite}", "failed"), settings=templates("pytest", "-k", "{name}")).commands
    assert found.text == "pytest -k '{suite}'"


@pytest.mark.parametrize(
    "result", [case("-x", "failed"), case("a", "failed", suite="--config=/x"), case("a", "failed")]
)
def test_a_value_that_is_missing_or_could_be_an_option_makes_no_command(result: TestResult) -> None:
    found = one(result, settings=templates("pytest", "{suite}", "{file}" if result.name == "a" else "{name}"))
    assert found.commands == ()
    assert "cannot stand in a command" in found.no_command_reason


def test_a_template_is_for_its_suites_only() -> None:
    settings = templates("pytest", "{name}", suite="web-*")
    assert one(case("a", "failed", suite="web-shop"), settings=settings).commands
    assert not one(case("a", "failed", suite="api"), settings=settings).commands


def test_a_case_is_replayed_by_its_target_too() -> None:
    results = [target("suite:e2e_pay", 101), case("refund", "failed", suite="e2e_pay", part="reports")]
    parts = [part(), part("reports", state="reports")]
    found = findings(unit("1", 1, results, parts=parts, evidence=pay_evidence())).failures
    by_surface = {failure.test.surface: failure for failure in found}
    assert {item.text for item in by_surface["case"].commands} == {item.text for item in by_surface["suite"].commands}


# --- parents and children --------------------------------------------------------------------------------------------


def test_a_case_belongs_to_the_failing_target_of_its_suite_or_class() -> None:
    results = [
        *targets({"suite:e2e_pay": 101, "unit:geo": 1, "suite:e2e_ok": 0}),
        case("refund", "failed", suite="e2e_pay"),
        case("by class", "failed", suite="all", classname="shop::geo"),
        case("apart", "failed", suite="e2e_ok"),
    ]
    found = {failure.test.name: failure for failure in findings(unit("1", 1, results)).failures}
    assert found["refund"].parent == found["e2e_pay"].link
    assert found["by class"].parent == found["geo"].link
    assert found["apart"].parent is None
    assert found["e2e_pay"].children == (found["refund"].link,)


def test_a_target_with_known_cases_is_not_counted_twice() -> None:
    results = [target("suite:e2e_pay", 101), case("refund", "failed", suite="e2e_pay", message="boom")]
    found = findings(unit("1", 1, results))
    assert [failure.test.name for failure in found.counted_failures] == ["refund"]
    assert [[link.title for link in cause.failures] for cause in found.causes] == [["refund"]]


def family(*names: str, trace: str = "", **more: object) -> dict[str, Failure]:
    """Return the failures of a suite with a digest and these failing cases of it, by name."""
    made = digest("e2e_pay", **more)  # type: ignore[arg-type]  # fields of the digest
    event = TimelineEvent(part="unsharded", suite="e2e_pay", ordinal=1, source="result", event_type="x")
    files = ("e2e_pay/result.json", "j/junit.xml")
    counts = (None, Counts(failed=1))
    sources = tuple(
        SourceFile(path=path, state=SourceState.READ, counts=count) for path, count in zip(files, counts, strict=True)
    )
    results = [case(name, "failed", suite="e2e_pay", part="j", message=name, trace=trace) for name in names]
    found = findings(
        unit(
            "1",
            1,
            [target("suite:e2e_pay", 101, message="boom", file="src/lib.rs", line=7), *results],
            parts=[part(), part("j", state="reports", folder="j")],
            evidence=Evidence(digests=(made,), timeline=(event,), sources=sources),
        ),
        settings=Settings(project=ProjectSettings(forge_url="https://github.com/x/harbour")),
    )
    return {failure.test.name: failure for failure in found.failures}


def test_a_case_inherits_from_the_digest_of_its_target_what_its_report_lacks() -> None:
    found = family("refund", root_cause_class="timeout", message="not equal", impacted=("refund",))["refund"]
    assert (found.file, found.line, found.column) == ("src/lib.rs", 7, 3)
    assert found.source_url.endswith("/src/lib.rs#L7")
    assert (found.root_cause_class, found.impacted) == ("timeout", ("refund",))
    assert "not in the message" in found.class_caution
    assert [event.ordinal for event in found.timeline] == [1]
    assert [source.path for source in found.evidence] == ["j/junit.xml", "e2e_pay/result.json"]


def test_of_several_failing_cases_only_the_one_the_digest_names_gets_its_place() -> None:
    found = family("refund", "charge", test="cart::refund")
    assert (found["refund"].line, found["charge"].line) == (7, 0)
    traced = family("refund", "charge", test="refund", trace="panicked at src/pay.rs:118:14:")
    assert (traced["charge"].file, traced["charge"].line, traced["charge"].column) == ("src/pay.rs", 118, 14)


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ("thread 'x' panicked at src/x.rs:118:14:\nboom", ("src/x.rs", 118, 14)),
        ("thread 'x' panicked at 'boom', src/x.rs:9:5", ("src/x.rs", 9, 5)),
        ("thread 'x' panicked at /rustc/abc/library/core/src/option.rs:9:5", ("", 0, 0)),
        ('  File "src/a.py", line 3, in f\n  File "/usr/lib/python3.11/json.py", line 9, in g', ("src/a.py", 3, 0)),
        ("tests/test_a.py:3: \nsrc/b.py:12: ValueError", ("src/b.py", 12, 0)),
        ("  at org.junit.Assert.fail(Assert.java:9)\n  at a.b.Cart.add(Cart.java:41)", ("Cart.java", 41, 0)),
        ("  at node:internal/x:1:2\n  at add (src/cart.js:4:11)\n  at src/z.js:1:1", ("src/cart.js", 4, 11)),
        ("  at file:///home/ci/harbour/src/cart.js:4:11", ("/home/ci/harbour/src/cart.js", 4, 11)),
        ("no frame at all: 12:13", ("", 0, 0)),
    ],
)
def test_the_innermost_frame_of_the_project_is_the_place_where_the_report_names_none(
    trace: str, expected: tuple[str, int, int]
) -> None:
    found = one(case("a", "failed", trace=trace))
    assert (found.file, found.line, found.column) == expected


def test_what_the_report_says_outweighs_the_trace_and_a_bare_file_name_is_not_linked() -> None:
    settings = Settings(project=ProjectSettings(forge_url="https://github.com/x/harbour"))
    trace = "  at a.b.Cart.add(Cart.java:41)"
    assert one(case("a", "failed", file="x.py", line=3, trace=trace), settings=settings).source_url.endswith("x.py#L3")
    assert one(case("a", "failed", file="tests/x.py", trace=trace)).file == "tests/x.py"
    assert one(case("a", "failed", trace=trace), settings=settings).source_url == ""


def test_a_generic_message_joins_nothing() -> None:
    words = ["Failed", "failed", "no", "error", "Assertion failed.", "", "Test failed!"]
    results = [
        case(f"{kind}{place}", "failed", message=word, trace=trace, file="all.py")
        for place, word in enumerate(words)
        for kind, trace in (("a", ""), ("b", "=== RUN   TestX\n--- FAIL"))
    ]
    found = findings(unit("1", 1, results))
    assert len({failure.signature for failure in found.failures}) == len(results)
    kinds = [case(name, "failed", kind="builtins.AssertionError", message="AssertionError") for name in ("x", "y")]
    assert len(findings(unit("1", 1, kinds)).causes) == 2


def test_a_generic_message_with_a_frame_is_known_by_the_frame() -> None:
    results = [case(name, "failed", message="failed", trace="a/b.py:3: Error") for name in ("x", "y")]
    assert len(findings(unit("1", 1, results)).causes) == 1


# --- evidence --------------------------------------------------------------------------------------------------------


def test_the_surroundings_are_told_as_far_as_they_are_known() -> None:
    parts = [
        part("suite-0-of-2", shard=("suite", 0, 2), correlation="c-1").model_copy(
            update={"os": "Linux 6", "rustc": "rustc 1.90", "vcr_mode": "playback"}
        )
    ]
    found = findings(unit("1", 1, [target("suite:a", 1, part="suite-0-of-2")], parts=parts)).failures[0]
    assert found.environment == (
        ("Commit", commit(1)),
        ("Branch", "main"),
        ("Profile", "full"),
        ("VCR mode", "playback"),
        ("Shard", "suite-0-of-2 (suite 1 of 2)"),
        ("OS", "Linux 6"),
        ("Rust", "rustc 1.90"),
        ("Runner correlation id", "c-1"),
    )


def test_a_case_ran_where_the_only_runner_part_ran() -> None:
    parts = [part("r", profile="soak"), part("reports", state="reports", profile="")]
    found = findings(unit("1", 1, [case("a", "failed", part="reports")], parts=parts)).failures[0]
    assert ("Profile", "soak") in found.environment


def test_the_files_of_the_suites_folder_are_the_evidence() -> None:
    paths = ["e2e_pay/result.json", "e2e_pay2/result.json", "unit/geo/result.json", "summary.json", "junit.xml"]
    sources = tuple(
        SourceFile(path=path, state=SourceState.READ, counts=Counts() if path == "junit.xml" else None)
        for path in paths
    )
    results = [*targets({"suite:e2e_pay": 1, "unit:geo": 1, "unit:lost": 1}), case("a", "failed")]
    found = findings(unit("1", 1, results, evidence=Evidence(sources=sources)))
    files = {failure.test.name: [source.path for source in failure.evidence] for failure in found.failures}
    assert files == {
        "e2e_pay": ["e2e_pay/result.json"],
        "geo": ["unit/geo/result.json"],
        "lost": ["summary.json"],
        "a": ["junit.xml"],
    }
    assert [source.path for source in found.run.sources] == paths


def reports(*paths: str, failed: int = 1) -> tuple[SourceFile, ...]:
    return tuple(SourceFile(path=path, state=SourceState.READ, counts=Counts(failed=failed)) for path in paths)


def shown(result: TestResult, *sources: SourceFile, folder: str = ".") -> list[str]:
    """Return the files that are evidence of the case of a part `r` of reports in a folder."""
    parts = [part("r", state="reports", folder=folder), part(folder="runner")]
    made = unit("1", 1, [result], parts=parts, evidence=Evidence(sources=sources))
    return [source.path for source in findings(made).failures[0].evidence]


def test_a_report_without_failures_or_of_another_part_is_no_evidence() -> None:
    sources = (*reports("web/a.xml", "runner/b.xml", "c.xml"), *reports("web/d.xml", failed=0))
    assert shown(case("x", "failed", part="r"), *sources) == ["web/a.xml", "c.xml"]
    assert shown(case("x", "failed", part="r"), *sources, folder="web") == ["web/a.xml"]


def test_the_report_named_after_the_class_is_taken_and_never_more_than_ten() -> None:
    many = [f"r/{number}.xml" for number in range(30)]
    named = "r/TEST-org.harbour.InvoiceTest.xml"
    lost = case("x", "failed", part="r", suite="all")
    assert len(shown(lost, *reports(*many, named))) == 10
    found = case("x", "failed", part="r", suite="all", classname="org.harbour.InvoiceTest")
    assert shown(found, *reports(*many, named)) == [named]


def test_the_timeline_is_that_of_the_suite_in_order() -> None:
    events = [
        TimelineEvent(part="unsharded", suite=name, ordinal=ordinal, source="result", event_type="x", message=name)
        for name, ordinal in (("e2e_pay", 3), ("e2e_pay", 1), ("other", 2))
    ]
    found = one(target("suite:e2e_pay", 1), Evidence(timeline=tuple(events)))
    assert [event.ordinal for event in found.timeline] == [1, 3]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("src/a b.rs", "/blob/{sha}/src/a%20b.rs#L7"),
        ("./src/a.rs", "/blob/{sha}/src/a.rs#L7"),
        ("/home/ci/work/harbour/harbour/src/a.rs", "/blob/{sha}/src/a.rs#L7"),
        ("/etc/passwd", ""),
        ("../a.rs", ""),
        ("src//a.rs", ""),
        ("C:\\ci\\harbour\\src\\a.rs", "/blob/{sha}/src/a.rs#L7"),
        ("", ""),
    ],
)
def test_a_place_in_the_repository_is_linked_and_nothing_else(file: str, expected: str) -> None:
    settings = Settings(project=ProjectSettings(forge_url="https://github.com/x/harbour"))
    found = one(case("a", "failed", file=file, line=7), settings=settings)
    assert found.source_url == (f"https://github.com/x/harbour{expected.format(sha=commit(1))}" if expected else "")


# --- doubts ----------------------------------------------------------------------------------------------------------


def test_a_class_without_a_panic_is_cautioned() -> None:
    assert "no panic found" in suite(line=0).class_caution
    assert suite(line=7).class_caution == ""
    assert suite(line=0, root_cause_class="timeout", message="request timed out").class_caution == ""


def test_a_timeout_that_is_not_in_the_message_is_cautioned() -> None:
    assert "not in the message" in suite(root_cause_class="timeout", message="not equal").class_caution


def test_odd_counts_and_a_missing_digest_are_explained_in_words() -> None:
    found = one(target("suite:e2e_pay", 101, odd=["huge_count", "exit_nonzero_without_failures", "new_oddity"]))
    said = " ".join(found.notes)
    for words in ("impossibly large", "before or outside its tests", "(new_oddity)", "left no failure digest"):
        assert words in said


def test_an_ignored_test_among_the_impacted_is_named() -> None:
    event = TimelineEvent(
        part="unsharded",
        suite="e2e_pay",
        ordinal=1,
        source="cargo_output",
        event_type="test_result",
        test="slow",
        message="test slow ... ignored",
    )
    evidence = Evidence(digests=(digest("e2e_pay", impacted=("quick", "slow")),), timeline=(event,))
    found = one(target("suite:e2e_pay", 101), evidence)
    assert [note for note in found.notes if "ignored" in note] == [
        "`slow` is listed as impacted but was ignored in this run."
    ]


def test_what_only_a_replay_bundle_names_is_a_failure_with_a_note() -> None:
    failures = [
        BundleFailure(
            surface="suite",
            name="e2e_pay",
            exit_code=101,
            root_cause_class="panic",
            commands=(command(CARGO, "suite"),),
        ),
        BundleFailure(surface="unit", name="geo", exit_code=1),
        BundleFailure(surface="gate", name="g", commands=()),
    ]
    lone = unit("2", 2, [], parts=[part(state="bundle_only")], evidence=Evidence(bundles=(bundle(failures),)))
    found = findings(unit("1", 1, targets({"suite:e2e_pay": 0})), lone).failures
    assert {failure.test.key for failure in found} == {"suite:e2e_pay", "unit:geo"}
    pay = next(failure for failure in found if failure.test.name == "e2e_pay")
    assert pay.status == "failed"
    assert pay.change is ChangeKind.NEW_FAILURE
    assert (pay.since.last_good.label if pay.since.last_good else "", pay.since.runs) == ("1", 1)
    assert "Only a replay bundle is left" in pay.notes[0]
    assert pay.commands[0].text == CARGO
    assert [cell.status for cell in pay.outcomes] == ["passed", "failed"]


# --- history of one test ---------------------------------------------------------------------------------------------


def test_the_strip_shows_the_last_runs_of_the_branch_with_what_was_absent() -> None:
    nights = [
        unit("1", 1, [case("x")]),
        unit("2", 2, [case("x", earlier=[attempt()])]),
        unit("3", 3, [case("y")]),
        unit("4", 4, [case("x", "skipped")], branch="topic"),
        unit("5", 5, []),
        unit("6", 6, [case("x", "error", message="boom")]),
        unit("7", 7, [case("x", "failed", message="boom")]),
    ]
    found = findings(*nights, settings=Settings(site=SiteSettings(outcomes=4))).failures[0]
    assert [(cell.run.label, cell.status) for cell in found.outcomes] == [
        ("2", "flaky"),
        ("3", "absent"),
        ("6", "error"),
        ("7", "failed"),
    ]
    assert found.outcomes[2].signature == found.outcomes[3].signature == found.signature
    assert found.outcomes[0].signature == ""


def test_the_attempts_of_a_test_are_listed_in_order() -> None:
    result = case("x", "failed", message="third", earlier=[attempt(message="first"), attempt("error", "second")])
    found = one(result)
    assert [(note.number, note.status, note.message) for note in found.attempts] == [
        (1, "failed", "first"),
        (2, "error", "second"),
        (3, "failed", "third"),
    ]
    assert one(case("x", "failed")).attempts == ()


def test_the_report_of_another_part_is_no_attempt() -> None:
    results = [case("x", part="a"), case("x", "failed", part="b")]
    found = findings(unit("1", 1, results, parts=[part("a"), part("b")])).failures[0]
    assert found.attempts == ()
    assert found.part == "b"
    assert any("reported by one other part" in note for note in found.notes)


def test_a_confirmed_flaky_test_carries_its_note() -> None:
    nights = [
        unit("1", 1, [case("x")], sha=commit(1)),
        unit("2", 2, [case("x", "failed")], sha=commit(1)),
    ]
    found = findings(*nights)
    assert found.failures[0].flaky == found.flaky[0]
