"""Settings made by a grammar or mutated: all of them valid, or a UsageError; and TOML from outside, read strictly."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import yaml

from generator.config import FILE_NAME, Settings, load
from generator.errors import UsageError
from generator.safety.limits import DEFAULT, NUMBER_CHARS, YAML_BYTES
from generator.safety.strict_json import parse_toml
from tests.fuzz.mutations import mutated
from tests.fuzz.reports import tried
from tests.fuzz.run import Target

if TYPE_CHECKING:
    from random import Random

_PROJECT: Final = "pyproject.toml"
_SCRATCH: Final = TemporaryDirectory(prefix="fuzz-settings-")  # one for all cases: it is removed when Python ends

_SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "project": ("name", "repository", "workflow", "default_branch", "forge_url"),
    "site": ("url", "stale_after_hours", "failure_pages", "outcomes", "list_rows"),
    "analysis": ("trend_days", "history_runs", "shard_window_minutes"),
    "gates": ("min_pass_rate", "max_new_failures", "max_evidence_age_days", "recorded_gates_block"),
    "limits": ("json_bytes", "depth", "tree_files", "archive_ratio", "log_head"),
    "replay": ("templates",),
}
_ODD_KEYS: Final = (
    *("<<", "1", "true", "null", "~", "2026-01-01", "1.5", "''", "[a]", "{a: b}", "? [a, b]\n:", "? {a: 1}\n:"),
    *("!!str x", '"\\x73ite"', "__proto__", "=", "-", "? a", "&k url", "*k", "name ", "!x url", ".nan"),
)
_YAML: Final = (
    *("a", "no", "yes", "~", "", "1", "0", "-1", "0.9", "36", "8", "200", "16MiB", "4 kB", ".nan", ".inf", "-.inf"),
    *("1e999", "0x_", "0b_", "0o7", "08", "1_000", "1:60", "1:99:99", "1:2.3", "9" * 5000, "0x" + "f" * 5000, "_1"),
    *("+", "-0", ".", "2026-01-01", "2026-13-45", "2026-02-30", "0000-00-00", "2026-01-01T25:61:61Z"),
    *("2026-01-01 00:00:00 +99:99", "'a'", "'", '"a"', '"\\x"', '"\\uD800"', '"\\U00110000"', '"\\0"', "|", ">\n  a"),
    *("|99", "|+\n\n", "[", "]", "{", "}", "[a, b]", "{a: b}", "[[[[", "{a: {b: {c: d}}}", "- a\n- b", "&x a", "*x"),
    *("&x [*x]", "!x a", "!!python/name:os.system", "!!int a", "!!int ''", "!!float x", "!!timestamp x"),
    *("!!binary '%'", "!!binary YQ==", "!!bool maybe", "!!null x", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a]"),
    *("!!str 1", "!!map {}", "!!seq []", "!<tag:x> a", "!", "!! a", "%", "@", "`", "# c", "a: b", "a: b: c", "\t"),
    *("\ta", "\u00a0", "\u2028", "\x00", "\x7f", "\ufeff", "\U0001f600", "--- a", "...", "--- !x", "<<"),
    *("{<<: {url: a}}", "{<<: 1}", "{<<: [1]}", "{=: 1}", "=", "? a", "[{argv: [pytest]}]", "[{argv: []}]", "[{}]"),
    *("[1]", "{? [a]: b}", "{[a]: b}", "{{}: b}", "{a: 1, a: 2}", '{a: 1, "a": 2}', "{1: a, '1': b}"),
    *("{true: a, yes: b}", "&a &b c"),
)
_TOML: Final = (
    *('"a"', "'a'", '"', '"""a\nb"""', "1", "-1", "0.9", "+0", "1_000", "nan", "-inf", "1e999", "0x_", "0xff", "0o8"),
    *("true", "9" * 401, "9" * 5000, "2026-01-01", "2026-13-45", "07:32:61", "2026-01-01T00:00:00+25:00"),
    *("1979-05-27 07:32:00Z", "", "[1, 'a']", "[[[[[", "{a = 1}", "{a = 1, a = 2}", "{a.b = 1, a.c = 2}", "{", "["),
    *('"\\uD800"', '"\\x"', "'\x00'", "no", "[{argv = ['pytest']}]", "[" * 70 + "]" * 70, "[" * 9000 + "]" * 9000),
    *("a.b", "1.", "16MiB", "'16MiB'", "9223372036854775808"),
)
_TOML_HEADS: Final = (
    *("[tool.replaybook.{s}]", "[tool.replaybook]\n{s} = 3", "[[tool.replaybook.{s}]]", "[tool]\nreplaybook = 3"),
    *("tool = 3", "tool.replaybook.{s}.a = 1", "[tool.replaybook]", "[tool.'replaybook']", "[[tool.replaybook]]"),
    *("[tool]\nreplaybook = []", "tool = 'x' # [tool.replaybook]", "[tool.replaybook.{s}", '[tool."repl\\u0061ybook"]'),
    *("tool = [] # [tool.replaybook]",),
)
_WHOLE: Final = (
    *("- 1", "1", "a", "[]", "''", "~", "false", "", "---", "{}\n---\n{}", "%YAML 9.9\n---\n{}"),
    *("%TAG ! x\n---\n!a {}",),
)


def make(random: Random) -> bytes:
    """Return the name of a file, a line end and its content."""
    name = random.choice((FILE_NAME, FILE_NAME, _PROJECT, "other.toml"))
    text = _yaml(random) if name == FILE_NAME else _toml(random)
    encoding = random.choice((*("utf-8",) * 12, "utf-16", "latin-1", "utf-8-sig"))
    data = text.encode(encoding, "replace")
    return name.encode() + b"\n" + (mutated(data, random) if random.random() < 0.3 else data)


def check(data: bytes) -> None:
    """Write the file, load it in both ways, and compare with what its parser says."""
    place, line_end, content = data.partition(b"\n")
    name = place.decode("utf-8", "replace")
    if not line_end or name not in {FILE_NAME, _PROJECT, "other.toml"}:
        return
    folder = Path(_SCRATCH.name)
    path = folder / name
    path.write_bytes(content)
    try:
        settings, refused = _loaded(path, folder)
        _same_by_search(path, folder, settings)
    finally:
        path.unlink()
    reason = (_yaml_reason if name == FILE_NAME else _toml_reason)(content)
    assert not reason or refused, f"accepted in spite of: {reason}"
    if settings is not None:
        assert settings.limits.for_reading().depth >= 8
        assert Settings.model_validate(settings.model_dump()) == settings
    if name != FILE_NAME:
        _toml_holds(content.decode("utf-8", "replace"))


def _loaded(path: Path, folder: Path) -> tuple[Settings | None, str]:
    try:
        return load(path, folder), ""
    except UsageError as error:
        message, hint = error.message, error.hint
    assert hint, "a refusal without next step"
    assert path.name in message, f"a refusal that does not name the file: {message}"
    return None, message


def _same_by_search(path: Path, folder: Path, settings: Settings | None) -> None:
    if path.name == "other.toml":
        return
    try:
        found = load(None, folder)
    except UsageError:
        assert settings is None, "refused only when it is searched for"
        return
    assert found in (settings, Settings())


def _yaml_reason(content: bytes) -> str:
    """Return what in a YAML text must be refused, as its events show it."""
    if len(content) > YAML_BYTES:
        return "size"
    depth = documents = 0
    try:
        for event in yaml.parse(content.decode("utf-8-sig"), Loader=yaml.SafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                return "an anchor or alias"
            if getattr(event, "tag", None):
                return "a tag"
            if depth > DEFAULT.depth or documents > 1:
                return "depth, or a second document"
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: an escape that is no character
        return f"not YAML: {error}"
    return ""


def _toml_reason(content: bytes) -> str:
    try:
        table: Any = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"not TOML: {error}"
    tool = table.get("tool", {})
    ours = tool.get("replaybook", {}) if isinstance(tool, dict) else None
    return "" if isinstance(ours, dict) else "no table"


def _toml_holds(text: str) -> None:
    """Demand of TOML from outside what `parse_toml` says: the same as tomllib, bounded, or refused."""
    table, _ = tried(lambda: parse_toml(text))
    if table is None:
        return
    assert table == tomllib.loads(text.removeprefix("\ufeff")) or "nan" in text
    assert _depth(table) <= DEFAULT.depth
    assert all(len(str(number)) <= NUMBER_CHARS + 1 for number in _integers(table))


def _depth(value: object) -> int:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if items is None else 1 + max(map(_depth, items), default=0)


def _integers(value: object) -> list[int]:
    if isinstance(value, dict | list):
        return [number for item in (value.values() if isinstance(value, dict) else value) for number in _integers(item)]
    return [value] if isinstance(value, int) else []


def _yaml(random: Random) -> str:
    if random.random() < 0.05:
        return random.choice((*_WHOLE, "[" * 3000, "{a: " * 70 + "1" + "}" * 70, "a: 1\n" * 3, "#" * 300_000))
    parts: list[str] = []
    for section in random.choices(sorted(_SECTIONS), k=random.randrange(1, 4)):
        name = random.choice(_ODD_KEYS) if random.random() < 0.05 else section
        rows = [f"  {_key(section, random)}: {random.choice(_YAML)}" for _ in range(random.randrange(4))]
        parts.append(f"{name}: {random.choice(_YAML)}" if random.random() < 0.1 else "\n".join((f"{name}:", *rows)))
    return (
        random.choice(("", "", "", "---\n", "\ufeff", "%YAML 1.1\n---\n"))
        + "\n".join(parts)
        + random.choice(("", "\n"))
    )


def _toml(random: Random) -> str:
    parts: list[str] = []
    for section in random.choices(sorted(_SECTIONS), k=random.randrange(1, 4)):
        head = random.choice(_TOML_HEADS) if random.random() < 0.3 else _TOML_HEADS[0]
        rows = [f"{_toml_key(section, random)} = {random.choice(_TOML)}" for _ in range(random.randrange(4))]
        parts.append("\n".join((head.replace("{s}", section), *rows)))
    return "\n".join(parts)


def _key(section: str, random: Random) -> str:
    return random.choice(_ODD_KEYS) if random.random() < 0.15 else random.choice(_SECTIONS[section])


def _toml_key(section: str, random: Random) -> str:
    odd = ("'a b'", "a.b", '"\\u0061"', "", "=", "1", '""')
    return random.choice(odd) if random.random() < 0.1 else random.choice(_SECTIONS[section])


TARGET: Final = Target(
    name="settings",
    promise="settings are valid as a whole or refused with a UsageError; no anchor, alias, tag or second document",
    make=make,
    check=check,
)
