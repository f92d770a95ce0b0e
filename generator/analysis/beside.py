"""The evidence of a run beside its tests and gates, put together over its units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.records import Evidence


def beside(evidence: Sequence[Evidence]) -> Beside:
    """Return what the units of a run left, each kind in the order of units and paths."""
    return Beside(
        coverage=tuple(record for unit in evidence for record in unit.coverage),
        alerts=tuple(record for unit in evidence for record in unit.alerts),
        measurements=tuple(record for unit in evidence for record in unit.measurements),
        statements=tuple(record for unit in evidence for record in unit.statements),
        quarantine=tuple(record for unit in evidence for record in unit.quarantine),
        classifications=tuple(record for unit in evidence for record in unit.classifications),
        forge=tuple(record for unit in evidence for record in unit.forge),
        owners=tuple(record for unit in evidence for record in unit.owners),
    )
