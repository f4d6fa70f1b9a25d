"""``liantu require``: what a demand needs at every stage, against the capacity there is. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli import options
from liantu.cli.call import Call
from liantu.words import Lang


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    options.package(parser, lang)
    options.scenario(parser, lang)
    options.demand(parser, lang)
    options.year(parser, lang)


def go(call: Call) -> int:
    """Require the demand."""
    from liantu import runs

    demand = options.asked(call.options)
    buy = options.last_package(call.options, call.options.buy)
    record = runs.run(
        "require", call.package, demand=demand, buy=buy, year=call.options.year, base=call.options.base, scenario=call.options.scenario
    )
    if not call.json and record.result:
        columns = ("process", "stage", "activity", "unit", "capacity", "gap", "state")
        needed = [row for row in record.grid("activities") if row["activity"] or row["capacity"]]
        rows = [[call.say(str(row[name])) if name == "state" else row[name] for name in columns] for row in needed]
        call.table([call.say(name) for name in columns], rows)
        call.print()
        outside = ("material", "unit", "bought", "surplus")
        moved = [row for row in record.grid("materials") if row["bought"] or row["surplus"]]
        call.table([call.say(name) for name in outside], [[row[name] for name in outside] for row in moved])
    return call.finish(record)
