"""Whatever text stands in whatever field of a record, the pages have the same structure and show exactly that text.

Each text is drawn beside its harmless twin (see `twins`). Elements and attributes must be the same, texts the same but
for the signs, and the text itself must stand wherever the twin does, character for character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings

from generator.pages.words import cut
from tests.structure.changing import AFTER, CASES, COMMANDS, COPIED, SAID, UNLINKED, WORLD, Changes, copyable
from tests.structure.drawing import counted, differences, pages, report, sheets, standing, with_plain_causes
from tests.structure.fields import TextField, text_fields
from tests.structure.twins import hostile_texts, payload, twin
from tests.structure.world import worlds_of_states

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.structure.drawing import Sheet

STATES: Final = worlds_of_states()
NOT_SHOWN: Final = {
    "Alert": {"fingerprint"},
    "AlertReport": {"notes", "path"},
    "Assertion": {"raw_header"},
    "Attempt": {"trace"},
    "BundleFailure": {"root_cause_class"},
    "Digest": {"cargo_rerun_hint", "summary"},
    "ForgeExport": {"forge", "path", "shape"},
    "GateReport": {"blockers", "event_statuses", "policy", "summary"},
    "GateRow": {"bead"},
    "Measurement": {"detail"},
    "MeasurementReport": {"machine", "verdict"},
    "MirroredWorkflow": {"missing_in_baseline", "missing_in_current", "status", "title", "workflow_id"},
    "Part": {"diff_from", "namespace", "outcome_status", "rerun_from"},
    "QuarantineEntry": {"bead", "evidence", "remove_when", "repro"},
    "QuarantineReport": {"escalations", "numbers", "today"},
    "ReplayBundle": {
        *("branch", "correlation_id", "flavour", "os", "path", "profile", "rustc"),
        *("shard_kind", "source_path", "vcr_mode"),
    },
    "Run": {"time_source"},
    "RunKey": {"repository"},
    "SemanticEntry": {"classification", "command", "mismatch_kinds"},
    "SourceFile": {"sha256"},
    "Statement": {"correlation_id", "facts", "run_id"},
    "StatementRow": {"facts", "severity"},
    "SuiteClassification": {"classes", "duplicates"},
    "TriageDiff": {"baseline_path", "focus_suites", "focus_units"},
    "WaiverAudit": {"path"},
    "WorkflowJob": {"branch", "job_id", "labels", "run_id", "runner", "url"},
    "WorkflowRun": {"actor", "branch", "event", "repository", "url"},
    "WorkflowStep": {"status"},
}
"""Texts that no page of the world shows as they are: they are kept, or only looked at, or a part of them is shown."""


def drawn(text: str, fields: Collection[TextField], form: str, changes: Changes) -> list[Sheet]:
    """Return the pages that a text changes when it stands in some fields."""
    return sheets(changes.redrawn(changes.with_text(text, fields, form)))


def check(text: str, fields: Collection[TextField], form: str = "", changes: Changes = WORLD) -> list[Sheet]:
    """Assert that a text changes nothing but itself, and return the pages that it stands on."""
    hostile = drawn(text, fields, form, changes)
    benign = drawn(twin(text), fields, form, changes) if hostile else []
    assert differences(counted(hostile), counted(benign)) == []
    assert [danger for sheet in hostile for danger in sheet.dangers()] == []
    assert standing(text, hostile) == standing(twin(text), benign)
    return hostile


@pytest.mark.parametrize(("number", "field", "form"), CASES, ids=str)
def test_text_in_a_field_changes_nothing_but_itself(number: int, field: TextField, form: str) -> None:
    text = copyable(payload(number)) if form == COPIED else payload(number)
    found = check(text, (field,), form)
    if field.name not in NOT_SHOWN.get(field.record, ()) and form != UNLINKED:
        assert any(sheet.begins_to_show(text) for sheet in found)


@pytest.mark.parametrize("state", sorted(STATES))
def test_text_changes_nothing_but_itself_whatever_became_of_a_run(state: str) -> None:
    check(payload(len(state)), text_fields(), changes=Changes(STATES[state]))


@pytest.mark.parametrize("number", [0, 3, 8])
def test_the_summary_of_a_cause_is_shown_as_it_is(number: int) -> None:
    made = report(WORLD.with_text(payload(number), SAID, AFTER))
    found, plain = (
        next(sheet for sheet in sheets(pages(one)) if not sheet.page.path) for one in (made, with_plain_causes(made))
    )
    assert found.seen.structure == plain.seen.structure
    assert found.dangers() == []
    assert {cut(cause.title) for cause in made.findings.causes} <= set(found.seen.texts)


@given(text=hostile_texts)
@settings(max_examples=10, deadline=None, derandomize=True)
def test_any_text_in_all_fields_at_once_changes_nothing_but_itself(text: str) -> None:
    check(text, text_fields())


@given(text=hostile_texts)
@settings(max_examples=5, deadline=None, derandomize=True)
def test_any_text_in_a_command_that_may_be_copied_is_copied_as_it_is_shown(text: str) -> None:
    found = check(copyable(text), COMMANDS, COPIED)
    buttons = [value for sheet in found for value in sheet.seen.attribute("data-copy")]
    copied = {value for value in buttons if copyable(text) in value}
    assert len(copied) >= len(COMMANDS)
    assert copied <= {shown for sheet in found for shown in sheet.seen.texts}
