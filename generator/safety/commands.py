"""Replay commands: what an artifact offers is parsed, checked against a short list and rebuilt, or shown only.

A command that can be copied is exactly `shlex.join(argv)`. Leading `VAR=value` words stay words of `argv`; a value that
would need quotes is refused, because a quoted assignment is no assignment. What a shell would expand, redirect or chain
is refused outside quotes, as are a backslash and `$` or a backtick within double quotes.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.safety.limits import COMMAND_BYTES
from generator.safety.redact import redact
from generator.safety.text import clean, has_control, neutralise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.safety.redact import Redactor

_CHAIN, _GLOB, _OPTION, _PROGRAM = "chain", "glob", "option", "program"
_REDACTED, _REDIRECT, _SUBSTITUTION, _UNBALANCED = "redacted", "redirect", "substitution", "unbalanced_quote"
_FIRST: Final = (_UNBALANCED, _REDIRECT, _CHAIN, _SUBSTITUTION, _GLOB)  # the reason that is told when there are several

_UNQUOTED: Final = {
    **dict.fromkeys("<>", _REDIRECT),
    **dict.fromkeys(";&|()", _CHAIN),
    **dict.fromkeys("$`!", _SUBSTITUTION),
    **dict.fromkeys("*?[]{}", _GLOB),
    "\\": _UNBALANCED,
}
_IN_DOUBLE: Final = {"$": _SUBSTITUTION, "`": _SUBSTITUTION, "\\": _UNBALANCED}
_WORD_START: Final = {"~": _GLOB, "=": _GLOB, "#": _CHAIN}  # home folder, zsh's command path, comment

_VARIABLE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.ASCII | re.DOTALL)
_ALLOWED_VARIABLE: Final = re.compile(r"RUST_BACKTRACE|RUST_LOG|VCR_MODE|CI|[A-Z][A-Z0-9_]*_SEED", re.ASCII)
_SCRIPT: Final = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)
_SWITCH: Final = re.compile(r"--[a-z]+(?:-[a-z]+)*", re.ASCII)
_DANGEROUS_SWITCH: Final = re.compile(
    r"--(?:.*-)?(?:config|manifest|exec|eval|command|cmd|shell|plugin|hook|script|force)(?:-.*)?"
)
_NON_ASCII_SPACE: Final = re.compile(r"[^\S \t\n\r\x0b\x0c\x1c-\x1f]|\u2800")
_VISIBLE_MARK: Final = re.compile(r"‹U\+[0-9A-F]{4,6}›")

_CARGO_VALUES: Final = frozenset({"--test", "--features", "-p", "--package", "--bin", "--example", "--bench"})
_CARGO_SWITCHES: Final = frozenset(
    {"--lib", "--bins", "--examples", "--tests", "--doc", "--all-features", "--no-default-features", "--release"}
    | {"--workspace", "--locked", "--offline", "--frozen", "--no-fail-fast"}
)
_HARNESS_VALUES: Final = frozenset({"--skip", "--test-threads"})
_HARNESS_SWITCHES: Final = frozenset({"--nocapture", "--exact", "--ignored", "--include-ignored", "--show-output"})
_PYTEST_VALUES: Final = frozenset({"-k", "-m", "--maxfail", "--tb"})
_PYTEST_SWITCHES: Final = frozenset(
    {"-q", "-v", "-vv", "-x", "-s", "-ra", "-rA", "--lf", "--no-header", "--verbose", "--quiet"}
)
_SCRIPT_VALUES: Final = frozenset({"--suite", "--unit-target", "--profile", "--features", "--test", "--rerun-from"})


@dataclass(frozen=True, slots=True)
class Vetted:
    """A command for display; `argv` is empty and `reason` is given unless it may be copied."""

    text: str
    argv: tuple[str, ...]
    copyable: bool
    reason: str


def vet_command(text: str, redactor: Redactor | None = None) -> Vetted:
    """Parse a command of an artifact and rebuild it; when it may not be copied, give its clean text and the reason.

    Reasons: empty, too long, control, unbalanced_quote, redirect, chain, substitution, glob, redacted, variable,
    program, option.
    """
    if not text.strip():
        return Vetted("", (), copyable=False, reason="empty")
    reason = _surface(text)
    words: tuple[str, ...] = ()
    if not reason:
        words, reason = _split(text)
    if not reason:
        reason = _REDACTED if _holds_secret(text, redactor) else _grammar(words)
    if not reason:
        rebuilt = join(words)
        reason = _surface(rebuilt) or _split(rebuilt)[1]  # quoting can make it longer, or leave out needless quotes
        if not reason and not _holds_secret(rebuilt, redactor):
            return Vetted(rebuilt, words, copyable=True, reason="")
        if not reason:  # quotes within it had broken the secret up
            return Vetted(clean(rebuilt, COMMAND_BYTES, redactor), (), copyable=False, reason=_REDACTED)
    return Vetted(clean(text, COMMAND_BYTES, redactor), (), copyable=False, reason=reason)


def quote_argument(text: str) -> str:
    """Quote one argument for a POSIX shell."""
    return shlex.quote(text)


def join(argv: Iterable[str]) -> str:
    """Write an argument list as a command line for a POSIX shell: exactly `shlex.join`."""
    return shlex.join(argv)


def _surface(text: str) -> str:
    """Refuse by length and by characters that do not paste as they look, before anything is parsed."""
    if len(text) > COMMAND_BYTES or len(text.encode("utf-8", "surrogatepass")) > COMMAND_BYTES:
        return "too long"
    if "\n" in text:
        return _CHAIN
    return "control" if has_control(text) or _NON_ASCII_SPACE.search(text) or _VISIBLE_MARK.search(text) else ""


def _holds_secret(text: str, redactor: Redactor | None) -> bool:
    return "REDACTED" in text or "‹redacted:" in text or redact(text, redactor) != neutralise(text)


def _split(text: str) -> tuple[tuple[str, ...], str]:
    """Split into words like a shell that knows quotes only; the reason names what else it would have to know."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    found: set[str] = set()
    for character in text:
        if quote:
            if character == quote:
                quote = ""
                continue
            if quote == '"' and character in _IN_DOUBLE:
                found.add(_IN_DOUBLE[character])
        elif character in "'\"":
            quote, word = character, word or ""
            continue
        elif character == " ":
            words += () if word is None else (word,)
            word = None
            continue
        elif character in _UNQUOTED:
            found.add(_UNQUOTED[character])
        elif word is None and character in _WORD_START:
            found.add(_WORD_START[character])
        word = (word or "") + character
    words += () if word is None else (word,)
    if quote:
        found.add(_UNBALANCED)
    return tuple(words), next((reason for reason in _FIRST if reason in found), "")


def _grammar(words: Sequence[str]) -> str:
    """Return why a list of words is no command on the list, or nothing."""
    place = 0
    while place < len(words) and (variable := _VARIABLE.fullmatch(words[place])):
        name, value = variable.groups()
        if not _ALLOWED_VARIABLE.fullmatch(name) or (value and quote_argument(value) != value):
            return "variable"
        place += 1
    rest = list(words[place:])
    if rest[:3] == ["rch", "exec", "--"]:
        rest = rest[3:]
    if not rest:
        return _PROGRAM
    program, arguments = rest[0], rest[1:]
    if program.startswith("./scripts/"):
        return _script(program.removeprefix("./"), arguments)
    check = _PROGRAMS.get(program)
    return check(arguments) if check else _PROGRAM


def _cargo(arguments: list[str]) -> str:
    if arguments[:1] != ["test"]:
        return _OPTION if arguments[:1] and arguments[0][:1] in {"+", "-"} else _PROGRAM
    own, harness = _divide(arguments[1:])
    return _options(own, _CARGO_SWITCHES, _CARGO_VALUES) or _options(harness, _HARNESS_SWITCHES, _HARNESS_VALUES)


def _pytest(arguments: list[str]) -> str:
    if any(argument.startswith("/") or ".." in re.split(r"[/\\]", argument) for argument in arguments):
        return _OPTION  # a file outside the checkout would be run
    return _options(arguments, _PYTEST_SWITCHES, _PYTEST_VALUES)


def _python(arguments: list[str]) -> str:
    if not arguments or not arguments[0].startswith("scripts/"):
        return _OPTION if arguments[:1] and arguments[0].startswith("-") else _PROGRAM
    return _script(arguments[0], arguments[1:])


def _script(path: str, arguments: list[str]) -> str:
    """Check a script of the checkout: its path stays inside, its switches are plain long words without a value."""
    if not _SCRIPT.fullmatch(path) or ".." in path:
        return _PROGRAM
    own, rest = _divide(arguments)
    switches = {word for word in own if _SWITCH.fullmatch(word) and not _DANGEROUS_SWITCH.fullmatch(word)}
    return _options(own, frozenset(switches - _SCRIPT_VALUES), _SCRIPT_VALUES) or _options(
        rest, frozenset(), frozenset()
    )


def _divide(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Divide at the first `--`, which belongs to neither part."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _options(arguments: list[str], switches: frozenset[str], values: frozenset[str]) -> str:
    """Accept known switches, known options with one value, and plain words; nothing else may begin with `-`."""
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        place += 1
        if argument in values:
            if place >= len(arguments) or not arguments[place] or arguments[place].startswith("-"):
                return _OPTION
            place += 1
        elif argument.startswith("-") and argument not in switches:
            name, equals, value = argument.partition("=")
            if not (equals and value and value[0] != "-" and name.startswith("--") and name in values):
                return _OPTION
    return ""


_PROGRAMS: Final[dict[str, Callable[[list[str]], str]]] = {"cargo": _cargo, "pytest": _pytest, "python3": _python}
