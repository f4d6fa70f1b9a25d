"""How far a recommendation holds when prices and investment move. Owns: Ranges, price_ranges, held.
Never: solving, choosing what to recommend.

The rule: the step's own purchases and sales, as planned at the central prices, are paid at prices that move. Four things
move between low and high: what it sells, what it buys, energy, the investment. That makes sixteen corners. A step that
could not even cover its materials stands still, so its worth is never below nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from liantu.model.chain import Chain
from liantu.model.rows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Lowest and highest price of each material, as a share of its price; 1 where none is stated."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Net worth a year at the worst and the best corner, and the share of corners in which it is above nothing."""

    low: float
    high: float
    share: float


def price_ranges(chain: Chain, year: int) -> Ranges:
    """Low and high over price of the rows nearest to a year that state all three."""
    rows, count = chain.prices, len(chain.materials)
    dated = np.array([float(date[:4]) if date[:4].isdigit() else np.nan for date in rows.date], dtype=np.float64)
    stated = ~np.isnan(rows.low) & ~np.isnan(rows.high) & ~np.isnan(dated) & (np.abs(rows.price) > 0)
    low, high = np.ones(count), np.ones(count)
    at = np.flatnonzero(stated)
    # The nearest year is written last.
    at = at[np.argsort(-np.abs(dated[at] - year), kind="stable")]
    low[rows.material[at]], high[rows.material[at]] = rows.low[at] / rows.price[at], rows.high[at] / rows.price[at]
    return Ranges(low=low, high=high)


def held(money: Floats, ranges: Ranges, energy: np.ndarray, cost: tuple[float, float, float], value: float) -> Held:
    """The corners of one step.

    Parameters
    ----------
    money : float array (materials)
        What the step brings in (+) and pays out (−) for each material in a year.
    energy : bool array (materials)
    cost : low, central, high
        Yearly cost of the step.
    value : float
        Worth a year at the central prices; of a step that would rather stand still, what running would bring or lose.
    """
    groups = [(money > 0) & ~energy, (money < 0) & ~energy, energy]
    # A price below nothing is paid for taking something away: its low is the greater payment.
    moves = [[float(money[group] @ (side[group] - 1)) for side in (ranges.low, ranges.high)] for group in groups]
    worth = np.array([max(value + sum(move), 0.0) for move in product(*moves)])
    nets = (worth[:, None] - np.array([cost[0], cost[2]])).ravel()
    return Held(low=float(nets.min()), high=float(nets.max()), share=float((nets > 0).mean()))
