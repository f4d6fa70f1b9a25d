"""``liantu throughput``: the best use of the plants there are. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli.call import SHOWN, Call
from liantu.cli.options import limited, package, scenario, solver, year
from liantu.words import Lang


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
    record = runs.run("throughput", call.package, year=of.year, base=of.base, scenario=of.scenario, options=solver(of))
    if not call.json and record.ok:
        call.print(call.say("throughput-head", {"year": str(record.result["year"]), "value": _objective(record.result["objective"])}))
        columns = ("plant", "site", "activity", "capacity", "unit", "utilisation", "capacity_value")
        call.table([call.say(name) for name in columns], [[row[name] for name in columns] for row in record.grid("plants")])
        for row in [*record.grid("plants")][:SHOWN]:
            call.print(f"  {row['plant']}: {call.text(row['because'])}")
        call.print()
        columns_ = ("material", "site", "unit", "bought", "sold", "surplus", "unmet", "price")
        moved = [row for row in record.grid("materials") if row["bought"] or row["sold"] or row["surplus"] or row["unmet"]]
        call.table([call.say(name) for name in columns_], [[row[name] for name in columns_] for row in moved])
    return call.finish(record)


def _objective(money: object) -> str:
    return f"{money['value']:,.0f} {money['currency']}" if isinstance(money, dict) else ""
