"""Limits are numbers with a sentence each."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from generator.safety import limits


def test_every_limit_is_a_positive_number_with_a_sentence() -> None:
    source = Path(str(limits.__file__)).read_text(encoding="utf-8")
    names = re.findall(r"(?m)^([A-Z][A-Z_]+): Final = ", source)
    names = [name for name in names if isinstance(getattr(limits, name), int)]
    assert len(names) >= 37
    assert all(getattr(limits, name) > 0 for name in names)
    assert all(re.search(rf'(?m)^{name}: Final = .*\n"""[A-Z].*\."""$', source) for name in names)


def test_what_is_shown_never_exceeds_what_is_read() -> None:
    assert limits.TEXT_NAME <= limits.TEXT_MESSAGE <= limits.TEXT_TRACE <= limits.XML_TEXT <= limits.JSON_BYTES
    assert limits.JSONL_LINE <= limits.JSONL_BYTES
    assert limits.ARCHIVE_MEMBER_BYTES <= limits.ARCHIVE_BYTES


def test_the_limits_that_settings_may_change_begin_as_the_constants() -> None:
    constants = {value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}
    assert set(dataclasses.asdict(limits.DEFAULT).values()) <= constants
