"""Settings: every default in one place, parsed once, all mistakes named at once."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from generator.config.analysis import AnalysisSettings
from generator.config.section import Section
from generator.errors import UnreadableError, UsageError
from generator.records import Level
from generator.safety.limits import DEFAULT, FAILURE_PAGES, LIST_ROWS, TOML_BYTES, YAML_BYTES, ReadLimits
from generator.safety.redact import Redactor, own_rule
from generator.safety.strict_json import parse_toml
from generator.safety.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "replaybook.yml"

__all__ = [
    "FILE_NAME",
    "AnalysisSettings",
    "GateSettings",
    "LimitSettings",
    "ProjectSettings",
    "RedactionSettings",
    "ReplaySettings",
    "ReplayTemplate",
    "Settings",
    "SiteSettings",
    "load",
]


class ProjectSettings(Section):
    """Whose runs these are, where the artifacts do not say it."""

    name: str = "Replaybook"
    repository: str = "local"
    workflow: str = "ci"
    default_branch: str = "main"
    forge_url: str = ""
    """`https://github.com/owner/repo`: commits, compare and source links are made from it; empty = no links."""


class SiteSettings(Section):
    """What the site shows and when it is old."""

    url: str = ""
    """Where the site will stand; empty = links stay relative."""
    stale_after_hours: int = Field(default=36, ge=0)
    failure_pages: int = Field(default=500, ge=1, le=FAILURE_PAGES)
    outcomes: int = Field(default=50, ge=1, le=500)
    list_rows: int = Field(default=LIST_ROWS, ge=10, le=5000)


class GateSettings(Section):
    """The built-in policy (our own rules beside the recorded gates)."""

    min_pass_rate: float = Field(default=0.95, gt=0, le=1)
    max_new_failures: int = Field(default=0, ge=0)
    max_evidence_age_days: int = Field(default=7, ge=0)
    recorded_gates_block: bool = True


class ReplayTemplate(Section):
    """How to replay a test of a report that carries no command."""

    suite: str = "*"
    """Shell-style pattern of the suites it is for."""
    level: Level = Level.TEST
    argv: tuple[str, ...] = Field(min_length=1)
    """Words of the command; `{suite}`, `{classname}`, `{name}` and `{file}` are filled in, each within its word."""


class ReplaySettings(Section):
    """Replay commands beside those that the artifacts offer."""

    templates: tuple[ReplayTemplate, ...] = ()


def _bytes(value: object) -> object:
    """Return the number of bytes that `16MiB`, `600MB` or `4 kB` says; anything else stays as it is."""
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) * _UNITS[found[2].lower()] if found else value


_SIZE = re.compile(r"([0-9]{1,9})\s*([KMG]i?B|B)", re.ASCII | re.IGNORECASE)
_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
Size = Annotated[int, BeforeValidator(_bytes), Field(ge=1)]
Number = Annotated[int, Field(ge=1)]


class LimitSettings(Section):
    """Most that is read of the artifacts; sizes in bytes or as `16MiB`. What lies beyond is a problem, never a kill."""

    json_bytes: Size = DEFAULT.json_bytes
    jsonl_bytes: Size = DEFAULT.jsonl_bytes
    jsonl_line: Size = DEFAULT.jsonl_line
    jsonl_rows: Number = DEFAULT.jsonl_rows
    xml_bytes: Size = DEFAULT.xml_bytes
    toml_bytes: Size = DEFAULT.toml_bytes
    text_bytes: Size = DEFAULT.text_bytes
    log_head: Size = DEFAULT.log_head
    log_tail: Size = DEFAULT.log_tail
    depth: int = Field(default=DEFAULT.depth, ge=8, le=200)
    """Nesting of JSON, JSON lines, TOML and XML."""
    tree_files: Number = DEFAULT.tree_files
    tree_files_per_run: Number = DEFAULT.tree_files_per_run
    tree_depth: int = Field(default=DEFAULT.tree_depth, ge=1, le=64)
    tests_per_run: Number = DEFAULT.tests_per_run
    text_per_run: Size = DEFAULT.text_per_run
    """Characters of messages and traces, as a size."""
    archive_members: Number = DEFAULT.archive_members
    archive_bytes: Size = DEFAULT.archive_bytes
    archive_member_bytes: Size = DEFAULT.archive_member_bytes
    archive_ratio: Number = DEFAULT.archive_ratio

    def for_reading(self) -> ReadLimits:
        """Return them as the readers take them."""
        return ReadLimits(**self.model_dump())


class SecretRule(Section):
    """A kind of secret that only this project knows."""

    kind: str
    """What the mask says: small letters, digits and dashes."""
    pattern: str
    """A regular expression in RE2's syntax; its group `secret`, if it has one, is what is masked."""

    @model_validator(mode="after")
    def _can_be_used(self) -> SecretRule:
        own_rule(self.kind, self.pattern)
        return self


class RedactionSettings(Section):
    """What is masked beside the built-in table and the secret-looking variables of the job that builds."""

    rules: tuple[SecretRule, ...] = ()
    environment: tuple[str, ...] = ()
    """Names of more variables whose values are masked."""

    def redactor(self, environment: Mapping[str, str]) -> Redactor:
        """Return what masks in a process with this environment."""
        rules = [own_rule(found.kind, found.pattern) for found in self.rules]
        return Redactor.of(environment, rules, self.environment)


class Settings(Section):
    """All settings of `replaybook.yml`."""

    project: ProjectSettings = ProjectSettings()
    site: SiteSettings = SiteSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    gates: GateSettings = GateSettings()
    replay: ReplaySettings = ReplaySettings()
    limits: LimitSettings = LimitSettings()
    redaction: RedactionSettings = RedactionSettings()


def load(path: Path | None, folder: Path) -> Settings:
    """Return the settings of `path`, else of `replaybook.yml` or `[tool.replaybook]` in `folder`, else the defaults.

    Raises UsageError that names the file and every mistake in it.
    """
    found = [path] if path else _candidates(folder)
    if len(found) > 1:
        names = " and ".join(item.name for item in found)
        raise UsageError(f"settings stand in two places: {names}", "keep one of them, or name one with --config")
    if not found:
        return Settings()
    data = _read(found[0])
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        mistakes = "; ".join(_explain(item) for item in error.errors())
        raise UsageError(f"{found[0].name}: {mistakes}", "see the settings page of the documentation") from error


def _candidates(folder: Path) -> list[Path]:
    found = [folder / FILE_NAME] if (folder / FILE_NAME).is_file() else []
    project = folder / "pyproject.toml"
    if project.is_file() and "[tool.replaybook]" in project.read_text(encoding="utf-8", errors="replace"):
        found.append(project)
    return found


def _read(path: Path) -> Any:
    """Return what a settings file says; UsageError for one that is too large, no UTF-8, or not in its language."""
    is_toml = path.suffix == ".toml"
    limit = TOML_BYTES if is_toml else YAML_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "check --config") from error
    if len(data) > limit:
        raise UsageError(f"{path.name} is larger than {limit} bytes", "settings are short: check --config")
    try:
        text = data.decode("utf-8-sig")
        document = parse_toml(text) if is_toml else parse_yaml(text)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    except (UnreadableError, ValueError, RecursionError) as error:
        detail = error.message if isinstance(error, UnreadableError) else " ".join(str(error).split())
        raise UsageError(f"{path.name} cannot be parsed: {detail}", "correct the line named") from error
    for name in ("tool", "replaybook") if is_toml else ():
        document = document.get(name, {}) if isinstance(document, dict) else document
    return {} if document is None else document


def _explain(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    if error["type"] != "extra_forbidden":
        return f"`{where}`: {error['msg']}"
    near = difflib.get_close_matches(str(error["loc"][-1]), _known_keys(), n=1)
    return f"`{where}` is not a setting" + (f", did you mean `{near[0]}`?" if near else "")


def _known_keys() -> list[str]:
    sections = [field.annotation for field in Settings.model_fields.values()]
    inner = [
        key for kind in sections if isinstance(kind, type) and issubclass(kind, BaseModel) for key in kind.model_fields
    ]
    return [*Settings.model_fields, *inner]
