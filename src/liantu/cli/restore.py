"""``liantu restore``: a backup into an empty folder or database. Owns: its options."""

from __future__ import annotations

import argparse

from liantu.cli import workbench
from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("file", metavar="FILE", help=say("cli.restore-file", lang))


def go(call: Call) -> int:
    """Check it, then put it back."""
    return workbench.run(call, ["restore", call.options.file])
