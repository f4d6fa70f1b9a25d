"""The server and the worker, kept running. Owns: their processes, restarts, stopping. Never: requests, jobs.

Children are forked from this process, which has imported all they need: who is killed is there again in a moment, on a busy machine too.
Each leads a process group of its own: what dies is swept with all it had started before it is started anew. When this process itself is
killed the kernel ends the children.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.context import ForkProcess

from liantu.errors import CallError
from liantu.web.kit.processes import forked, swept

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PAUSE, _BREATH_S, _SOON_S, _PATIENCE_S = 0.1, 0.5, 5.0, 15.0
_OFTEN, _MOST_SOON = 3, 8
_log = logging.getLogger(__name__)


def address(host: str, port: int) -> int:
    """The port to listen on: the one asked for if it is free, any free one for 0.

    Raises
    ------
    CallError
        ``address-taken``.
    """
    try:
        with _Probe((host, port), socketserver.BaseRequestHandler) as probe:
            return int(probe.server_address[1])
    except OSError as error:
        raise CallError("address-taken", {"host": host, "port": str(port), "reason": error.strerror or str(error)}) from None


class _Probe(socketserver.TCPServer):
    allow_reuse_address = True


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""

    async def ask() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1" if host in {"0.0.0.0", ""} else host, port)  # noqa: S104 - asked, not bound
        writer.close()

    try:
        asyncio.run(ask())
    except OSError:
        return False
    return True


class Supervisor:
    """What is to run all the time, by name; each is called in a process of its own, with ``parent``, whom it ends with."""

    def __init__(self, tasks: Mapping[str, Callable[..., object]]) -> None:
        self._tasks = tasks
        self._running: dict[str, ForkProcess] = {}
        self._began: dict[str, float] = {}
        self._soon: dict[str, int] = {}
        self._stopped = threading.Event()

    def stop(self, *_: object) -> None:
        """End all, after this turn."""
        self._stopped.set()

    def run(self, on_turn: Callable[[], None]) -> None:
        """Until `stop`.

        Raises
        ------
        CallError
            ``process-dies`` if one ends by itself again and again right after its start.
        """
        try:
            while not self._stopped.is_set():
                for name in self._tasks:
                    self._look_after(name)
                on_turn()
                self._stopped.wait(_PAUSE)
        finally:
            self._end()

    def _look_after(self, name: str) -> None:
        process = self._running.get(name)
        if process is not None:
            if process.exitcode is None:
                return
            swept(process)
            _log.warning("%s ended with %s and is started again", name, process.exitcode)
            self._breathe(name, is_killed=process.exitcode == -signal.SIGKILL)
        self._running[name] = forked(name, partial(self._tasks[name], parent=os.getpid()))
        self._began[name] = time.monotonic()

    def _breathe(self, name: str, *, is_killed: bool) -> None:
        """Nobody waits the first times; and only who ends by itself is given up."""
        is_soon = time.monotonic() - self._began[name] < _SOON_S
        self._soon[name] = self._soon.get(name, 0) + 1 if is_soon else 0
        if self._soon[name] > _MOST_SOON and not is_killed:
            raise CallError("process-dies", {"name": name})
        self._stopped.wait(_BREATH_S if self._soon[name] > _OFTEN else 0)

    def _end(self) -> None:
        for process in self._running.values():
            process.terminate()
        until = time.monotonic() + _PATIENCE_S
        for process in self._running.values():
            process.join(max(0.1, until - time.monotonic()))
            if process.exitcode is None:
                _log.warning("%s did not end in time", process.pid)
            swept(process)
