"""XML: known roots, bounded, without entities; one repair, said aloud."""

from __future__ import annotations

import pytest

from generator.errors import UnreadableError
from generator.safety import limits
from generator.safety.strict_xml import parse_xml

ROOTS = frozenset({"testsuite", "testsuites", "coverage"})
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Recorder:
    """Keeps every event."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.events.append(("start", tag, attrs))

    def text(self, data: str) -> None:
        self.events.append(("text", data))

    def end(self, tag: str) -> None:
        self.events.append(("end", tag))


def read(data: str | bytes) -> tuple[list[tuple[object, ...]], bool]:
    recorder = Recorder()
    octets = data.encode() if isinstance(data, str) else data
    repaired = parse_xml(octets, recorder, ROOTS, {"coverage"})
    return recorder.events, repaired


def test_events_come_in_the_order_of_the_document() -> None:
    events, repaired = read(f'{HEAD}<testsuite name="s">\n<testcase name="a &lt; b"/>one<![CDATA[ <two>]]></testsuite>')
    assert events == [
        ("start", "testsuite", {"name": "s"}),
        ("start", "testcase", {"name": "a < b"}),
        ("end", "testcase"),
        ("text", "one <two>"),
        ("end", "testsuite"),
    ]
    assert repaired is False


def test_name_spaces_are_stripped_from_tags() -> None:
    events, _ = read('<j:testsuite xmlns:j="urn:x"><j:testcase/></j:testsuite>')
    assert [event[1] for event in events] == ["testsuite", "testcase", "testcase", "testsuite"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('<!DOCTYPE testsuite [<!ENTITY x "y">]><testsuite>&x;</testsuite>', "DOCTYPE with declarations at line 1"),
        ('<!DOCTYPE testsuite [<!ATTLIST testcase status CDATA "x">]><testsuite/>', "DOCTYPE with declarations"),
        ('<!DOCTYPE testsuite [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><testsuite/>', "with declarations"),
        ('<!DOCTYPE coverage [<!ENTITY x "y">]><coverage>&x;</coverage>', "DOCTYPE with declarations"),
        ("<!DOCTYPE testsuite><testsuite/>", "has a DOCTYPE"),
        ('<!DOCTYPE testsuite SYSTEM "file:///etc/passwd"><testsuite/>', "has a DOCTYPE"),
        ('<!DOCTYPE coverage SYSTEM "x.dtd"><coverage>&x;</coverage>', "entity"),
        ("<testsuite>&x;</testsuite>", "undefined entity"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "root element <html> is not known"),
        ("<!doctype html><script>x</script>", "not XML"),
        ("<testsuite>" * 65, "nested deeper than 64"),
        ("<testsuite " + " ".join(f'a{n}="1"' for n in range(65)) + "/>", "more than 64 attributes"),
        ("<testsuite><testcase>\n<fail", r"not XML: unclosed token at line 2, column 1 .*cut off"),
        ("<testsuite><testcase>", "no element found at line 1, column 22 .*cut off"),
        ("<testsuite/><testsuite/>", "junk after document element at line 1, column 13 .*several documents"),
        ('<testsuite name="a" name="b"/>', "duplicate attribute"),
        ("<testsuite>a & b</testsuite>", "invalid token"),
        (b'<?xml version="1.0" encoding="UTF-8"?><testsuite name="\xe9"/>', "invalid token"),
        (b'<?xml version="1.0" encoding="utf-7"?><testsuite/>', "encoding <utf-7> is not supported"),
        (b'<?xml version="1.0" encoding="shift_jis"?><testsuite/>', "encoding <shift_jis> is not supported"),
        ("", "the file is empty"),
        ("  \n ", "the file is empty"),
        ("log line\n<html/>", "not XML"),
        ("<testsuite/>\0\0", "invalid token"),
    ],
)  # fmt: skip
def test_hostile_and_broken_documents_are_refused_with_their_place(data: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        read(data)
    assert caught.value.hint


def test_a_declaration_in_utf_16_is_refused_as_well() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE testsuite [<!ENTITY x "y">]><testsuite>&x;</testsuite>'
    with pytest.raises(UnreadableError, match="DOCTYPE"):
        read(text.encode("utf-16"))


def test_utf_16_and_latin_1_are_read() -> None:
    assert read('<?xml version="1.0" encoding="UTF-16"?><testsuite name="\u00e9"/>'.encode("utf-16"))[0][0][2] == {
        "name": "\u00e9"
    }
    assert read(b'<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="\xe9"/>')[0][0][2] == {"name": "\u00e9"}


def test_a_coverage_report_keeps_its_doctype_unread() -> None:
    events, _ = read(f'{HEAD}<!DOCTYPE coverage SYSTEM "http://127.0.0.1:9/coverage-04.dtd"><coverage/>')
    assert [event[1] for event in events] == ["coverage", "coverage"]


def test_processing_instructions_are_ignored() -> None:
    assert len(read(f'{HEAD}<?xml-stylesheet href="http://127.0.0.1:9/x"?><testsuite/>')[0]) == 2


@pytest.mark.parametrize(
    "data",
    [
        b'<testsuite name="a\0b"/>',
        b'<testsuite name="a\x08b"/>',
        b'<testsuite name="a&#8;b"/>',
        b'<testsuite name="a&#x1b;b"/>',
        b'<testsuite name="a&#xFFFF;b"/>',
    ],
)
def test_illegal_characters_are_replaced_and_the_repair_is_told(data: bytes) -> None:
    events, repaired = read(data)
    assert repaired is True
    assert events == [("start", "testsuite", {"name": "a\ufffdb"}), ("end", "testsuite")]


def test_a_repair_keeps_the_declared_encoding() -> None:
    events, repaired = read(b'<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="\xe9\x07"/>')
    assert (events[0][2], repaired) == ({"name": "\u00e9\ufffd"}, True)


def test_blank_lines_before_the_declaration_are_repaired() -> None:
    assert read(f"\n \n{HEAD}<testsuite/>")[1] is True


def test_legal_references_need_no_repair() -> None:
    events, repaired = read('<testsuite name="a&#10;b&#xe9;"/>')
    assert (events[0][2], repaired) == ({"name": "a\nb\u00e9"}, False)


def test_a_broken_document_sends_no_event_before_a_repair() -> None:
    recorder = Recorder()
    with pytest.raises(UnreadableError):
        parse_xml(b"<testsuite><testcase/>\x01</wrong>", recorder, ROOTS)
    assert recorder.events == []


def test_text_of_one_element_is_cut_at_a_word_with_a_mark() -> None:
    events, _ = read("<testsuite><a>" + "word " * 100_000 + "</a><b>short</b></testsuite>")
    *pieces, short = [str(event[1]) for event in events if event[0] == "text"]
    text = "".join(pieces)
    assert len(text) < limits.XML_TEXT + 100
    assert text.split("\n")[0].rstrip().endswith("word")
    assert "cut" in text.split("\n")[1]
    assert short == "short"


def test_a_large_report_is_read_in_pieces() -> None:
    data = "<testsuites>" + '<testcase name="t" time="0.01">\u00e9</testcase>' * 60_000 + "</testsuites>"
    assert len(read(data)[0]) == 2 + 3 * 60_000
