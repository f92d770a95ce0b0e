"""The world that texts are put into has every kind of page, every block of every template and every field in it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from generator import pages as page_makers
from generator.pages import PAGES
from generator.plugins import PageLimits
from generator.render.html import PARTIALS, Templates
from generator.render.plain import SiteShell
from generator.render.plain import _templates as templates_of_shell
from generator.render.resources import templates_folder
from generator.views import FailureView, Outcomes
from tests.structure.changing import WORLD
from tests.structure.drawing import html_of, pages, report
from tests.structure.fields import text_fields, texts
from tests.structure.watching import lines_of, watching
from tests.structure.world import world, worlds_of_states

if TYPE_CHECKING:
    from types import FunctionType, ModuleType

    from tests.structure.watching import Lines

pytestmark = pytest.mark.xdist_group("every page type")  # all worlds are drawn once

TEMPLATES: Final = sorted(path.relative_to(templates_folder()).as_posix() for path in templates_folder().rglob("*.j2"))
MODULES: Final = sorted(found.name for found in pkgutil.iter_modules(page_makers.__path__))


@pytest.fixture(scope="module")
def ran() -> Lines:
    """The lines of page makers and templates that ran while all worlds were drawn."""
    templates_of_shell.cache_clear()
    with watching(str(templates_folder()), str(Path(page_makers.__file__).parent)) as found:
        templates = Templates(templates_folder())
        for units in (world(), *worlds_of_states().values()):
            for page in pages(report(units)):
                html_of(page, templates)
                html_of(replace(page, lean=not page.lean), templates)  # as a guest in another site, or as a document
        strip = Outcomes(cells=(), reading="no run is known")  # no report has one
        page, view = next((page, page.view) for page in WORLD.pages.values() if isinstance(page.view, FailureView))
        html_of(replace(page, view=replace(view, outcomes=strip)), templates)
        shell = SiteShell("Demo")
        shell.redirect("a/b/", "title")
        shell.tombstone("title", "summary", "version", "../")
        shell.not_found()
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_line_of_a_template_is_drawn(ran: Lines, name: str) -> None:
    path = templates_folder() / name
    env = Templates(templates_folder(), partials=(*PARTIALS, "plain"))._env
    template = env.get_template(name)
    written = lines_of(env.compile(path.read_text(encoding="utf-8"), name, str(path)))
    drawn = {template.get_corresponding_lineno(line) for line in ran[str(path)]}
    assert {template.get_corresponding_lineno(line) for line in written} - drawn == set()


@pytest.mark.parametrize("name", MODULES)
def test_every_page_maker_and_every_helper_of_one_takes_part(ran: Lines, name: str) -> None:
    module = importlib.import_module(f"generator.pages.{name}")
    assert [function.__name__ for function in functions(module) if not ran[str(module.__file__)] & body(function)] == []


def functions(module: ModuleType) -> list[FunctionType]:
    """Return the functions of a module that others may call."""
    found = [value for name, value in vars(module).items() if inspect.isfunction(value) and not name.startswith("_")]
    return [function for function in found if function.__module__ == module.__name__]


def body(function: FunctionType) -> set[int]:
    """Return the lines of a function behind its first one."""
    return set(lines_of(function.__code__)) - {function.__code__.co_firstlineno}


@pytest.mark.parametrize("maker", PAGES, ids=lambda maker: str(maker.__name__).rpartition(".")[2])
def test_every_kind_of_page_is_there(maker: ModuleType) -> None:
    made = maker.build(WORLD.report, PageLimits(failure_pages=50, list_rows=200))
    assert made
    assert {page.path for page in made} <= set(WORLD.pages)


def test_every_text_field_of_every_record_has_text() -> None:
    assert set(text_fields()) == {field for field, _ in texts(WORLD.units)}


def test_the_records_are_found_by_looking_at_them() -> None:
    found = {str(field) for field in text_fields()}
    assert {"TestResult.message", "RunKey.run_id", "Alert.message", "Shard.name", "StatementRow.facts"} <= found
    assert not {"Part.state", "Level", "Counts.tests", "TestResult.status"} & found
