"""Builders of small JUnit reports, and the reading of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from generator.readers import junit
from tests.readers import in_memory

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading


def element(tag: str, *inside: str, **attributes: object) -> str:
    """Return an element; text inside must be escaped already."""
    written = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def case(name: str = "works", *inside: str, classname: str = "shop.Cart", **attributes: object) -> str:
    """Return a test case."""
    return element("testcase", *inside, name=name, classname=classname, **attributes)


def failure(message: str = "boom", text: str = "", tag: str = "failure", **attributes: object) -> str:
    """Return a failure, or another outcome."""
    return element(tag, *([escape(text)] if text else []), message=message, **attributes)


def suite(name: str, *inside: str, **attributes: object) -> str:
    """Return a suite."""
    return element("testsuite", *inside, name=name, **attributes)


def suites(*inside: str, **attributes: object) -> str:
    """Return a report with a root `testsuites`."""
    return element("testsuites", *inside, **attributes)


def artifact(data: str | bytes, name: str = "junit.xml") -> Artifact:
    """Return a file in memory."""
    return in_memory.artifact(name, data)


def read(data: str | bytes, name: str = "junit.xml") -> Reading:
    """Read a report."""
    return junit.read(artifact(data, name))


def numbers(data: str | bytes) -> tuple[int, int, int, int, int, int]:
    """Return tests, passed, failed, errors, skipped, flaky of a report."""
    counts = read(data).counts
    assert counts is not None
    return counts.tests, counts.passed, counts.failed, counts.errors, counts.skipped, counts.flaky
