"""What limits are worth: capacity that runs full, materials at their shadow price. Owns: these tables. Never: markup, solving."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from liantu.model.chain import Chain
from liantu.model.results import RunRecord
from liantu.model.rows import Floats
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import material_name, process_name
from liantu.report.page import Cell, Column, Section, Table
from liantu.report.phrases import marked
from liantu.report.tables import column, table
from liantu.words import Lang, Value, say

_SHOWN = 10
# One per cent more: an amount that can be compared between a mine and a cell works.
_PART = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class _Full:
    """Capacity of one process that runs full, at all its sites that are worth the same."""

    process: int
    unit: str
    capacity: float
    value: float
    plants: int

    @property
    def gain(self) -> float:
        """What one per cent more would earn a year."""
        return _PART * self.capacity * self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Priced:
    """A material with its shadow price, and the market's prices (NaN: no market)."""

    material: int
    site: str
    price: float
    buy: float
    sell: float
    weight: float
    bought: float
    sold: float


def limits_section(facts: Facts, throughput: RunRecord, lang: Lang) -> Section | None:
    """Capacity by what a little more of it would earn, then the main materials."""
    full, priced = _full(facts, throughput), _priced(facts, throughput)
    if not full and not priced:
        return None
    objective = throughput.result["objective"]
    best, currency = (number(objective, "value"), text(objective, "currency")) if isinstance(objective, dict) else (math.nan, "")
    currency = currency or facts.currency
    tables = [_capacity_table(facts, full, currency, lang)] if full else []
    tables += [_price_table(facts, priced, currency, lang)] if priced else []
    values: dict[str, Value] = {"best": numbers.money(best, currency, lang), "count": len(full)}
    key = "lead-limits" if full else "lead-limits-none"
    if full:
        values["name"], values["gain"] = process_name(facts, full[0].process, lang), numbers.money(full[0].gain, currency, lang)
    return Section(
        key="limits",
        title=say("report.section-limits", lang),
        hint=say("report.hint-limits", lang),
        lead=marked(f"report.{key}", lang, values, "short"),
        tables=tuple(tables),
        notes=(say("report.note-limits", lang),),
    )


def _full(facts: Facts, throughput: RunRecord) -> tuple[_Full, ...]:
    """Plants of one process whose capacity is worth the same are one line."""
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    units: dict[str, str] = {}
    for row in throughput.grid("plants"):
        value = number(row, "capacity_value")
        if value > 0:
            process = text(row, "process")
            units[process] = text(row, "unit")
            groups.setdefault((process, f"{value:.6g}"), []).append((value, number(row, "capacity")))
    found = (
        _Full(
            process=facts.chain.process_index[process],
            unit=units[process],
            capacity=sum(capacity for _, capacity in rows),
            value=rows[0][0],
            plants=len(rows),
        )
        for (process, _), rows in groups.items()
    )
    return tuple(sorted(found, key=lambda one: -one.gain))


def _capacity_table(facts: Facts, full: tuple[_Full, ...], currency: str, lang: Lang) -> Table:
    by, unit = numbers.money_scale(full[0].gain, currency, lang)
    columns = (
        column("link", lang, "name"),
        column("because", lang, "under"),
        column("capacity", lang, "number"),
        column("unit", lang, "unit"),
        column("running-plants", lang, "number", minor=True),
        column("one-more", lang, "number", minor=True),
        Column(title=say("report.column-part-more", lang, {"unit": unit}), kind="number"),
    )
    return table("capacity", lang, columns, (_capacity_row(facts, one, by, currency, lang) for one in full), shown=_SHOWN)


def _capacity_row(facts: Facts, one: _Full, by: float, currency: str, lang: Lang) -> tuple[Cell, ...]:
    shown = numbers.scale(one.unit, one.capacity, lang)
    capacity, gain = one.capacity * shown.factor, one.gain / by
    said = say("report.because-full", lang, {
        "more": numbers.amount(_PART * one.capacity, one.unit, lang),
        "gain": numbers.money(one.gain, currency, lang),
    })  # fmt: skip
    return (
        Cell(text=process_name(facts, one.process, lang)),
        Cell(text=said),
        Cell(text=numbers.short(capacity), value=capacity, decimals=numbers.digits(capacity)),
        Cell(text=shown.unit),
        Cell(text=str(one.plants), value=float(one.plants), decimals=0),
        Cell(text=numbers.each(one.value, currency, one.unit, lang)),
        Cell(text=numbers.short(gain), value=gain, decimals=numbers.digits(gain)),
    )


def _priced(facts: Facts, throughput: RunRecord) -> tuple[_Priced, ...]:
    """Materials by what moves of them in money; where places differ, the place where one more unit is worth most."""
    chain, best = facts.chain, dict[int, _Priced]()
    made = {chain.material_index[text(row, "material")]: or_zero(number(row, "produced")) for row in facts.balance.grid("materials")}
    buy, sell = _market(chain, facts.year, "buy"), _market(chain, facts.year, "sell")
    for row in throughput.grid("materials"):
        material, price = chain.material_index[text(row, "material")], number(row, "price")
        if price > 0 and (material not in best or price > best[material].price):
            bought, sold = (or_zero(number(row, key)) for key in ("bought", "sold"))
            best[material] = _Priced(
                material=material,
                site=text(row, "site"),
                price=price,
                buy=float(buy[material]),
                sell=float(sell[material]),
                weight=price * max(bought + sold, made.get(material, 0.0)),
                bought=bought,
                sold=sold,
            )
    return tuple(sorted((one for one in best.values() if one.weight > 0), key=lambda one: -one.weight))


def _market(chain: Chain, year: int, direction: str) -> Floats:
    """The best price of a market that is open: the lowest to buy, the highest to sell; NaN where there is none."""
    prices = np.full(len(chain.materials), np.nan)
    better = np.fmin if direction == "buy" else np.fmax
    rows = np.flatnonzero(chain.open_markets(year) & (chain.markets.direction == direction))
    better.at(prices, chain.markets.material[rows], chain.markets.price[rows])
    return prices


def _price_table(facts: Facts, priced: tuple[_Priced, ...], currency: str, lang: Lang) -> Table:
    columns = (
        column("material", lang, "name"),
        column("priced-in", lang, "unit"),
        column("shadow", lang, "number"),
        column("buy-price", lang, "number", minor=True),
        column("sell-price", lang, "number", minor=True),
        column("meaning", lang),
    )
    return table("shadow", lang, columns, (_price_row(facts, one, currency, lang) for one in priced), shown=_SHOWN)


def _price_row(facts: Facts, one: _Priced, currency: str, lang: Lang) -> tuple[Cell, ...]:
    of = facts.chain.materials.unit[one.material]
    shown = numbers.scale(of, 1, lang)
    prices = [value / shown.factor for value in (one.price, one.buy, one.sell)]
    return (
        Cell(text=material_name(facts, one.material, lang)),
        Cell(text=numbers.each(1, currency, of, lang).partition(" ")[2]),
        *(
            Cell(text=numbers.short(price), value=price, decimals=numbers.digits(price))
            if math.isfinite(price)
            else Cell(text=numbers.BLANK)
            for price in prices
        ),
        Cell(text=say(f"report.shadow-{_meaning(one)}", lang)),
    )


def _meaning(one: _Priced) -> str:
    """What stands behind a shadow price: it is sold, it is bought, or worth what it is turned into."""
    near = 1e-6 * one.price
    for moved, price, meaning in ((one.sold, one.sell, "sold"), (one.bought, one.buy, "bought")):
        if moved > 0 and abs(one.price - price) <= near:
            return meaning
    return "above" if one.price > one.buy else "inside"
