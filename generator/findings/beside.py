"""What a run left beside its tests and gates, over all its parts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.records import (
        AlertReport,
        Coverage,
        ForgeExport,
        MeasurementReport,
        Owners,
        QuarantineReport,
        Statement,
        SuiteClassification,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Coverage, alerts, measurements and the evidence files of the gate family, in the order of their paths."""

    coverage: tuple[Coverage, ...] = ()
    alerts: tuple[AlertReport, ...] = ()
    measurements: tuple[MeasurementReport, ...] = ()
    statements: tuple[Statement, ...] = ()
    quarantine: tuple[QuarantineReport, ...] = ()
    classifications: tuple[SuiteClassification, ...] = ()
    forge: tuple[ForgeExport, ...] = ()
    owners: tuple[Owners, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the run left nothing of the kind."""
        return not any(getattr(self, field.name) for field in fields(self))
