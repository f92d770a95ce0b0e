"""Which files of a run are the evidence of one failure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.analysis.dossier import Dossier, TargetKey
    from generator.analysis.failing import Failing
    from generator.records import SourceFile

REPORTS: Final = 10
"""Most reports that are listed where it is not known which of them a result came from."""

_WORD: Final = re.compile(r"[^\W_]{4,40}")
"""A word of a name or path; shorter ones are shared by chance."""


def evidence(failing: Failing, found: Dossier, parent: TargetKey | None) -> tuple[SourceFile, ...]:
    """Return the files that show a failure: those of a target's folder; for a case its report, then its target's."""
    if failing.test.surface != "case":
        return _of_target(failing.place, found)
    own = _reports(failing, found)
    known = {source.path for source in own}
    more = _of_target(parent, found) if parent else ()
    return (*own, *(source for source in more if source.path not in known))


def _of_target(place: TargetKey, found: Dossier) -> tuple[SourceFile, ...]:
    """Return the files of a target's folder; without any, the part's summary and bundle."""
    unit, part, surface, name = place
    root = _root(found, unit, part)
    below = {"suite": f"{root}{name}/", "unit": f"{root}unit/{name}/", "lib": f"{root}lib/"}.get(surface)
    sources = found.sources.get(unit, ())
    if below and (own := tuple(source for source in sources if source.path.startswith(below))):
        return own
    wide = {f"{root}summary.json", f"{root}replay_bundle.json"}
    return tuple(source for source in sources if source.path in wide)


def _reports(failing: Failing, found: Dossier) -> tuple[SourceFile, ...]:
    """Return the reports of the case's part that count failures, at most 10: which one it stands in is not recorded.

    Where the folders and names of some have two or more words in common with the suite and class, only those with most.
    """
    folders = {part.folder for (unit, _), part in found.parts.items() if unit == failing.unit}
    known = found.parts.get((failing.unit, failing.part))
    of_part = [
        source
        for source in found.sources.get(failing.unit, ())
        if source.counts and (known is None or _holder(source.path, folders) == known.folder)
    ]
    own = [source for source in of_part if source.counts and source.counts.failed + source.counts.errors] or of_part
    words = _words(failing.test.suite) | _words(failing.test.classname)
    shared = [len(words & _words(source.path)) for source in own]
    most = max(shared, default=0)
    if most > 1:
        own = [source for source, number in zip(own, shared, strict=True) if number == most]
    return tuple(own[:REPORTS])


def _holder(path: str, folders: Iterable[str]) -> str:
    """Return the innermost of the folders that a file lies in."""
    above = [folder for folder in folders if folder == "." or path.startswith(f"{folder}/")]
    return max(above, key=lambda folder: 0 if folder == "." else len(folder), default="")


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _root(found: Dossier, unit: int, part: str) -> str:
    known = found.parts.get((unit, part))
    return "" if known is None or known.folder == "." else f"{known.folder}/"
