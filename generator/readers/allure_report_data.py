"""Files of a generated Allure report and of its settings that only repeat what `suites.csv` or results hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._allure import words
from generator.readers.allure_summary import is_statistic
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.artifact import Artifact

NAME: Final = "allure_report_data"
TITLE: Final = "Allure report: data"
SIGNS: Final = "the fields of test cases, trees, widgets, history, executor or categories of an Allure report"

_TREES: Final = frozenset({"suites", "behaviors", "packages", "categories", "timeline"})
_WIDGETS: Final = frozenset({"severity.json", "duration.json", "status-chart.json", "launch.json", "environment.json"})
_CATEGORY: Final = ("matchedStatuses", "messageRegex", "traceRegex")
_BUILD: Final = ("buildName", "buildUrl")
_REPORT: Final = ("buildOrder", "reportUrl", "reportName")
_LOOKED_AT: Final = 3


def recognises(artifact: Artifact) -> str:
    """Return what the file repeats as sign."""
    document = artifact.peek_json()
    if isinstance(document, dict):
        return _object_sign(document)
    if isinstance(document, list) and document:
        return _list_sign([item for item in document[:_LOOKED_AT] if isinstance(item, dict)], artifact)
    return ""


def read(artifact: Artifact) -> Reading:
    """Return build and address of an executor, else nothing; raises UnreadableError when it is no JSON."""
    document = artifact.json()
    executor = document[0] if isinstance(document, list) and document else document
    if not isinstance(document, dict | list):
        raise UnreadableError("holds no object or list, so no data of an Allure report", "build the report again")
    if not isinstance(executor, dict) or not _is_executor(executor):
        return Reading()
    return Reading(properties=tuple(_facts(executor)))


def _facts(executor: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the build and its address, cleaned."""
    for fact, field in (("build", "buildName"), ("url", "buildUrl")):
        said = one_line(clean_meta(words(executor.get(field))))
        if said and (fact != "url" or said.startswith(("http://", "https://"))):
            yield fact, said


def _object_sign(document: Mapping[str, object]) -> str:
    uid, name = document.get("uid"), document.get("name")
    if isinstance(uid, str) and isinstance(name, str):
        if isinstance(document.get("time"), dict) and ("status" in document or "testStage" in document):
            return "`uid`, `time` and `status` of a test case in an Allure report"
        if name in _TREES and isinstance(document.get("children"), list):
            return f"tree `{name}` of an Allure report"
    if _is_executor(document):
        return "build of an Allure executor"
    items = document.get("items")
    if isinstance(document.get("total"), int) and isinstance(items, list) and items:
        first = items[0]
        return "items with `statistic` of an Allure widget" if isinstance(first, dict) and _counts(first) else ""
    values = [value for _, value in zip(range(_LOOKED_AT), document.values(), strict=False)]
    past = [value for value in values if isinstance(value, dict) and _counts(value) and "items" in value]
    return "`statistic` and `items` of an Allure history" if past and len(past) == len(values) else ""


def _list_sign(items: list[dict[str, object]], artifact: Artifact) -> str:
    if not items:
        return ""
    if all(_is_executor(item) for item in items):
        return "build of an Allure executor"
    if all("name" in item and any(field in item for field in _CATEGORY) for item in items):
        return "categories of an Allure project"
    return _widget_sign(items) if artifact.name in _WIDGETS else ""


def _widget_sign(items: list[dict[str, object]]) -> str:
    if all(isinstance(item.get("uid"), str) and isinstance(item.get("time"), dict) for item in items):
        return "cases of an Allure widget"
    if all(isinstance(item.get("values"), list) and isinstance(item.get("name"), str) for item in items):
        return "environment of an Allure report"
    return "launches of an Allure report" if all(is_statistic(item.get("statistic")) for item in items) else ""


def _counts(value: Mapping[str, object]) -> bool:
    return is_statistic(value.get("statistic"))


def _is_executor(value: Mapping[str, object]) -> bool:
    build, report = (any(isinstance(value.get(field), str | int) for field in fields) for fields in (_BUILD, _REPORT))
    return build and report and "data" not in value
