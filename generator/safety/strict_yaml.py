"""YAML without its surprises: no anchor, alias or tag, no key twice, no second document, no endless depth."""

from __future__ import annotations

from typing import Any

import yaml

from generator.errors import UnreadableError
from generator.safety.limits import JSON_DEPTH
from generator.safety.text import clean_name, one_line


class _Loader(yaml.SafeLoader):
    """A SafeLoader that refuses more. Dates stay text: a schema says where a date is wanted."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # missing in the stubs
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused(line, "anchors and aliases are not allowed here")
        if getattr(event, "tag", None) is not None:
            raise _refused(line, "tags are not allowed here")
        self._depth += 1
        if self._depth > JSON_DEPTH:
            raise _refused(line, f"it is nested deeper than {JSON_DEPTH}")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key.start_mark.line + 1, "a key is no plain word")
            if key.value in seen:
                raise _refused(
                    key.start_mark.line + 1, f"the key `{one_line(clean_name(key.value))}` stands there twice"
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in known
        if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"}
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> Any:
    """Return the one document in a text, None when it is empty; UnreadableError names line and cause."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader that refuses more
    except yaml.YAMLError as error:
        raise UnreadableError(" ".join(one_line(clean_name(str(error))).split()), "correct the line named") from None
    except ValueError as error:  # a number that is none
        raise UnreadableError(one_line(clean_name(str(error))), "put the value into quotes") from None
    except RecursionError:
        raise UnreadableError("it is nested too deep", "write it flatter") from None


def _refused(line: int, reason: str) -> UnreadableError:
    return UnreadableError(f"line {line}: {reason}", "write it out")
