"""One `mkdocs build` for one version."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from markupsafe import escape

from generator.errors import OutputError, UsageError
from generator.render.resources import docs_folder, mkdocs_file, templates_folder
from generator.render.target import RenderResult, RenderTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig

    from generator.render.plugin import PagesConfig, PagesPlugin
    from generator.views import Page

NAME = "replaybook"


class _Complaints(logging.Handler):
    """Keeps what MkDocs says at level warning and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(" ".join(record.getMessage().split()))


def render(pages: Sequence[Page], target: RenderTarget) -> RenderResult:
    """Build the version; see `generator.render.render_version`."""
    with _surroundings(target), _listening() as complaints:
        from mkdocs.commands.build import build  # noqa: PLC0415  slow to import, and reads the environment
        from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

        from generator.render.plugin import PagesConfig, PagesPlugin  # noqa: PLC0415

        plugin = PagesPlugin[PagesConfig]()
        plugin.set_pages(pages, target.assets_out)
        config = _configuration(target, plugin, complaints)
        try:
            build(config)
        except (MkDocsException, OSError) as error:
            raise OutputError(
                f"MkDocs could not build the site: {_detail(complaints, error)}", "see the message"
            ) from error
    written = [path for path in target.out.rglob("*") if path.is_file()]
    _readable(written + [path for path in target.assets_out.rglob("*") if path.is_file()])
    return RenderResult(
        pages=len(pages),
        files=len(written),
        bytes=sum(path.stat().st_size for path in written),
        warnings=tuple(complaints.lines),
    )


def load() -> None:
    """Load what rendering needs and compile the templates, by rendering a version that is thrown away."""
    from generator.render.html import Templates  # noqa: PLC0415  as above

    with TemporaryDirectory(prefix="replaybook-") as name:
        folder = Path(name)
        target = RenderTarget(
            out=folder / "version",
            assets_out=folder / "assets",
            version="version",
            site_name="",
            site_url="",
            as_of=datetime.fromtimestamp(0, tz=UTC),
        )
        render((), target)
    Templates(templates_folder()).compile()


def _configuration(target: RenderTarget, plugin: PagesPlugin[PagesConfig], complaints: _Complaints) -> MkDocsConfig:
    """Return the configuration of the user's mkdocs.yml (or ours) with our plugin and our values in it."""
    from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    path = target.config_file or mkdocs_file()
    config = MkDocsConfig(config_file_path=str(path))
    try:
        with path.open("rb") as stream:
            config.load_file(stream)
        config.load_dict(_overrides(config, target))
        errors, _ = config.validate()
    except (MkDocsException, OSError) as error:
        raise UsageError(f"{path.name} cannot be used: {_detail(complaints, error)}", "correct the file") from error
    if errors:
        mistakes = "; ".join(f"`{key}`: {error}" for key, error in errors)
        raise UsageError(f"{path.name}: {mistakes}", "correct the file")
    plugin.load_config({}, config_file_path=str(path))
    config.plugins[NAME] = plugin
    config.site_name = escape(target.site_name)  # Material writes it raw
    return config


def _overrides(config: MkDocsConfig, target: RenderTarget) -> dict[str, object]:
    listed = config.get("plugins") or []
    items = listed.items() if isinstance(listed, dict) else [_named(item) for item in listed]
    values: dict[str, object] = {
        "site_name": target.site_name,
        "site_dir": str(target.out),
        "site_url": f"{target.site_url.rstrip('/')}/{target.version}/" if target.site_url else None,
        "plugins": [{name: options} for name, options in items if name != NAME],
    }
    if target.config_file is None:
        values["docs_dir"] = str(docs_folder())
    return values


def _named(item: object) -> tuple[str, object]:
    if isinstance(item, dict) and len(item) == 1:
        name, options = next(iter(item.items()))
        return str(name), options or {}
    return str(item), {}


@contextmanager
def _surroundings(target: RenderTarget) -> Iterator[None]:
    """Fix the time that MkDocs writes, and silence the theme's notice about its future, as long as the build runs."""
    values = {"SOURCE_DATE_EPOCH": str(int(target.as_of.timestamp())), "NO_MKDOCS_2_WARNING": "1"}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _listening() -> Iterator[_Complaints]:
    """Collect what MkDocs logs instead of printing it."""
    logger = logging.getLogger("mkdocs")
    complaints = _Complaints()
    propagate = logger.propagate
    logger.addHandler(complaints)
    logger.propagate = False
    try:
        yield complaints
    finally:
        logger.removeHandler(complaints)
        logger.propagate = propagate


def _detail(complaints: _Complaints, error: BaseException) -> str:
    text = " ".join(str(error).split())
    return "; ".join([*complaints.lines[-3:], *([text] if text else [])])


def _readable(paths: list[Path]) -> None:
    """Give every file the mode 0644, whatever the umask was: it will be served."""
    for path in paths:
        if path.stat().st_mode & 0o777 != 0o644:
            path.chmod(0o644)
