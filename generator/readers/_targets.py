"""One target as `summary.json` and `result.json` state it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import TargetRow
from generator.safety.text import clean_meta

if TYPE_CHECKING:
    from generator.safety.strict_json import Fields


def target_row(fields: Fields, surface: str, default_name: str = "") -> TargetRow:
    """Return the row; its name stands under `suite` or `target`, its counts are advisory."""
    labels = ("suite", "target") if surface == "suite" else ("target", "suite")
    name = next((text for label in labels if (text := _native.title(fields, label))), default_name)
    return TargetRow(
        surface=surface,
        name=name,
        exit_code=fields.signed("exit_code"),
        duration_ms=fields.int("duration_ms"),
        passed=fields.int("passed"),
        failed=fields.int("failed"),
        ignored=fields.int("ignored"),
        error=clean_meta(fields.text("error")),
    )
