"""``liantu compare``: scenarios side by side, the difference first. Owns: its options and print-out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from liantu.cli import options, plan
from liantu.cli.call import Call
from liantu.errors import CallError, nearest
from liantu.model.results import Record, RunRecord
from liantu.words import Lang, say

if TYPE_CHECKING:
    from liantu.runs import Prepared

SHOWN, SHOWN_LIMITS = 40, 20
# Columns that name the rows of plans side by side.
_PROCESS, _BUILD = ("process", "unit", "apart"), ("process", "site", "unit", "apart")
_LIMIT = ("limit", "site", "material", "direction", "year", "unit")


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("question", nargs="?", metavar="VERB", help=say("cli.compare-verb", lang))
    options.package(parser, lang)
    parser.add_argument(
        "--scenario", "--scenarios", dest="scenarios", nargs="+", action="extend", default=[], metavar="NAME",
        help=say("cli.scenarios-option", lang),
    )  # fmt: skip
    options.year(parser, lang)
    plan.asking(parser, lang)


def go(call: Call) -> int:
    """Ask every scenario the same."""
    from liantu import runs

    verb, of = _question(call.options), call.options
    names = options.last_package(of, of.scenarios)
    ready = runs.prepare(call.package, base=of.base)
    of.first = of.year if of.first is None else of.first
    asked = plan.asked(of) if verb == "plan" else None
    record = runs.compare(ready, names, verb=verb, year=of.year, options=asked)
    if not call.json and record.result:
        _scenarios(call, record)
        if verb == "plan":
            _plans(call, ready, record)
        else:
            _figures(call, ready, record)
    return call.finish(record)


def _question(of: argparse.Namespace) -> str:
    """The verb; a single word that is none is the package.

    Raises
    ------
    CallError
        ``verb-unknown`` for a verb that is not compared.
    """
    from liantu.runs.door import VERBS
    from liantu.runs.figures import FIGURES

    if of.question in VERBS and of.question not in FIGURES:
        raise CallError("verb-unknown", {"value": of.question, "verbs": ", ".join(FIGURES)})
    near = nearest(of.question or "", FIGURES)
    if near and of.question not in FIGURES and not Path(of.question).exists():
        raise CallError("verb-unknown", {"value": of.question, "verbs": ", ".join(FIGURES), "near": near})
    if of.question is None or (of.question not in FIGURES and of.package is None):
        of.package = of.question
        return "throughput"
    return str(of.question)


def _scenarios(call: Call, record: RunRecord) -> None:
    columns = ("scenario", "objective", "difference")
    call.table([call.say(name) for name in columns], [[row[name] for name in columns] for row in record.grid("scenarios")])
    for row in record.grid("scenarios"):
        first, second = (row["reason_zh"], row["reason"]) if call.lang == "zh" else (row["reason"], row["reason_zh"])
        if first or second:
            call.print(f"  {row['scenario']}: {first or second}")
    call.print()


def _figures(call: Call, ready: Prepared, record: RunRecord) -> None:
    figures: dict[tuple[str, str, str], list[Record]] = {}
    for row in record.grid("figures"):
        figures.setdefault((str(row["figure"]), str(row["item"]), str(row["unit"])), []).append(row)
    if not figures:
        return
    first, *others = [str(row["scenario"]) for row in record.grid("scenarios")]
    solved = [name for name in others if any(row["scenario"] == name for rows in figures.values() for row in rows)]
    headers = [call.say("figure"), call.say("item"), call.say("unit"), *(f"Δ {name}" for name in solved), first, *solved]
    name = options.named(call, ready)
    lines = [
        [
            _figure(call, figure),
            name("item", item),
            unit,
            *(row["difference"] for row in rows),
            rows[0]["base"],
            *(row["value"] for row in rows),
        ]
        for (figure, item, unit), rows in figures.items()
    ]
    _table(call, headers, lines, SHOWN)


def _figure(call: Call, figure: str) -> object:
    """What a figure is: ``plants.activity``, in Chinese by its word."""
    return call.called(figure, call.say(figure.rpartition(".")[2])) if call.lang == "zh" else figure


def _plans(call: Call, ready: Prepared, record: RunRecord) -> None:
    """Money, what is built of each process, where and when, and what limits are worth: a column for each plan."""
    plans = _Columns(call, ready, record)
    _table(call, [call.say("money"), *plans.names], plans.lines("money", ("part",), _value), SHOWN)
    for title, grid, keys, cell in (("processes", "processes", _PROCESS, _capacity), ("builds", "builds", _BUILD, _dated)):
        differ = plans.lines(grid, keys, cell)
        call.print(call.say(f"compare-{title}", {"count": len(differ), "same": plans.same(grid, keys)}))
        _table(call, [*(call.say(key) for key in keys), *plans.names], differ, SHOWN)
    limits = plans.lines("limits", _LIMIT, _value)
    call.print(call.say("compare-limits"))
    _table(call, [*(call.say("in-year" if key == "year" else key) for key in _LIMIT), *plans.names], limits, SHOWN_LIMITS)


class _Columns:
    """Rows of one plan each, laid out with a column for each plan; what is the same in all is left out."""

    def __init__(self, call: Call, ready: Prepared, record: RunRecord) -> None:
        self._call, self._record, self._named = call, record, options.named(call, ready)
        self.names = list(dict.fromkeys(str(row["scenario"]) for row in record.grid("money")))

    def lines(self, grid: str, keys: Sequence[str], cell: Callable[[Sequence[Record]], object]) -> list[list[object]]:
        found: dict[tuple[object, ...], list[Record]] = {}
        for row in self._record.grid(grid):
            if row.get("apart") != "same":
                found.setdefault(tuple(row[key] for key in keys), []).append(row)
        return [
            [*(self._word(key, value) for key, value in zip(keys, at, strict=True)),
             *(cell([row for row in rows if row["scenario"] == name]) for name in self.names)]
            for at, rows in found.items()
        ]  # fmt: skip

    def same(self, grid: str, keys: Sequence[str]) -> int:
        """How many are the same in all."""
        return len({tuple(row[key] for key in keys) for row in self._record.grid(grid) if row["apart"] == "same"})

    def _word(self, key: str, value: object) -> object:
        if key in ("apart", "limit", "part", "direction") and value:
            return self._call.say(f"{key}-{value}")
        return str(value) if key == "year" else self._named(key, value)


def _value(rows: Sequence[Record]) -> object:
    return rows[0]["value"] if rows else None


def _capacity(rows: Sequence[Record]) -> object:
    return rows[0]["capacity"] if rows else 0.0


def _dated(rows: Sequence[Record]) -> object:
    return ", ".join(f"{row['capacity']:,.0f} ({row['year']})" for row in rows)


def _table(call: Call, headers: Sequence[str], lines: Sequence[Sequence[object]], shown: int) -> None:
    if lines:
        call.table(headers, lines[:shown])
        if len(lines) > shown:
            call.print(call.say("more", {"count": len(lines) - shown}))
    call.print()
