"""Whether a file that no reader takes is at least whole: a torn document is lost evidence, not a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.readers._junit_parse import Collector
from generator.readers._rows import left_out
from generator.readers.junit import root_name
from generator.safety.strict_json import parse_jsonl, parse_toml
from generator.safety.strict_xml import parse_xml

if TYPE_CHECKING:
    from generator.plugins import Artifact


def demand_whole(artifact: Artifact, *, named: bool) -> None:
    """Parse what is a document by its ending; UnreadableError says cause and place.

    XML and JSON lines, which may be large and of many strangers, only when the file was named on the command line.
    """
    ending = artifact.name.lower().rpartition(".")[2]
    if ending == "json":
        artifact.json()
    elif ending == "toml":
        parse_toml(artifact.text())
    elif ending == "xml" and named:
        root = frozenset({root_name(artifact.data()) or "testsuites"})
        parse_xml(artifact.data(), Collector(lambda _: None), root, root)
    elif ending in {"jsonl", "ndjson"} and named:
        bad = parse_jsonl(artifact.text())[1]
        if bad:
            raise UnreadableError(left_out(bad), "check the step that writes it")
