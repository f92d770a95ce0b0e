"""Archives written field by field and damaged: read as they were put together, or refused as a whole."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from generator.safety.archives import open_archive
from generator.safety.limits import KIB, ReadLimits
from tests.fuzz import tar_bytes, zip_bytes
from tests.fuzz.reports import tried
from tests.fuzz.run import Target
from tests.fuzz.watch import touching_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

LIMITS: Final = ReadLimits(archive_members=12, archive_bytes=400 * KIB, archive_member_bytes=300 * KIB)
_SCRATCH: Final = TemporaryDirectory(prefix="fuzz-archives-")  # one for all cases: it is removed when Python ends
_ENDINGS: Final = (".xml", ".json")
_KINDS: Final = ("zip", "tar", "tar.gz")

GOOD: Final = (
    *("a.xml", "b.json", "run/junit.xml", "run/a/b/c/d.json", "logo.png", "site/index.html", ".hidden.xml", "a b.xml"),
    *("\u00e9t\u00e9.xml", "\u4f60/\u597d.json", "\U0001f600.xml", "a.b.c.xml", "-x.xml", "~.xml", "%2e%2e.xml"),
    *("x" * 120 + ".xml", "[1].xml", "$x.json", "con_.xml", "README", "run/empty.xml", "e.xml", "run/big.xml"),
)
"""Names that are read."""

BAD: Final = (
    *("../a.xml", "a/../../b.xml", "/etc/a.xml", "a\\b.xml", "C:/a.xml", "c:a.xml", "a//b.xml", "./../a.xml"),
    *("a/./b.xml", "a/..", "..", "nul", "con.xml", "a/AUX.json", "com1.xml", "LPT9", "a./b.xml", "a /b.xml", "a.xml."),
    *("a.xml ", "a\nb.xml", "a\x1b[0m.xml", "a\u202eb.xml", "a\u200b.xml", "a\x00.xml", "a\x7f.xml", "a\tb.xml", ""),
    *("x" * 252 + ".xml", "a/" * 33 + "b.xml", "\u2028.xml", "\ufeffa.xml", "\\\\x\\y.xml", "a\u00ad.xml", "..."),
)
"""Names that refuse the whole archive."""

_TWICE: Final = (("a.xml", "A.XML"), ("\u00e9.xml", "e\u0301.xml"), ("b.json", "b.json"), ("\u00df.xml", "SS.xml"))
_FOLDERS: Final = ("run/", "x/y/", "d/")
_COPIES: Final = (11, 12, 13, 40)
_NAMES: Final = frozenset({*GOOD, *BAD, *_FOLDERS, *(name for names in _TWICE for name in names)})
_UNSAFE: Final = re.compile(
    r"[A-Za-z]:|/|.*(?:\\|//|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])"
)
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE | re.ASCII)
_OF_NOTHING: Final = (  # what changes nothing of an empty member
    *("smaller packed size", "larger packed size", "half with its checksum", "smaller size", "no deflate stream"),
)
_SHORTER: Final = ("half with its checksum", "stored half with its checksum", "smaller size by its field")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An archive, what was put into it, and whether it must be read, or why it must be refused."""

    kind: str
    archive: bytes
    contents: dict[str, bytes]
    odd: str
    """How a member may be other than it should."""
    damage: frozenset[str]
    must_read: bool
    must_refuse: str


def make(random: Random) -> bytes:
    """Return how an archive is put together, as JSON."""
    kind = random.choice(_KINDS)
    names = random.sample(GOOD, random.randrange(1, 6))
    members: list[dict[str, Any]] = [_member(name, random) for name in names]
    way = random.random()
    if way < 0.15:
        members.insert(random.randrange(len(members) + 1), _member(random.choice(BAD), random))
    elif way < 0.2:
        members += [_member(name, random) for name in random.choice(_TWICE)]
    elif way < 0.55:
        verdict = random.choice(("harmless", "refused", "either"))
        random.choice(members)["odd"] = [verdict, random.choice(sorted(_oddities(kind)[verdict]))]
    if random.random() < 0.1:
        members.insert(0, {"name": random.choice(_FOLDERS), "folder": True})
    case: dict[str, Any] = {"kind": kind, "members": members, "damage": []}
    if random.random() < 0.35:
        case["damage"] = [_damage(random) for _ in range(random.choice((1, 1, 1, 2, 4)))]
    if random.random() < 0.05:
        case["copies"] = random.choice(_COPIES)
    return json.dumps(case, ensure_ascii=False).encode("utf-8", "surrogatepass")


def check(data: bytes) -> None:
    """Write the archive, walk it and read what is wanted."""
    built = _built(data)
    if built is None:
        return
    path = Path(_SCRATCH.name) / f"case.{built.kind}"
    path.write_bytes(built.archive)
    try:
        _check(path, built)
    finally:
        path.unlink()


def _check(path: Path, built: Built) -> None:
    with touching_only(path):
        opened, refused = tried(lambda: _read(path))
    assert list(path.parent.iterdir()) == [path], "something was written beside the archive"
    assert not (refused and built.must_read), f"a sound archive is refused: {refused}"
    if opened is None:
        assert refused.startswith("the archive "), refused
    else:
        sizes, found = opened
        assert not built.must_refuse, f"read in spite of {built.must_refuse}: {sizes}"
        _demand_safe(sizes, found)
        _demand_whole(built, sizes)
        _demand_content(built, found)


def _read(path: Path) -> tuple[dict[str, int], dict[str, bytes]]:
    """Return the size of each member, and the content of those that are wanted, the last one first."""
    opened = open_archive(path, LIMITS, _wanted)
    return dict(opened.sizes), {name: opened.read(name) for name in sorted(filter(_wanted, opened.sizes), reverse=True)}


def _demand_safe(sizes: dict[str, int], found: dict[str, bytes]) -> None:
    assert len(sizes) <= LIMITS.archive_members
    assert sum(sizes.values()) <= LIMITS.archive_bytes
    assert all(size <= LIMITS.archive_member_bytes for size in sizes.values())
    assert len({_key(name) for name in sizes}) == len(sizes), f"names that are one: {sorted(sizes)}"
    for name in sizes:
        parts = name.split("/")
        assert not _UNSAFE.match(name), f"an unsafe name: {name!r}"
        assert not {"", ".", ".."}.intersection(parts), f"an unsafe name: {name!r}"
        odd = [part for part in parts if _DEVICE.fullmatch(part) or part.endswith((".", " "))]
        assert not odd, f"an unsafe name: {name!r}"
        assert len(name.encode()) <= 255
        assert len(parts) <= 33
    assert all(len(data) == sizes[name] for name, data in found.items()), "another size than was told"


def _demand_whole(built: Built, sizes: dict[str, int]) -> None:
    """Demand that every member has come wherever something could tell that it has not.

    The content of a plain tar has no checksum, but its headers have, and its end is marked.
    """
    lost = f"of {sorted(built.contents)} only {sorted(sizes)} are there"
    if built.odd:
        return
    if not built.damage or built.kind == "tar.gz":
        assert sorted(sizes) == sorted(built.contents), f"members are lost: {lost}"
    elif built.damage == {"cut"}:
        assert sorted(sizes) == sorted(built.contents), f"a cut {built.kind}: {lost}"
    elif built.damage == {"header"}:
        assert len(sizes) == len(built.contents), f"a damaged {built.kind}: {lost}"


def _demand_content(built: Built, found: dict[str, bytes]) -> None:
    """Demand the content that was put in, wherever a checksum protects it; damage may have changed a name."""
    if built.damage and built.kind == "tar":
        return
    for name, data in found.items():
        if built.damage or built.odd:
            is_part = built.odd in _SHORTER and any(whole.startswith(data) for whole in built.contents.values())
            assert is_part or data in built.contents.values(), f"content that nobody put in: {name!r}"
        else:
            assert data == built.contents.get(name), f"other content: {name!r}"


def _wanted(name: str) -> bool:
    return name.endswith(_ENDINGS)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.rstrip("/")).casefold()


def _oddities(kind: str) -> dict[str, dict[str, Any]]:
    module: Any = zip_bytes if kind == "zip" else tar_bytes
    return {"harmless": module.HARMLESS, "refused": module.REFUSED, "either": module.EITHER}


def _member(name: str, random: Random) -> dict[str, Any]:
    number = random.choice((0, 1, 10, 30, 300, 3000, 70_000 if random.random() < 0.2 else 5))
    return {"name": name, "body": [random.choice(("a", "<x/>\n", "\u00e9", "random")), number]}


def _content(member: dict[str, Any]) -> bytes:
    """Return a content that no other member has: its hash, and so many repetitions; a long one is hashes only."""
    unit, number = member["body"]
    name = member["name"].encode("utf-8", "surrogatepass")
    if not number:
        return b""
    if unit == "random" or number > 9000:
        return b"".join(hashlib.sha256(b"%s%d" % (name, turn)).digest() for turn in range(number // 32 + 1))
    return f"{hashlib.sha256(name + unit.encode()).hexdigest()} {unit * number}".encode()


def _built(data: bytes) -> Built | None:
    """Return the archive of a case; None when it is none: a shrunk one may lack anything."""
    try:
        case = json.loads(data.decode("utf-8", "surrogatepass"))
        names = {member["name"] for member in case["members"]}
        is_case = case["kind"] in _KINDS and names <= _NAMES and case.get("copies", 11) in _COPIES
        return _put_together(case) if is_case else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _put_together(case: dict[str, Any]) -> Built:
    kind, members = case["kind"], case["members"]
    if kind != "zip":  # where a NUL ends a name
        members = [member for member in members if "\0" not in member["name"]]
    if "copies" in case:
        members = [{"name": f"c{number}.xml", "body": ["a", 10]} for number in range(case["copies"])]
    entries = [_entry(member, kind) for member in members]
    archive = zip_bytes.zipped(entries) if kind == "zip" else tar_bytes.tarred(entries)
    spots = (
        [found.start() for found in re.finditer(rb"PK[\x01\x03\x05]", archive)] if kind == "zip" else _spots(entries)
    )
    archive = tar_bytes.packed(archive) if kind == "tar.gz" else archive
    for damage in case["damage"]:
        archive = _damaged(archive, damage, spots)
    verdict, odd = next((member["odd"] for member in members if "odd" in member), ("harmless", ""))
    reason = _reason(members)
    return Built(
        kind=kind,
        archive=archive,
        contents={member["name"]: _content(member) for member in members if not member.get("folder")},
        odd="" if verdict == "harmless" else odd,
        damage=frozenset(way for way, *_ in case["damage"]),
        must_read=not reason and verdict == "harmless" and not case["damage"],
        must_refuse="" if case["damage"] else reason,
    )


def _reason(members: list[dict[str, Any]]) -> str:
    """Return why an archive of these members must be refused; the content of what nobody wants is not looked at."""
    files = [member for member in members if not member.get("folder")]
    sizes = [len(_content(member)) for member in files]
    if any(member["name"] in BAD for member in members):
        return "a name"
    if len({_key(member["name"]) for member in members}) < len(members):
        return "a name given twice"
    if len(members) > LIMITS.archive_members or sum(sizes) > LIMITS.archive_bytes:
        return "its size"
    for member, size in zip(files, sizes, strict=True):
        verdict, odd = member.get("odd", ("", ""))
        if verdict == "refused" and _wanted(member["name"]) and (size or odd not in _OF_NOTHING):
            return str(odd)
    return ""


def _entry(member: dict[str, Any], kind: str) -> Any:
    if member.get("folder"):
        folder: Any = tar_bytes.Entry(name=member["name"], data=b"", kind=tar_bytes.FOLDER)
        return zip_bytes.entry(member["name"], b"", zip_bytes.STORED) if kind == "zip" else folder
    entry: Any = (zip_bytes if kind == "zip" else tar_bytes).entry(member["name"], _content(member))
    if "odd" in member:
        verdict, odd = member["odd"]
        _oddities(kind)[verdict][odd](entry)
    return entry


def _spots(entries: list[tar_bytes.Entry]) -> list[int]:
    """Return where the header of each member begins."""
    places, place = [], 0
    for each in entries:
        place += len(each.before)
        places.append(place)
        place += tar_bytes.BLOCK + len(tar_bytes.padded(each.data, each.is_padded))
    return places


def _damage(random: Random) -> list[Any]:
    way = random.choice(("flip", "flip", "header", "header", "cut", "insert", "append", "swap", "lose"))
    return [way, random.random(), random.randrange(1, 256), random.randrange(64)]


def _damaged(archive: bytes, damage: list[Any], spots: list[int]) -> bytes:
    way, share, number, offset = damage
    place = int(share * max(len(archive) - 1, 0))
    if way == "header" and spots:
        place = min(spots[int(share * len(spots))] + offset, len(archive) - 1)
    before, after = archive[:place], archive[place:]
    ways: dict[str, Callable[[], bytes]] = {
        "flip": lambda: before + bytes([after[0] ^ number]) + after[1:],
        "header": lambda: before + bytes([after[0] ^ number]) + after[1:],
        "cut": lambda: before,
        "insert": lambda: before + bytes([number]) * (offset + 1) + after,
        "append": lambda: archive + (bytes([number]) * offset * 20 or archive),
        "swap": lambda: before + after[offset : 2 * offset] + after[:offset] + after[2 * offset :],
        "lose": lambda: before + after[offset + 1 :],
    }
    return ways[way]()


TARGET: Final = Target(
    name="archives",
    promise="an archive is read as it was put together, under safe names, or refused as a whole; nothing is written",
    make=make,
    check=check,
)
