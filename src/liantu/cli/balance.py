"""``liantu balance``: what the plants of a year make and take. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli.call import Call
from liantu.cli.options import package, scenario, year
from liantu.words import Lang


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    package(parser, lang)
    scenario(parser, lang)
    year(parser, lang)


def go(call: Call) -> int:
    """Balance one year."""
    from liantu import runs
    from liantu.report.labels import indicator_name

    record = runs.run("balance", call.package, year=call.options.year, base=call.options.base, scenario=call.options.scenario)
    if not call.json and record.result:
        call.print(call.say("balance-head", {"package": record.package, "year": str(record.options["year"])}))
        columns = ("material", "unit", "produced", "consumed", "net", "bought", "sold", "surplus")
        moved = [row for row in record.grid("materials") if row["produced"] or row["consumed"]]
        named = [{**row, "material": call.called(row["material"], row["name_zh"])} for row in moved]
        call.table([call.say(name) for name in columns], [[row[name] for name in columns] for row in named])
        call.print()
        judged = ("id", "value", "operator", "target", "met")
        rows = [
            [call.called(row["id"], indicator_name(row, "zh")), *(row[name] for name in judged[1:-1]), _met(call, row["met"])]
            for row in record.grid("indicators")
            if row["value"] is not None
        ]
        call.table([call.say(name) for name in judged], rows)
    return call.finish(record)


def _met(call: Call, met: object) -> str:
    return "" if met is None else call.say("yes" if met else "no")
