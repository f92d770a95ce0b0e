"""The append-only history: `open_store(folder, create=…)` gives a Store that appends, verifies and gives snapshots."""

import os

# The system's allocator gives memory back; Arrow's own keeps 50 MB more. It is chosen when pyarrow is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

from generator.history.bundle import Exported, demand_bundle
from generator.history.layout import unit_id
from generator.history.merging import Merged, others_of
from generator.history.pruning import Keep, Pruned, surplus
from generator.history.store import Appended, Store, open_store

__all__ = [
    "Appended",
    "Exported",
    "Keep",
    "Merged",
    "Pruned",
    "Store",
    "demand_bundle",
    "open_store",
    "others_of",
    "surplus",
    "unit_id",
]
