"""Puts finished versions into the site folder without ever losing what stands there."""

from generator.publish.permalinks import Shell, Target
from generator.publish.site import RESERVED, Transaction, transaction
from generator.publish.versions import Version

__all__ = ["RESERVED", "Shell", "Target", "Transaction", "Version", "transaction"]
