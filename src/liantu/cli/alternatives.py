"""``liantu alternatives``: how differently a plan could be made for nearly the same money. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from liantu.cli.call import Call
from liantu.cli.options import building, named, package, scenario, solver
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.model.results import RunRecord
    from liantu.runs import Prepared


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    scenario(parser, lang)
    building(parser, lang)
    parser.add_argument("--within", default="2%", metavar="SHARE", help=say("cli.alternatives-within", lang))
    parser.add_argument("--ways", type=int, default=3, metavar="N", help=say("cli.alternatives-ways", lang))


def go(call: Call) -> int:
    """Seek other ways and print them."""
    from liantu import runs
    from liantu.runs.expanding import PlanAsked
    from liantu.runs.others import OthersAsked

    of = call.options
    plan = PlanAsked(
        first=of.first, last=of.last, rate=0.08 if of.rate is None else of.rate, budget=of.budget, fix=of.fix, forbid=of.forbid,
        sites=of.site, targets=of.target, solver=solver(of),
    )  # fmt: skip
    asked = OthersAsked(plan=plan, within=of.within, ways=of.ways)
    ready = runs.prepare(call.package, base=of.base)
    record = runs.run("alternatives", ready, options=asked, scenario=of.scenario)
    if not call.json and record.ok:
        _print(call, ready, record)
    return call.finish(record)


def _print(call: Call, ready: Prepared, record: RunRecord) -> None:
    best, within = record.result["objective"], record.result["within"]
    if isinstance(best, dict) and isinstance(within, dict):
        years = {"first": str(record.options["from"]), "last": str(record.options["to"])}
        money = {"best": f"{best['value']:,.0f}", "least": f"{within['least']:,.0f}", "currency": best["currency"]}
        call.print(call.say("alternatives-head", {**years, **money, "share": f"{within['share']:.3g}", "less": f"{within['less']:,.0f}"}))
    _print_ways(call, record)
    call.print()
    shown = [row for row in record.grid("ranges") if not row["site"]]
    columns, name = ("process", "unit", "least", "best", "most"), named(call, ready)
    call.table(
        [*(call.say(key) for key in columns), call.say("built-in")],
        [[*(name(key, row[key]) for key in columns), call.say(f"built-{row['built'] or 'unknown'}")] for row in shown],
    )
    call.print(call.say("alternatives-rest", {"count": len(record.grid("ranges")) - len(shown)}))


def _print_ways(call: Call, record: RunRecord) -> None:
    """Each way in a line: what it earns less, and how much of what it builds is built elsewhere or by another process."""
    columns = ("way", "less", "investment", "differs", "other_process", "nearest")
    rows = [
        [
            str(row["way"]),
            round(row["less"]) if isinstance(row["less"], float) else None,
            row["investment"],
            *(f"{row[name]:.0%}" if isinstance(row[name], float) else None for name in columns[3:]),
        ]
        for row in record.grid("ways")
    ]
    call.table([call.say(name) for name in columns], rows)
