"""``liantu audit``: check the workbench's trail, or write its head down. Owns: its options."""

from __future__ import annotations

import argparse

from liantu.cli import workbench
from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("act", choices=("verify", "anchor"), help=say("cli.audit-act", lang))
    parser.add_argument("--anchor", metavar="FILE", help=say("cli.audit-anchor", lang))


def go(call: Call) -> int:
    """Check or anchor."""
    options = ["--anchor", call.options.anchor] if call.options.anchor else []
    return workbench.run(call, ["audit", call.options.act, *options, *(["--json"] if call.json else [])])
