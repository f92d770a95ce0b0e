"""The MkDocs plugin `replaybook` for somebody's own `mkdocs.yml`: puts the newest run's pages into that site."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config import config_options
from mkdocs.exceptions import PluginError

from generator.errors import ReplaybookError
from generator.render.plugin import PagesConfig, PagesPlugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdocs.config.defaults import MkDocsConfig

    from generator.views import Page


class ReplaybookConfig(PagesConfig):  # type: ignore[no-untyped-call]  # MkDocs has no types there
    """Options of the plugin; paths are relative to the `mkdocs.yml` that lists it."""

    artifacts = config_options.ListOfItems(config_options.Type(str), default=[])
    history = config_options.Type(str, default=".replaybook/history")
    settings = config_options.Optional(config_options.Type(str))


class ReplaybookPlugin(PagesPlugin[ReplaybookConfig]):  # type: ignore[no-untyped-call]  # the same
    """Reads the artifacts named in its options, adds them to the history, and supplies the pages of the newest run."""

    def provide_pages(self, config: MkDocsConfig) -> Sequence[Page]:
        """Return the pages; a ReplaybookError becomes a message of MkDocs, without a traceback."""
        from generator import config as settings_file  # noqa: PLC0415  pandas and friends only when pages are made
        from generator import pipeline  # noqa: PLC0415
        from generator.readers import RunDefaults  # noqa: PLC0415
        from generator.safety.redact import redacting_with  # noqa: PLC0415

        root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        named = self.config.settings
        try:
            settings = settings_file.load(root / named if named else None, root)
            defaults = RunDefaults(
                repository=settings.project.repository,
                workflow=settings.project.workflow,
                now=datetime.now(tz=UTC).replace(microsecond=0),
                limits=settings.limits.for_reading(),
            )
            paths = [root / path for path in self.config.artifacts]
            with redacting_with(settings.redaction.redactor(os.environ)):
                return pipeline.pages_of(paths, root / self.config.history, settings, defaults)
        except ReplaybookError as error:
            raise PluginError(f"replaybook: {error}") from error
