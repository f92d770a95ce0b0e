"""Untrusted text made harmless: no control or invisible character, no secret, never longer than its limit.

Emoji survive: one variation selector directly after a pictograph, joiners between two pictographs, and keycaps are
kept. Everywhere else (also the joiners that Persian and Indic text may hold) they hide text or split a token, so they
become visible like every other invisible character.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from generator.safety.limits import COMBINING_RUN, TEXT_MESSAGE, TEXT_META, TEXT_NAME, TEXT_TRACE
from generator.safety.redact import active, redact, remembered

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.safety.redact import Redactor

_CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and LF, DEL, C1
_INVISIBLE: Final = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiner, fillers, Mongolian selectors
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"  # zero width, separators, bidi controls, filler
    r"\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"  # surrogates, selectors, marks
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand and music controls, tags
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))  # noncharacters
)
_CUT: Final = " characters cut …›"
_PICTOGRAPH: Final = (
    r"[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    r"\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_DANGEROUS: Final = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
_ANY_CONTROL: Final = re.compile(f"[\t\n{_CONTROLS}{_INVISIBLE}]")
_EMOJI_OR_DANGEROUS: Final = re.compile(
    rf"[0-9#*]\ufe0f\u20e3|{_PICTOGRAPH}[\ufe0e\ufe0f]?(?:\u200d{_PICTOGRAPH}\ufe0f?){{0,9}}|[{_CONTROLS}{_INVISIBLE}]"
)
_IN_EMOJI: Final = re.compile(rf"[\ufe0e\ufe0f\u20e3]|{_PICTOGRAPH}")
_ESCAPE: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,256}[ -/]{0,16}[@-~]"  # CSI: colours, cursor, erasing
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\n-\x1f\x7f-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, APC
    r"|\x1b[()*+./#%-][0-9A-Za-z@]"  # character sets
    r"|\x1b[6-9=>cDEHMNOZ\\]"  # single functions
)
_LONG_RUN: Final = re.compile(rf"[^\w\x00-\u02ff\u2010-\u205e\u2190-\u2bff\u3000-\u3029]{{{COMBINING_RUN + 1},}}")
_LOOSE_END: Final = re.compile(r"(?:\u200d|(?<=[0-9#*])\ufe0f)\Z")
_SHORT: Final = 200
_LONG: Final = 4096  # from here on each character is worded once: a text may be of nothing but controls
_LONGEST: Final = 1 << 20  # a longer text loses its middle before it is looked at, so that no text takes minutes
_WORD: Final = 8192  # how far from that cut the end of a word is looked for
_MARK_WIDTH: Final = 64  # the longest of our own marks, which a cut must not split


def neutralise(text: str) -> str:
    """Drop terminal sequences, turn CRLF into LF and every other control or invisible character into `‹U+202E›`.

    Tab, LF, emoji and all visible text stay as they are; runs of combining characters are cut to four.
    """
    if text.isascii() and (text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable()):
        return text
    if _DANGEROUS.search(text):
        if "\x1b" in text or not text.isascii():
            text = _ESCAPE.sub("", text)
        text = text.replace("\r\n", "\n")
        if len(text) > _LONG and _IN_EMOJI.search(text) is None:
            found = set(_DANGEROUS.findall(text))
            text = text.translate({ord(character): f"‹U+{ord(character):04X}›" for character in found})
        else:
            text = _EMOJI_OR_DANGEROUS.sub(_visible, text)
    return _LONG_RUN.sub(_shorten, text)


def has_control(text: str) -> bool:
    """Tell whether a text holds any control, bidi or invisible character; tab, LF and emoji joiners count as well."""
    if text.isascii():
        return not text.isprintable()
    return _ANY_CONTROL.search(text) is not None


def bound(text: str, limit: int) -> str:
    """Keep at most `limit` characters: head and tail with a visible mark that says how many were cut between them."""
    return _bound(text, limit, 0)


def clean(text: str, limit: int = TEXT_META, redactor: Redactor | None = None) -> str:
    """Neutralise, then redact, then cut: what comes out may be stored. Cleaning twice changes nothing."""
    redactor = redactor or active()
    return _clean_short(text, limit, redactor) if len(text) <= _SHORT else _clean(text, limit, redactor)


@remembered(4096)
def _clean_short(text: str, limit: int, redactor: Redactor) -> str:
    """Clean what is short, and so is often said again: reasons of skips, names of suites, words of metadata."""
    return _clean(text, limit, redactor)


def _clean(text: str, limit: int, redactor: Redactor) -> str:
    missing = 0
    if len(text) > _LONGEST:
        text, missing = _without_middle(text)
    text = redact(neutralise(text), redactor)
    if len(text) <= limit:
        return text
    for _ in range(4):  # a cut can make a new beginning that looks like a secret
        text = _bound(text, limit, missing)
        again = redact(text, redactor)
        if again == text:
            break
        text = again
    return bound(text, limit)


def clean_name(text: str, redactor: Redactor | None = None) -> str:
    """Clean a name: at most 512 characters."""
    return clean(text, TEXT_NAME, redactor)


def clean_meta(text: str, redactor: Redactor | None = None) -> str:
    """Clean a piece of metadata: at most 512 characters."""
    return clean(text, TEXT_META, redactor)


def clean_message(text: str, redactor: Redactor | None = None) -> str:
    """Clean a message: at most 8 Ki characters."""
    return clean(text, TEXT_MESSAGE, redactor)


def clean_trace(text: str, redactor: Redactor | None = None) -> str:
    """Clean a trace or an excerpt: at most 64 Ki characters."""
    return clean(text, TEXT_TRACE, redactor)


def are_plain(names: Collection[str]) -> bool:
    """Tell whether cleaning would change none of these names: looked at together, because a look at each costs more.

    False for some that cleaning would leave as they are: then each must be looked at.
    """
    if not names or max(map(len, names)) > TEXT_NAME:
        return not names
    text = "\n".join(names)
    return neutralise(text) == text and redact(text) == text


def one_line(text: str) -> str:
    """Collapse every run of white space into one space, for names that are shown in one line."""
    return " ".join(text.split())


def _visible(found: re.Match[str]) -> str:
    text = found.group()
    return text if len(text) > 1 or not _DANGEROUS.match(text) else f"‹U+{ord(text):04X}›"


def _shorten(found: re.Match[str]) -> str:
    kept: list[str] = []
    run = 0
    for character in found.group():
        run = run + 1 if unicodedata.category(character).startswith("M") else 0
        if run <= COMBINING_RUN:
            kept.append(character)
    return "".join(kept)


def _bound(text: str, limit: int, missing: int) -> str:
    if len(text) <= limit:
        return text
    room = limit - len(_cut_mark(len(text) + missing))
    if room < 2:
        return _head(text, max(limit, 0))
    head = _head(text, room - room // 2)
    tail = _tail(text, room // 2)
    return f"{head}{_cut_mark(len(text) - len(head) - len(tail) + missing)}{tail}"


def _without_middle(text: str) -> tuple[str, int]:
    """Take whole words out of the middle of a huge text, far from what will be stored; return how much was taken."""
    head, tail = without_last_word(text[: _LONGEST // 2]), without_first_word(text[-_LONGEST // 2 :])
    return f"{head}\n{tail}", len(text) - len(head) - len(tail) - 1


def without_last_word(text: str) -> str:
    """Drop what follows the last space or line end near the end of a piece that was cut before it was cleaned."""
    start = max(len(text) - _WORD, 0)
    return text[: max(text.rfind("\n", start), text.rfind(" ", start), -1) + 1] or text


def without_first_word(text: str) -> str:
    """Drop what stands before the first space or line end near the beginning of such a piece."""
    places = (text.find("\n", 0, _WORD), text.find(" ", 0, _WORD))
    return text[min((place for place in places if place >= 0), default=0) :]


def was_cut(text: str) -> bool:
    """Tell whether a text of the artifacts was longer than is kept of it."""
    return _CUT in text


def _cut_mark(count: int) -> str:
    return f"‹… {count}{_CUT}"


def _head(text: str, length: int) -> str:
    """Cut after `length` characters or a little before, so that no emoji and no mark of ours is split."""
    head = text[:length]
    opening = head.rfind("‹", max(0, length - _MARK_WIDTH))
    if opening >= 0 and "›" not in head[opening:]:
        head = head[:opening]
    return _LOOSE_END.sub("", head)


def _tail(text: str, length: int) -> str:
    """Keep the last `length` characters or a little less; what belongs to a character before them goes, too."""
    tail = text[len(text) - length :]
    closing = tail.find("›", 0, _MARK_WIDTH)
    if closing >= 0 and "‹" not in tail[:closing]:
        tail = tail[closing + 1 :]
    start = 0
    while start < len(tail) and (tail[start] == "\u200d" or unicodedata.category(tail[start]).startswith("M")):
        start += 1
    return tail[start:]
