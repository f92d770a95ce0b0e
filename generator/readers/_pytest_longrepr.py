"""The serialised failures of pytest (`longrepr`) as the text that pytest prints for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._loose import count_of, list_of, object_of, objects_of, text_of
from generator.readers._pytest_ids import kind_of, told_by

if TYPE_CHECKING:
    from generator.readers._loose import Object

_BETWEEN: Final = "_ " * 40
_NATIVE: Final = "ReprEntryNative"


def told(longrepr: object) -> tuple[str, str, str]:
    """Return message, type and text of a failure: an object, a text, or the (file, line, reason) of a skip."""
    if isinstance(longrepr, list):
        reason = text_of(longrepr[-1]) if longrepr else ""
        return reason, kind_of("", reason), ""
    if not isinstance(longrepr, dict):
        text = text_of(longrepr)
        return (*told_by(text), text)
    crash, traceback = object_of(longrepr.get("reprcrash")), object_of(longrepr.get("reprtraceback"))
    text = _text(longrepr, traceback)
    message = text_of(crash.get("message"))
    if not message:
        return (*told_by(text), text)
    entries = objects_of(traceback.get("reprentries"))
    place = object_of(object_of(entries[-1].get("data")).get("reprfileloc")) if entries else {}
    return message, kind_of(text_of(place.get("message")), message), text


def _text(longrepr: Object, traceback: Object) -> str:
    """Return the traces of an exception and of those that it was raised from, then its sections."""
    texts: list[str] = []
    links = [link for link in list_of(longrepr.get("chain")) if isinstance(link, list) and link]
    for link in links or [[traceback]]:
        texts.append(_trace(object_of(link[0])))
        if len(link) > 2 and text_of(link[2]):
            texts.append(f"\n{link[2]}\n")
    sections = [section for section in list_of(longrepr.get("sections")) if isinstance(section, list)]
    texts += [f"--- {text_of(title)} ---\n{text_of(text)}" for title, text, *_ in filter(_is_pair, sections)]
    return "\n".join(texts)


def _is_pair(values: list[object]) -> bool:
    return len(values) >= 2


def _trace(traceback: Object) -> str:
    entries = objects_of(traceback.get("reprentries"))
    is_long = traceback.get("style") == "long"
    text = f"\n{_BETWEEN}\n".join(map(_entry, entries)) if is_long else "\n".join(map(_entry, entries))
    extra = text_of(traceback.get("extraline"))
    return f"{text}\n{extra}" if extra else text


def _entry(entry: Object) -> str:
    """Return one entry of a trace: arguments, source lines and place, the place first where the style is short."""
    data = object_of(entry.get("data"))
    lines = [line for line in list_of(data.get("lines")) if isinstance(line, str)]
    if entry.get("type") == _NATIVE:
        return "".join(lines).rstrip("\n")
    place = object_of(data.get("reprfileloc"))
    where = f"{text_of(place.get('path'))}:{count_of(place.get('lineno'))}: {text_of(place.get('message'))}"
    if data.get("style") == "short":
        return "\n".join([*([where] if place else []), *lines])
    pairs = list_of(object_of(data.get("reprfuncargs")).get("args"))
    arguments = [f"{pair[0]} = {pair[1]}" for pair in pairs if isinstance(pair, list) and len(pair) == 2]
    found = [", ".join(arguments), ""] if arguments else []
    found += lines
    variables = [line for line in list_of(object_of(data.get("reprlocals")).get("lines")) if isinstance(line, str)]
    found += ["", *variables] if variables else []
    return "\n".join([*found, *(["", where] if place else [])])
