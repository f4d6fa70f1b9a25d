"""``liantu backup``: the workbench's data as one file. Owns: its options."""

from __future__ import annotations

import argparse

from liantu.cli import workbench
from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("file", metavar="FILE", help=say("cli.backup-file", lang))


def go(call: Call) -> int:
    """Write it while the workbench runs."""
    return workbench.run(call, ["backup", call.options.file])
