"""What the report knows before it speaks. Owns: Facts (a chain with its two answers), worth. Never: words, layout.

Everything is by position in the chain, in the chain's units.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.records import Materials, Processes
from liantu.model.results import RunRecord
from liantu.model.rows import Floats
from liantu.model.states import State
from liantu.report.cells import number, or_zero, text
from liantu.report.links import Link, links_of, renamings
from liantu.report.names import either, short_names, without_brackets, without_sort
from liantu.units import factor
from liantu.words import LANGUAGES, Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A chain with its two answers, and what follows from them."""

    chain: Chain
    balance: RunRecord
    require: RunRecord
    year: int
    links: tuple[Link, ...]
    demand: tuple[tuple[int, float], ...]
    needed: Floats
    active: Floats
    worth: Floats
    currency: str
    materials: Mapping[Lang, tuple[str, ...]]
    processes: Mapping[Lang, tuple[str, ...]]
    at: str
    renamed: tuple[int, ...]

    def counted(self, *states: State) -> tuple[Link, ...]:
        """Links in one of these states, the ones nearest to the product first."""
        found = [link for link in self.links if link.state in states]
        return tuple(sorted(found, key=lambda link: (link.step, -or_zero(link.worth))))

    @property
    def illustrative(self) -> bool:
        """Whether any running capacity is an illustrative split."""
        return any(link.illustrative > 0 for link in self.links)


def facts(chain: Chain, balance: RunRecord, require: RunRecord, at: str = "") -> Facts:
    """Join a chain with its balance and what the yardstick requires."""
    year = int(number(balance.result, "year"))
    needed = _by_process(chain, require, "activities", "activity")
    active = _by_process(chain, balance, "processes", "activity")
    demand = tuple((chain.material_index[text(row, "material")], number(row, "amount")) for row in require.grid("demand"))
    worth, currency = worths(chain, year)
    return Facts(
        chain=chain,
        balance=balance,
        require=require,
        year=year,
        links=links_of(chain, balance, require, needed, active, year, worth, demand),
        demand=demand,
        needed=needed,
        active=active,
        worth=worth,
        currency=currency,
        materials=_names(chain.materials, without_sort),
        processes=_names(chain.processes, without_brackets),
        at=at,
        renamed=tuple(np.flatnonzero(renamings(chain) & (needed > 0)).tolist()),
    )


def _names(rows: Materials | Processes, shorten: Callable[[str], str]) -> Mapping[Lang, tuple[str, ...]]:
    cells = list(zip(rows.name_zh, rows.name_en, rows.id, strict=True))
    return {lang: short_names([either(*each, lang) for each in cells], shorten) for lang in LANGUAGES}


def worths(chain: Chain, year: int) -> tuple[Floats, str]:
    """What one unit of each material is worth at the market (NaN: no price), in the currency most prices are in.

    Selling prices of the year come first, then buying prices, then the latest dated price.
    """
    currency = _currency(chain)
    worth = np.full(len(chain.materials), np.nan)
    for row in np.argsort(np.array(chain.prices.date, dtype=str), kind="stable"):
        if chain.prices.currency[row] == currency and np.isfinite(chain.prices.price[row]):
            value = _per_unit(chain, int(chain.prices.material[row]), float(chain.prices.price[row]), chain.prices.unit[row])
            if math.isfinite(value):
                worth[chain.prices.material[row]] = value
    open_now = chain.open_markets(year)
    for direction in ("buy", "sell"):
        for row in np.flatnonzero(open_now & (chain.markets.direction == direction)):
            if chain.markets.currency[row] == currency:
                worth[chain.markets.material[row]] = chain.markets.price[row]
    return worth, currency


def _currency(chain: Chain) -> str:
    names = [*chain.markets.currency, *chain.prices.currency]
    return max(dict.fromkeys(names), key=names.count, default="CNY")


def _per_unit(chain: Chain, material: int, price: float, unit: str) -> float:
    try:
        return price * factor(chain.materials.unit[material], unit) if unit else price
    except InputError:
        return math.nan


def _by_process(chain: Chain, record: RunRecord, grid: str, column: str) -> Floats:
    values = np.zeros(len(chain.processes))
    for row in record.grid(grid):
        values[chain.process_index[text(row, "process")]] += or_zero(number(row, column))
    return values
