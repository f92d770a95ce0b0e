"""The rules of one SARIF run: how a result names its rule, and what the rule says about level and message."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from generator.readers._sarif_values import index, mapping, number, objects, text
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEVELS: Final = ("error", "warning", "note", "none")
"""Levels of alerts, worst first."""

_KINDS_AS_LEVELS: Final = frozenset({"pass", "open", "notApplicable"})
"""Words of SARIF 2.0.0 that stood where the level stands; since 2.1.0 they are kinds."""

_KINDS: Final = frozenset({"fail", "pass", "open", "review", "informational", "notApplicable"})
_PLACEHOLDER: Final = re.compile(r"(\{\{|\}\}|\{[0-9]{1,3}\})")
_LINK: Final = re.compile(r"\[([^\[\]\\]{1,500})\]\([0-9]{1,9}\)")
_FILLED: Final = 4 * 1024
"""Most characters looked at of a message, before and after its arguments are filled in; far fewer are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a rule says that its results may leave out; texts as written."""

    id: str = ""
    level: str = ""
    """Of LEVELS; empty when it states none."""
    severity: float | None = None
    strings: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


NO_RULE: Final = Rule()
"""The rule of a result that names none that the run knows."""


class Rules:
    """The rules of the driver and of the extensions of one run."""

    def __init__(self, run: Mapping[str, object]) -> None:
        tool = mapping(run.get("tool"))
        driver = mapping(tool.get("driver")) or tool
        resources = mapping(run.get("resources"))
        extensions = objects(tool.get("extensions"))
        old = resources.get("rules") or run.get("rules")
        self._components = [_rules(driver.get("rules") or old), *(_rules(one.get("rules")) for one in extensions)]
        self._names = {
            name: place
            for place, one in enumerate((driver, *extensions))
            for key in ("name", "guid")
            if (name := text(one.get(key)))
        }
        self._by_id: dict[str, Rule] = {}
        for rule in (rule for rules in self._components for rule in rules if rule.id):
            self._by_id.setdefault(rule.id, rule)
        self._strings = _strings(driver.get("globalMessageStrings") or resources.get("messageStrings"))
        invocations = objects(run.get("invocations"))
        self.unknown: Counter[str] = Counter()
        """Words of results that are no kind or level: taken as `fail`, and as the level that the rule has."""
        self._overrides = [dict(self._changes(invocation)) for invocation in invocations]

    def of(self, result: Mapping[str, object]) -> tuple[str, Rule]:
        """Return the name of a result's rule as the result has it, and the rule; NO_RULE when the run has none."""
        reference = mapping(result.get("rule"))
        name = text(result.get("ruleId")) or text(reference.get("id"))
        place = index(result.get("ruleIndex"))
        rule = self._find(name, place if place >= 0 else index(reference.get("index")), reference)
        return name or rule.id, rule

    def level_of(self, result: Mapping[str, object], rule: Rule) -> tuple[str, str]:
        """Return kind and level of a result after all defaults; a level is only of what failed."""
        kind, level = text(result.get("kind")) or "fail", text(result.get("level"))
        if level in _KINDS_AS_LEVELS:
            kind, level = level, "none"
        if kind not in _KINDS:
            self.unknown[f"the kind {clean(kind)[:80]}"] += 1
            kind = "fail"
        if kind != "fail":
            return kind, "none"
        if level in LEVELS:
            return kind, level
        if level:
            self.unknown[f"the level {clean(level)[:80]}"] += 1
        return kind, self._override(result, rule) or rule.level or "warning"

    def message_of(self, result: Mapping[str, object], rule: Rule) -> str:
        """Return the message of a result with its arguments filled in, not yet clean."""
        message = mapping(result.get("message"))
        said, key = text(message.get("text")), text(message.get("id")) or text(message.get("messageId"))
        if not said:
            key = key or text(result.get("ruleMessageId"))
            said = rule.strings.get(key) or self._strings.get(key) or text(message.get("markdown")) or rule.description
        if len(said) > _FILLED:  # at a word, so that no secret loses its end
            said = said[: max(said.rfind(" ", 0, _FILLED), 0) or _FILLED]
        arguments = message.get("arguments")
        if isinstance(arguments, list) and arguments:
            said = _filled(said, [text(argument) for argument in arguments])
        return _LINK.sub(r"\1", said) if "](" in said else said

    def _find(self, name: str, place: int, reference: Mapping[str, object]) -> Rule:
        rules = self._components[self._component(reference)]
        indexed = rules[place] if 0 <= place < len(rules) else NO_RULE
        if indexed.id and (not name or name == indexed.id or name.startswith(f"{indexed.id}/")):
            return indexed
        for _ in range(16):
            if (named := self._by_id.get(name)) is not None:
                return named
            name = name.rpartition("/")[0]  # `CA1000/1` is a part of `CA1000`
            if not name:
                break
        return indexed

    def _component(self, reference: Mapping[str, object]) -> int:
        """Return which component a reference means: 0 is the driver."""
        component = mapping(reference.get("toolComponent"))
        if not component:
            return 0
        place = index(component.get("index")) + 1
        if not place:
            place = self._names.get(text(component.get("guid")), self._names.get(text(component.get("name")), 0))
        return place if place < len(self._components) else 0

    def _changes(self, invocation: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        for change in objects(invocation.get("ruleConfigurationOverrides")):
            reference = mapping(change.get("descriptor"))
            level = text(mapping(change.get("configuration")).get("level"))
            rule = self._find(text(reference.get("id")), index(reference.get("index")), reference)
            if level in LEVELS:
                yield text(reference.get("id")) or rule.id, level

    def _override(self, result: Mapping[str, object], rule: Rule) -> str:
        """Return the level that the configuration of the result's invocation gives to its rule; empty when none."""
        if not any(self._overrides):
            return ""
        place = index(mapping(result.get("provenance")).get("invocationIndex"))
        if place < 0 and len(self._overrides) == 1:
            place = 0
        if not 0 <= place < len(self._overrides):
            return ""
        return self._overrides[place].get(text(result.get("ruleId")), self._overrides[place].get(rule.id, ""))


def _rules(value: object) -> list[Rule]:
    """Return the rules of a list, or of an object by id as SARIF 2.0.0 has them."""
    if isinstance(value, dict):
        return [_rule(mapping(one), name) for name, one in value.items()]
    return [_rule(one, "") for one in objects(value)]


def _rule(value: Mapping[str, object], name: str) -> Rule:
    default = mapping(value.get("defaultConfiguration"))
    level = text(default.get("level")) or text(mapping(value.get("configuration")).get("defaultLevel"))
    described = text(value.get("shortDescription")) or text(value.get("fullDescription")) or text(value.get("name"))
    return Rule(
        id=text(value.get("id")) or name,
        level=level if level in LEVELS else "",
        severity=number(mapping(value.get("properties")).get("security-severity"), 0, 10),
        strings=_strings(value.get("messageStrings")),
        description=described,
    )


def _strings(value: object) -> dict[str, str]:
    return {key: said for key, one in mapping(value).items() if (said := text(one))}


def _filled(template: str, arguments: list[str]) -> str:
    """Fill `{0}`, `{1}` … in; what would make the text too long is left out, because few bytes could become many."""
    pieces: list[str] = []
    room = _FILLED
    for piece in _PLACEHOLDER.split(template):
        filled = {"{{": "{", "}}": "}"}.get(piece, piece)
        if filled == piece and _PLACEHOLDER.fullmatch(piece):
            place = int(piece[1:-1])
            filled = arguments[place] if place < len(arguments) else piece
        room -= len(filled)
        if room < 0:
            pieces.append("…")
            break
        pieces.append(filled)
    return "".join(pieces)
