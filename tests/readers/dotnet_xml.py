"""Builders of small reports of .NET test tools, and what is read of them in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from generator.errors import UnreadableError
from tests.readers.in_memory import artifact
from tests.readers.junit_xml import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reader, Reading

Attribute = dict[str, object]


def text(tag: str, content: str) -> str:
    """Return an element with text in it."""
    return f"<{tag}>{content}</{tag}>"


def report(data: str, name: str = "report.xml") -> Artifact:
    """Return a file in memory."""
    return artifact(name, data)


def read(reader: Reader, data: str) -> Reading:
    """Read a report."""
    return reader.read(report(data))


def found(reading: Reading) -> list[tuple[str, str]]:
    """Return name and status of each result."""
    return [(result.name, result.status.value) for result in reading.results]


def trx(*results: str, definitions: str = "", summary: str = "") -> str:
    """Return a TRX report."""
    return element("TestRun", element("Results", *results, " "), element("TestDefinitions", definitions, " "), summary)


def fixture(*inside: str, **attributes: object) -> str:
    """Return a fixture of NUnit."""
    known: Attribute = {"type": "TestFixture", "name": "CartTests", "fullname": "Shop.CartTests"}
    return element("test-suite", *inside, " ", **(known | attributes))


def run3(*inside: str, **attributes: object) -> str:
    """Return an NUnit 3 report of one assembly."""
    return element("test-run", fixture(*inside, type="Assembly", name="a.dll", fullname="/w/a.dll"), **attributes)


def case3(name: str, *inside: str, **attributes: object) -> str:
    """Return a case of NUnit 3."""
    known: Attribute = {"name": name, "fullname": f"Shop.CartTests.{name}", "result": "Passed"}
    return element("test-case", *inside, **(known | attributes))


def run2(*inside: str, **attributes: object) -> str:
    """Return an NUnit 2 report with one fixture."""
    suite = element("test-suite", element("results", *inside, " "), type="TestFixture", name="Shop.CartTests")
    return element("test-results", suite, **({"name": "C:\\w\\a.dll"} | attributes))


def assembly(*inside: str, **attributes: object) -> str:
    """Return an xUnit.net report of one assembly with one collection."""
    known: Attribute = {"name": "/w/a.dll", "test-framework": "xUnit.net"}
    return element("assembly", element("collection", *inside, " ", name="c"), **(known | attributes))


def trees(tags: Sequence[str], names: Sequence[str], values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Return elements of a format in places where they do not belong, with attributes of others."""
    inner = st.recursive(
        st.builds(element, st.sampled_from(tags)),
        lambda inside: st.builds(
            lambda tag, given, below: element(tag, *below, "text", **given),
            st.sampled_from(tags),
            st.dictionaries(st.sampled_from(names), st.sampled_from(values), max_size=5),
            st.lists(inside, max_size=3),
        ),
        max_leaves=12,
    )
    return st.lists(inner, max_size=4)


def keeps_its_promises(reader: Reader, data: str) -> bool:
    """Tell whether a report is refused with a next step, or read into results that differ and are all counted."""
    try:
        reading = read(reader, data)
    except UnreadableError as refusal:
        return bool(refusal.hint)
    identities = {result.identity for result in reading.results}
    counted = reading.counts.tests if reading.counts else -1
    return len(identities) == len(reading.results) == counted
