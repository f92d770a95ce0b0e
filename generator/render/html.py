"""Text becomes HTML here and nowhere else: the escape, and the environment of our own templates."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape  # noqa: TID251  the one module that may mark text as HTML

from generator.render.compiled import OURS
from generator.render.csp import META
from generator.render.hrefs import Place
from generator.render.shapes import outcome_cells, row_pairs, sparkline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from generator.views import Chart

_BEYOND = tuple((char, f"&#{ord(char)};") for char in "`={}[]@:/\\$")
"""Written as entities too: nothing that reads our HTML again may take text for a template, a link or a snippet."""

PARTIALS = (
    "moment",
    "copy",
    "badge",
    "banner",
    "head",
    "count",
    "fact",
    "command",
    "outcomes",
    "table",
    "chart",
    "event",
    "excerpt",
    "links",
    "section",
    "script",
)
"""Macros of every template, each after those it uses."""

_SHORT = 80
_NOTHING = Markup()
_JSON = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"))


def esc(text: str) -> Markup:
    """Return text as HTML that shows exactly this text, in an element or in a quoted attribute."""
    if isinstance(text, Markup):
        return text
    return _short(text) if len(text) <= _SHORT else _escaped(text)


def title_for_theme(text: str) -> str:
    """Return a title as Material's templates need it, which write it raw (the type keeps `| e` from escaping twice)."""
    return escape(text)


def address(text: str) -> str:
    """Return an address of ours for an attribute, escaped as HTML demands and no further: it holds no foreign text."""
    return escape(text)


def json_for_script(value: object) -> Markup:
    """Return JSON that may stand in a script element of type application/json; raises ValueError for NaN."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    for char, code in _JSON:
        text = text.replace(char, code)
    return Markup(text)  # noqa: S704  JSON of ours, with every character that could end the element escaped


@lru_cache(maxsize=8192)
def _short(text: str) -> Markup:
    return _escaped(text)


def _escaped(text: str) -> Markup:
    if text.isalnum():
        return Markup(text)  # noqa: S704  letters and digits only
    done = str(escape(text))
    for char, entity in _BEYOND:
        if char in done:
            done = done.replace(char, entity)
    return Markup(done)  # noqa: S704  the escape itself


def _written(value: object) -> str:
    """Escape every value that a template writes; StrictUndefined raises when it is turned into text."""
    return esc(value if isinstance(value, str) else str(value))


class _Generator(CodeGenerator):
    """Writes every value through `_written` alone.

    Jinja would pass the result through markupsafe once more, which changes nothing and takes a quarter of the time.
    """

    def _output_child_pre(self, *_: object) -> None:
        self.write("environment.finalize(")

    def _output_child_post(self, *_: object) -> None:
        self.write(")")


class _Environment(Environment):
    code_generator_class = _Generator


class Templates:
    """Our template environment, and the place of the page that is being filled (its links depend on it)."""

    def __init__(self, folder: Path, partials: Sequence[str] = PARTIALS) -> None:
        self.figures: dict[str, bytes] = {}
        """Figures that stand in files of their own, by path within the version."""
        self._place = Place(up="", site=None)
        self._env = _Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_written,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=OURS,
        )
        policy = Markup(META)  # noqa: S704  fixed text of ours
        self._env.globals |= {"policy": policy}
        self._env.globals |= {"figure": self._figure, "figure_file": self._figure_file}
        self._env.filters |= {"link": self._link, "attributes": self._attributes}
        self._env.filters |= {"outcome_cells": outcome_cells, "row_pairs": row_pairs, "sparkline": sparkline}
        for name in partials:
            self._env.globals |= vars(self._env.get_template(f"partials/{name}.html.j2").module)

    def compile(self) -> None:
        """Compile all templates ahead of their first use; the compiled ones are kept for the process."""
        for name in self._env.list_templates(filter_func=lambda name: name.startswith(("pages/", "shell/lean"))):
            self._env.get_template(name)

    def fill(self, name: str, place: Place, values: Mapping[str, object]) -> str:
        """Return the HTML of the template `name` for a page at `place`."""
        self._place = place
        return self._env.get_template(name).render(values)

    @pass_context  # without it Jinja would work out constant links once, for whatever page comes first
    def _attributes(self, _: Context, target: str) -> Markup:
        """Return the attributes of a link, empty when `target` must not be one."""
        if not target:
            return _NOTHING
        address = self._place.href(target)
        if not address:
            return _NOTHING
        away = ' rel="noopener noreferrer nofollow ugc"' if address.startswith("https://") else ""
        return Markup(f' href="{escape(address)}"{away}')  # noqa: S704  escaped here

    @pass_context
    def _link(self, context: Context, text: str, target: str, hint: str = "") -> Markup:
        """Return a text that leads to `target`, or the text alone when that must not be a link."""
        attributes = self._attributes(context, target)
        if not attributes:
            return esc(text)
        title = f' title="{esc(hint)}"' if hint else ""
        return Markup(f"<a{attributes}{title}>{esc(text)}</a>")  # noqa: S704  every part is escaped

    @staticmethod
    def _figure(chart: Chart) -> Markup:
        from generator.render.charts import figure  # noqa: PLC0415  most pages have no chart

        return json_for_script(figure(chart))

    def _figure_file(self, chart: Chart) -> str:
        """Keep the figure for a file of its own, named by its content, and return that file's address."""
        data = str(self._figure(chart)).encode()
        name = f"figures/{hashlib.sha256(data).hexdigest()[:16]}.json"
        self.figures[name] = data
        return self._place.up + name
