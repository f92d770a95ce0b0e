"""Where the shared inputs stand; tests that need them skip with a clear reason, which CI never does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def shared(*parts: str) -> Path:
    """Return a path in the shared folder, or skip the test where there is none (in CI: fail)."""
    path = SHARED.joinpath(*parts)
    if path.exists():
        return path
    reason = f"the shared inputs are not beside this checkout ({'/'.join(parts)})"
    if os.environ.get("CI") == "true" and SHARED.exists():
        pytest.fail(reason)
    pytest.skip(reason)
