"""``liantu report``: the summary on the terminal, the report as files. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from liantu.cli import options
from liantu.cli.call import Call
from liantu.words import Lang, say

FORMATS = ("html", "xlsx")


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    options.package(parser, lang)
    options.year(parser, lang)
    options.demand(parser, lang)
    parser.add_argument("--out", metavar="FOLDER", default="liantu-report", help=say("cli.out", lang))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=list(FORMATS), help=say("cli.format", lang))


def go(call: Call) -> int:
    """Write the report of one year."""
    from liantu import report, runs

    demand = options.asked(call.options)
    buy = options.last_package(call.options, call.options.buy)
    prepared = runs.prepare(call.package, base=call.options.base)
    balance = runs.run("balance", prepared, year=call.options.year)
    require = runs.run("require", prepared, year=call.options.year, demand=demand, buy=buy)
    if prepared.chain is None or not balance.ok or not require.ok:
        return call.finish(require if balance.ok else balance)
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    made = report.report(prepared.chain, balance, require, lang=call.lang, at=now)
    paths = report.write(made, Path(call.options.out), formats=call.options.format)
    if call.json:
        both = [*balance.findings, *(finding for finding in require.findings if finding not in balance.findings)]
        call.answer({"files": [str(path) for path in paths]}, digest=balance.digest, findings=both)
        return 0
    for line in report.summary(made):
        call.print(line)
    call.print()
    for path in paths:
        call.print(str(path))
    return 0
