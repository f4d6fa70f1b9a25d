"""``liantu serve``: the workbench in the browser. Owns: its options."""

from __future__ import annotations

import argparse

from liantu.cli import workbench
from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("--database", metavar="URL", help=say("cli.serve-database", lang))
    parser.add_argument("--host", default="127.0.0.1", help=say("cli.serve-host", lang))
    parser.add_argument("--port", type=int, default=8000, metavar="N", help=say("cli.serve-port", lang))
    parser.add_argument("--workers", type=int, default=2, metavar="N", help=say("cli.serve-workers", lang))


def go(call: Call) -> int:
    """Serve until Ctrl-C."""
    of = call.options
    words = ["serve", "--host", of.host, "--port", str(of.port), "--workers", str(max(1, of.workers))]
    return workbench.run(call, words, {"DATABASE_URL": of.database} if of.database else None)
