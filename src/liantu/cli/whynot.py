"""``liantu whynot``: why a wish cannot be had, and the most that can. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli.call import Call
from liantu.cli.options import asked, limited, package, scenario, solver, year
from liantu.words import Lang, say

TOP = 10


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    year(parser, lang)
    scenario(parser, lang)
    wish = say("cli.whynot-wish", lang)
    parser.add_argument("--wish", dest="demand", nargs="+", action="extend", default=[], metavar="MATERIAL=AMOUNT", help=wish)
    limited(parser, lang)
    parser.add_argument("--make", action="store_true", help=say("cli.whynot-make", lang))


def go(call: Call) -> int:
    """Ask for the most of a wish and print what stops the rest."""
    from liantu import runs
    from liantu.runs.wishing import Wish

    of = call.options
    meant = Wish(make=of.make, solver=solver(of))
    record = runs.run("whynot", call.package, year=of.year, base=of.base, scenario=of.scenario, demand=asked(of), options=meant)
    if not call.json and record.ok:
        call.print(call.text(record.result["because"]))
        for row in record.grid("limits"):
            call.print(f"  {call.text(row['because'])}")
        for row in [*list(record.grid("lacking"))[:TOP], *list(record.grid("missing"))[:TOP]]:
            call.print(f"  {call.text(row['because'])}")
    return call.finish(record)
