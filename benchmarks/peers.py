"""The peers' environments, apart from ours. Owns: making them, running a peer's file in one. Never: what is measured there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# What each environment holds.
_PINS = {"bw2calc": ("bw2calc==3.1.0",), "plans": ("ortools==9.15.6755", "linopy==0.10.1", "highspy==1.15.1")}
_HERE = Path(__file__).resolve().parent


def python(name: str) -> Path:
    """The Python of an environment: the one ``LIANTU_PEER_PYTHON_NAME`` names, else one made beside ours.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        If it cannot be made, e.g. without a network.
    """
    if given := os.environ.get(f"LIANTU_PEER_PYTHON_{name.upper()}"):
        return Path(given)
    home = Path(sys.prefix) / "peers" / name
    found, pins = home / "bin" / "python", "\n".join(_PINS[name])
    ready = home / "ready"
    if not ready.exists() or ready.read_text(encoding="utf-8") != pins:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run(
            [str(found), "-m", "pip", "install", "-q", "--disable-pip-version-check", *_PINS[name]], check=True, capture_output=True
        )
        ready.write_text(pins, encoding="utf-8")
    return found


def measure(name: str, file: str, *arguments: str) -> dict[str, Any]:
    """What a peer's file prints, run in an environment.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        If there is no such environment and none can be made, or the peer fails.
    """
    done = subprocess.run([str(python(name)), str(_HERE / file), *arguments], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
