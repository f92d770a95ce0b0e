"""What the targets draw from, each once: no oddity waits for its turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.safety.commands import vet_command
from tests.fuzz import archive_files, command_lines, json_texts, secret_texts, settings_files, xml_documents
from tests.fuzz.run import broken
from tests.safety.invented import TABLE

if TYPE_CHECKING:
    from tests.fuzz.run import Target

XML = xml_documents.target()
JSON = json_texts.target()


def mistakes(target: Target, *cases: bytes) -> list[str]:
    found = ((broken(target, data)[1], data) for data in cases)
    return [f"{what}\n{data[:300]!r}" for what, data in found if what]


def packed(kind: str, **member: Any) -> bytes:
    members = [{"name": "README", "body": ["a", 3]}, {"body": ["a", 30]} | member]
    members = members if member["name"] != "README" else members[1:]
    return json.dumps({"kind": kind, "members": members, "damage": []}).encode()


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("verdict", ["harmless", "refused", "either"])
def test_every_oddity_of_a_member_is_read_or_refused_as_it_should(kind: str, verdict: str) -> None:
    odd = archive_files._oddities(kind)[verdict]
    assert len(odd) > 4
    assert mistakes(archive_files.TARGET, *(packed(kind, name="a.xml", odd=[verdict, name]) for name in odd)) == []


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_every_name_of_a_member_is_read_or_refused_as_it_should(kind: str) -> None:
    names = (*archive_files.GOOD, *archive_files.BAD)
    assert mistakes(archive_files.TARGET, *(packed(kind, name=name) for name in names)) == []


def planted(place: int, **how: Any) -> bytes:
    piece = {"secret": place, "before": "", "after": "", "disguise": "as it is", "hidden": []} | how
    case = {"pieces": [piece], "gaps": ["\n"], "filler": [0, 0, "x"], "limit": 8192}
    return json.dumps(case).encode()


@pytest.mark.parametrize("disguise", secret_texts._DISGUISES)
def test_every_secret_of_the_table_is_masked_in_every_disguise(disguise: str) -> None:
    cases = [planted(place, disguise=disguise) for place in range(len(TABLE))]
    assert mistakes(secret_texts.TARGET, *cases) == []


def test_every_secret_of_the_table_is_masked_with_every_hidden_character_in_it() -> None:
    cases = [planted(place, hidden=[[each, 5]]) for place in range(len(TABLE)) for each in secret_texts._HIDDEN]
    assert mistakes(secret_texts.TARGET, *cases) == []


def test_every_secret_that_tells_itself_is_masked_whatever_touches_it() -> None:
    cases = [
        planted(place, **{side: sign})
        for place in secret_texts.ALONE
        for side in ("before", "after")
        for sign in secret_texts._TOUCHING
    ]
    assert mistakes(secret_texts.TARGET, *cases) == []


def test_every_value_in_yaml_and_toml_is_valid_or_refused() -> None:
    yaml = [f"replaybook.yml\nsite:\n  url: {value}\n".encode() for value in settings_files._YAML]
    keys = [f"replaybook.yml\nsite:\n  {key}: a\n".encode() for key in settings_files._ODD_KEYS]
    toml = [f"pyproject.toml\n[tool.replaybook.site]\nurl = {value}\n".encode() for value in settings_files._TOML]
    heads = [f"pyproject.toml\n{head}\n".replace("{s}", "site").encode() for head in settings_files._TOML_HEADS]
    whole = [f"replaybook.yml\n{text}".encode() for text in settings_files._WHOLE]
    assert mistakes(settings_files.TARGET, *yaml, *keys, *toml, *heads, *whole) == []


@pytest.mark.parametrize("root", ["testsuite", "coverage", "TestRun"])
def test_every_head_doctype_and_value_of_xml_is_read_or_refused(root: str) -> None:
    heads = [f"{head}<{root}/>".encode() for head in xml_documents._HEADS]
    doctypes = [f"{each.replace('{r}', root)}<{root} a='&x;'>&x;</{root}>".encode() for each in xml_documents._DOCTYPES]
    values = [f'<{root} a="{value}">{value}</{root}>'.encode() for value in xml_documents._VALUES]
    tails = [f"<{root}/>{tail}".encode() for tail in xml_documents._TAILS]
    encodings = [f"<{root}>\u00e9</{root}>".encode(name, "replace") for name in xml_documents._ENCODINGS]
    assert mistakes(XML, *heads, *doctypes, *values, *tails, *encodings) == []


def test_no_entity_of_a_doctype_is_ever_expanded() -> None:
    for doctype in xml_documents._DOCTYPES:
        data = f"{doctype.replace('{r}', 'coverage')}<coverage a='&x;'>&x;</coverage>".encode()
        recorder, _, refused = xml_documents._read(data, 0)
        assert refused
        assert xml_documents.CANARY not in str(recorder.events)


def test_every_number_text_and_space_of_json_means_what_python_says() -> None:
    parts = (*json_texts._NUMBERS, *json_texts._TEXTS)
    rows = [f"[{part}]\n{part}\n{{{part}: 1}}\n[1]".encode("utf-8", "surrogatepass") for part in parts]
    documents = [part.encode("utf-8", "surrogatepass") for part in parts]
    spaces = [f"{space}[{space}1{space},2]{space}\n".encode() for space in json_texts._SPACES]
    twice = [f"{{{one}:1,{other}:2}}".encode() for one in json_texts._KEYS for other in json_texts._KEYS]
    assert mistakes(JSON, *rows, *documents, *spaces, *twice) == []


def test_every_good_command_may_be_copied_and_with_any_piece_keeps_its_promise() -> None:
    assert all(vet_command(text).copyable for text in command_lines._GOOD)
    texts = [f"{good} {piece}" for good in command_lines._GOOD[:4] for piece in command_lines._PIECES]
    texts += [f"{piece}{good}" for good in command_lines._GOOD[:4] for piece in command_lines._PIECES]
    texts += [f"pytest {quote}a{piece}{quote}" for quote in "'\"" for piece in command_lines._PIECES]
    assert mistakes(command_lines.TARGET, *(text.encode("utf-8", "surrogatepass") for text in texts)) == []
