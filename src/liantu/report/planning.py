"""A plan: what is built when and where, what binds. Owns: its tables and sentences. Never: markup, solving, other plans."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from liantu.model.results import Record, RunRecord
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import join, material_name, process_name
from liantu.report.links import renamings
from liantu.report.page import Bar, Cell, Column, Section, Table
from liantu.report.phrases import marked
from liantu.report.prospects import place_name
from liantu.report.spans import span_cells, span_columns
from liantu.report.tables import column, table
from liantu.report.tiles import build_map
from liantu.words import Lang, Value, keys, say

_SHOWN_BUILDS, _SHOWN_LIMITS, _NAMED = 16, 12, 2
_HALF = 0.5


def plan_section(facts: Facts, plans: Sequence[RunRecord], lang: Lang) -> Section | None:
    """The first plan by year, on the map, with what binds."""
    solved = [plan for plan in plans if "builds" in plan.result]
    if not solved:
        return None
    plan = solved[0]
    builds = _ordered(facts, plan)
    currency = currency_of(facts, plan)
    binding = [row for row in plan.grid("limits") if or_zero(number(row, "value")) > 0]
    tables = [years_table(facts, builds, currency, lang), builds_table(facts, builds, currency, lang)] if builds else []
    tables += [holds_table(facts, plan, builds, lang)] if builds and "holds" in plan.result else []
    tables += [limits_table(facts, binding, currency, lang)] if binding else []
    invested: dict[int, float] = {}
    for row in builds:
        site = facts.chain.sites.id.index(text(row, "site"))
        invested[site] = invested.get(site, 0.0) + or_zero(number(row, "investment"))
    return Section(
        key="plan",
        title=say("report.section-plan", lang),
        hint=_hint(plan, lang),
        lead=marked(f"report.lead-plan{'' if builds else '-none'}", lang, _told(facts, plan, builds, currency, lang), "short"),
        tiles=build_map(facts, invested, currency, lang),
        tables=tuple(tables),
        notes=_notes(plan, binding, lang),
    )


def _notes(plan: RunRecord, binding: list[Record], lang: Lang) -> tuple[str, ...]:
    holds = (say("report.note-holds", lang, {"corners": len(plan.grid("corners"))}),) if "holds" in plan.result else ()
    return (say("report.note-plan", lang), *holds, *(() if binding else (say("report.note-nothing-binds", lang),)))


def _ordered(facts: Facts, plan: RunRecord) -> list[Record]:
    """Builds, the year's largest first; what only gives a material another name is built without a plant and left out."""
    passing = renamings(facts.chain)
    rows = [row for row in plan.grid("builds") if not passing[facts.chain.process_index[text(row, "process")]]]
    return sorted(rows, key=lambda row: (number(row, "year"), -or_zero(number(row, "investment"))))


def currency_of(facts: Facts, plan: RunRecord) -> str:
    objective = plan.result.get("objective")
    return (text(objective, "currency") if isinstance(objective, Mapping) else "") or facts.currency


def _objective(plan: RunRecord) -> float:
    objective = plan.result.get("objective")
    return number(objective, "value") if isinstance(objective, Mapping) else number(plan.result, "objective")


def _hint(plan: RunRecord, lang: Lang) -> str:
    gap = or_zero(number(plan.result, "gap"))
    key = "hint-plan" if gap > 1e-9 else "hint-plan-best"
    return say(f"report.{key}", lang, {"years": _span(plan), "gap": numbers.percent(gap)})


def _span(plan: RunRecord) -> str:
    """The years a plan is for."""
    years = [str(plan.options[name]) for name in ("from", "to") if name in plan.options]
    if len(years) < 2:
        seen = sorted({int(number(row, "year")) for name in ("builds", "limits") for row in plan.grid(name)})
        years = [str(year) for year in (seen[0], seen[-1])] if seen else []
    return "–".join(dict.fromkeys(years))


def _told(facts: Facts, plan: RunRecord, builds: list[Record], currency: str, lang: Lang) -> dict[str, Value]:
    return {
        "years": _span(plan),
        "builds": len(builds),
        "invest": numbers.money(_invested(builds), currency, lang),
        "names": join(_largest(facts, builds, lang), lang),
        "worth": numbers.money(_objective(plan), currency, lang),
    }


def years_table(facts: Facts, builds: list[Record], currency: str, lang: Lang) -> Table:
    """How much is begun in each year, and the largest of it."""
    by_year: dict[int, list[Record]] = {}
    for row in builds:
        by_year.setdefault(int(number(row, "year")), []).append(row)
    most = max((_invested(rows) for rows in by_year.values()), default=0.0)
    by, unit = numbers.money_scale(most, currency, lang)
    columns = (
        column("in-year", lang, "name"),
        column("begun", lang, "number"),
        Column(title=say("report.column-invest", lang, {"unit": unit}), kind="number"),
        column("year-share", lang, "bar", minor=True),
        column("largest", lang),
    )
    return table("plan-years", lang, columns, (
        (
            Cell(text=str(year)),
            Cell(text=numbers.fixed(len(rows), 0), value=float(len(rows)), decimals=0),
            _short(_invested(rows) / by),
            Cell(text="", bar=Bar(running=100 * _invested(rows) / most if most > 0 else 0.0)),
            Cell(text=join(_largest(facts, rows, lang), lang)),
        )
        for year, rows in by_year.items()
    ))  # fmt: skip


def _invested(rows: Iterable[Record]) -> float:
    return sum(or_zero(number(row, "investment")) for row in rows)


def _largest(facts: Facts, rows: Iterable[Record], lang: Lang) -> list[str]:
    """The processes most is invested in."""
    worth: dict[int, float] = {}
    for row in rows:
        process = facts.chain.process_index[text(row, "process")]
        worth[process] = worth.get(process, 0.0) + or_zero(number(row, "investment"))
    return [process_name(facts, process, lang) for process in sorted(worth, key=lambda at: -worth[at])[:_NAMED]]


def _short(value: float) -> Cell:
    """A number of three figures."""
    return Cell(text=numbers.short(value), value=value, decimals=numbers.digits(value))


def builds_table(facts: Facts, builds: list[Record], currency: str, lang: Lang) -> Table:
    """What is begun in each year, process by process; equal ones at several sites are one line."""
    groups: dict[tuple[int, int], list[Record]] = {}
    for row in builds:
        groups.setdefault((int(number(row, "year")), facts.chain.process_index[text(row, "process")]), []).append(row)
    costs = {key: _invested(rows) for key, rows in groups.items()}
    order = sorted(groups, key=lambda key: (key[0], -costs[key]))
    by, unit = numbers.money_scale(max(costs.values()), currency, lang)
    columns = (
        column("in-year", lang),
        column("link", lang, "name"),
        column("built-at", lang, "under"),
        column("built", lang, "number"),
        column("unit", lang, "unit"),
        column("ready", lang, "number"),
        Column(title=say("report.column-invest", lang, {"unit": unit}), kind="number"),
    )
    rows = (_build_row(facts, key, groups[key], costs[key] / by, lang) for key in order)
    return table("builds", lang, columns, rows, shown=_SHOWN_BUILDS)


def _build_row(facts: Facts, key: tuple[int, int], rows: list[Record], cost: float, lang: Lang) -> tuple[Cell, ...]:
    year, process = key
    total = sum(or_zero(number(row, "capacity")) for row in rows)
    shown = numbers.scale(facts.chain.materials.unit[facts.chain.processes.product[process]], total, lang)
    sites = tuple(dict.fromkeys(facts.chain.sites.id.index(text(row, "site")) for row in rows))
    ready = number(rows[0], "ready") if "ready" in rows[0] else math.nan
    capacity = total * shown.factor
    return (
        Cell(text=str(year)),
        Cell(text=process_name(facts, process, lang)),
        Cell(text=places(facts, sites, lang)),
        _short(capacity),
        Cell(text=shown.unit),
        Cell(text=f"{ready:.0f}") if math.isfinite(ready) else Cell(text=numbers.BLANK),
        _short(cost),
    )


def places(facts: Facts, sites: Sequence[int], lang: Lang) -> str:
    """Up to three sites by name, else how many."""
    if len(sites) <= 3:
        return join([place_name(facts.chain, site, lang) for site in sites], lang)
    return say("report.sites-count", lang, {"sites": len(sites)})


def holds_table(facts: Facts, plan: RunRecord, builds: list[Record], lang: Lang) -> Table:
    """Each process at all sites, the most invested in first: in how many corners it is still built, and how much."""
    columns = (column("link", lang, "name"), column("holds", lang, "number"), *span_columns(lang))
    spent: dict[str, float] = {}
    for row in builds:
        spent[text(row, "process")] = spent.get(text(row, "process"), 0.0) + or_zero(number(row, "investment"))
    known = {text(row, "process"): row for row in plan.grid("holds") if not text(row, "site")}
    rows = (_holds_row(facts, known[name], lang) for name in sorted(spent, key=lambda name: -spent[name]))
    return table("holds", lang, columns, rows, shown=_SHOWN_BUILDS)


def _holds_row(facts: Facts, row: Record, lang: Lang) -> tuple[Cell, ...]:
    process = facts.chain.process_index[text(row, "process")]
    share, amounts = number(row, "holds"), (number(row, "built"), number(row, "low"), number(row, "high"))
    holds = Cell(text=numbers.fixed(100 * share, 0), value=100 * share, decimals=0, tone="yellow" if share < _HALF else "")
    return Cell(text=process_name(facts, process, lang)), holds, *span_cells(facts, process, amounts, lang)


def limits_table(facts: Facts, binding: list[Record], currency: str, lang: Lang) -> Table:
    """What binds, by what all of it is worth: the value of one more times how much there is."""
    columns = (
        column("limit", lang, "name"),
        column("in-year", lang),
        column("used", lang, "number"),
        column("available", lang, "number"),
        column("unit", lang, "unit"),
        column("one-more", lang, "number"),
    )
    order = sorted(binding, key=lambda row: -or_zero(number(row, "value")) * or_zero(number(row, "available")))
    return table("limits", lang, columns, (_limit_row(facts, row, currency, lang) for row in order), shown=_SHOWN_LIMITS)


def _limit_row(facts: Facts, row: Record, currency: str, lang: Lang) -> tuple[Cell, ...]:
    kind, unit = text(row, "limit"), text(row, "unit")
    used, available = (or_zero(number(row, key)) for key in ("used", "available"))
    if kind == "budget":
        by, shown = numbers.money_scale(available, currency, lang)
        factor = 1 / by
    elif unit in _SITE_UNITS:
        factor, shown = 1.0, say(f"report.unit-{_SITE_UNITS[unit]}", lang)
    else:
        scale = numbers.scale(unit, max(used, available), lang)
        factor, shown = scale.factor, scale.unit
    sizes = (_short(size * factor) for size in (used, available))
    year = Cell(text=f"{number(row, 'year'):.0f}")
    return Cell(text=limit_name(facts, row, lang)), year, *sizes, Cell(text=shown), Cell(text=each_more(row, currency, lang))


def each_more(row: Record, currency: str, lang: Lang) -> str:
    """What one more unit of a limit is worth."""
    unit, value = text(row, "unit"), or_zero(number(row, "value"))
    if text(row, "limit") == "budget":
        return numbers.short(value)
    if unit in _SITE_UNITS:
        return f"{numbers.short(value)} {numbers.money_name(currency, lang)}/{say(f'report.unit-{_SITE_UNITS[unit]}', lang)}"
    return numbers.each(value, currency, unit, lang)


_SITE_UNITS = {"mu": "land_mu", "MW": "power_mw", "m3/d": "water_m3_d"}


def limit_name(facts: Facts, row: Record, lang: Lang) -> str:
    """What a limit is called: the land of a park, the market of a material."""
    kind, site, material = (text(row, key) for key in ("limit", "site", "material"))
    place = place_name(facts.chain, facts.chain.sites.id.index(site), lang) if site in facts.chain.sites.id else ""
    name = material_name(facts, facts.chain.material_index[material], lang) if material in facts.chain.material_index else ""
    direction = text(row, "direction")
    key = f"limit-{kind}-{direction}" if direction else f"limit-{kind}"
    word = say(f"report.{key}", lang) if key in keys("report") else kind
    return " ".join(part for part in (place, name, word) if part)
