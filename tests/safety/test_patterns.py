"""Patterns of the settings looked for in texts: the same with both engines, in linear time where RE2 is there."""

from __future__ import annotations

import time

import pytest

from generator.safety import _engine
from generator.safety.patterns import compiled

WITH_RE2 = vars(_engine)["re2"] is not None


@pytest.fixture(params=["re2", "re"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "re":
        monkeypatch.setattr(_engine, "re2", None)
    elif not WITH_RE2:
        pytest.skip("RE2 has no wheel for this platform")
    return str(request.param)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("connection refused.*registry", "OSError: connection refused by registry:5000", True),
        ("^OSError", "OSError: x", True),
        ("^OSError", "an OSError", False),
        ("(?i:oserror)", "OSERROR", True),
        ("caf. closed", "caf\u00e9 closed", True),
        (r"^\w+$", "caf\u00e9", False),
        ("x$", "yx", True),
        ("a", "", False),
    ],
)
def test_both_engines_find_the_same(engine: str, pattern: str, text: str, *, expected: bool) -> None:
    assert engine
    assert compiled(pattern).search(text) is expected


@pytest.mark.parametrize("pattern", ["(?=a)b", "(", "a*", "\u00e9", "x" * 1_001])
def test_what_the_settings_refuse_is_refused_here_too(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        compiled(pattern)


def test_a_pattern_that_runs_wild_elsewhere_takes_no_time() -> None:
    if not WITH_RE2:
        pytest.skip("RE2 has no wheel for this platform")
    start = time.process_time()
    assert compiled("(a+)+$").search("a" * 4_000 + "!") is False
    assert time.process_time() - start < 1
