"""Replaybook: reads what a CI run leaves behind and publishes what it means."""

__version__ = "0.1.0"
