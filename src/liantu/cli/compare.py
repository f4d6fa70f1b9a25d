"""``liantu compare``: scenarios side by side, the difference first. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli import options
from liantu.cli.call import Call
from liantu.model.results import Record, RunRecord
from liantu.words import Lang, say

SHOWN = 40


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    options.package(parser, lang)
    parser.add_argument("--scenarios", nargs="+", action="extend", default=[], metavar="NAME", help=say("cli.scenarios-option", lang))
    parser.add_argument("--verb", dest="question", default="throughput", metavar="VERB", help=say("cli.compare-verb", lang))
    options.year(parser, lang)


def go(call: Call) -> int:
    """Ask every scenario the same."""
    from liantu import runs

    asked = call.options
    record = runs.compare(call.package, asked.scenarios, verb=asked.question, year=asked.year, base=asked.base)
    if not call.json and record.result:
        _show(call, record)
    return call.finish(record)


def _show(call: Call, record: RunRecord) -> None:
    columns = ("scenario", "objective", "difference", "reason")
    call.table([call.say(name) for name in columns], [[row[name] for name in columns] for row in record.grid("scenarios")])
    call.print()
    figures: dict[tuple[str, str, str], list[Record]] = {}
    for row in record.grid("figures"):
        figures.setdefault((str(row["figure"]), str(row["item"]), str(row["unit"])), []).append(row)
    if not figures:
        return
    first, *others = [str(row["scenario"]) for row in record.grid("scenarios")]
    solved = [name for name in others if any(row["scenario"] == name for rows in figures.values() for row in rows)]
    headers = [call.say("figure"), call.say("item"), call.say("unit"), *(f"Δ {name}" for name in solved), first, *solved]
    lines = [
        [*key, *(row["difference"] for row in rows), rows[0]["base"], *(row["value"] for row in rows)]
        for key, rows in list(figures.items())[:SHOWN]
    ]
    call.table(headers, lines)
    if len(figures) > SHOWN:
        call.print(call.say("more", {"count": len(figures) - SHOWN}))
    call.print()
