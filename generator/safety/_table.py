"""The whole table of redaction, in the order in which a kind wins over another at the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.safety._assignments import ASSIGNMENT
from generator.safety._headers import HEADER
from generator.safety._packages import MODEL, PACKAGE
from generator.safety._platforms import CLOUD, FORGE, SERVER, STORE
from generator.safety._services import CHAT, MAIL, MONITOR, PAYMENT, WORK

if TYPE_CHECKING:
    from generator.safety._rules import Rule

RULES: Final[tuple[Rule, ...]] = (
    *(*FORGE, *CLOUD, *SERVER, *CHAT, *PAYMENT, *MAIL, *MONITOR, *WORK, *PACKAGE, *MODEL, *STORE),
    *(*HEADER, *ASSIGNMENT),
)
