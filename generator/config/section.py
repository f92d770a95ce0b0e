"""What all sections of the settings are."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the settings: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
