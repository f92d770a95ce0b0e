"""A fabricated CI history: what was read of it beside what is true about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers import Intake
    from generator.records import RunUnit


@dataclass(frozen=True)
class World:
    """A fabricated history, what was read of it, and what is true about it."""

    truth: dict[str, Any]
    intake: Intake
    emitter: str

    def runs(self, *without: str) -> Iterator[tuple[dict[str, Any], RunUnit]]:
        """Yield the truth of each run beside its unit."""
        for truth in self.truth["runs"]:
            if truth["kind"] not in {"lane_summary", *without}:
                yield truth, self.unit_of(truth)

    def gates(self) -> Iterator[tuple[dict[str, Any], RunUnit]]:
        """Yield the truth of each gate point beside its unit."""
        by_id = {unit.run.key.run_id: unit for unit in self.intake.units}
        for truth in self.truth["gates"]:
            yield truth, by_id[truth["folder"].rpartition("/")[2]]

    def unit_of(self, truth: dict[str, Any]) -> RunUnit:
        """Return the unit whose identity the truth implies."""
        by_id = {unit.run.key.run_id: unit for unit in self.intake.units}
        return by_id[expected_run_id(truth)]


def expected_run_id(truth: dict[str, Any]) -> str:
    if truth["kind"] == "lane":
        return f"20260310-1-{truth['folder'].rpartition('/')[2]}"
    stamp = datetime.fromisoformat(truth["time"]).strftime("%Y%m%dT%H%M%SZ")
    shard = truth.get("shard") or {"kind": "none"}
    return stamp if shard["kind"] == "none" else f"{stamp}-{shard['name']}"
