"""Files with other texts in them: in each string of a JSON document, in each attribute and text of an XML one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

Leaf = tuple[str | int, ...]
"""Where a string stands: keys and places of JSON; place of an element and name of an attribute (or nothing) of XML."""

Changed = Callable[[str], str]


def leaves(data: bytes) -> list[Leaf]:
    """Return where the strings of a document stand, of several at like places the first one; none for other files."""
    kind = kind_of(data)
    if kind == "xml":
        return list(_distinct(_in_xml(ET.fromstring(data))))  # noqa: S314  files of ours
    return list(_distinct((_like(leaf), leaf) for leaf in _in_json(_parsed(data)))) if kind else []


def spoiled(data: bytes, chosen: Callable[[Leaf], bool], text: Changed) -> bytes:
    """Return a document with other texts at the chosen leaves."""
    if kind_of(data) == "xml":
        root = ET.fromstring(data)  # noqa: S314  files of ours
        for place, element in enumerate(root.iter()):
            for name in [name for name in element.attrib if chosen((place, name))]:
                element.set(name, text(element.attrib[name]))
            if (element.text or "").strip() and chosen((place,)):
                element.text = text(element.text or "")
        return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
    changed = _changed(_parsed(data), (), chosen, text)
    return "\n".join(map(json.dumps, changed)).encode() if kind_of(data) == "lines" else json.dumps(changed).encode()


def kind_of(data: bytes) -> str:
    """Return as what a file is spoiled: json, lines or xml; nothing for one that is neither."""
    try:
        if data.lstrip()[:1] == b"<":
            ET.fromstring(data)  # noqa: S314  files of ours
            return "xml"
        json.loads(data)
    except ET.ParseError:
        return ""
    except ValueError:
        try:
            return "lines" if [json.loads(line) for line in data.splitlines() if line.strip()] else ""
        except ValueError:
            return ""
    return "json"


def _parsed(data: bytes) -> Any:
    if kind_of(data) == "lines":
        return [json.loads(line) for line in data.splitlines() if line.strip()]
    return json.loads(data)


def _in_json(value: Any, path: Leaf = ()) -> Iterator[Leaf]:
    if isinstance(value, str):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _in_json(inner, (*path, key))


def _in_xml(root: ET.Element) -> Iterator[tuple[Leaf, Leaf]]:
    for place, element in enumerate(root.iter()):
        yield from (((element.tag, name), (place, name)) for name in element.attrib)
        if (element.text or "").strip():
            yield (element.tag,), (place,)


def _changed(value: Any, path: Leaf, chosen: Callable[[Leaf], bool], text: Changed) -> Any:
    if isinstance(value, str):
        return text(value) if chosen(path) else value
    if isinstance(value, dict):
        return {key: _changed(inner, (*path, key), chosen, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_changed(inner, (*path, place), chosen, text) for place, inner in enumerate(value)]
    return value


def _like(leaf: Leaf) -> Leaf:
    """Return the place of a leaf without its numbers: rows of one list are alike."""
    return tuple(step for step in leaf if isinstance(step, str))


def _distinct(found: Iterator[tuple[Leaf, Leaf]]) -> Iterator[Leaf]:
    seen = set()
    for like, leaf in found:
        if like not in seen:
            seen.add(like)
            yield leaf
