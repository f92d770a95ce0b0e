"""Cucumber JSON: of cucumber-js, cucumber-jvm, cucumber-ruby, behave, pytest-bdd, godog and Reqnroll.

The suite of a scenario is its feature file, its class the name of the feature. Rows of an outline that share a name get
their parameters where the id states them (pytest-bdd); else numbers: that of the row where the id states it, or that of
their place among the lines. Scenarios of one line are attempts of one scenario. Durations are nanoseconds, in behave's
files (`location` in place of `uri`) seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import UNNAMED, Cases
from generator.readers._cucumber_steps import Judge
from generator.readers._foreign_files import suite_names
from generator.readers._junit_values import earliest
from generator.readers._loose import Object, count_of, list_of, note_lost, note_words, objects_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "cucumber_json"
TITLE: Final = "Cucumber JSON"
SIGNS: Final = "list of features with `keyword`, `uri` or `location` and `elements`; else named `cucumber*.json`"

_NAME_LIKE: Final = re.compile(r"(?:.*[-_.])?cucumber(?:[-_.](?:results?|reports?|output|tests?))?\.json", re.DOTALL)
_PEEKED: Final = 20
_LOCATION: Final = re.compile(r"(.*):([0-9]{1,9})", re.DOTALL)
_ROW: Final = re.compile(r"[^;]*;[^;]*;([^;]*);([0-9]{1,9})")
_PARAMETERS: Final = re.compile(r"\w+(\[.+\])", re.DOTALL)
_NANO: Final = 1e9


_Place = tuple[int, str]
"""Line and id of a scenario: what tells the rows of an outline apart."""

_Rows = dict[tuple[str, str, str], dict[_Place, int]]
"""File, feature and name, with the places of the scenarios called so, each with its number in order of the lines."""


@dataclass(slots=True)
class _Scenario:
    """A scenario with what its feature and the background before it say."""

    element: Object
    background: Sequence[Object]
    title: tuple[str, str, str]
    """File, name of the feature, name of the scenario."""
    place: _Place
    line: int | None
    per_second: float


def recognises(artifact: Artifact) -> str:
    """Return the features as sign; else the name, for a report without any or too broken to be parsed."""
    document = artifact.peek_json()
    if isinstance(document, list) and document:
        sign = next((sign for feature in document[:_PEEKED] if (sign := _sign(feature))), "")
        return f"features with {sign}" if sign else ""
    nothing = document is None or document == []
    return "named like a Cucumber report" if nothing and _NAME_LIKE.fullmatch(artifact.name) else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with cause and next step."""
    document = artifact.json()
    if not isinstance(document, list):
        raise UnreadableError("the document is no list of features", "check the step that writes it")
    cases = Cases(artifact, NAME)
    features = objects_of(document)
    lost = len(document) - len(features)
    scenarios: list[_Scenario] = []
    for feature in features:
        scenarios += _scenarios(feature)
        elements = list_of(feature.get("elements"))
        lost += len(elements) - len(objects_of(elements))
    suites = suite_names({scenario.title[0] for scenario in scenarios})
    rows = _rows(scenarios)
    judge = Judge(cases)
    stamps: set[str] = set()
    for scenario in scenarios:
        _add(cases, scenario, suites[scenario.title[0]], rows, judge)
        if stamp := text_of(scenario.element.get("start_timestamp")):
            stamps.add(stamp)
    note_lost(cases, lost, "features and scenarios")
    note_words(cases, judge.words)
    return cases.reading(started_at=earliest(sorted(stamps)[:1]))


def _sign(feature: object) -> str:
    if not isinstance(feature, dict) or not isinstance(feature.get("keyword", feature.get("name")), str):
        return ""
    for field in ("uri", "location"):
        place = feature.get(field)
        if isinstance(place, str) and (isinstance(feature.get("elements"), list) or ".feature" in place):
            return f"`elements` and `{field}`"
    return ""


def _scenarios(feature: Object) -> Iterator[_Scenario]:
    """Yield the scenarios of a feature, each with the steps of the background that was run before it."""
    uri = text_of(feature.get("uri"))
    location = _LOCATION.fullmatch(text_of(feature.get("location")))
    is_behave = not uri and location is not None
    file = location.group(1) if is_behave and location else uri
    name = text_of(feature.get("name")).strip()
    background: list[Object] = []
    for element in objects_of(feature.get("elements")):
        if element.get("type") == "background":
            background.append(element)
            continue
        line = count_of(element.get("line"))
        if line is None and (place := _LOCATION.fullmatch(text_of(element.get("location")))):
            line = int(place.group(2))
        yield _Scenario(
            element,
            background,
            (file, name, text_of(element.get("name")).strip()),
            (line or 0, text_of(element.get("id"))),
            line,
            1.0 if is_behave else _NANO,
        )
        if background:
            background = []


def _rows(scenarios: Sequence[_Scenario]) -> _Rows:
    """Return the places of each title, numbered in order of their lines."""
    rows: _Rows = {}
    several: set[tuple[str, str, str]] = set()
    for one in scenarios:
        found = rows.get(one.title)
        if found is None:
            rows[one.title] = {one.place: 1}
        elif one.place not in found:
            found[one.place] = 0
            several.add(one.title)
    for title in several:
        rows[title] = {place: number for number, place in enumerate(sorted(rows[title]), 1)}
    return rows


def _name(scenario: _Scenario, rows: _Rows) -> str:
    """Return the name of a scenario, with the number of its row where it is one of several of an outline."""
    name = scenario.title[2] or UNNAMED
    places = rows[scenario.title]
    parameters = _PARAMETERS.fullmatch(scenario.place[1])
    if parameters:
        return f"{name} {parameters.group(1)}"
    row = _ROW.fullmatch(scenario.place[1]) if ";" in scenario.place[1] else None
    if row and len({place_id for _, place_id in places}) == len(places):
        block = f"{row.group(1)}, " if row.group(1) else ""
        return f"{name} ({block}example {max(int(row.group(2)) - 1, 1)})"
    return name if len(places) == 1 else f"{name} (example {places[scenario.place]})"


def _add(cases: Cases, scenario: _Scenario, suite: str, rows: _Rows, judge: Judge) -> None:
    verdict = judge.verdict(scenario.element, scenario.background)
    _, feature, name = scenario.title
    cases.add(
        _name(scenario, rows),
        verdict.status,
        suite=suite,
        classname=feature,
        duration_s=cases.seconds(verdict.duration, name, scenario.per_second),
        said=verdict.said,
        file=suite,
        line=scenario.line,
    )
