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
    from liantu.report.labels import group_name
    from liantu.report.stages import group_of

    demand = options.asked(call.options)
    buy = options.last_package(call.options, call.options.buy)
    prepared = runs.prepare(call.package, base=call.options.base)
    record = runs.run("require", prepared, demand=demand, buy=buy, year=call.options.year, scenario=call.options.scenario)
    if not call.json and record.result and (chain := prepared.chain):
        processes = dict(zip(chain.processes.id, chain.processes.name_zh, strict=True))
        materials = dict(zip(chain.materials.id, chain.materials.name_zh, strict=True))
        columns = ("process", "stage", "activity", "unit", "capacity", "gap", "state")
        needed = [row for row in record.grid("activities") if row["activity"] or row["capacity"]]
        rows = [
            [
                call.called(row["process"], processes[str(row["process"])]),
                call.called(row["stage"], group_name(group_of(str(row["stage"])), call.lang)),
                *(row[name] for name in columns[2:-1]),
                call.say(str(row["state"])),
            ]
            for row in needed
        ]
        call.table([call.say(name) for name in columns], rows)
        call.print()
        outside = ("material", "unit", "bought", "surplus")
        moved = [row for row in record.grid("materials") if row["bought"] or row["surplus"]]
        parts = [[call.called(row["material"], materials[str(row["material"])]), *(row[name] for name in outside[1:])] for row in moved]
        call.table([call.say(name) for name in outside], parts)
    return call.finish(record)
