"""``liantu data``: what is bundled, and where a number comes from. Owns: its options and print-out."""

from __future__ import annotations

import argparse

from liantu.cli.call import SHOWN, Call
from liantu.errors import CallError
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("act", nargs="?", choices=("list", "cite", "units"), default="list", help=say("cli.data-act", lang))
    parser.add_argument("id", nargs="?", metavar="ID", help=say("cli.data-id", lang))
    parser.add_argument("--package", default=None, metavar="NAME", help=say("cli.data-package", lang))


def go(call: Call) -> int:
    """List, cite or name the units."""
    return {"list": _list, "cite": _cite, "units": _units}[call.options.act](call)


def _list(call: Call) -> int:
    from liantu import data

    packages = [data.describe(name) for name in data.names()]
    if call.json:
        call.answer(
            {
                "packages": [
                    {
                        "package": one.name,
                        "title": one.title(call.lang),
                        "base": one.base,
                        "tables": dict(one.rows),
                        "scenarios": [*one.scenarios],
                    }
                    for one in packages
                ]
            }
        )
        return 0
    for one in packages:
        call.print(f"{one.name} · {one.title(call.lang)}")
        call.table([call.say("table"), call.say("rows")], list(one.rows.items()))
        if one.scenarios:
            names = ", ".join(f"{name} · {zh}" if zh else name for name, zh in one.scenarios.items())
            call.print(call.say("data-scenarios", {"names": names}))
        call.print()
    return 0


def _cite(call: Call) -> int:
    from liantu import data, runs
    from liantu.model import schema

    if not call.options.id:
        raise CallError("cite-what")
    cited = data.cite(call.options.id, runs.gather(call.options.package or runs.DEFAULT_PACKAGE))
    if call.json:
        call.answer(cited.as_dict())
        return 0
    for key, value in cited.source.items():
        call.print(f"{key}: {value}")
    for table, rows in cited.used.items():
        call.print(call.say("cited-by", {"table": table, "rows": rows}))
    for row in cited.rows[:SHOWN]:
        known = schema.tables().get(row.table) if call.lang == "zh" else None
        labels = {key: column.zh for key, column in known.columns.items()} if known else {}
        said = ", ".join(f"{labels.get(key, key)} {value}" for key, value in row.cells.items())
        call.print(f"{known.zh if known else row.table} ({row.file}:{row.line}): {said}")
    if len(cited.rows) > SHOWN:
        call.print(call.say("more", {"count": len(cited.rows) - SHOWN}))
    for source, citation in cited.sources.items():
        call.print(f"[{source}] {citation}")
    return 0


def _units(call: Call) -> int:
    from liantu import units

    known = units.names()
    if call.json:
        call.answer({"units": known})
        return 0
    for dimension, names in known.items():
        call.print(f"{dimension}: {'  '.join(names)}")
    return 0
