"""Analysis: from the history's frames to findings; no files, no clock, no rendering.

`prepare` once for a history, `resolve` a reference to a run, `analyse` one run as of its time.
"""

from generator.analysis.analyse import analyse
from generator.analysis.frames import Prepared
from generator.analysis.prepare import prepare, resolve

__all__ = ["Prepared", "analyse", "prepare", "resolve"]
