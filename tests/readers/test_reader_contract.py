"""What every registered reader keeps to, whatever it is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.plugins import Reader, Reading
from generator.readers import READERS
from generator.readers.anchors import NOT_REPORTS
from generator.readers.registry import Registered
from tests.readers.in_memory import artifact, unreadable

if TYPE_CHECKING:
    from generator.artifact import Artifact

GOLDEN = Path(__file__).parent / "golden"


def file_of(name: str) -> str:
    """Return a file name of a format: that of its first golden file."""
    found = sorted(path for path in (GOLDEN / name).rglob("*") if not path.name.endswith(".expected.json"))
    return next(path.name for path in found if path.is_file())


SCHEMAS = {
    "run_manifest": "replaybook.run.v1",
    "environment": "pi.e2e.environment.v1",
    "shard_manifest": "pi.verify.shard_manifest.v1",
    "summary": "pi.e2e.summary.v1",
    "result": "pi.e2e.result.v1",
    "failure_digest": "pi.e2e.failure_digest.v1",
    "diagnostics_index": "pi.e2e.failure_diagnostics_index.v1",
    "replay_bundle": "pi.e2e.replay_bundle.v1",
    "triage_diff": "pi.e2e.triage_diff.v1",
    "runner_outcome": "pi.e2e.runner_outcome.v1",
    "full_suite_verdict": "pi.ci.full_suite_gate.v1",
    "preflight_verdict": "pi.ci.preflight_lane.v1",
    "certification_verdict": "pi.ci.certification_lane.v1",
    "waiver_audit": "pi.ci.waiver_audit.v1",
    "lane_index": "pi.ci.shard_index.v1",
}
FIELDS = (
    *("suite", "target", "exit_code", "run_id", "attempt", "timestamp", "generated_at", "shard", "suites"),
    *("unit_targets", "failed_names", "total_suites", "gates", "blocking_gates", "first_failure", "summary"),
    *("first_failing_assertion", "remediation_pointer", "waivers", "raw_waivers", "ranked_diagnostics", "name"),
    *("failed_suites", "failed_gates", "environment", "one_command_replay", "status", "lane", "ordinal", "ts"),
    *("kind", "index", "total", "id", "gate_id", "blocking", "location", "line", "message", "impacted_scenario_ids"),
    *("replay_command", "recommended_commands", "target_commands", "lib", "failed_phases", "pull_request", "url"),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
)
OBJECTS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)
by_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)


def given_bytes(name: str, data: bytes) -> Artifact:
    return artifact(name, data, ("checkout",))


def tried(reader: Reader, artifact: Artifact) -> Reading | None:
    try:
        return reader.read(artifact)
    except UnreadableError:
        return None


def test_names_of_readers_are_unique_and_are_those_of_their_modules() -> None:
    names = [reader.NAME for reader in READERS]
    assert len(names) == len(set(names))
    assert [reader.module.NAME for reader in READERS if isinstance(reader, Registered)] == names


def test_what_groups_files_names_only_readers_that_there_are() -> None:
    assert {reader.NAME for reader in READERS} >= NOT_REPORTS


@by_reader
def test_a_reader_offers_what_the_contract_asks_for(reader: Reader) -> None:
    assert isinstance(reader, Reader)
    assert reader.TITLE
    assert reader.SIGNS
    assert "\n" not in reader.SIGNS


@by_reader
def test_a_file_that_may_not_be_read_never_makes_recognition_fail(reader: Reader) -> None:
    file = unreadable(file_of(reader.NAME))
    assert isinstance(reader.recognises(file), str)
    with pytest.raises(UnreadableError):
        reader.read(file)


@by_reader
def test_a_file_of_another_name_and_content_is_not_taken(reader: Reader) -> None:
    assert not reader.recognises(given_bytes("notes.md", b"# Notes"))
    assert not reader.recognises(given_bytes("package.json", b'{"name": "shop", "scripts": {}}'))


@by_reader
@given(data=st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_bytes_without_sense_are_read_or_refused_politely(reader: Reader, data: bytes) -> None:
    for name in (file_of(reader.NAME), "other.json", "other.xml"):
        artifact = given_bytes(name, data)
        if reader.recognises(artifact):
            tried(reader, artifact)


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader.NAME in SCHEMAS], ids=lambda r: r.NAME)
@given(fields=OBJECTS)
@settings(max_examples=60, deadline=None)
def test_any_values_in_known_fields_are_read_or_refused_politely(reader: Reader, fields: dict[str, object]) -> None:
    document = {"schema": SCHEMAS[reader.NAME]} | fields
    artifact = given_bytes(file_of(reader.NAME), json.dumps(document).encode())
    assert reader.recognises(artifact)
    reading = tried(reader, artifact)
    assert reading is None or reading.schema_id == SCHEMAS[reader.NAME]


@pytest.mark.parametrize("name", ["failure_timeline", "full_suite_events", "test_log"])
@given(rows=st.lists(OBJECTS, max_size=5), tail=st.binary(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_rows_are_read_or_refused_politely(name: str, rows: list[dict[str, object]], tail: bytes) -> None:
    (reader,) = (reader for reader in READERS if name == reader.NAME)
    data = "".join(json.dumps(row) + "\n" for row in rows).encode() + tail
    tried(reader, given_bytes(file_of(name), data))


@pytest.mark.parametrize("name", sorted(SCHEMAS.keys() - {"run_manifest"}))  # run.json has a namespace of its own
def test_a_schema_id_is_known_by_what_follows_the_namespace(name: str) -> None:
    schema = "fork." + SCHEMAS[name].partition(".")[2]
    artifact = given_bytes("renamed.json", json.dumps({"schema": schema}).encode())
    assert [reader.NAME for reader in READERS if reader.recognises(artifact)] == [name]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
@pytest.mark.parametrize("schema", ["{}.v2", "pi.e2e.other.v1", "no schema at all", 7, ["pi"]])
def test_a_known_name_with_a_strange_schema_is_refused_by_name(name: str, schema: object) -> None:
    said = schema.format(SCHEMAS[name].removesuffix(".v1")) if isinstance(schema, str) else schema
    artifact = given_bytes(file_of(name), json.dumps({"schema": said, "suites": []}).encode())
    (reader,) = (reader for reader in READERS if name == reader.NAME)
    assert reader.recognises(artifact)
    with pytest.raises(UnreadableError, match="schema") as caught:
        reader.read(artifact)
    assert caught.value.hint
