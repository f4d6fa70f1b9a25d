"""``liantu check``: is the package right, does every recipe balance. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from pathlib import Path

from liantu.cli.call import Call
from liantu.cli.options import package
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    parser.add_argument("--errors", metavar="OUT.xlsx", help=say("cli.errors-option", lang))


def go(call: Call) -> int:
    """Check, and hand back the user's workbook with the bad cells marked if asked."""
    from liantu import runs
    from liantu.model import schema

    prepared = runs.prepare(call.package, base=call.options.base)
    record = runs.run("check", prepared)
    if call.options.errors:
        runs.mark(call.package, record.findings, Path(call.options.errors), lang=call.lang)
    if not call.json:
        called = {name: one.zh for name, one in schema.tables().items()} if call.lang == "zh" else {}
        rows = [(called.get(str(row["table"]), row["table"]), row["rows"]) for row in record.grid("tables")]
        call.table([call.say("table"), call.say("rows")], rows)
        call.notes(record.findings)
        if call.options.errors:
            call.print(call.say("marked", {"path": call.options.errors}))
    return call.finish(record)
