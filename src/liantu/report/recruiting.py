"""Whom to recruit: the section, its tables, the link looked at closely. Owns: their columns, rows and sentences. Never: markup, ranking."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from liantu.model.results import Record
from liantu.model.said import Said
from liantu.report import curves, numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import join, material_name, process_name
from liantu.report.page import Cell, Column, KeyFigure, Phrase, Section, Spotlight, Table
from liantu.report.phrases import marked
from liantu.report.prospects import Prospect, Prospects, best_places, prospect_name, single_place
from liantu.report.tables import column, table
from liantu.report.tiles import siting_map
from liantu.words import Lang, Value, say

_SHOWN_GOOD, _SHOWN_POOR, _NAMED = 12, 10, 2
# Less than this part of its cost is no worth at all.
_NOTHING = 1e-6
_HALF = 0.5
_NEEDS = ("land_mu", "power_mw", "water_m3_d")


def recruit_section(facts: Facts, found: Prospects, lang: Lang) -> Section | None:
    """The links ranked, where the first should stand and why, what not to recruit, pairs."""
    if not (found.good or found.poor or found.unknown):
        return None
    good, poor = (_Money(*numbers.money_scale(max((abs(one.net) for one in part), default=0.0), found.currency, lang))
                  for part in (found.good, found.poor))  # fmt: skip
    tables = [ranked_table(facts, found, good, lang)] if found.good else []
    tables += [poor_table(facts, found, poor, lang)] if found.poor else []
    tables += [pairs_table(facts, found, lang)] if found.pairs else []
    first = found.first
    names = [prospect_name(facts, one, lang) for one in found.unknown]
    unknown = [say("report.note-unknown-cost", lang, {"count": len(names), "names": _some(names, lang)})] if names else []
    return Section(
        key="recruit",
        title=say("report.section-recruit", lang),
        hint=say(
            "report.hint-recruit", lang, {"rate": f"{numbers.bare(100 * found.rate)} %", "good": len(found.good), "poor": len(found.poor)}
        ),
        lead=_lead(facts, found, lang),
        tiles=siting_map(facts, found, first, lang) if first else None,
        spotlight=spotlight(facts, found, first, lang) if first else None,
        tables=tuple(tables),
        notes=(*unknown, *([say("report.note-recruit", lang)] if found.good else [])),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """In what a column of money is counted."""

    by: float
    unit: str

    def cell(self, value: float) -> Cell:
        """An amount; what is too small for two decimals of a hundred million has more."""
        shown = value / self.by
        decimals = numbers.money_decimals(shown, self.by)
        if 0 < abs(shown) < 0.005:
            decimals = numbers.digits(shown, 1)
        return Cell(text=numbers.fixed(shown, decimals), value=shown if math.isfinite(shown) else None, decimals=decimals)


def _lead(facts: Facts, found: Prospects, lang: Lang) -> tuple[Phrase, ...]:
    """Recruit this first, there; each step earns so much; that one not."""
    one = found.first
    if one is None:
        return marked("report.lead-recruit-none", lang, {"count": len(found.poor)})
    values: dict[str, Value] = {
        "name": prospect_name(facts, one, lang),
        "place": best_places(facts.chain, one.best, lang),
        "step": size_of(one, "step", lang),
        "net": numbers.money(one.net, found.currency, lang),
        "poor": prospect_name(facts, found.poor[0], lang) if found.poor else "",
        "product": join([material_name(facts, at, lang) for at, _ in facts.demand], lang),
    }
    line = "-line" if one is not found.good[0] else ""
    key = f"lead-recruit{line}" if single_place(facts.chain, one.best) else f"lead-recruit{line}-anywhere"
    said = marked(f"report.{key}", lang, values, "short")
    return (*said, *marked("report.lead-recruit-poor", lang, values, "long")) if found.poor else (*said, *marked("report.lead-end", lang))


def size_of(one: Prospect, key: str, lang: Lang) -> str:
    return numbers.size(number(one.row, key), text(one.row, "unit"), lang)


def ranked_table(facts: Facts, found: Prospects, by: _Money, lang: Lang) -> Table:
    """What pays, best first; the reason stands beneath the name."""
    columns = (
        column("rank", lang, "unit"),
        column("link", lang, "name"),
        column("because", lang, "under"),
        column("state", lang, "mark"),
        column("step-size", lang, "number"),
        column("useful", lang, "number"),
        column("unit", lang, "unit"),
        Column(title=say("report.column-net", lang, {"unit": by.unit}), kind="number"),
        column("payback", lang, "number", minor=True),
        column("holds", lang, "number", minor=True),
        column("best-site", lang),
        column("curve", lang, "curve"),
    )
    rows = (_ranked_row(facts, found, place, by, lang) for place in range(len(found.good)))
    return table("recruit", lang, columns, rows, shown=_SHOWN_GOOD)


def _ranked_row(facts: Facts, found: Prospects, place: int, by: _Money, lang: Lang) -> tuple[Cell, ...]:
    one = found.good[place]
    unit = text(one.row, "unit")
    step, useful, payback, holds = (number(one.row, key) for key in ("step", "useful_size", "payback_years", "holds"))
    shown = numbers.scale(unit, max(step, or_zero(useful)), lang)
    sizes = (
        Cell(
            text=numbers.bare(size * shown.factor),
            value=size * shown.factor,
            decimals=len(numbers.bare(size * shown.factor).partition(".")[2]),
        )
        if math.isfinite(size)
        else Cell(text=say("report.endless", lang))
        for size in (step, useful)
    )
    return (
        Cell(text=str(place + 1), value=float(place + 1), decimals=0),
        Cell(text=prospect_name(facts, one, lang)),
        Cell(text=because(facts, one, lang)),
        _state(one, lang),
        *sizes,
        Cell(text=shown.unit),
        by.cell(one.net),
        Cell(text=numbers.fixed(payback, 1), value=payback if math.isfinite(payback) else None, decimals=1),
        Cell(
            text=numbers.fixed(100 * holds, 0),
            value=100 * holds if math.isfinite(holds) else None,
            decimals=0,
            tone="yellow" if holds < _HALF else "",
        ),
        Cell(text=best_places(facts.chain, one.best, lang)),
        Cell(text="", curve=curves.small(one.row, found.currency, unit, lang)),
    )


def _state(one: Prospect, lang: Lang) -> Cell:
    return Cell(text=say(f"report.state-{one.state}", lang), tone="grey" if one.state == "unused" else one.state)


def because(facts: Facts, one: Prospect, lang: Lang) -> str:
    """One line: what it uses that is made here, whom it serves, what it replaces."""
    chain = facts.chain
    parts = []
    bought = number(one.row, "product_bought")
    if bought > 0:
        parts.append(say("report.because-bought", lang, {"amount": numbers.amount(bought, text(one.row, "unit"), lang)}))
    used = [chain.material_index[name] for name in text(one.row, "uses").split(";") if name]
    # What nobody pays for is no reason to come.
    uses = [material_name(facts, at, lang) for at in used if facts.worth[at] > 0]
    if uses:
        parts.append(say("report.because-uses", lang, {"names": _some(uses, lang)}))
    served = [int(chain.plants.process[chain.plants.id.index(name)]) for name in text(one.row, "serves").split(";") if name]
    serves = [process_name(facts, at, lang) for at in dict.fromkeys(served)]
    if serves:
        parts.append(say("report.because-serves", lang, {"names": _some(serves, lang)}))
    return say("report.because-between", lang).join(parts) if parts else say("report.because-apart", lang)


def _some(names: list[str], lang: Lang) -> str:
    """The first few of a list of names."""
    few = join(names[:_NAMED], lang)
    return few if len(names) <= _NAMED else say("report.and-more", lang, {"names": few})


def poor_table(facts: Facts, found: Prospects, by: _Money, lang: Lang) -> Table:
    """What does not pay, what is there already first."""
    columns = (
        column("link", lang, "name"),
        column("state", lang, "mark"),
        column("step-size", lang, minor=True),
        Column(title=say("report.column-net", lang, {"unit": by.unit}), kind="number"),
        column("because", lang),
    )
    rows = (
        (
            Cell(text=prospect_name(facts, one, lang)),
            _state(one, lang),
            Cell(text=size_of(one, "step", lang)),
            by.cell(one.net),
            Cell(text=because_not(one, found.currency, lang)),
        )
        for one in found.poor
    )
    return table("poor", lang, columns, rows, shown=_SHOWN_POOR)


def because_not(one: Prospect, currency: str, lang: Lang) -> str:
    value, cost, last = (number(one.row, key) for key in ("value_per_year", "cost_per_year", "last_value_per_year"))
    values: dict[str, Value] = {"cost": numbers.money(cost, currency, lang), "value": numbers.money(value, currency, lang)}
    holds = number(one.row, "holds")
    # It loses at today's prices, yet not in half of the cases: the list must not read as if that were settled.
    yet = say("report.because-open", lang, {"holds": numbers.percent(holds)}) if holds >= _HALF else ""
    if value > _NOTHING * cost:
        return say("report.because-loss", lang, values) + yet
    key = "because-idle" if math.isfinite(last) and last > _NOTHING * cost else "because-nothing"
    return say(f"report.{key}", lang, {**values, "last": numbers.money(or_zero(last), currency, lang)}) + yet


def pairs_table(facts: Facts, found: Prospects, lang: Lang) -> Table:
    """Two links that pay only together."""
    worth = max(abs(number(row, "net_per_year")) for row in found.pairs)
    by = _Money(*numbers.money_scale(worth, found.currency, lang))
    columns = (
        column("maker", lang, "name"),
        column("taker", lang, "name"),
        column("between", lang),
        *(
            Column(title=say(f"report.column-{key}", lang, {"unit": by.unit}), kind="number", minor=key != "together")
            for key in ("maker-alone", "taker-alone", "together")
        ),
    )
    return table("pairs", lang, columns, (_pair_row(facts, row, by, lang) for row in found.pairs))


def _pair_row(facts: Facts, row: Record, by: _Money, lang: Lang) -> tuple[Cell, ...]:
    index = facts.chain.process_index
    sides = [
        Cell(
            text=f"{process_name(facts, index[text(row, side)], lang)} "
            f"{numbers.size(number(row, f'{side}_size'), text(row, f'{side}_unit'), lang)}"
        )
        for side in ("maker", "taker")
    ]
    material = Cell(text=material_name(facts, facts.chain.material_index[text(row, "material")], lang))
    return (*sides, material, *(by.cell(number(row, key)) for key in ("maker_alone", "taker_alone", "net_per_year")))


def spotlight(facts: Facts, found: Prospects, one: Prospect, lang: Lang) -> Spotlight:
    """Why the first link, its worth curve, what it takes."""
    because, unit = one.row.get("because"), text(one.row, "unit")
    return Spotlight(
        title=say("report.spotlight", lang, {"name": prospect_name(facts, one, lang)}),
        why=_why(because, one, found, lang),
        facts=tuple(_takes(one, found, lang)),
        curve=curves.large(one.row, found.currency, unit, lang),
    )


def _why(because: object, one: Prospect, found: Prospects, lang: Lang) -> str:
    """What a step earns, and what ends it."""
    values: dict[str, Value] = {
        "step": size_of(one, "step", lang),
        "value": numbers.money(number(one.row, "value_per_year"), found.currency, lang),
        "cost": numbers.money(number(one.row, "cost_per_year"), found.currency, lang),
        "net": numbers.money(one.net, found.currency, lang),
        "useful": size_of(one, "useful_size", lang),
    }
    said = [say("report.why-step", lang, values)]
    ends = [part for part in because.parts if part[0].startswith("reason.end-")] if isinstance(because, Said) else []
    if ends:
        said.append(say("report.why-end", lang, {**values, "end": Said(parts=(ends[0],)).text(lang)}))
    low, high = (number(one.row, key) for key in ("net_low", "net_high"))
    if math.isfinite(low) and math.isfinite(high) and high > low:
        ends_ = {"low": numbers.money(low, found.currency, lang), "high": numbers.money(high, found.currency, lang)}
        said.append(say("report.why-range", lang, {**ends_, "holds": numbers.percent(number(one.row, "holds"))}))
    return ("" if lang == "zh" else " ").join(said)


def _takes(one: Prospect, found: Prospects, lang: Lang) -> Iterable[tuple[str, str]]:
    invest, payback = number(one.row, "invest"), number(one.row, "payback_years")
    if math.isfinite(invest):
        yield say("report.takes-invest", lang), numbers.money(invest, found.currency, lang)
    if math.isfinite(payback):
        yield say("report.takes-payback", lang), say("report.takes-years", lang, {"years": numbers.fixed(payback, 1)})
    for key in _NEEDS:
        need, left = number(one.row, key), number(one.row, f"{key}_left")
        if need > 0:
            shown = say("report.takes-left" if math.isfinite(left) else "report.takes-unstated", lang, {
                "need": f"{numbers.short(need)} {say(f'report.unit-{key}', lang)}",
                "left": f"{numbers.short(or_zero(left))} {say(f'report.unit-{key}', lang)}",
            })  # fmt: skip
            yield say(f"report.takes-{key}", lang), shown


def recruit_figure(facts: Facts, found: Prospects, lang: Lang) -> list[KeyFigure]:
    """The best link among the figures of the head."""
    one = found.first
    if one is None:
        return []
    by, unit = numbers.money_scale(one.net, found.currency, lang)
    values = {"step": size_of(one, "step", lang), "place": best_places(facts.chain, one.best, lang)}
    return [
        KeyFigure(
            label=say("report.figure-recruit", lang, {"name": prospect_name(facts, one, lang)}),
            value=numbers.fixed(one.net / by, numbers.money_decimals(one.net / by, by)),
            unit=say("report.figure-recruit-unit", lang, {"unit": unit}),
            meaning=say("report.figure-recruit-meaning", lang, values),
        )
    ]
