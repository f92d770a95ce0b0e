"""The page of one failure: status, commands, place, history, evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.findings import AttemptNote, ChangeKind, CommitRange, FlakyNote
from generator.pages.commands import why_not
from generator.records import Level, SourceState, TimelineEvent
from generator.safety.commands import vet_command
from tests.pages.report_builder import (
    BAD_COMMIT,
    FORGE,
    case,
    command,
    failure,
    failure_id,
    pages,
    replay_page,
    report,
    run,
    source,
)


def test_commands_stand_narrowest_first_with_titles_that_tell_their_reach() -> None:
    shuffled = tuple(
        command(level.value, level=level) for level in (Level.RUN, Level.SUITE, Level.TEST, Level.GATE, Level.RUNNER)
    )

    view = replay_page(report(failure(commands=shuffled)))

    assert [found.title for found in view.replay] == [
        "This test",
        "The whole suite",
        "Through the runner",
        "The gate",
        "Everything that failed in this run",
    ]
    assert view.no_replay == ""


def test_a_command_that_cannot_simply_be_run_stands_behind_those_that_can() -> None:
    refused = command("cargo test <unnamed>", reason="redirect")
    thread = replace(command("cargo test main"), caution="`main` is the name of a thread")
    usable = (command("suite", level=Level.SUITE), command("run", level=Level.RUN))

    view = replay_page(report(failure(commands=(refused, thread, *usable))))

    assert [found.text for found in view.replay] == ["suite", "run", "cargo test <unnamed>", "cargo test main"]


def test_a_command_keeps_every_character_of_its_text() -> None:
    text = "cargo test --test 'a  b' -- \"$x\" --exact"

    view = replay_page(report(failure(commands=(command(text),))))

    assert view.replay[0].text == text
    assert view.replay[0].copyable


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("redirect", "A shell would read a redirect in it (< or >), not a name."),
        ("redacted", "A secret in it was masked, so it would not run as shown."),
        ("the name cannot be quoted", "The name cannot be quoted."),
    ],
)
def test_a_command_that_may_not_be_copied_says_why(reason: str, said: str) -> None:
    view = replay_page(report(failure(commands=(command(reason=reason),))))

    assert not view.replay[0].copyable
    assert view.replay[0].reason == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cargo test <unnamed>",
        "a; b",
        "cargo test $X",
        "cargo test *",
        "cargo test 'x",
        "LD_PRELOAD=x cargo test",
        "rm -rf x",
        "cargo test --config x",
        "cargo test \u202e",
        "cargo test --test REDACTED",
        "x" * 100_000,
    ],
)
def test_every_reason_of_the_check_is_told_in_a_sentence(text: str) -> None:
    reason = vet_command(text).reason

    said = why_not(reason)

    assert reason
    assert said.endswith(".")
    assert len(said.split()) > 3


def test_a_command_that_may_not_be_copied_has_a_reason_even_if_none_was_given() -> None:
    refused = replace(command(), copyable=False, reason="")

    view = replay_page(report(failure(commands=(refused,))))

    assert view.replay[0].reason == "It was not recognised as a command that is safe to paste."


def test_a_command_with_a_foreign_folder_warns_before_it_is_run() -> None:
    foreign = replace(command(), portable=False, caution="the test name is a thread name")

    caution = replay_page(report(failure(commands=(foreign,)))).replay[0].caution

    assert caution.startswith("The test name is a thread name. It names a folder of the machine that ran")


@pytest.mark.parametrize("given", ["", "no template fits this suite"])
def test_a_failure_without_commands_says_why_there_is_none(given: str) -> None:
    view = replay_page(report(replace(failure(), no_command_reason=given)))

    assert view.replay == ()
    assert view.no_replay
    assert view.no_replay == "No template fits this suite." or not given


def test_the_status_tells_since_when_and_whether_it_is_flaky() -> None:
    new = replay_page(report(failure())).status
    fresh = replay_page(report(failure(change=ChangeKind.NEW_TEST_FAILING))).status
    known = failure(change=ChangeKind.STILL_FAILING)
    streak = replace(known, since=replace(known.since, runs=4), signature_changed=True)

    assert new == "New since run 1042 (1 run), not known to be flaky."
    assert fresh == "New since run 1042 (1 run), no earlier result, not known to be flaky."
    assert replay_page(report(streak)).status == (
        "Failing since run 1042 (4 runs), in another way than before, not known to be flaky."
    )


def test_a_flaky_test_says_how_often_and_names_the_runs_that_prove_it() -> None:
    note = FlakyNote(
        test=case("pays by card"),
        label="confirmed",
        commits=(BAD_COMMIT,),
        runs=(run("1041", days_ago=1).ref, run().ref),
        retries=0,
        failing_runs=3,
        executed_runs=40,
    )

    view = replay_page(report(replace(failure(), flaky=note)))

    assert view.status.endswith("known to be flaky: failed in 3 of 40 runs.")
    proof = next(section for section in view.sections if section.id == "flaky")
    assert [row[0].text for row in proof.tables[0].rows] == ["1041", "1042"]


def test_the_location_is_linked_only_below_the_configured_forge() -> None:
    linked = replay_page(report(failure())).location
    foreign = replay_page(report(replace(failure(), source_url="https://elsewhere.example/x"))).location

    assert linked is not None
    assert linked.text == "src/checkout.rs:12:5"
    assert linked.href.startswith(f"{FORGE}/blob/")
    assert foreign is not None
    assert foreign.href == ""


def test_a_failure_without_a_line_names_the_file_alone() -> None:
    view = replay_page(report(replace(failure(), line=0, column=0)))

    assert view.location is not None
    assert view.location.text == "src/checkout.rs"


def test_good_and_bad_on_one_commit_says_that_the_code_did_not_change() -> None:
    made = failure()
    same = CommitRange(good=BAD_COMMIT, bad=BAD_COMMIT[:9])
    view = replay_page(report(replace(made, since=replace(made.since, commits=same))))

    facts = {fact.label: fact for fact in view.since}

    assert "Same commit" in facts
    assert facts["Commits"].value == f"none: good and bad on {'b' * 9}"
    assert facts["Commits"].href == ""


def test_a_commit_range_links_to_the_comparison_at_the_forge() -> None:
    facts = {fact.label: fact for fact in replay_page(report(failure())).since}

    assert facts["Commits"].value == f"{'a' * 9}..{'b' * 9}"
    assert facts["Commits"].href == f"{FORGE}/compare/{'a' * 40}...{'b' * 40}"


def test_a_test_that_never_passed_has_no_last_good_run() -> None:
    made = failure()
    view = replay_page(report(replace(made, since=replace(made.since, last_good=None))))

    assert next(fact.value for fact in view.since if fact.label == "Last good run") == (
        "none: no earlier result that passed"
    )


def test_the_caution_about_a_class_stands_beside_it() -> None:
    plain = replay_page(report(replace(failure(), class_caution="no panic was found")))
    itself = replay_page(report(replace(failure(), class_caution="assertion_failure (no panic found): take care.")))

    assert plain.cause[0].value == "assertion_failure: no panic was found"
    assert itself.cause[0].value == "assertion_failure (no panic found): take care."


@pytest.mark.parametrize(("lines", "folded"), [(60, False), (61, True)])
def test_a_long_trace_is_folded(lines: int, folded: bool) -> None:  # noqa: FBT001  a table of cases
    view = replay_page(report(replace(failure(), trace="\n".join(["at x"] * lines))))

    trace = next(section for section in view.sections if section.id == "trace")
    assert trace.excerpts[0].folded is folded


def test_the_timeline_is_told_in_order_and_says_what_it_leaves_out() -> None:
    events = tuple(
        TimelineEvent(part="", suite="s", ordinal=number, source="runner", event_type="panic_assertion", message="x")
        for number in range(1, 121)
    )

    view = replay_page(report(replace(failure(), timeline=events)))

    timeline = next(section for section in view.sections if section.id == "timeline")
    assert [event.place for event in timeline.events[:3]] == ["1", "2", "3"]
    assert timeline.notes == ("20 more events are not listed here.",)


def test_pages_follow_each_other_in_the_order_of_the_list() -> None:
    made = report(failure("a"), failure("b"), failure("c"))

    middle = replay_page(made, "b")

    assert middle.previous is not None
    assert middle.next is not None
    assert (middle.previous.text, middle.next.text) == ("a", "c")
    assert replay_page(made, "a").previous is None
    assert replay_page(made, "c").next is None


def test_a_page_of_a_failure_is_lean_searchable_by_its_test_and_has_a_permalink() -> None:
    page = pages(report(failure()))[f"failures/{failure_id('pays by card')}"]

    assert page.lean
    assert page.template == "failure.html.j2"
    assert page.nav == ""
    assert page.search_title == "pays by card · checkout"
    assert page.permalink == f"f/{failure_id('pays by card')}"
    assert replay_page(report(failure())).permalink == page.permalink
    assert page.summary == "checkout::pays by card: expected 3, got 4"


def test_the_evidence_names_the_usual_folder_once_and_every_file_with_its_hash() -> None:
    files = (
        source("junit.xml"),
        source("out/e2e_checkout/result.json"),
        source("out/e2e_checkout/deep/test-log.jsonl", SourceState.CORRUPT),
        source("out/e2e_checkout/output.log", SourceState.UNREAD).model_copy(update={"sha256": ""}),
    )
    view = replay_page(report(replace(failure(), evidence=files)))

    evidence = next(section for section in view.sections if section.id == "evidence")
    assert evidence.intro == "Each file with the beginning of its SHA-256; … is out/e2e_checkout."
    assert [(fact.label, fact.value) for fact in evidence.facts] == [
        ("junit.xml", "0" * 12),
        ("…/result.json", "0" * 12),
        ("…/deep/test-log.jsonl", f"could not be read ({'0' * 12})"),
        ("…/output.log", "not read by any reader"),
    ]


def test_files_of_different_folders_keep_their_paths() -> None:
    files = (source("junit.xml"), source("notes.txt"), source("out/result.json"))
    view = replay_page(report(replace(failure(), evidence=files)))

    evidence = next(section for section in view.sections if section.id == "evidence")
    assert [fact.label for fact in evidence.facts] == ["junit.xml", "notes.txt", "out/result.json"]


def test_an_attempt_with_the_message_of_the_failure_does_not_repeat_it() -> None:
    attempts = (
        AttemptNote(number=1, status="failed", duration_s=None, message="timed out"),
        AttemptNote(number=2, status="failed", duration_s=1.0, message="expected 3, got 4"),
    )
    view = replay_page(report(replace(failure(), attempts=attempts)))

    rows = next(section for section in view.sections if section.id == "attempts").tables[0].rows
    assert [row[3].text for row in rows] == ["timed out", "as above"]


def test_the_cells_of_the_strip_name_the_run_alone() -> None:
    assert replay_page(report(failure())).outcomes.cells == (("passed", "1041", ""), ("failed", "1042", "/1042/"))


def test_relatives_are_linked_both_ways() -> None:
    inner = failure("pays by card")
    target = replace(failure("e2e_checkout"), children=(inner.link,))
    made = report(target, replace(inner, parent=target.link, same_cause=(target.link,)))

    below = {section.id: section for section in replay_page(made, "e2e_checkout").sections}
    above = {section.id: section for section in replay_page(made).sections}

    assert below["cases"].links[0].href == f"failures/{inner.failure_id}/"
    assert above["target"].links[0].href == f"failures/{target.failure_id}/"
    assert above["same-cause"].links[0].text == "e2e_checkout"


def test_a_cause_that_hits_many_tests_names_ten_and_leads_to_the_list() -> None:
    many = tuple(failure(f"case {number}").link for number in range(13))
    made = report(replace(failure("pays by card"), same_cause=many))

    links = {section.id: section for section in replay_page(made).sections}["same-cause"].links

    assert len(links) == 11
    assert (links[-1].text, links[-1].href) == ("and 3 more, in the list of failures", "failures/")
