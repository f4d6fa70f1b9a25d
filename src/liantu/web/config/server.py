"""The server and the worker, kept running. Owns: their processes, restarts, stopping. Never: requests, jobs.

Each child leads a process group of its own: what dies is swept with all it had started before it is started anew. When this process
itself is killed the kernel ends the children.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from liantu.errors import CallError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PAUSE, _PATIENCE_S, _SOON_S, _MOST_SOON = 0.2, 15.0, 5.0, 8
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
    """Commands that are to run all the time, by name."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}
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
            ``process-dies`` if one ends again and again right after its start.
        """
        try:
            while not self._stopped.is_set():
                for name in self._commands:
                    self._look_after(name)
                on_turn()
                self._stopped.wait(_PAUSE)
        finally:
            self._end()

    def _look_after(self, name: str) -> None:
        process = self._running.get(name)
        if process is not None:
            if process.poll() is None:
                return
            _sweep(process)
            self._soon[name] = self._soon.get(name, 0) + 1 if time.monotonic() - self._began[name] < _SOON_S else 1
            _log.warning("%s ended with %s and is started again", name, process.returncode)
            if self._soon[name] > _MOST_SOON:
                raise CallError("process-dies", {"name": name})
            self._stopped.wait(0.1 * 2 ** min(self._soon[name] - 1, 5) - 0.1)
        environment = {**os.environ, "LIANTU_SUPERVISED": "1"}
        command = [sys.executable, "-m", "liantu.web", *self._commands[name], "--parent", str(os.getpid())]
        self._running[name] = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self._began[name] = time.monotonic()

    def _end(self) -> None:
        for process in self._running.values():
            process.terminate()
        until = time.monotonic() + _PATIENCE_S
        for process in self._running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.warning("%s did not end in time", process.pid)
            _sweep(process)


def _sweep(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a group; often nothing is."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
