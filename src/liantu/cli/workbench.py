"""The workbench's own commands, each in a process of its own: the terminal knows no Django. Owns: running one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from liantu.cli.call import Call
from liantu.errors import CallError


def run(call: Call, words: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run ``python -m liantu.web …`` to its end and hand its exit code on; a wish to stop is handed down.

    Raises
    ------
    CallError
        ``web-absent`` if the extra is not installed.
    """
    if find_spec("django") is None or find_spec("granian") is None:
        raise CallError("web-absent")
    command = [sys.executable, "-m", "liantu.web", *words]
    with subprocess.Popen(command, env={**os.environ, **(environment or {}), "LIANTU_LANG": call.lang}) as process:
        # Ctrl-C reaches both; the workbench ends in its own time, and this process with it.
        before = {number: signal.signal(number, lambda *_: process.terminate()) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            return process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
