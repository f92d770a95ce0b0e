"""The append-only history: `open_store(folder, create=…)` gives a Store that appends, verifies and gives snapshots."""

import os

# The system's allocator gives memory back; Arrow's own keeps 50 MB more. It is chosen when pyarrow is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

from generator.history.layout import unit_id
from generator.history.store import Appended, Store, open_store

__all__ = ["Appended", "Store", "open_store", "unit_id"]
