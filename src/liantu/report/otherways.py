"""Other ways to plan nearly as well: least and most of each link, plans side by side. Owns: its tables and sentences.
Never: markup, solving.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from liantu.model.results import Record, RunRecord
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import join, process_name
from liantu.report.links import renamings
from liantu.report.page import Cell, Column, Phrase, Section, Table
from liantu.report.phrases import marked
from liantu.report.prospects import place_name
from liantu.report.spans import span_cells, span_columns
from liantu.report.tables import column, table
from liantu.words import Lang, Value, say

_SHOWN, _SHOWN_SIDE, _NAMED = 18, 14, 3
# For each way: process → capacity and investment.
Built: TypeAlias = list[dict[int, tuple[float, float]]]
_ORDER = {"every": 0, "some": 1, "none": 2, "": 3}


def ways_section(facts: Facts, record: RunRecord, lang: Lang) -> Section | None:
    """How free the plan is: what has to be built whatever is chosen, and some plans that differ."""
    if "ranges" not in record.result or not record.grid("ranges"):
        return None
    built = _by_way(facts, record)
    rows = sorted(record.grid("ranges"), key=lambda row: _rank(facts, row, built))
    whole, sited = ([row for row in rows if bool(text(row, "site")) is at_site] for at_site in (False, True))
    side = (side_table(facts, record, built, lang),) if len(record.grid("ways")) > 1 else ()
    return Section(
        key="ways",
        title=say("report.section-ways", lang),
        hint=say("report.hint-ways", lang, {"share": numbers.percent(_within(record, "share")), "less": _less(record, lang)}),
        lead=_lead(facts, record, whole, lang),
        tables=(ranges_table(facts, whole, lang), *side),
        details=(sites_table(facts, sited, lang),) if sited else (),
        notes=_notes(record, lang),
    )


def _within(record: RunRecord, key: str) -> float:
    within = record.result["within"]
    return number(within, key) if isinstance(within, Mapping) else 0.0


def _currency(record: RunRecord) -> str:
    objective = record.result["objective"]
    return text(objective, "currency") if isinstance(objective, Mapping) else ""


def _less(record: RunRecord, lang: Lang) -> str:
    return numbers.money(_within(record, "less"), _currency(record), lang)


def _by_way(facts: Facts, record: RunRecord) -> Built:
    """Capacity and investment of each process in each way; what only gives another name is left out."""
    built: Built = [{} for _ in record.grid("ways")]
    passing = renamings(facts.chain)
    for row in record.grid("builds"):
        process = facts.chain.process_index[text(row, "process")]
        if not passing[process]:
            of = built[int(number(row, "way"))]
            capacity, cost = of.get(process, (0.0, 0.0))
            of[process] = capacity + or_zero(number(row, "capacity")), cost + or_zero(number(row, "investment"))
    return built


def _rank(facts: Facts, row: Record, built: Built) -> tuple[float, ...]:
    """What every way builds first, then what the best plan puts most money into, then what only others build."""
    process = facts.chain.process_index[text(row, "process")]
    costs = [of.get(process, (0.0, 0.0))[1] for of in built]
    return float(_ORDER[text(row, "built")]), -costs[0], -max(costs)


def _lead(facts: Facts, record: RunRecord, whole: list[Record], lang: Lang) -> tuple[Phrase, ...]:
    every = [row for row in whole if text(row, "built") == "every"]
    names = [process_name(facts, facts.chain.process_index[text(row, "process")], lang) for row in every[:_NAMED]]
    others = list(record.grid("ways"))[1:]
    values: dict[str, Value] = {
        "less": _less(record, lang),
        "every": len(every),
        "names": join(names, lang),
        "ways": len(others),
        "differs": numbers.percent(max((or_zero(number(row, "differs")) for row in others), default=0.0)),
        "other": numbers.percent(max((or_zero(number(row, "other_process")) for row in others), default=0.0)),
    }
    first = marked(f"report.lead-ways{'' if every else '-free'}", lang, values, "short")
    return (*first, *marked(f"report.lead-ways-{'plans' if others else 'alone'}", lang, values, "even"))


def _notes(record: RunRecord, lang: Lang) -> tuple[str, ...]:
    within = record.result["within"]
    by_turnover = isinstance(within, Mapping) and within.get("measured_by") == "turnover"
    return (say("report.note-ways", lang), *([say("report.note-ways-floor", lang)] if by_turnover else []))


def _amounts(row: Record) -> tuple[float, float, float]:
    return number(row, "best"), number(row, "least"), number(row, "most")


def _reading(row: Record, lang: Lang) -> Cell:
    return Cell(text=say(f"report.reading-{text(row, 'built') or 'unknown'}", lang))


def ranges_table(facts: Facts, rows: list[Record], lang: Lang) -> Table:
    """Each process at all sites together."""
    columns = (column("link", lang, "name"), column("reading", lang), *span_columns(lang))
    return table("ranges", lang, columns, (_range_row(facts, row, lang) for row in rows), shown=_SHOWN)


def _range_row(facts: Facts, row: Record, lang: Lang) -> tuple[Cell, ...]:
    process = facts.chain.process_index[text(row, "process")]
    return Cell(text=process_name(facts, process, lang)), _reading(row, lang), *span_cells(facts, process, _amounts(row), lang)


def sites_table(facts: Facts, rows: list[Record], lang: Lang) -> Table:
    """Each process at each site that one of the plans builds upon."""
    columns = (column("link", lang, "name"), column("built-at", lang, "under"), column("reading", lang), *span_columns(lang))
    return table("ranges-sites", lang, columns, (_site_row(facts, row, lang) for row in rows))


def _site_row(facts: Facts, row: Record, lang: Lang) -> tuple[Cell, ...]:
    name, *rest = _range_row(facts, row, lang)
    return name, Cell(text=place_name(facts.chain, facts.chain.sites.id.index(text(row, "site")), lang)), *rest


def side_table(facts: Facts, record: RunRecord, built: Built, lang: Lang) -> Table:
    """The plans side by side: money, how they differ, then what each builds of every link, the one most apart first."""
    heads = [say("report.column-in-plan", lang), *(say("report.column-way", lang, {"way": str(at)}) for at in range(1, len(built)))]
    columns = (column("compared", lang, "name"), column("unit", lang, "unit"), *(Column(title=head, kind="number") for head in heads))
    return table("ways", lang, columns, (*_money_rows(record, lang), *_link_rows(facts, built, lang)), shown=_SHOWN_SIDE)


def _money_rows(record: RunRecord, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    """What the plans earn and cost, and the part of what they build that differs from the best."""
    ways, currency = list(record.grid("ways")), _currency(record)
    for name in ("objective", "investment"):
        values = [number(way, name) for way in ways]
        by, unit = numbers.money_scale(max(abs(or_zero(value)) for value in values), currency, lang)
        yield _row(say(f"report.part-{name}", lang), unit, [value / by for value in values])
    for key, name in (("way-differs", "differs"), ("way-other", "other_process")):
        shares = [number(way, name) for way in ways]
        cells = (Cell(text=numbers.percent(share), value=100 * share, decimals=0) for share in shares)
        yield Cell(text=say(f"report.{key}", lang)), Cell(text=""), *cells


def _link_rows(facts: Facts, built: Built, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    apart = {process: [of.get(process, (0.0, 0.0)) for of in built] for of in built for process in of}
    for process, each in sorted(apart.items(), key=lambda item: -_spread([cost for _, cost in item[1]])):
        amounts = [capacity for capacity, _ in each]
        shown = numbers.scale(facts.chain.materials.unit[facts.chain.processes.product[process]], max(amounts), lang)
        yield _row(process_name(facts, process, lang), shown.unit, [amount * shown.factor for amount in amounts])


def _spread(costs: list[float]) -> float:
    return max(costs) - min(costs)


def _row(name: str, unit: str, values: list[float]) -> tuple[Cell, ...]:
    decimals = numbers.digits(max(abs(or_zero(value)) for value in values))
    figures = (
        Cell(text="0" if value == 0 else numbers.fixed(value, decimals), value=value if math.isfinite(value) else None, decimals=decimals)
        for value in values
    )
    return Cell(text=name), Cell(text=unit), *figures
