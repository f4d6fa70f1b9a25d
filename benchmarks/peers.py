"""The peer's environment, apart from ours. Owns: making it, running `peer.py` in it. Never: what is measured there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PINS = ("bw2calc==3.1.0",)
_HERE = Path(__file__).resolve().parent


def python() -> Path:
    """The Python that has bw2calc: the one LIANTU_PEER_PYTHON names, else one made beside ours.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        If it cannot be made, e.g. without a network.
    """
    if given := os.environ.get("LIANTU_PEER_PYTHON"):
        return Path(given)
    home = Path(sys.prefix) / "peers" / "bw2calc"
    found = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(found), "-m", "pip", "install", "-q", "--disable-pip-version-check", *_PINS], check=True, capture_output=True)
        (home / "ready").write_text("\n".join(_PINS), encoding="utf-8")
    return found


def measure(sizes: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Answers and times of each size (n, cold runs, warm runs), with versions."""
    done = subprocess.run([str(python()), str(_HERE / "peer.py"), json.dumps(sizes)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
