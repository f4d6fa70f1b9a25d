"""``liantu recruit``: which link should come next, where, and what it is worth. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from liantu.cli.call import Call
from liantu.cli.options import count, limited, named, number, package, scenario, solver, year
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.model.results import Record, RunRecord
    from liantu.runs import Prepared

TOP = 20


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    year(parser, lang)
    scenario(parser, lang)
    limited(parser, lang)
    parser.add_argument("--stage", action="append", default=[], metavar="STAGE", help=say("cli.recruit-stage", lang))
    parser.add_argument("--site", action="append", default=[], metavar="SITE", help=say("cli.recruit-site", lang))
    parser.add_argument("--zone", default="", metavar="ZONE", help=say("cli.recruit-zone", lang))
    parser.add_argument("--serves", action="append", default=[], metavar="MATERIAL", help=say("cli.recruit-serves", lang))
    parser.add_argument("--capital", type=number, metavar="N", help=say("cli.recruit-capital", lang))
    parser.add_argument("--rate", type=float, default=0.08, metavar="R", help=say("cli.recruit-rate", lang))
    parser.add_argument("--top", type=count, default=TOP, metavar="N", help=say("cli.recruit-top", lang))


def go(call: Call) -> int:
    """Rank the links and print the best, one line a process."""
    from liantu import runs
    from liantu.runs.recruiting import RecruitAsked

    of = call.options
    asked = RecruitAsked(
        rate=of.rate, stages=of.stage, sites=of.site, zone=of.zone, serves=of.serves, capital=of.capital, solver=solver(of)
    )
    ready = runs.prepare(call.package, base=of.base)
    record = runs.run("recruit", ready, year=of.year, scenario=of.scenario, options=asked)
    if not call.json and record.ok:
        _print(call, ready, record)
    return call.finish(record)


def _print(call: Call, ready: Prepared, record: RunRecord) -> None:
    name = named(call, ready)
    best = _one_a_process(record.grid("links"))
    money = call.currency(record.result["currency"])
    call.print(call.say("recruit-head", {"year": str(record.result["year"]), "links": len(record.grid("links")), "currency": money}))
    columns = (
        "process",
        "site",
        "sites",
        "step",
        "unit",
        "value_per_year",
        "cost_per_year",
        "net_per_year",
        "useful_size",
        "payback_years",
    )
    shown = best[: call.options.top]
    rows = [[*(name(key, row[key]) for key in columns), _holds(row), call.say(f"advice-{row['advice'] or 'open'}")] for row in shown]
    call.table([*(call.say(key) for key in columns), call.say("holds"), call.say("advice")], rows)
    for row in shown[:3]:
        call.print(f"  {name('process', row['process'])}: {call.text(row['because'])}")
    if len(best) > len(shown):
        call.print(call.say("recruit-rest", {"count": len(best) - len(shown)}))
    outside = sum(not row["serves_yardstick"] for row in shown)
    if outside and not call.options.serves and any(row["serves_yardstick"] for row in best):
        call.print(call.say("recruit-outside", {"count": outside}))
    for row in record.grid("pairs"):
        call.print(call.text(row["because"]))
    call.print(call.say("recruit-excluded", {"count": len(record.grid("excluded"))}))


def _holds(row: Record) -> str | None:
    return f"{row['holds']:.0%}" if isinstance(row["holds"], float) else None


def _one_a_process(links: Iterable[Record]) -> list[Record]:
    """The best site of each process, with the number of sites that would do."""
    best: dict[str, Record] = {}
    count: dict[str, int] = {}
    for row in links:
        process = str(row["process"])
        best.setdefault(process, row)
        count[process] = count.get(process, 0) + 1
    return [{**row, "sites": count[process]} for process, row in best.items()]
