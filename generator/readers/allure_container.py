"""Allure containers: `<uuid>-container.json`, the fixtures around results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._allure import status_of, words
from generator.readers._allure_texts import details_of
from generator.records import Problem, Severity
from generator.safety.text import clean_meta, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.artifact import Artifact

NAME: Final = "allure_container"
TITLE: Final = "Allure container"
SIGNS: Final = "`uuid` and `children` with `befores` or `afters`; less in a file named `*-container.json`"

_NAME_LIKE: Final = re.compile(r"[0-9a-fA-F-]{32,36}-container\.json")
_FIXTURES: Final = (("befores", "before"), ("afters", "after"))
_SHOWN: Final = 5
"""Fixtures that a problem names."""


def recognises(artifact: Artifact) -> str:
    """Return the fields of a container as sign; the name alone for a file that is no JSON."""
    container = artifact.peek_object()
    if container:
        if not isinstance(container.get("children"), list) or "uid" in container:
            return ""
        fixtures = any(isinstance(container.get(field), list) for field, _ in _FIXTURES)
        if isinstance(container.get("uuid"), str) and (fixtures or artifact.name.endswith("-container.json")):
            return "`uuid` and `children` of an Allure container"
        return ""
    if _NAME_LIKE.fullmatch(artifact.name) and artifact.peek_json() is None:
        return "named like an Allure container"
    return ""


def read(artifact: Artifact) -> Reading:
    """Return a warning when fixtures failed, and no results; raises UnreadableError."""
    container = artifact.json()
    if not isinstance(container, dict):
        raise UnreadableError("holds no object, so no Allure container", "check the step that writes it")
    bad = list(_bad(container))
    if not bad:
        return Reading()
    more = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    message = f"{'a fixture' if len(bad) == 1 else f'{len(bad)} fixtures'} failed: {'; '.join(bad[:_SHOWN])}{more}"
    hint = "look at the set-up of the tests around it; their own results say whether they ran"
    return Reading(
        problems=(Problem(path=artifact.path, reader=NAME, severity=Severity.WARNING, message=message, hint=hint),)
    )


def _bad(container: Mapping[str, object]) -> Iterator[str]:
    """Yield what each fixture says that failed or broke, with its place and name."""
    for field, word in _FIXTURES:
        fixtures = container.get(field)
        for fixture in fixtures if isinstance(fixtures, list) else ():
            status = status_of(fixture.get("status")) if isinstance(fixture, dict) else None
            if isinstance(fixture, dict) and status is not None and status.bad:
                name = one_line(clean_name(words(fixture.get("name")))) or "(unnamed)"
                said = one_line(clean_meta(words(details_of(fixture).get("message"))))
                yield f"{word} `{name}`" + (f" ({said})" if said else "")
