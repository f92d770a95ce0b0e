"""Secrets without a shape: values of names that say `password`, `secret`, `token`, in env, JSON, YAML, CLI and URLs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.safety._rules import BLANK, MARKS, Rule, rule

if TYPE_CHECKING:
    from generator.safety._rules import Check, Found

_PASSES: Final = r"passwords?|passwd|passphrase|passcode|[A-Za-z0-9][_-](?:pass|pwd)|;pwd"
_KEYS: Final = (
    r"(?:api|access|private|secret|account|signing|encryption|auth|deploy|master|service|client|license|subscription"
    r"|storage|session|webhook|ssh|gpg|aes|hmac|jwt|app|admin)[_-]?keys?"
)
_NAME: Final = rf"(?i:(?P<word>{_PASSES}|secrets?|tokens?|credentials?|{_KEYS}|[:_-]auth))"
# What may follow the word within the name: `_B64`, `Value`, `2`; but `secretary` is another word.
_SUFFIX: Final = r"(?P<suffix>[_\-A-Z0-9][A-Za-z0-9_\-]{0,40})?"
_SEPARATOR: Final = r"[\\\"'`]{0,3}\]?[ \t]{0,4}(?P<sign>:=|=>|=|:)[ \t]{0,4}(?:Some\(|b)?"
_PLAIN: Final = rf"[^{BLANK}\"'`&<>,;)\]}}\\{MARKS}]"
_FIRST: Final = rf"[^{BLANK}\"'`&<>,;)\]}}\\{MARKS}=:]"  # `==` and `::` are no assignments
_VALUE: Final = (
    rf"(?:(?P<secret_bare>{_FIRST}{_PLAIN}*(?:[,;)\]}}]+{_PLAIN}+)*)"
    r"|\\{1,3}\"(?P<secret_e2>[^\"\n]*[^\"\n\\])|\\{1,3}'(?P<secret_e1>[^'\n]*[^'\n\\])"
    r"|\"(?P<secret_q2>(?:\\.|[^\"\n\\])+)|'(?P<secret_q1>(?:\\.|[^'\n\\])+))"
)
_ASSIGNMENT: Final = rf"{_NAME}{_SUFFIX}{_SEPARATOR}{_VALUE}"

# Names that go on like this say something about a secret and do not hold it.
_HARMLESS_SUFFIX: Final = re.compile(
    r"(?:^|[_\-])(?:count|counts|len|length|size|limit|budget|used|usage|total|type|kind|names?|ids?|index|idx|expir\w*"
    r"|ttl|at|path|file|dir|url|uri|endpoint|bucket|policy|hint|fields?|format|prefix|header|version|status|state|errors?"
    r"|required|enabled|present|valid|ok|pos|position|offset|start|end|line|column|stream|tree|mode|prompt|reset|test"
    r"|tests|age|rate|pct|percent|ratio|score|max|min|per|scope|scopes|source|class|provider|manager|store)$",
    re.IGNORECASE,
)
_HARMLESS_CAMEL: Final = re.compile(r"(?:Count|Length|Size|Limit|Type|Name|Id|Index|Path|File|Url|Status|Version)$")
_HARMLESS_VALUE: Final = re.compile(
    r"null|none|nil|undefined|true|false|yes|no|empty|missing|required|invalid|expired|unknown|unexpected|unset|set|redacted"
    r"|\[redacted\S*|<[^>]*>?|\*+|x{3,}|\.{3,}|…|\$.*|\{.*|%[sd]?|%\(.*|string|str|&str|&'.*|option.*|vec.*|bytes|inherit|ok"
    r"|not|must|is|was|should|cannot|could|failed|error|found|expected|incorrect|wrong|too|here|the|a|an|for",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9_,.:]{0,14}%?")
_CODE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:]*[(\[]")
_PROSE: Final = re.compile(r"[A-Za-z][a-z]{0,10}[.,:;!?]?")


def _is_assigned(found: Found) -> bool:
    """Tell whether the value of a secret-looking name is a secret, and not a count, a type, a placeholder or prose."""
    suffix = found.group("suffix")
    if suffix and (_HARMLESS_SUFFIX.search(suffix) or _HARMLESS_CAMEL.search(suffix)):
        return False
    word, value = found.group("word").lower(), found.secret
    password = "pass" in word or word.endswith("pwd")
    if word[1:] == "auth" and found.after("word") != "=":
        return False
    if "‹" in value[:2] or _HARMLESS_VALUE.fullmatch(value.strip()):
        return False
    if _NUMBER.fullmatch(value) and not (password and len(value) >= 4):
        return False
    if not found.has("secret_bare"):
        return True
    prose = found.group("sign") == ":" and _PROSE.fullmatch(value) and not (password and _ends_line(found))
    return not (prose or _CODE.match(value))


def _is_yaml(found: Found) -> bool:
    """A whole line `name: value` is data even when the value looks like a word; sentences go on."""
    value = found.secret
    return not (_HARMLESS_VALUE.fullmatch(value) or _NUMBER.fullmatch(value) or "‹" in value)


def _ends_line(found: Found) -> bool:
    rest = found.text[found.end : found.end + 2]
    return not rest or rest[0] in "\r\n"


def _is_option_value(found: Found) -> bool:
    """`--token TOKEN` in a help text and `--token $TOKEN` in a script hold no secret."""
    value = found.secret
    return not (_HARMLESS_VALUE.fullmatch(value) or (value.isalpha() and value.isupper()) or "‹" in value)


def _is_password(found: Found) -> bool:
    """`1000:1000` is a user and a group id, `${PASS}` a variable, and `--gpu-user` another option."""
    value = found.secret
    before = found.text[found.start - 1 : found.start] if found.start else ""
    return not (before == "-" or value.isdigit() or _HARMLESS_VALUE.fullmatch(value) or "‹" in value)


def _is_userinfo(found: Found) -> bool:
    """A short user name before `@` is no token."""
    value = found.secret
    return len(value) >= 20 or (len(value) >= 12 and any(character.isdigit() for character in value))


def _no_placeholder(found: Found) -> bool:
    value = found.secret
    return "‹" not in value and not _HARMLESS_VALUE.fullmatch(value)


_WORDS: Final = (
    *("passw", "passphrase", "passcode", "_pass", "-pass", "pwd", "secret", "token", "credential", "key", "auth"),
)
# `key` comes after a word: at most `subscription` and a separator stand before it; `pass` after a letter and a dash.
_STEMS: Final = (("pass", 2), ("pwd", 2), ("secret", 0), ("token", 0), ("credential", 0), ("auth", 1), ("key", 13))
_LINE_START: Final = r"(?m:^)[ \t-]{0,80}[\"']?[A-Za-z0-9_.]{0,60}?"
_USERINFO: Final = rf"://[^{BLANK}\"'<>@/]*@"


def _assignment(kind: str, pattern: str, accept: Check, *needs: str, sign: str = "", edge: bool = False) -> Rule:
    return rule(kind, pattern, *needs, sign=sign, accept=accept, edge=edge, loose=True)


ASSIGNMENT: Final = (
    rule(
        "assignment",
        _ASSIGNMENT,
        *_WORDS,
        sign=r"(?:pass|pwd|secret|token|credential|auth|key)[A-Za-z0-9_-]*[\\\"'`\]]*[ \t]*[:=]",
        accept=_is_assigned,
        loose=True,
        stems=_STEMS,
    ),
    _assignment(
        "assignment",
        rf"{_LINE_START}(?i:passw(?:or)?d|secret|token|api[_-]?key)[A-Za-z0-9_]{{0,20}}:[ \t]{{1,8}}"
        rf"(?P<secret>[^{BLANK}\"'`,;:()<>{MARKS}]{{6,}})[ \t]*(?m:$)",
        _is_yaml,
        *("passw", "secret", "token", "key"),
        sign=r"(?:passw(?:or)?d|secret|token|key)[A-Za-z0-9_]*:[ \t]",
    ),
    _assignment(
        "assignment",
        r"--(?i:(?:[a-z0-9]+-){0,4}(?:password|passwd|passphrase|token|secret|api-?key|access-?key))"
        rf"[ \t]{{1,4}}[\"']?(?P<secret>[^{BLANK}\"'{MARKS}-][^{BLANK}\"']*)",
        _is_option_value,
        *("token", "secret", "api-key", "apikey", "access-key", "accesskey", "password", "passwd", "passphrase"),
        sign=r"-(?:password|passwd|passphrase|token|secret|(?:api|access)-?key)[ \t]",
        edge=True,
    ),
    _assignment(
        "assignment",
        rf"(?:-u|--user|--proxy-user)[ =]{{0,2}}[\"']?[A-Za-z0-9_.@+-]{{1,64}}:(?P<secret>[^{BLANK}\"'{MARKS}]+)",
        _is_password,
        *("-u", "--user", "--proxy-user"),
        sign=r"-u[A-Za-z0-9_.@+ =\"'-]*:",
        edge=True,
    ),
    _assignment(
        "assignment",
        r"(?i:login(?:[^A-Za-z0-9\n][^\n]{0,200}?)?[ \t]-p[ =]?|sshpass[ ]+-p[ ]?"
        r"|mysql[a-z]{0,8}(?:[^A-Za-z0-9\n][^\n]{0,200}?)?[ \t]-p|redis-cli[^\n]{0,200}?[ \t]-a[ ])"
        rf"[\"']?(?P<secret>[^{BLANK}\"'{MARKS}-][^{BLANK}\"']*)",
        _is_option_value,
        *("login", "sshpass", "mysql", "redis-cli"),
        sign=r"(?:login|mysql)[^\n]*[ \t]-p|sshpass +-p|redis-cli[^\n]*[ \t]-a ",
        edge=True,
    ),
    _assignment(
        "netrc",
        rf"(?i:login)[{BLANK}]{{1,4}}[^{BLANK}\"']{{1,100}}[{BLANK}]{{1,4}}(?i:password)[{BLANK}]{{1,4}}"
        rf"(?P<secret>[^{BLANK}{MARKS}]+)",
        _no_placeholder,
        "login",
        sign=rf"login[{BLANK}]",
        edge=True,
    ),
    _assignment(
        "url-password",
        rf"://[^{BLANK}/?#\"'<>@:\\{MARKS}]{{0,128}}:(?P<secret>[^{BLANK}\"'<>@/{MARKS}][^{BLANK}\"'<>@/]{{0,512}})@",
        _no_placeholder,
        "://",
        sign=_USERINFO,
    ),
    _assignment(
        "url-token",
        rf"://(?P<secret>[^{BLANK}/?#\"'<>@:\\{MARKS}]{{12,512}})@",
        _is_userinfo,
        "://",
        sign=_USERINFO,
    ),
    _assignment(
        "assignment",
        rf"<[A-Za-z0-9_.:-]{{0,40}}?(?i:password|passphrase|secret|token|api-?key)>(?P<secret>[^<>{BLANK}{MARKS}]{{4,}})</",
        _no_placeholder,
        "</",
        sign="(?:password|passphrase|secret|token|api-?key)>",
    ),
)
