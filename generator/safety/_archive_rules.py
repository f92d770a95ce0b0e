"""What refuses an archive: names that are not safe, and more than its budget."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety.ids import is_device_name
from generator.safety.limits import ARCHIVE_DEPTH, ARCHIVE_NAME_BYTES, KIB
from generator.safety.text import clean_name, has_control, one_line

if TYPE_CHECKING:
    from generator.safety.limits import ReadLimits

_DRIVE: Final = re.compile(r"[A-Za-z]:.*", re.DOTALL)
_SMALL: Final = 64 * KIB
"""Up to this size no ratio is unusual: a short file of one repeated line."""

_HINT: Final = "pack it again with plain files only, or unpack it and name the folder"
LIMIT_HINT: Final = "pack less into one archive, raise the limit in the settings, or unpack it and name the folder"


@dataclass(slots=True)
class Budget:
    """How much of an archive may still be read."""

    limits: ReadLimits
    total: int = 0
    packed: int = 0

    def members(self, number: int) -> None:
        """Refuse too many members."""
        if number > self.limits.archive_members:
            raise refusal(f"has more than {self.limits.archive_members} members", LIMIT_HINT)

    def member(self, name: str, size: int, packed: int) -> None:
        """Count a member by its declared size, which is compared with what is read."""
        limits = self.limits
        if size > limits.archive_member_bytes:
            raise refusal(f"has the member {shown(name)} of {size} bytes", LIMIT_HINT)
        self.total += size
        self.packed += packed
        if self.total > limits.archive_bytes:
            raise refusal(f"holds more than {limits.archive_bytes} bytes", LIMIT_HINT)
        ratio = limits.archive_ratio
        if (size > _SMALL and packed and size > ratio * packed) or (
            self.total > _SMALL and self.packed and self.total > ratio * self.packed
        ):
            raise refusal(f"unpacks to more than {ratio} times its size at {shown(name)}", LIMIT_HINT)


def demand_name(name: str, seen: set[str]) -> None:
    """Refuse a name that could lead out of a folder, hide something, or be taken for another one."""
    parts = name.split("/")
    unsafe = (
        not name
        or "\\" in name
        or has_control(name)
        or _DRIVE.fullmatch(name) is not None
        or any(part in {"", ".", ".."} or is_device_name(part) or part.endswith((" ", ".")) for part in parts)
        or len(name.encode("utf-8", "surrogatepass")) > ARCHIVE_NAME_BYTES
        or len(parts) > ARCHIVE_DEPTH + 1
    )
    if unsafe:
        raise refusal(f"has a member with an unsafe name: {shown(name)}")
    key = unicodedata.normalize("NFC", name).casefold()
    if key in seen:
        raise refusal(f"has the member {shown(name)} twice")
    seen.add(key)


def shown(name: str) -> str:
    return f"`{one_line(clean_name(name))[:120]}`"


def refusal(reason: str, hint: str = _HINT) -> UnreadableError:
    return UnreadableError(f"the archive {reason}; nothing of it is read", hint)
