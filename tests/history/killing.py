"""Stop a writer for good before one of its effects on the disk."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


class Killed(BaseException):
    """Stands for kill -9: no handler of the program may see it."""


def killed(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch, step: int) -> bool:
    """Do something and stop it for good before its n-th effect on the disk; False when it has fewer."""
    effects = 0

    def counted(name: str) -> None:
        original = getattr(os, name)

        def effect(*arguments: object, **named: object) -> object:
            nonlocal effects
            effects += 1
            if effects > step:
                raise Killed
            return original(*arguments, **named)

        patch.setattr(os, name, effect)

    with monkeypatch.context() as patch:
        for name in ("open", "write", "fsync", "mkdir", "chmod", "rename", "replace", "unlink"):
            counted(name)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # the dead clean nothing up
        try:
            action()
        except Killed:
            return True
    return False
