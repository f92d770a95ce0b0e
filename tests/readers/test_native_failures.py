"""What a fabricated history says about its failures: digests, bundles, commands, comparisons, timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.records import Digest, RunUnit, TriageDiff
    from tests.readers.native_world import World

pytestmark = pytest.mark.shared


def digests(unit: RunUnit) -> dict[str, Digest]:
    return {digest.suite: digest for digest in unit.evidence.digests}


def test_digests_say_class_impacted_and_message(world: World) -> None:
    seen = set()
    for truth, unit in world.runs("killed"):
        found = digests(unit)
        expected = {n.partition(":")[2]: t for n, t in truth["targets"].items() if "root_cause_class" in t}
        assert set(found) == set(expected), truth["folder"]
        for suite, fact in expected.items():
            digest = found[suite]
            assert digest.root_cause_class == fact["root_cause_class"]
            assert digest.exit_code == fact["exit_code"]
            assert list(digest.impacted) == [cleaned(name) for name in fact["impacted"]]
            seen.add(fact["root_cause_class"])
    assert len(seen) == 9


def test_messages_survive_but_for_terminal_codes(world: World) -> None:
    for truth, unit in world.runs("killed"):
        for suite, digest in digests(unit).items():
            fact = truth["targets"][f"suite:{suite}"]
            if truth["scenario"] == "digest_as_text":
                assert digest.assertion.message.endswith(fact["message"])
                assert digest.assertion.line == 0
                continue
            assert digest.assertion.message == cleaned(fact["message"])
            assert (digest.assertion.line == 0) is fact["no_panic_found"]
            if fact["thread_as_test"]:
                assert digest.assertion.test == fact["thread_as_test"]


def cleaned(text: str) -> str:
    """Return a text without the one terminal sequence that the fabricated messages hold."""
    return text.replace("\x1b[31m", "").replace("\x1b[0m", "").replace("\x1b[1m", "")


def test_a_failed_suite_says_what_its_digest_says(world: World) -> None:
    for truth, unit in world.runs("killed"):
        found = digests(unit)
        for result in unit.results:
            if result.surface == "suite" and result.status is Status.FAILED and truth["kind"] != "legacy":
                digest = found[result.name]
                sentence = f"The target ended with exit code {result.exit_code}."
                assert result.message == (digest.assertion.message or sentence)
                assert result.kind == digest.root_cause_class
                assert (result.file, result.line or 0) == (digest.assertion.file, digest.assertion.line)
            elif result.status is Status.FAILED:
                assert result.kind == f"exit {result.exit_code}"
                assert str(result.exit_code) in result.message


def test_bundles_name_what_failed(world: World) -> None:
    for truth, unit in world.runs():
        bundles = unit.evidence.bundles
        assert len(bundles) == int(truth.get("bundle") is not None), truth["folder"]
        for bundle in bundles:
            assert bundle.flavour == "run"
            for surface, name in (("suite", "failed_suites"), ("unit", "failed_unit_targets")):
                listed = [failure.name for failure in bundle.failures if failure.surface == surface]
                assert listed == truth["bundle"][name]


def test_the_supplied_comparison_is_kept_as_reported(world: World) -> None:
    for truth, unit in world.runs():
        expected, found = truth["triage"], unit.evidence.triage
        assert len(found) == int(expected is not None), truth["folder"]
        for diff in found:
            assert diff.status == expected["reported_status"]
            assert dict(diff.counts) == expected["reported_counts"]
            assert expected["baseline"] in diff.baseline_path
            assert {f"{t.surface}:{t.name}" for t in diff.targets} == set(expected["targets"])


def test_timelines_are_the_run_wide_ones_in_order(world: World) -> None:
    seen = 0
    for truth, unit in world.runs():
        ordinals = [event.ordinal for event in unit.evidence.timeline]
        assert ordinals == list(range(1, len(ordinals) + 1)), truth["folder"]
        own = {event.suite for event in unit.evidence.timeline} - {"__run__"}
        assert own == set(digests(unit))
        seen += len(ordinals)
    assert seen > 100


def test_every_command_is_kept_as_text_with_its_source(world: World) -> None:
    for truth, unit in world.runs():
        found = sorted(set(commands_of(unit)))
        expected = sorted({(row["for"], row["source"], row["text"]) for row in truth["commands"]})
        assert found == expected, truth["folder"]


def commands_of(unit: RunUnit) -> Iterator[tuple[str, str, str]]:
    for digest in unit.evidence.digests:
        yield from ((f"suite:{digest.suite}", command.source, command.text) for command in digest.commands)
    for bundle in unit.evidence.bundles:
        if bundle.one_command is not None:
            yield "run", bundle.one_command.source, bundle.one_command.text
        for failure in bundle.failures:
            owner = f"{failure.surface}:{failure.name}"
            yield from ((owner, command.source, command.text) for command in failure.commands)
    for diff in unit.evidence.triage:
        yield from commands_of_diff(diff)


def commands_of_diff(diff: TriageDiff) -> Iterator[tuple[str, str, str]]:
    if diff.runner_command:
        yield "run", "triage_diff.recommended_commands.runner_repro_command", diff.runner_command
    focus = {f"unit:{n}" for n in diff.focus_units} | {f"suite:{n}" for n in diff.focus_suites}
    for target in diff.targets:
        name = f"{target.surface}:{target.name}"
        if name in focus:
            yield name, "triage_diff.recommended_commands.target_commands", target.command
