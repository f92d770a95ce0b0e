"""XML made by a grammar or mutated: read as plain expat reads it, or refused for a reason that expat sees, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from generator.safety.limits import DEFAULT, XML_ATTRIBUTES, XML_TEXT
from generator.safety.strict_xml import parse_xml
from tests.fuzz.leaks import KEY, TOKEN
from tests.fuzz.mutations import mutated
from tests.fuzz.reports import GOLDEN, in_pieces, seeds, survive, tried
from tests.fuzz.run import Target
from tests.fuzz.watch import touching_only

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

ROOTS: Final = frozenset(
    {"testsuites", "testsuite", "TestRun", "test-results", "test-run", "test-suite", "assemblies", "assembly"}
    | {"result", "coverage"}
)
WITH_DOCTYPE: Final = frozenset({"coverage"})
CANARY: Final = "expanded-canary"
_MARK: Final = "\u2039\u2026 text over"
_CHUNKS: Final = (5, 61, 4096)  # files are read in pieces of 64 KiB, never in ones shorter than a character
_INNER: Final = (
    *("testcase", "failure", "error", "skipped", "system-out", "properties", "property", "rerunFailure", "flakyError"),
    *("testsuite", "test-case", "message", "stack-trace", "UnitTestResult", "collection", "test", "package", "line"),
    *("a:b", "\u00e9l\u00e9ment", "_", "x" * 300),
)
_NAMES: Final = (
    *("name", "classname", "time", "tests", "failures", "errors", "timestamp", "message", "type", "id", "file"),
    *("xmlns", "xml:lang", "a:b", "status", "result", "outcome", "line-rate", "hits", "branch", "n" * 200),
)
_VALUES: Final = (
    *("", "a", "1", "-1", "1e999", "NaN", "1,234.5", "0.1", "99999999999999999999", "true", "Failed", "passed"),
    *("&lt;b&gt;", "&#65;", "&#0;", "&#x1b;", "&#xD800;", "&#x110000;", "&#99999999999;", "&amp;#0;", "&x;", "&"),
    *("2026-03-04T05:06:07", "2026-13-40", "\u202e\u200b", "\x1b[31m", "\t\n", "]]>", "\ufffe", f"u {TOKEN} v"),
    *("v" * 5000, "a.b.C", "a::b", "[1-2]", "'", "\U0001f600", "e\u0301" * 20),
)
_HEADS: Final = (
    *("", "", "", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff", "  \n", "log line\n"),
    *('<?xml version="1.1"?>', '<?xml version="1.0" encoding="utf-7"?>', '<?xml version="1.0" encoding="latin-1"?>'),
    *('<?xml version="1.0" encoding="UTF-16"?>', '<?xml version="1.0" standalone="yes"?>', "<?pi x?>", "<!-- c -->"),
    *('<?xml version="1.0" encoding="cp1252"?>', '<?xml version="1.0" encoding="x"?>', "<?xml", "[INFO] <x> </x>\n"),
)
_DOCTYPES: Final = (
    *("<!DOCTYPE {r}>", '<!DOCTYPE {r} SYSTEM "file:///etc/passwd">'),
    *('<!DOCTYPE {r} PUBLIC "a" "http://127.0.0.1:9/x">', '<!DOCTYPE {r} [<!ENTITY x "expanded-&#99;anary">]>'),
    *('<!DOCTYPE {r} [<!ENTITY y "canary"><!ENTITY x "expanded-&y;">]>'),
    *('<!DOCTYPE {r} [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    *('<!DOCTYPE {r} [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'),
    *('<!DOCTYPE {r} [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">]>'),
    *('<!DOCTYPE {r} [<!ATTLIST testcase name CDATA "expanded-canary">]>'),
    *('<!DOCTYPE {r} [<!NOTATION n SYSTEM "x"><!ENTITY x SYSTEM "y" NDATA n>]>', "<!DOCTYPE {r} []>"),
    *("<!DOCTYPE {r} [<!ELEMENT {r} ANY>]>", "<!DOCTYPE {r} [ <!-- --> ]>", "<!DOCTYPE {r} [%p;]>", "<!doctype {r}>"),
    *('<!DOCTYPE {r} SYSTEM "x"', "<!DOCTYPE coverage>", "<!DOCTYPE a:{r}>"),
)
_TAILS: Final = ("", "", "", "", "\n", "\x00", "trailing log\n", "<testsuite/>", "<!-- c -->", "<?pi?>", "]]>", "&x;")
_ENCODINGS: Final = (
    *(*("utf-8",) * 12, "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "cp037"),
)


def target(folders: Sequence[Path] = (GOLDEN,)) -> Target:
    """Return the target with the XML files of these folders beside the grammar."""
    files = [path for path in seeds(folders) if path.suffix in {".xml", ".trx"}]

    def make(random: Random) -> bytes:
        data = random.choice(files).read_bytes() if random.random() < 0.3 else document(random)
        return mutated(data, random) if random.random() < 0.5 else data

    return Target(
        name="xml",
        promise="XML is read as it stands or refused with place and hint; no entity, no file, no limit is passed",
        make=make,
        check=check,
    )


def document(random: Random) -> bytes:
    """Return one document of the grammar, in one of the encodings."""
    root = random.choice(sorted(ROOTS))
    doctype = random.choice(_DOCTYPES).replace("{r}", root) if random.random() < 0.2 else ""
    text = random.choice(_HEADS) + doctype + _root(root, random) + random.choice(_TAILS)
    return text.encode(random.choice(_ENCODINGS), "xmlcharrefreplace")


def check(data: bytes) -> None:
    """Compare with plain expat, with the same document in pieces, and give it to the readers."""
    recorder, repaired, refused = _read(data, 0)
    plain = _plainly(data)
    if not repaired:
        _compare(recorder, plain, refused=refused)
    if not refused:
        _demand_bounded(recorder, plain)
        is_short = len(_joined(plain.recorder)) <= XML_TEXT  # where a longer text is cut depends on the pieces
        for size in _CHUNKS[2 if repaired or len(data) > 3000 else 0 :]:  # a repair wants the declaration in one piece
            again, _, refused_again = _read(data, size)
            assert refused_again == "", f"refused in pieces of {size} only: {refused_again}"
            assert not is_short or again.shape() == recorder.shape(), f"other events in pieces of {size}"
    survive(in_pieces("report.xml", data, ("reports",)))


@dataclass(slots=True)
class Recorder:
    """Keeps the events; text of one run is joined."""

    events: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    deepest: int = 0
    most: int = 0
    depth: int = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        self.most = max(self.most, len(attrs))
        self.events.append(("start", tag, attrs))

    def text(self, data: str) -> None:
        if self.events[-1][0] == "text":
            self.events[-1] = ("text", self.events[-1][1] + data, {})
        else:
            self.events.append(("text", data, {}))

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.events.append(("end", tag, {}))

    def shape(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return the events without white space, which may be lost where a piece of text ends."""
        squeezed = [
            (kind, "".join(data.split()) if kind == "text" else data, attrs) for kind, data, attrs in self.events
        ]
        return [event for event in squeezed if event[:2] != ("text", "")]


@dataclass(slots=True)
class Plain:
    """What expat itself says of a document, and what in it must be refused."""

    recorder: Recorder = field(default_factory=Recorder)
    error: str = ""
    encoding: str = ""
    doctype: str | None = None
    declares: bool = False


def _read(data: bytes, size: int) -> tuple[Recorder, bool, str]:
    recorder = Recorder()
    pieces = [data[place : place + size] for place in range(0, len(data), size)] if size else []
    document = (lambda: pieces) if pieces else data
    with touching_only():
        repaired, refused = tried(lambda: parse_xml(document, recorder, ROOTS, WITH_DOCTYPE))
    return recorder, bool(repaired), refused


class _DeclaresError(Exception):
    pass


def _plainly(data: bytes) -> Plain:
    plain = Plain()
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def declares(*_: object) -> NoReturn:
        plain.declares = True
        raise _DeclaresError

    def doctype(name: str, _system: object, _public: object, subset: object) -> None:
        plain.doctype = name.rpartition(":")[2]
        if subset:
            declares()

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        plain.encoding = encoding or ""

    parser.StartElementHandler = lambda tag, attrs: plain.recorder.start(tag.rpartition(":")[2], attrs)
    parser.EndElementHandler = lambda tag: plain.recorder.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = plain.recorder.text
    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    parser.EntityDeclHandler = parser.ElementDeclHandler = parser.AttlistDeclHandler = declares
    parser.NotationDeclHandler = parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = declares
    try:
        parser.Parse(data, True)
    except _DeclaresError:
        plain.error = "declares"
    except expat.ExpatError as error:
        plain.error = str(error)
    except (ValueError, LookupError) as error:
        plain.error = f"encoding: {error}"
    return plain


def _compare(recorder: Recorder, plain: Plain, *, refused: str) -> None:
    """Demand that a document is refused exactly when there is a reason to."""
    events = plain.recorder.events
    root = next((tag for kind, tag, _ in events if kind == "start"), "")
    reason = plain.error
    if not reason and root not in ROOTS:
        reason = "root"
    if not reason and (plain.recorder.deepest > DEFAULT.depth or plain.recorder.most > XML_ATTRIBUTES):
        reason = "size"
    if not reason and plain.doctype is not None and plain.doctype not in WITH_DOCTYPE:
        reason = "doctype"
    if not reason and refused:
        assert plain.encoding, f"refused without need: {refused}"
        return
    assert bool(reason) == bool(refused), f"expat: {reason or 'sound'}; we: {refused or 'read'}"
    if not refused and len(_joined(plain.recorder)) <= XML_TEXT:
        assert recorder.shape() == plain.recorder.shape()


def _joined(recorder: Recorder) -> str:
    return "".join(data for kind, data, _ in recorder.events if kind == "text")


def _demand_bounded(recorder: Recorder, plain: Plain) -> None:
    assert recorder.depth == 0
    assert recorder.deepest <= DEFAULT.depth
    assert recorder.most <= XML_ATTRIBUTES
    assert recorder.events[0][1] in ROOTS
    assert not plain.declares
    room = [0]
    for kind, data, _ in recorder.events:
        if kind == "start":
            room.append(0)
        elif kind == "end":
            room.pop()
        else:
            room[-1] += len(data.partition(_MARK)[0])
            assert room[-1] <= XML_TEXT + 1, f"{room[-1]} characters of text in one element"


def _root(root: str, random: Random) -> str:
    kind = random.random()
    if kind < 0.04:
        depth = random.randrange(DEFAULT.depth - 3, DEFAULT.depth + 4)
        return f"<{root}>" + "<testsuite>" * (depth - 1) + "x" + "</testsuite>" * (depth - 1) + f"</{root}>"
    if kind < 0.08:
        number = random.randrange(XML_ATTRIBUTES - 3, XML_ATTRIBUTES + 4)
        attributes = " ".join(f'a{place}="{place}"' for place in range(number))
        return f"<{root}><testcase {attributes}/></{root}>"
    if kind < 0.12:
        return _long_text(root, random)
    return _element(root, random, 0)


def _long_text(root: str, random: Random) -> str:
    """Return a report with a text over the limit, and a secret near the limit or near the end of a piece."""
    root = random.choice(("testsuite", "testsuites", root))
    before = f"<{root}><testcase><failure>"
    place = XML_TEXT - len(before) * random.randrange(2) - random.randrange(60)
    word = random.choice(("x", "line\n", "a b ", "\u00e9"))
    text = f"{(word * place)[:place]} {random.choice((TOKEN, KEY))} {word * random.randrange(90_000 // len(word))}"
    return f"{before}{text}</failure></testcase></{root}>"


def _element(tag: str, random: Random, depth: int) -> str:
    names = random.sample(_NAMES, random.randrange(5))
    if random.random() < 0.02 and names:
        names.append(names[0])
    attributes = "".join(f" {name}={_quoted(random)}" for name in names)
    children = [_content(random, depth) for _ in range(random.randrange(5 if depth < 5 else 1))]
    if not children and random.random() < 0.7:
        return f"<{tag}{attributes}/>"
    end = tag if random.random() < 0.99 else random.choice(_INNER)
    return f"<{tag}{attributes}>{''.join(children)}</{end}>"


def _quoted(random: Random) -> str:
    value, quote = random.choice(_VALUES), random.choice('"""\'')
    return f"{quote}{value}{quote}"


def _content(random: Random, depth: int) -> str:
    kind = random.randrange(10)
    if kind < 5:
        return _element(random.choice(_INNER), random, depth + 1)
    value = random.choice(_VALUES)
    if kind == 5:
        return f"<![CDATA[{value}]]>"
    if kind == 6:
        return random.choice(("<!-- c -->", "<?pi x?>", "\n  ", "&lt;", "&x;", "<!-- -- -->", "<![CDATA[]]>", "<"))
    return value
