"""Processes that belong together. Owns: ending with one's parent, their names. Never: what a process does."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that comes about; at once if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def call_it(name: str) -> None:
    """Name this process, as ``ps`` and ``top`` show it: all are forked from one and would be called alike."""
    if sys.platform == "linux":
        Path("/proc/self/comm").write_text(name, encoding="ascii")
