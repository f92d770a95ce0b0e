"""The command line with one of its defences off: `sabotaged.py DEFENCE build …`. The corpus must notice each."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2.filters

from generator.safety import commands, files, redact, text

if TYPE_CHECKING:
    from collections.abc import Callable


def _same(value: Any, *_: Any, **__: Any) -> Any:
    return value


def escape() -> None:
    """Let text into the pages as it is."""
    from generator.render import html  # noqa: PLC0415  each defence is looked up only when it is switched off

    _put(html, _short=html._NOTHING.__class__, _escaped=html._NOTHING.__class__)


def titles_of_text() -> None:
    """Give every page the title of a test instead of an id: the override of the theme's title must hold alone."""
    from generator import pages  # noqa: PLC0415

    build_all = pages.build_all

    def build(*words: Any, **more: Any) -> tuple[Any, ...]:
        made = build_all(*words, **more)
        texts = [page.search_title for page in made if page.lean]
        return tuple(replace(page, title=texts[0]) for page in made) if texts else made

    _put(pages, build_all=build)


def title_override() -> None:
    """Give pages such titles and let the theme write them as it would without our override."""
    titles_of_text()
    jinja2.filters.FILTERS["e"] = jinja2.filters.FILTERS["escape"] = _same


def redactor() -> None:
    """Keep secrets."""
    _put(redact, redact=_same)
    _put(text, redact=_same)


def neutralising() -> None:
    """Keep control and invisible characters."""
    _put(text, neutralise=_same)


def command_grammar() -> None:
    """Offer whatever an artifact calls a command."""

    def vet(said: str, *_: object) -> commands.Vetted:
        return commands.Vetted(said, tuple(said.split()), copyable=True, reason="")

    _put(commands, vet_command=vet)


def regular_files() -> None:
    """Take links for the files that they lead to."""
    from generator.readers import discover  # noqa: PLC0415

    kinds = {name: getattr(stat, name) for name in dir(stat)}
    kinds["S_ISREG"] = lambda mode: stat.S_ISREG(mode) or stat.S_ISLNK(mode)
    _put(discover, stat=SimpleNamespace(**kinds))
    _put(files, stat=SimpleNamespace(**kinds), _FLAGS=os.O_RDONLY)


def policy() -> None:
    """Leave the content security policy out."""
    from generator.render import csp  # noqa: PLC0415

    _put(csp, META="")


def _put(module: Any, **new: Any) -> None:
    for name, value in new.items():
        assert hasattr(module, name), f"{module.__name__} has no {name} any more"
        setattr(module, name, value)


DEFENCES: dict[str, Callable[[], None]] = {
    switch.__name__: switch
    for switch in (
        *(escape, titles_of_text, title_override, redactor, neutralising, command_grammar, regular_files),
        policy,
    )
}

if __name__ == "__main__":
    DEFENCES[sys.argv[1]]()
    from generator import cli

    cli.main(sys.argv[2:])
