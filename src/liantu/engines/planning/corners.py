"""How far a plan holds when prices and investment move. Owns: Corner, Corners, corners.
Never: what the ranges are, solving.

The same four things move between low and high as for a link to recruit: what the plan sells, what it buys, energy, the
investment. Here the plan is made anew in each corner. Buying and selling one material move together, or there would be
money to be had from nothing; what the plan does not trade goes with what it sells if it can be sold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from liantu.engines.planning.expansion import Plan, PlanOptions, expand
from liantu.engines.planning.ranges import price_ranges
from liantu.errors import LiantuError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

MOVES = ("sells", "buys", "energy", "investment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """One corner.

    Attributes
    ----------
    sides : tuple of int
        −1 low, 1 high for each of `MOVES`; 0 where nothing of it has a range.
    objective : float
        NaN where there is no plan.
    built : float array (stands)
        Capacity built over all years.
    """

    sides: tuple[int, ...]
    objective: float
    built: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """All corners, and the materials whose low price is cut at nothing.

    What is bought for less than nothing and thrown away would earn without end.
    """

    corners: tuple[Corner, ...]
    cut: Ints


def corners(chain: Chain, options: PlanOptions, plan: Plan) -> Corners:
    """The plan made anew in every corner of the ranges."""
    ranges, groups = price_ranges(chain, options.first), _groups(chain, plan)
    bought = chain.markets.material[(chain.markets.direction == "buy") & (chain.markets.price > 0)]
    cut = np.unique(bought[ranges.low[bought] < 0])
    low = np.where(np.isin(np.arange(ranges.low.size), cut), 0.0, ranges.low)
    shares = [_shares(chain, column) for column in (chain.technologies.capex_low, chain.technologies.capex_high)]
    has = [bool((group & ((low != 1) | (ranges.high != 1))).any()) for group in groups]
    has.append(any((share != 1).any() for share in shares))
    found = []
    for sides in product(*((-1, 1) if one else (0,) for one in has)):
        times = np.ones(len(chain.materials))
        for group, side in zip(groups, sides[:3], strict=True):
            times[group] = (low if side < 0 else ranges.high)[group] if side else 1.0
        capex = shares[int(sides[3] > 0)] if sides[3] else 1.0
        moved = replace(
            chain,
            markets=replace(chain.markets, price=chain.markets.price * times[chain.markets.material]),
            technologies=replace(chain.technologies, capex=chain.technologies.capex * capex),
        )
        found.append(_corner(moved, options, plan, sides))
    return Corners(corners=tuple(found), cut=cut)


def _corner(chain: Chain, options: PlanOptions, plan: Plan, sides: tuple[int, ...]) -> Corner:
    none = Corner(sides=sides, objective=np.nan, built=np.zeros(len(plan.stands)))
    try:
        found = expand(chain, options)
    except LiantuError:
        # Endless earning or no time: a corner without a plan is counted as one that makes none of the builds.
        return none
    return Corner(sides=sides, objective=found.objective, built=found.built.sum(axis=1)) if isinstance(found, Plan) else none


def _groups(chain: Chain, plan: Plan) -> tuple[Bools, Bools, Bools]:
    """Materials that have a market, by what the plan does with them: sold, bought, energy."""
    markets, energy = chain.markets, chain.materials.kind == "energy"
    traded = np.isin(np.arange(energy.size), markets.material)
    net = (plan.sold - plan.bought).sum(axis=(1, 2))
    can_sell = np.zeros(net.size, dtype=np.bool_)
    can_sell[markets.material[markets.direction == "sell"]] = True
    sells = ((net > 0) | ((net == 0) & can_sell)) & ~energy
    return sells & traded, ~sells & ~energy & traded, energy & traded


def _shares(chain: Chain, column: Floats) -> Floats:
    """Low or high investment as a share of the central one; 1 where none is stated."""
    capex = chain.technologies.capex
    return np.where(~np.isnan(column) & (capex > 0), column / np.where(capex > 0, capex, 1.0), 1.0)
