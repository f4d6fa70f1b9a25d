"""``liantu audit``: check the workbench's trail, or write its head down. Owns: its options and the exit code of what it runs."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib.util import find_spec

from liantu.cli.call import Call
from liantu.errors import CallError
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("act", choices=("verify", "anchor"), help=say("cli.audit-act", lang))
    parser.add_argument("--anchor", metavar="FILE", help=say("cli.audit-anchor", lang))


def go(call: Call) -> int:
    """Run the workbench's own command in a process of its own: the terminal knows no Django."""
    if find_spec("django") is None:
        raise CallError("web-absent")
    options = ["--anchor", call.options.anchor] if call.options.anchor else []
    command = [sys.executable, "-m", "liantu.web", "audit", call.options.act, *options, *(["--json"] if call.json else [])]
    return subprocess.run(command, env={**os.environ, "LIANTU_LANG": call.lang}, check=False).returncode
