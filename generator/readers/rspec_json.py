"""What RSpec's formatter `json` writes.

The suite of an example is the spec file that its id names (a shared example lies in another), its class the
descriptions of the groups around it. Examples of one name with different ids are different tests; what broke outside of
all examples is one error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, UNNAMED, Cases, said
from generator.readers._foreign_files import suite_names
from generator.readers._loose import (
    Object,
    count_of,
    lines_of,
    list_of,
    note_lost,
    note_words,
    object_of,
    objects_of,
    root_of,
    text_of,
)
from generator.readers._told import error_said
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._names import Said

NAME: Final = "rspec_json"
TITLE: Final = "RSpec JSON"
SIGNS: Final = "list `examples` beside `summary` with `example_count`, or `summary_line`; else named `rspec*.json`"

OUTSIDE_CASE: Final = "(outside of examples)"
"""Name of the result that stands for what broke outside of all examples."""

_NAME_LIKE: Final = re.compile(
    r"(?:.*[-_.])?rspec(?:[-_.](?:results?|reports?|output|tests?))?[-_0-9]*\.json", re.DOTALL
)
_STATUSES: Final = {"passed": Status.PASSED, "failed": Status.FAILED, "pending": Status.SKIPPED}
_ID: Final = re.compile(r"(.+)\[[0-9:]+\]", re.DOTALL)
_OUTSIDE: Final = re.compile(r"\s*(?:\x1b\[[0-9;]{0,20}m)?An error occurred")

_Place = tuple[str, str, str]
_Taken = dict[_Place, dict[str, int]]
"""Suite, class and name of each example, with the numbers of the ids that are called so."""


def recognises(artifact: Artifact) -> str:
    """Return the examples beside the summary as sign; else the name, for a report too broken to be parsed."""
    document = artifact.peek_object()
    if isinstance(document.get("examples"), list):
        if count_of(object_of(document.get("summary")).get("example_count")) is not None:
            return "`examples` beside `summary` with `example_count`"
        if isinstance(document.get("summary_line"), str):
            return "`examples` beside `summary_line`"
    broken = _NAME_LIKE.fullmatch(artifact.name) is not None and artifact.peek_json() is None
    return "named like an RSpec report" if broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its results and counts; raises UnreadableError with cause and next step."""
    root = root_of(artifact, "examples")
    cases = Cases(artifact, NAME)
    examples = objects_of(root["examples"])
    files = [_file(example) for example in examples]
    suites = suite_names(files)
    words: dict[str, int] = {}
    taken: _Taken = {}
    for example, file in zip(examples, files, strict=True):
        _add(cases, example, suites[file], taken, words)
    summary = object_of(root.get("summary"))
    outside = _add_outside(cases, root, count_of(summary.get("errors_outside_of_examples_count")) or 0)
    _declare(cases, summary, outside)
    note_lost(cases, len(list_of(root["examples"])) - len(examples), "examples")
    note_words(cases, words)
    return cases.reading()


def _file(example: Object) -> str:
    found = _ID.fullmatch(text_of(example.get("id")))
    return found.group(1) if found else text_of(example.get("file_path"))


def _add(cases: Cases, example: Object, suite: str, taken: _Taken, words: dict[str, int]) -> None:
    word = text_of(example.get("status"))
    status = _STATUSES.get(word)
    if status is None:
        words[word] = words.get(word, 0) + 1
        status = Status.ERROR
    full, name = text_of(example.get("full_description")), text_of(example.get("description"))
    classname = full[: -len(name)].rstrip() if name and full.endswith(name) else ""
    name = name or full
    cases.add(
        _numbered((suite, classname, name), text_of(example.get("id")), taken),
        status,
        suite=suite,
        classname=classname,
        duration_s=cases.seconds(example.get("run_time"), name),
        said=_said(example, status),
        file=_written_in(example, suite),
        line=count_of(example.get("line_number")),
    )


def _written_in(example: Object, suite: str) -> str:
    """Return the file that an example is written in, where it is a relative one, else that of its group."""
    file = text_of(example.get("file_path"))
    return file.removeprefix("./") if file.startswith("./") else suite


def _numbered(place: _Place, example_id: str, taken: _Taken) -> str:
    """Return the name of an example, with a number when another id has it already: it is another example.

    The same id again is another attempt, and merged as such.
    """
    name = place[2].strip() or UNNAMED
    ids = taken.get(place)
    if ids is None:
        taken[place] = {example_id or "#1": 1}
        return name
    number = ids.setdefault(example_id or f"#{len(ids) + 1}", len(ids) + 1)
    return name if number == 1 else f"{name} #{number}"


def _said(example: Object, status: Status) -> Said:
    if status is Status.PASSED:
        return NOTHING
    if status is Status.SKIPPED:
        return said(text_of(example.get("pending_message")))
    error = example.get("exception")
    if not isinstance(error, dict):
        word = text_of(example.get("status"))
        return said(text_of(error) or ("" if word == "failed" else f"its status is `{word}`, which is not known"))
    message, stack = text_of(error.get("message")), lines_of(error.get("backtrace"))
    return said(message, f"{message.strip()}\n\n{stack}".strip(), text_of(error.get("class")))


def _add_outside(cases: Cases, root: Object, number: int) -> int:
    """Add one error for what broke outside of all examples; return how many that are."""
    if not number:
        return 0
    messages: Sequence[str] = [text for text in list_of(root.get("messages")) if isinstance(text, str)]
    errors = [text for text in messages if _OUTSIDE.match(text)] or messages
    first = errors[0].strip() if errors else "an error occurred outside of the examples"
    told = error_said(first.partition("\n\n")[0], "\n".join(errors))
    cases.add(OUTSIDE_CASE, Status.ERROR, said=told)
    return 1


def _declare(cases: Cases, summary: Object, outside: int) -> None:
    tests, failed = count_of(summary.get("example_count")), count_of(summary.get("failure_count"))
    cases.declare(
        tests=None if tests is None else tests + outside,
        bad=None if failed is None else failed + outside,
        skipped=count_of(summary.get("pending_count")),
    )
