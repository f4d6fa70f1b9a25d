"""``liantu throughput``: the best use of the plants there are. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from liantu.cli.call import SHOWN, Call
from liantu.cli.options import limited, named, package, scenario, solver, year
from liantu.words import Lang

if TYPE_CHECKING:
    from liantu.model.results import RunRecord
    from liantu.runs import Prepared


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    scenario(parser, lang)
    year(parser, lang)
    limited(parser, lang)


def go(call: Call) -> int:
    """Run a year for the most profit."""
    from liantu import runs

    of = call.options
    ready = runs.prepare(call.package, base=of.base)
    record = runs.run("throughput", ready, year=of.year, scenario=of.scenario, options=solver(of))
    if not call.json and record.ok:
        _print(call, ready, record)
    return call.finish(record)


def _print(call: Call, ready: Prepared, record: RunRecord) -> None:
    name = named(call, ready)
    call.print(call.say("throughput-head", {"year": str(record.result["year"]), "value": call.money(record.result["objective"])}))
    columns = ("plant", "site", "activity", "capacity", "unit", "utilisation", "capacity_value")
    call.table([call.say(name) for name in columns], [[name(key, row[key]) for key in columns] for row in record.grid("plants")])
    for row in [*record.grid("plants")][:SHOWN]:
        call.print(f"  {row['plant']}: {call.text(row['because'])}")
    call.print()
    columns_ = ("material", "site", "unit", "bought", "sold", "surplus", "unmet", "price")
    moved = [row for row in record.grid("materials") if row["bought"] or row["sold"] or row["surplus"] or row["unmet"]]
    call.table([call.say(name) for name in columns_], [[name(key, row[key]) for key in columns_] for row in moved])
