"""Processes that belong together. Owns: forking one off, its name, ending with one's parent. Never: what a process does."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import ForkProcess
from pathlib import Path

from django.db import connections

from liantu.errors import LiantuError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
_STOPPING = (signal.SIGTERM, signal.SIGINT)


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that comes about; at once if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def forked(name: str, task: Callable[[], object]) -> ForkProcess:
    """Do something in a process of its own, which leads a group of its own and has at once whatever this one has imported.

    Parameters
    ----------
    name : str
        As ``ps`` and ``top`` show it, after ``liantu-``.
    """
    connections.close_all()  # a connection belongs to the process that opened it
    process = multiprocessing.get_context("fork").Process(target=_be, args=(name, task))
    # A wish to stop that comes meanwhile is not for the handlers that the child still has of this process.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    return process


def _be(name: str, task: Callable[[], object]) -> None:
    os.setsid()
    if sys.platform == "linux":
        Path("/proc/self/comm").write_text(f"liantu-{name}", encoding="ascii")
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    try:
        task()
    except LiantuError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


def swept(process: ForkProcess) -> None:
    """End a process with all that it has started; often nothing is left."""
    process.kill()  # it may not lead its group yet
    if process.pid:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.join()
