"""The append-only history: `open_store(folder, create=…)` gives a Store that appends, verifies and gives snapshots."""

from generator.history.layout import unit_id
from generator.history.store import Appended, Store, open_store

__all__ = ["Appended", "Store", "open_store", "unit_id"]
