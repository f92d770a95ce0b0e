"""Suite, class and name of CTRF tests: the same in every run, and one for each test of the report."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from generator.readers._cases import UNNAMED
from generator.readers._loose import object_of, text_of
from generator.readers._pytest_ids import SUITE, identity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

from generator.readers._loose import Object
from generator.safety.limits import TEXT_TRACE
from generator.safety.text import clean

Identity = tuple[str, str, str]
"""Suite, class and name."""

_BETWEEN: Final = " > "
"""Between the parts of a suite: reporters that wrote a text before they wrote a list wrote this."""
_VALUE_SHOWN: Final = 80


def identities(tests: Sequence[Object], tool: str) -> list[Identity]:
    """Return the identity of each test.

    Tests of one suite and name that stand in different files get the file as class; those with different parameters,
    browsers or devices get these in brackets. What is left of one identity is numbered, because attempts stand within
    their test. The node ids of pytest are taken apart as its other reports do.
    """
    is_pytest = tool.lower() == "pytest"
    found = [_identity(test, is_pytest=is_pytest) for test in tests]
    if len(set(found)) == len(found):
        return found
    groups: dict[Identity, list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        groups[each].append(place)
    for (suite, classname, name), places in groups.items():
        if len(places) > 1:
            files = _tails({text_of(tests[place].get("filePath")) for place in places})
            variants = {place: _variant(tests[place]) for place in places}
            differ = len(set(variants.values())) > 1
            for place in places:
                home = files[text_of(tests[place].get("filePath"))] or classname
                found[place] = (suite, home, f"{name} [{variants[place]}]" if differ and variants[place] else name)
    return _numbered(found)


def _numbered(found: Sequence[Identity]) -> list[Identity]:
    """Return identities of which the second of a kind is `name #2`."""
    taken, numbers = set(found), Counter[Identity]()
    distinct: list[Identity] = []
    for each in found:
        numbers[each] += 1
        one = each
        while numbers[each] > 1 and one in taken:
            one = (*each[:2], f"{each[2]} #{numbers[each]}")
            numbers[each] += one in taken
        taken.add(one)
        distinct.append(one)
    return distinct


def _identity(test: Object, *, is_pytest: bool) -> Identity:
    name, suite = test.get("name"), test.get("suite")
    if not isinstance(name, str) or not name.strip():
        name = UNNAMED
    if is_pytest and "::" in name:
        return (SUITE, *identity(name))
    if isinstance(suite, list):
        suite = _BETWEEN.join([part for part in suite if isinstance(part, str) and part])
    return (suite if isinstance(suite, str) else "", "", name)


def _tails(files: Collection[str]) -> dict[str, str]:
    """Return what tells files apart: their paths without the folders that all have; nothing when there is only one."""
    if len(files) < 2:
        return dict.fromkeys(files, "")
    parts = {file: re.split(r"[\\/]", file) for file in files}
    common = 0
    for level in zip(*parts.values(), strict=False):
        if len(set(level)) > 1:
            break
        common += 1
    return {file: "/".join(split[common:]) for file, split in parts.items()}


def _variant(test: Object) -> str:
    """Return parameters, browser and device of a test in one line, `count=1, currency=EUR, firefox`."""
    parameters = object_of(test.get("parameters"))
    texts = [f"{key}={_shown(value)}" for key, value in sorted(parameters.items())]
    texts += [text for name in ("browser", "device") if (text := text_of(test.get(name)))]
    return ", ".join(texts)


def _shown(value: object) -> str:
    text = clean(str(value), TEXT_TRACE)  # before it is cut, so that no half of a secret stays
    return text if len(text) <= _VALUE_SHOWN else f"{text[:_VALUE_SHOWN]}…"
