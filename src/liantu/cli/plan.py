"""``liantu plan``: what to build, where and when. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from math import isfinite
from typing import TYPE_CHECKING

from liantu.cli.call import Call
from liantu.cli.options import building, named, package, scenario, solver
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.model.results import RunRecord
    from liantu.runs import Prepared
    from liantu.runs.expanding import PlanAsked


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    scenario(parser, lang)
    asking(parser, lang)
    parser.add_argument("--holds", action="store_true", help=say("cli.plan-holds", lang))


def asking(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """What may be asked of a plan, also where several are compared."""
    building(parser, lang)
    parser.add_argument("--blocks", action="store_true", help=say("cli.plan-blocks", lang))
    parser.add_argument("--window", type=int, default=0, metavar="N", help=say("cli.plan-window", lang))
    parser.add_argument("--step", type=int, default=0, metavar="N", help=say("cli.plan-step", lang))
    parser.add_argument("--gap", type=float, default=1e-4, metavar="G", help=say("cli.plan-gap", lang))


def asked(of: argparse.Namespace, *, holds: bool = False) -> PlanAsked:
    """The options as the question they ask."""
    from liantu.runs.expanding import PlanAsked

    return PlanAsked(
        first=of.first, last=of.last, rate=0.08 if of.rate is None else of.rate, blocks=of.blocks, budget=of.budget, fix=of.fix,
        forbid=of.forbid, sites=of.site, targets=of.target, window=of.window, step=of.step, holds=holds,
        solver=solver(of, gap=of.gap),
    )  # fmt: skip


def go(call: Call) -> int:
    """Plan and print."""
    from liantu import runs

    of = call.options
    ready = runs.prepare(call.package, base=of.base)
    record = runs.run("plan", ready, options=asked(of, holds=of.holds), scenario=of.scenario)
    if not call.json and record.ok:
        _print(call, ready, record)
    return call.finish(record)


def _print(call: Call, ready: Prepared, record: RunRecord) -> None:
    name = named(call, ready)
    money, gap = record.result["objective"], record.result["gap"]
    years = {name: str(record.options[name]) for name in ("from", "to")}
    call.print(
        call.say(
            "plan-head",
            {
                "first": years["from"],
                "last": years["to"],
                "value": call.money(money),
                "gap": f"{gap:.2%}" if isinstance(gap, float) and isfinite(gap) else "–",
            },
        )
    )
    heads = {"year": "in-year", "value": "one-more"}
    columns = ("year", "process", "site", "capacity", "unit", "ready", "investment")
    call.table(
        [call.say(heads.get(key, key)) for key in columns],
        [[str(row[key]) if key in {"year", "ready"} else name(key, row[key]) for key in columns] for row in record.grid("builds")],
    )
    if "holds" in record.result:
        _print_holds(call, ready, record)
    call.print()
    binding = [row for row in record.grid("limits") if row["value"]]
    shown = ("limit", "site", "material", "direction", "year", "used", "unit", "value")
    call.table(
        [call.say(heads.get(key, key)) for key in shown], [[_kind(call, name(key, row[key]), key) for key in shown] for row in binding]
    )


def _print_holds(call: Call, ready: Prepared, record: RunRecord) -> None:
    """Each process at all sites together: in how many corners it is still built, and between which sizes."""
    call.print()
    call.print(call.say("plan-holds-head", {"corners": len(record.grid("corners"))}))
    columns = ("process", "unit", "built", "low", "high")
    rows = [row for row in record.grid("holds") if not row["site"]]
    heads, name = [*(call.say(key) for key in columns), call.say("holds")], named(call, ready)
    call.table(heads, [[*(name(key, row[key]) for key in columns), f"{row['holds']:.0%}"] for row in rows])


def _kind(call: Call, cell: object, name: str) -> object:
    """The kind of a limit in words; a year is not a number to be set in thousands."""
    if name in ("limit", "direction") and cell:
        return call.say(f"{name}-{cell}")
    return str(cell) if name == "year" else cell
