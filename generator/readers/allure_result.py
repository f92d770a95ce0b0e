"""Allure 2 and 3 results: `<uuid>-result.json`, one attempt of one case a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._allure import (
    clean_label,
    duration,
    identity,
    secrets,
    shown_word,
    stamp,
    status_of,
    without,
    words,
)
from generator.readers._allure_texts import said_of
from generator.readers._cases import Cases
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "allure_result"
TITLE: Final = "Allure result"
SIGNS: Final = "`uuid`, `name`, `start`, `stop` and an Allure identity; less in a file named `*-result.json`"

_NAME_LIKE: Final = re.compile(r"[0-9a-fA-F-]{32,36}-result\.json")
_ENDING: Final = "-result.json"
_TEXTS: Final = ("uuid", "historyId", "testCaseId", "fullName", "status", "stage")
_LISTS: Final = ("labels", "steps", "parameters", "links", "attachments")
_NOT_OURS: Final = ("children", "testResults", "results", "suites", "tests", "schema", "$schema", "uid")


def recognises(artifact: Artifact) -> str:
    """Return the fields of an Allure result as sign; the name alone for a file that is no JSON."""
    case = artifact.peek_object()
    named = artifact.name.endswith(_ENDING)
    if case:
        if not (isinstance(case.get("name"), str) or isinstance(case.get("fullName"), str)):
            return ""
        if any(field in case for field in _NOT_OURS):
            return ""
        if named:
            return "named `*-result.json`, with fields of an Allure result" if _marks(case) else ""
        return "fields of an Allure result" if _is_whole(case) else ""
    if named and _NAME_LIKE.fullmatch(artifact.name) and artifact.peek_json() is None:
        return "named like an Allure result"
    return ""


def read(artifact: Artifact) -> Reading:
    """Return the attempt with its time; raises UnreadableError."""
    case = artifact.json()
    if not isinstance(case, dict):
        raise UnreadableError("holds no object, so no Allure result", "check the step that writes it")
    if not (words(case.get("name")) or words(case.get("fullName"))):
        raise UnreadableError("has neither `name` nor `fullName`", "check the Allure adapter that writes it")
    cases = Cases(artifact, NAME)
    suite, classname, name = identity(case)
    cases.names |= {suite: clean_label(suite), classname: clean_label(classname)}
    name = without(name, secrets(case.get("parameters")))
    status, unknown = status_of(case.get("status")), ""
    if status is None:
        status, unknown = Status.ERROR, _unknown(case)
        cases.note(
            f"status not known: {unknown}; the case counts as an error",
            "check whether the test process was killed, and the Allure adapter that writes it",
        )
    cases.add(
        name,
        status,
        suite=suite,
        classname=classname,
        duration_s=duration(cases, case, name),
        said=said_of(case, status, unknown),
    )
    return cases.reading(started_at=stamp(case.get("start")))


def _unknown(case: Mapping[str, object]) -> str:
    stage = case.get("stage")
    shown = shown_word(case.get("status"))
    return f"{shown}, stage {shown_word(stage)}" if isinstance(stage, str) and stage.strip() else shown


def _marks(case: Mapping[str, object]) -> bool:
    return (
        any(isinstance(case.get(field), str) for field in _TEXTS)
        or any(isinstance(case.get(field), list) for field in _LISTS)
        or isinstance(case.get("statusDetails"), dict)
        or isinstance(case.get("start"), int | float)
    )


def _is_whole(case: Mapping[str, object]) -> bool:
    """Tell whether a file of any name has what every adapter writes and no other format has together."""
    return (
        isinstance(case.get("uuid"), str)
        and isinstance(case.get("name"), str)
        and isinstance(case.get("start"), int | float)
        and "stop" in case
        and (
            any(isinstance(case.get(field), str) for field in ("historyId", "testCaseId", "fullName", "stage"))
            or status_of(case.get("status")) is not None
            or any(isinstance(case.get(field), list) for field in ("labels", "steps"))
        )
    )
