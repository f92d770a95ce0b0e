from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import sarif
from generator.readers._sarif_runs import ALERTS_KEPT
from generator.records import Alert, AlertReport
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reading

Json = dict[str, object]

WORDS = (
    *(
        "runs",
        "tool",
        "driver",
        "rules",
        "extensions",
        "results",
        "ruleId",
        "ruleIndex",
        "rule",
        "index",
        "id",
        "level",
    ),
    *("kind", "message", "text", "arguments", "messageStrings", "locations", "physicalLocation", "artifactLocation"),
    *("uri", "uriBaseId", "region", "startLine", "suppressions", "status", "baselineState", "invocations", "rank"),
    *("executionSuccessful", "toolExecutionNotifications", "artifacts", "originalUriBaseIds", "properties"),
    *("ruleConfigurationOverrides", "descriptor", "configuration", "defaultConfiguration", "partialFingerprints"),
    *("security-severity", "resources", "versionControlProvenance", "revisionId", "toolComponent", "name", "version"),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6)


def run(*results: object, rules: object = None, **more: object) -> Json:
    driver = {"name": "Lint", "version": "1.0"} | ({} if rules is None else {"rules": rules})
    return {"tool": {"driver": driver}, "results": list(results)} | more


def result(rule: str = "R1", **more: object) -> Json:
    return {"ruleId": rule, "message": {"text": "wrong"}} | more


def at(uri: str, line: object = 3, **more: object) -> list[Json]:
    return [{"physicalLocation": {"artifactLocation": {"uri": uri} | more, "region": {"startLine": line}}}]


def read(*runs: object, **more: object) -> Reading:
    return sarif.read(artifact("scan.sarif", json.dumps({"version": "2.1.0", "runs": list(runs)} | more)))


def report(*results: object, rules: object = None, **more: object) -> AlertReport:
    (record,) = read(run(*results, rules=rules, **more)).records
    assert isinstance(record, AlertReport)
    return record


def alert(*results: object, rules: object = None, **more: object) -> Alert:
    (found,) = report(*results, rules=rules, **more).alerts
    return found


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in reading.problems]


NOTE: Json = {"defaultConfiguration": {"level": "note"}}


@pytest.mark.parametrize(
    ("of", "rules", "level"),
    [
        ({}, [], "warning"),
        ({}, [{"id": "R1"}], "warning"),
        ({}, [{"id": "R0"}, {"id": "R1"} | NOTE], "note"),
        ({"ruleIndex": 1}, [{"id": "R1"}, {"id": "R1"} | NOTE], "note"),
        ({"ruleIndex": 7}, [{"id": "R1"} | NOTE], "note"),
        ({"ruleIndex": 1}, [{"id": "R1"} | NOTE, {"id": "other"}], "note"),
        ({"ruleId": "R1/2/x"}, [{"id": "R1"} | NOTE], "note"),
        ({"ruleId": "R1/2", "ruleIndex": 0}, [{"id": "R1"} | NOTE], "note"),
        ({"ruleId": "R12"}, [{"id": "R1"} | NOTE], "warning"),
        ({"level": "error"}, [{"id": "R1"} | NOTE], "error"),
        ({"level": "none"}, [{"id": "R1"} | NOTE], "none"),
        ({"level": "fatal"}, [{"id": "R1"} | NOTE], "note"),
        ({"kind": "pass", "level": "error"}, [{"id": "R1"} | NOTE], "none"),
        ({"kind": "strange"}, [{"id": "R1"} | NOTE], "note"),
    ],
)
def test_the_level_is_that_of_the_result_then_of_its_rule_then_a_warning(
    of: Json, rules: list[Json], level: str
) -> None:
    assert alert(result() | of, rules=rules).level == level


@pytest.mark.parametrize("named", [{"index": 0}, {"name": "pack"}, {"guid": "a-b"}])
def test_rules_of_extensions_are_found_by_place_name_or_guid(named: Json) -> None:
    pack = {"name": "pack", "guid": "a-b", "rules": [{"id": "X", "properties": {"security-severity": "7.5"}} | NOTE]}
    tool = {"driver": {"name": "Scan", "rules": [{"id": "Y"}]}, "extensions": [pack]}
    found = alert({"rule": {"index": 0, "toolComponent": named}, "message": {"text": "m"}}, tool=tool)
    assert (found.rule, found.level, found.severity) == ("X", "note", 7.5)
    assert alert(result("X"), tool=tool).level == "note"


@pytest.mark.parametrize(
    ("invocations", "of", "level"),
    [
        (1, {}, "error"),
        (2, {}, "note"),
        (2, {"provenance": {"invocationIndex": 1}}, "error"),
        (1, {"level": "none"}, "none"),
    ],
)
def test_the_configuration_of_an_invocation_beats_the_default_of_a_rule(invocations: int, of: Json, level: str) -> None:
    change = {"descriptor": {"index": 0}, "configuration": {"level": "error"}}
    last = {"executionSuccessful": True, "ruleConfigurationOverrides": [change]}
    others = [{"executionSuccessful": True}] * (invocations - 1)
    assert alert(result() | of, rules=[{"id": "R1"} | NOTE], invocations=[*others, last]).level == level


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"text": "plain {0} {{x}}"}, "plain {0} {{x}}"),
        ({"text": "{1}{0}{2} {{x}}", "arguments": ["a", "b"]}, "ba{2} {x}"),
        ({"id": "hot", "arguments": ["The boiler"]}, "The boiler is hot"),
        ({"id": "all", "arguments": ["x"]}, "seen in x"),
        ({"markdown": "**bold**"}, "**bold**"),
        ({"id": "unknown"}, "Boilers"),
        ({"text": "see [here](2), not [there](http://x.example)"}, "see here, not [there](http://x.example)"),
        ({"text": "a\u202eb"}, "a‹U+202E›b"),
        ("a text", "Boilers"),
        (None, "Boilers"),
    ],
)
def test_a_message_is_text_or_comes_from_the_rule_with_its_arguments(said: object, message: str) -> None:
    rule = {"id": "R1", "shortDescription": {"text": "Boilers"}, "messageStrings": {"hot": {"text": "{0} is hot"}}}
    driver = {"name": "Lint", "rules": [rule], "globalMessageStrings": {"all": {"text": "seen in {0}"}}}
    assert alert({"ruleId": "R1", "message": said}, tool={"driver": driver}).message == message


def test_arguments_cannot_blow_a_message_up() -> None:
    huge = {"text": "{0}" * 20_000, "arguments": ["word " * 2_000]}
    assert len(alert({"ruleId": "R1", "message": huge}).message) <= 2_048


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("src/a%20b.py", "src/a b.py"),
        ("./src/a.py", "src/a.py"),
        ("file:///home/ci/shop/src/a.py", "src/a.py"),
        ("file:///C:/ci/shop/src/a.cs", "src/a.cs"),
        ("file://C:/other/a.cs", "C:/other/a.cs"),
        ("file:///elsewhere/a.py", "/elsewhere/a.py"),
        (r"src\a.cs", "src/a.cs"),
        ("https://shop.example/a%2Fb", "https://shop.example/a/b"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("", ""),
    ],
)
def test_a_file_is_a_decoded_path_below_the_folder_that_was_scanned(uri: str, file: str) -> None:
    bases = {"ROOT": {"uri": "file:///home/ci/shop/"}}
    folder = {"executionSuccessful": True, "workingDirectory": {"uri": "file:///C:/ci/shop"}}
    assert alert(result(locations=at(uri)), originalUriBaseIds=bases, invocations=[folder]).file == file


def test_a_relative_base_folder_belongs_to_the_path() -> None:
    bases = {"WEB": {"uri": "web/", "uriBaseId": "ROOT"}, "ROOT": {"uri": "file:///x/"}}
    assert alert(result(locations=at("a.ts", uriBaseId="WEB")), originalUriBaseIds=bases).file == "web/a.ts"
    assert alert(result(locations=at("a.ts", uriBaseId="ROOT")), originalUriBaseIds=bases).file == "a.ts"


def test_a_location_may_name_an_artifact_by_its_place() -> None:
    locations = [{}, {"physicalLocation": {"artifactLocation": {"index": 1}, "region": {"startLine": 9}}}]
    artifacts = ["odd", {"location": {"uri": "b.py"}}]
    found = alert(result(locations=locations), artifacts=artifacts)
    assert (found.file, found.line) == ("b.py", 9)


@pytest.mark.parametrize("line", [0, -1, "3", None, True, 2**40, 1.5])
def test_a_line_that_is_none_is_left_open(line: object) -> None:
    assert alert(result(locations=at("a.py", line))).line is None


@pytest.mark.parametrize(
    ("suppressions", "suppressed"),
    [
        ([], False),
        ([{"kind": "inSource"}], True),
        ([{"status": "accepted"}], True),
        ([{"status": "underReview"}], False),
        ([{"status": "rejected"}, {"status": "accepted"}], False),
        ([{"status": "whatever"}], False),
        ("all", False),
    ],
)
def test_a_result_is_suppressed_when_every_suppression_is_accepted(suppressions: object, *, suppressed: bool) -> None:
    found = report(result(suppressions=suppressions))
    assert found.alerts[0].suppressed == suppressed
    assert found.by_level == (() if suppressed else (("warning", 1),))


def test_only_findings_of_today_that_nobody_accepted_are_counted_by_level() -> None:
    found = report(
        result(level="error", baselineState="absent"),
        result(level="error", baselineState="new"),
        result(level="note", kind="open"),
        result(level="note", baselineState="nonsense"),
    )
    assert (found.total, found.by_level) == (4, (("error", 1), ("note", 1)))
    assert [one.baseline for one in found.alerts] == ["new", "", "absent", ""]


@pytest.mark.parametrize(
    ("prints", "fingerprint"),
    [
        ({"fingerprints": {"b/v1": "1", "a/v2": "2", "a/v10": "3"}, "partialFingerprints": {"c": "4"}}, "a/v10:3"),
        ({"partialFingerprints": {"a": "1", "primaryLocationLineHash": "2:1"}}, "primaryLocationLineHash:2:1"),
        ({"partialFingerprints": {"a": 1, "b": ""}, "correlationGuid": "g"}, "correlationGuid:g"),
        ({"fingerprints": []}, ""),
    ],
)
def test_one_fingerprint_is_chosen_the_same_way_each_time(prints: Json, fingerprint: str) -> None:
    assert alert(result() | prints).fingerprint == fingerprint


@pytest.mark.parametrize(("stated", "severity"), [("9.8", 9.8), (4, 4.0), ("high", None), ("11", None), (True, None)])
def test_the_security_severity_is_a_number_from_0_to_10(stated: object, severity: float | None) -> None:
    properties = {"properties": {"security-severity": stated}}
    assert alert(result(), rules=[{"id": "R1"} | properties]).severity == severity
    assert alert(result() | properties).severity == severity


def test_the_worst_are_kept_and_all_are_counted() -> None:
    notes = [result(level="note", rank=number % 100) for number in range(ALERTS_KEPT + 5)]
    reading = read(run(*notes, result("last", level="error")))
    (found,) = reading.records
    assert isinstance(found, AlertReport)
    assert found.total == ALERTS_KEPT + 6
    assert found.by_level == (("error", 1), ("note", ALERTS_KEPT + 5))
    assert (len(found.alerts), found.alerts[0].rule) == (ALERTS_KEPT, "last")
    assert [problem.severity for problem in reading.problems] == ["info"]


@pytest.mark.parametrize(
    ("invocation", "note"),
    [
        ({"executionSuccessful": False}, "the scan was not successful"),
        ({"executionSuccessful": False, "exitCode": -9}, "the scan was not successful: exit code -9"),
        ({"toolExecutionNotifications": [{"level": "error", "message": {"text": "no\nmemory"}}]}, "no memory"),
        ({"toolConfigurationNotifications": [{"level": "error"}]}, "an error without a message"),
    ],
)
def test_a_scan_that_failed_is_not_a_scan_without_findings(invocation: Json, note: str) -> None:
    reading = read(run(invocations=[invocation]))
    (found,) = reading.records
    assert isinstance(found, AlertReport)
    assert found.notes == (note,)
    assert messages(reading) == [f"Lint did not run well: {note}; findings may be missing"]


def test_a_warning_of_the_tool_is_no_failed_scan() -> None:
    notification = {"message": {"text": "slow"}}
    assert not read(run(invocations=[{"toolExecutionNotifications": [notification]}])).problems


@pytest.mark.parametrize("results", [None, {}, 3])
def test_a_run_without_a_list_of_results_is_a_problem(results: object) -> None:
    reading = read(run() | {"results": results})
    assert "no list of results of Lint" in messages(reading)[0]


@pytest.mark.parametrize("runs", [None, [], [1, None]])
def test_a_file_without_runs_is_a_problem(runs: object) -> None:
    reading = sarif.read(artifact("scan.sarif", json.dumps({"version": "2.1.0", "runs": runs})))
    assert not reading.records
    assert messages(reading)[0] == "holds no run: nothing was scanned"


def test_external_properties_are_not_read_and_that_is_said() -> None:
    for reading in (
        read(run(externalPropertyFileReferences={"results": [{}]})),
        read(run(), inlineExternalProperties=[{"results": []}]),
    ):
        assert messages(reading) == ["keeps results or rules in external properties, which are not read"]


def test_time_commit_and_branch_are_those_of_the_runs_that_agree() -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    first = run(invocations=[{"startTimeUtc": "2026-01-02T10:00:00Z"}])
    second = run(invocations=[{"startTimeUtc": "2026-01-02T09:00:00Z"}])
    for one, branch in ((first, "main"), (second, "other")):
        one["versionControlProvenance"] = [{"revisionId": commit, "branch": branch}]
    reading = read(first, second)
    assert (reading.started_at, reading.properties) == ("2026-01-02T09:00:00Z", (("commit", commit),))


@pytest.mark.parametrize(
    ("document", "taken"),
    [
        ({"version": "2.1.0", "runs": [{"tool": {}}]}, True),
        ({"runs": [{"tool": {"driver": {"name": "x"}}}]}, True),
        ({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": None}, True),
        ({"version": "2.1.0", "runs": []}, False),
        ({"version": "2.1.0", "runs": [{"id": 1}]}, False),
        ({"runs": {"tool": {"driver": {"name": "x"}}}}, False),
        ({"$schema": "https://json.schemastore.org/sarif-2.1.0.json"}, False),
    ],
)
def test_sarif_is_known_by_its_runs(document: Json, *, taken: bool) -> None:
    assert bool(sarif.recognises(artifact("scan.json", json.dumps(document)))) == taken


@pytest.mark.parametrize("text", ['{"runs": [', "[]", "", '{"version": "3.0.0", "runs": []}', '{"runs": {}}'])
def test_what_is_no_sarif_2_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        sarif.read(artifact("scan.sarif", text))
    assert caught.value.hint


@given(OBJECTS, st.lists(OBJECTS, max_size=3), st.lists(OBJECTS, max_size=2))
@settings(max_examples=100, deadline=None)
def test_any_values_in_known_fields_are_read_or_refused_politely(
    strange: Json, results: list[Json], rules: list[Json]
) -> None:
    odd = [result(locations=at("a.py")) | strange, *results]
    try:
        reading = read(run(*odd, rules=rules, invocations=results, artifacts=rules) | strange, {"tool": strange})
    except UnreadableError:
        return
    for record in reading.records:
        assert isinstance(record, AlertReport)
        assert sum(number for _, number in record.by_level) <= record.total == len(record.alerts)
