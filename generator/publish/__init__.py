"""Puts finished versions into the site folder without ever losing what stands there."""

from generator.publish.permalinks import Shell, Target
from generator.publish.site import Transaction, transaction
from generator.publish.versions import Version

__all__ = ["Shell", "Target", "Transaction", "Version", "transaction"]
