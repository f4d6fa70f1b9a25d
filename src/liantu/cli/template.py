"""``liantu template``: an empty workbook to fill in. Owns: its options."""

from __future__ import annotations

import argparse
from pathlib import Path

from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("out", nargs="?", metavar="OUT.xlsx", default="liantu-template.xlsx", help=say("cli.template-out", lang))
    parser.add_argument("--tables", nargs="+", metavar="TABLE", help=say("cli.tables", lang))
    parser.add_argument("--json", action="store_true", help=say("cli.json", lang))


def go(call: Call) -> int:
    """Write the template."""
    from liantu import runs

    out = Path(call.options.out)
    runs.template(out, lang=call.lang, only=call.options.tables or ())
    if call.json:
        call.answer({"files": [str(out)]})
    else:
        call.print(call.say("written", {"path": str(out)}))
    return 0
