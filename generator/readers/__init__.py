"""What CI left behind, read into records: one module a format, the only stage that opens CI's files."""

from generator.readers.assemble import read_all
from generator.readers.intake import Intake, RunDefaults
from generator.readers.registry import READERS

__all__ = ["READERS", "Intake", "RunDefaults", "read_all"]
