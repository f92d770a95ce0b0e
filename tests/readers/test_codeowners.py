from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import codeowners
from generator.records import OwnerRule, Owners
from tests.readers.in_memory import artifact


def read(text: str | bytes) -> tuple[tuple[OwnerRule, ...], list[str]]:
    reading = codeowners.read(artifact("CODEOWNERS", text))
    (record,) = reading.records
    assert isinstance(record, Owners)
    return record.rules, [problem.message for problem in reading.problems]


@pytest.mark.parametrize(
    ("line", "pattern", "owners"),
    [
        ("*.py @ada", "*.py", ("@ada",)),
        ("/src/\t@org/team   ada@shop.example", "/src/", ("@org/team", "ada@shop.example")),
        ("/src/ @ada # and @bob when she is away", "/src/", ("@ada",)),
        ("/src/ @ada #away", "/src/", ("@ada",)),
        ("/src/generated/", "/src/generated/", ()),
        ("/src/generated/ # nobody", "/src/generated/", ()),
        (r"\#notes @ada", r"\#notes", ("@ada",)),
        (r"a\ b\ #c.md @ada", r"a\ b\ #c.md", ("@ada",)),
        ("a#b.md @ada", "a#b.md", ("@ada",)),
        ("docs/ @group/sub-group/team.x @@maintainer", "docs/", ("@group/sub-group/team.x", "@@maintainer")),
        ("docs/ @ada @ada", "docs/", ("@ada",)),
        ("\ufeff* @ada\r", "*", ("@ada",)),
    ],
)
def test_a_line_is_a_pattern_and_its_owners(line: str, pattern: str, owners: tuple[str, ...]) -> None:
    (rule,), problems = read(line + "\n")
    assert (rule.pattern, rule.owners, rule.line) == (pattern, owners, 1)
    assert not problems


@pytest.mark.parametrize("heading", ["[Data]", "^[Data]", "[Data][2]", "^[Data][12]", "[Data][]"])
def test_a_heading_names_the_section_and_its_default_owners(heading: str) -> None:
    rules, problems = read(f"* @first\n{heading} @dba dba@shop.example # both\n*.sql\n*.md @writer\n[Other]\n*.c\n")
    assert [(rule.section, rule.owners) for rule in rules] == [
        ("", ("@first",)),
        ("Data", ("@dba", "dba@shop.example")),
        ("Data", ("@writer",)),
        ("Other", ()),
    ]
    assert not problems


def test_sections_whose_names_differ_in_case_only_are_one() -> None:
    rules, _ = read("[Data]\n*.sql @dba\n[DATA]\n*.csv @dba\n")
    assert [rule.section for rule in rules] == ["Data", "Data"]


def test_an_exclusion_never_gets_the_default_owners() -> None:
    (_, rule), _ = read("[Data] @dba\nmodel/\n!model/scratch/\n")
    assert (rule.pattern, rule.owners) == ("!model/scratch/", ())


def test_a_pattern_that_begins_with_a_bracket_is_no_heading() -> None:
    (rule,), _ = read("[ab]*.c @ada\n")
    assert (rule.pattern, rule.section) == ("[ab]*.c", "")


def test_what_is_no_owner_is_named_once_and_never_takes_ownership_away() -> None:
    rules, (problem,) = read("* @ada\n*.sql dba team\n*.md @writer bob\n")
    assert [(rule.line, rule.owners) for rule in rules] == [(1, ("@ada",)), (3, ("@writer",))]
    assert problem == "has lines that are not used as written: line 2 names dba, which is no owner, and 1 more"


def test_a_pattern_that_cannot_be_stored_as_it_is_is_left_out() -> None:
    rules, (problem,) = read(f"* @ada\n{'x' * 600} @ada\nsrc/\u202eyp.py @ada\n")
    assert len(rules) == 1
    assert "line 2 has a pattern that is too long" in problem


@pytest.mark.parametrize("text", ["", "# only words\n", "[Data] @dba\n"])
def test_a_file_without_rules_is_a_problem(text: str) -> None:
    assert read(text) == ((), ["holds no rule: no file has an owner"])


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00", b"* @ad\xe4\n"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data)


def test_the_file_is_known_by_its_name_in_any_folder() -> None:
    assert codeowners.recognises(artifact("CODEOWNERS", "", (".github",)))
    assert not codeowners.recognises(artifact("CODEOWNERS.md", "* @ada"))


@given(st.text(st.sampled_from("ab @#\\[]^!/.*\n\t\x85")) | st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_politely(text: str) -> None:
    try:
        rules, _ = read(text.encode("utf-8", "surrogatepass"))
    except UnreadableError:
        return
    assert [rule.line for rule in rules] == sorted({rule.line for rule in rules})
    assert all(rule.pattern for rule in rules)
