"""What the targets once found, as small as it was: each of these broke a promise, and none may again."""

from __future__ import annotations

import pytest

from generator.safety.limits import XML_TEXT, YAML_BYTES
from tests.fuzz import archive_files, secret_texts
from tests.fuzz.leaks import KEY, TOKEN
from tests.fuzz.run import broken
from tests.fuzz.targets import targets
from tests.safety.invented import TABLE

BY_NAME = {target.name: target for target in targets()}
HEAD = b"<testsuite><testcase><error>"
LONG = b"%s%s %s %s</error></testcase></testsuite>" % (
    HEAD,
    b"y" * (XML_TEXT - len(HEAD) - 2),
    KEY.encode(),
    b"z " * 5000,
)
TAR = b'{"kind":"tar","members":[{"name":"a.xml","body":["a",3]},{"name":"e.xml","body":["a",3]%s}],"damage":[%s]}'
ZIP = b'{"kind":"zip","members":[{"name":"a.xml","body":["a",1]},{"name":"e.xml","body":["a",1]}],"damage":[%s]}'
ONE = b'{"kind":"zip","members":[{"name":"%s","body":["a",%d]%s}],"damage":[]}'
CHAT = next(place for place, (_, secret, _) in enumerate(TABLE) if secret.startswith("xox" + "p-"))
BEARER = next(place for place, (_, _, around) in enumerate(TABLE) if around == "sent bearer {} to")
BASE64 = (
    b'{"pieces":[{"secret":%d,"before":"","after":"","disguise":"base64","hidden":[]}],"gaps":[" "],'
    b'"filler":[0,0,"x"],"limit":512}'
)
NAME = b'{"pieces":[{"name":"%s"}],"gaps":["\\n"],"filler":[0,0,"x"],"limit":512}'
MATRIX = b'x/extension_profile_matrix.json\n{"schema":"x.e2e.extension_profile_matrix.v1","%s":"Z"}'
BOARD = b'x/maintenance-dashboard.json\n{"":0,"trend_history":[{"\\u0000":4}]}'
CTRF = (
    b'x/ctrf.json\n{"reportFormat":"CTRF","results":{"tool":{"name":"t"},"summary":{},"tests":['
    b'{"name":"n","status":"passed","parameters":{"a":"%s %s"}},{"name":"n","status":"passed"}]}}'
)
QUOTES = b"cargo test '" + b'"' * 10 + b"'" + b' "\'"' * 1800


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("reports", MATRIX % "\u202ea".encode(), id="a hidden character in the name of a field"),
        pytest.param("reports", MATRIX % KEY.encode(), id="a secret as the name of a field"),
        pytest.param("reports", BOARD, id="a hidden character in the name of a field of a row"),
        pytest.param("reports", CTRF % (b"a" * 50, KEY.encode()), id="a parameter cut within a secret"),
        pytest.param("xml", LONG, id="a text cut within a secret that lies in two pieces"),
        pytest.param("json", b"x\n" * 200, id="more bad lines than rows may be kept"),
        pytest.param("settings", b"replaybook.yml\nsite: 2026-02-30", id="a date that is none"),
        pytest.param("settings", b"replaybook.yml\nsite: 0x_", id="a number that is none"),
        pytest.param("settings", b"replaybook.yml\n[a]: b", id="a list as a key"),
        pytest.param("settings", b"other.toml\ntool = []", id="a list of tools"),
        pytest.param("settings", b"other.toml\na = " + b"9" * 4301, id="a number of 4301 digits"),
        pytest.param("settings", b"replaybook.yml\n" + b"#" * (YAML_BYTES + 1), id="settings over the limit"),
        pytest.param("settings", b"replaybook.yml\nproject:\n  name: !!str a", id="a tag"),
        pytest.param("settings", b"replaybook.yml\nproject:\n  name: &x a", id="an anchor"),
        pytest.param("archives", TAR % (b"", b'["header",0.78,2,3]'), id="a damaged header in a tar"),
        pytest.param("archives", TAR % (b',"odd":["refused","other checksum"]', b""), id="a checksum of a tar header"),
        pytest.param("archives", TAR % (b"", b'["cut",0.45,1,0]'), id="a tar cut between two members"),
        pytest.param("archives", ZIP % b'["header",0.5,208,32]', id="a list of a zip that lost a member"),
        pytest.param(
            "archives",
            ONE % (b"a.xml", 3, b',"odd":["refused","half with its checksum"]'),
            id="a member that goes on behind the size it declares",
        ),
        pytest.param(
            "archives",
            ONE % (b"a.xml", 3, b',"odd":["refused","larger packed size"]'),
            id="a packed size that reaches into the list",
        ),
        pytest.param("archives", ONE % (b"", 0, b""), id="a member without a name"),
        pytest.param("redaction", BASE64 % CHAT, id="a token in base64 behind what looks like base64"),
        pytest.param("redaction", BASE64 % BEARER, id="a bearer in base64 behind what looks like base64"),
        pytest.param("redaction", NAME % b"test_shouldReturnTheCorrectValueForThing", id="a name taken for a key"),
        pytest.param("redaction", NAME % b"KeyJsonWriterTest.writesAll", id="a name taken for a web token"),
        pytest.param("commands", f'pytest {TOKEN[:2]}"{TOKEN[2:]}"'.encode(), id="a secret that quotes break up"),
        pytest.param("commands", QUOTES, id="a command that is too long when it is quoted"),
        pytest.param("commands", b'./scripts/x "=ls"', id="a word that a shell would look up when its quotes are gone"),
    ],
)
def test_what_was_once_wrong_stays_right(name: str, data: bytes) -> None:
    assert name != "archives" or archive_files._built(data), "no case"
    assert name != "redaction" or secret_texts._parsed(data), "no case"
    assert broken(BY_NAME[name], data)[1] == ""
