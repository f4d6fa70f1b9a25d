"""What the plants of a year make and take, and whether every recipe balances. Owns: recipe_balances, balance. Never: solving, labels.

Accounting only: activity is capacity × utilisation, and everything else is a sum over exchanges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.engines.indicators import Indicators, PartIndicators, Uses, indicators, part_indicators
from liantu.engines.matrices import Exchanged, Matrix, by_column, exchanged, net
from liantu.engines.parts import Parts, parts
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints, Texts

# Amounts below this share of a recipe's mass are the rounding of its compositions.
_NOISE = 1e-9
_LAST_DIGITS = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeBalances:
    """Tonnes of each element into and out of each process, per unit of its reference product.

    Attributes
    ----------
    process, element : int array
        Where a row belongs; elements that a recipe does not touch have none.
    gap : float array
        (in − out) ÷ in; −inf where something comes out and nothing goes in.
    """

    process: Ints
    element: Ints
    in_t: Floats
    out_t: Floats
    gap: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """Tonnes of each element per year, in the order of the chain's elements.

    Attributes
    ----------
    in_t, out_t, gap : float array
        Into and out of all processes, gross; gap is (in − out) ÷ in.
    entering_t, leaving_t : float array
        Over the boundary of the chain: in materials short (net < 0) and over (net > 0).
    """

    in_t: Floats
    out_t: Floats
    gap: Floats
    entering_t: Floats
    leaving_t: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Amount per year of each material at each running process: + made, − taken, net."""

    process: Ints
    material: Ints
    amount: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The year's accounts, in the order of the chain.

    Attributes
    ----------
    running : bool array (plants)
        Whether the plant runs in the year.
    plant_activity : float array (plants)
        Units of reference product per year; 0 where it does not run.
    activity, capacity : float array (processes)
        Sums over running plants.
    produced, consumed, net : float array (materials)
        Gross sums over plants and their difference.
    bought, unmet : float array (materials)
        What is short: covered by open buying markets up to their limits, and not.
    sold, disposed, surplus : float array (materials)
        What is over: taken by open markets at a price of 0 or more, below 0 (at a cost), and by nobody.
    stage_names : tuple of str
        Stages in the order in which processes first name them; `stages` refers to them, `sites` to the chain's sites.
    """

    year: int
    running: Bools
    plant_activity: Floats
    activity: Floats
    capacity: Floats
    produced: Floats
    consumed: Floats
    net: Floats
    bought: Floats
    sold: Floats
    disposed: Floats
    surplus: Floats
    unmet: Floats
    flows: Flows
    stage_names: Texts
    stages: Parts
    sites: Parts
    elements: Elements
    indicators: Indicators
    process_indicators: PartIndicators
    stage_indicators: PartIndicators
    site_indicators: PartIndicators


def recipe_balances(chain: Chain) -> RecipeBalances:
    """Element by element, what each recipe takes and makes."""
    sides, content = exchanged(chain), sparse.csc_array(chain.content)
    taken, made = (sparse.csr_array(side.T @ content) for side in (sides.taken, sides.made))
    mass = np.maximum(taken.sum(axis=1), made.sum(axis=1))
    touched = sparse.coo_array(taken + made)
    process, element = (place.astype(np.intp) for place in touched.coords)
    # SciPy answers an empty choice of entries with a matrix.
    in_t, out_t = (np.asarray(side[process, element]).ravel() if process.size else np.empty(0) for side in (taken, made))
    kept = np.maximum(in_t, out_t) > _NOISE * mass[process]
    order = np.lexsort((element[kept], process[kept]))
    at = np.flatnonzero(kept)[order]
    return RecipeBalances(process=process[at], element=element[at], in_t=in_t[at], out_t=out_t[at], gap=_gap(in_t[at], out_t[at]))


def balance(chain: Chain, year: int) -> Balance:
    """The accounts of a year: every running plant at its capacity × utilisation."""
    running, many = chain.running(year), len(chain.processes)
    plants = chain.plants
    load = np.where(np.isnan(plants.utilisation), 1.0, plants.utilisation)
    plant_activity = np.where(running, plants.capacity * load, 0.0)
    activity = np.bincount(plants.process, plant_activity, many).astype(np.float64)
    sides = exchanged(chain)
    produced, consumed = sides.made @ activity, sides.taken @ activity
    over = _difference(produced, consumed)
    trade = _trade(chain, year, over)
    names, stage = _stages(chain)
    every = np.arange(many)
    by_process, by_stage, by_site = (
        parts(sides, by_column(row, owner, amount, (many, count)))
        for row, owner, amount, count in (
            (every, every, activity, many),
            (every, stage, activity, len(names)),
            (plants.process, plants.site, plant_activity, len(chain.sites)),
        )
    )
    uses = Uses(activity=activity, produced=produced, consumed=consumed, bought=trade.bought, sold=trade.sold)
    return Balance(
        year=year, running=running, plant_activity=plant_activity, activity=activity, capacity=chain.capacity(year),
        produced=produced, consumed=consumed, net=over,
        bought=trade.bought, sold=trade.sold, disposed=trade.disposed, surplus=trade.surplus, unmet=trade.unmet,
        flows=_flows(sides, activity), stage_names=names, stages=by_stage, sites=by_site,
        elements=_elements(chain, produced, consumed, over),
        indicators=indicators(chain, sides, uses),
        process_indicators=part_indicators(chain, sides, uses, by_process),
        stage_indicators=part_indicators(chain, sides, uses, by_stage),
        site_indicators=part_indicators(chain, sides, uses, by_site),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trade:
    bought: Floats
    unmet: Floats
    sold: Floats
    disposed: Floats
    surplus: Floats


def _trade(chain: Chain, year: int, over: Floats) -> _Trade:
    """Put what is short and what is over to the markets open in the year; a blank limit is none.

    A chain without any market trades freely: what is short is bought, and what is over of goods sold; of anything else
    (a residue that nobody was said to want) it stays.
    """
    markets, is_open = chain.markets, chain.open_markets(year)
    if not len(markets):
        short, spare = np.maximum(-over, 0), np.maximum(over, 0)
        sold, none = np.where(chain.materials.kind == "good", spare, 0.0), np.zeros(over.size)
        return _Trade(bought=short, unmet=none, sold=sold, disposed=none, surplus=spare - sold)
    limit = np.where(np.isnan(markets.limit), np.inf, markets.limit)

    def most(rows: Bools) -> Floats:
        return np.bincount(markets.material[rows], limit[rows], over.size).astype(np.float64)

    selling = is_open & (markets.direction == "sell")
    short, spare = np.maximum(-over, 0), np.maximum(over, 0)
    bought = np.minimum(short, most(is_open & (markets.direction == "buy")))
    sold = np.minimum(spare, most(selling & ~(markets.price < 0)))
    disposed = np.minimum(spare - sold, most(selling & (markets.price < 0)))
    return _Trade(bought=bought, unmet=short - bought, sold=sold, disposed=disposed, surplus=spare - sold - disposed)


def _difference(produced: Floats, consumed: Floats) -> Floats:
    """Made less taken; what is left of two equal sums is the last digits of one, not an amount."""
    over = produced - consumed
    return np.where(np.abs(over) > _LAST_DIGITS * (produced + consumed), over, 0.0)


def _flows(sides: Exchanged, activity: Floats) -> Flows:
    running: Matrix = sparse.csc_array(net(sides) @ sparse.diags_array(activity))
    running.eliminate_zeros()
    entries = sparse.coo_array(running)
    material, process = (place.astype(np.intp) for place in entries.coords)
    return Flows(process=process, material=material, amount=entries.data)


def _elements(chain: Chain, produced: Floats, consumed: Floats, over: Floats) -> Elements:
    in_t, out_t = consumed @ chain.content, produced @ chain.content
    entering, leaving = np.maximum(-over, 0) @ chain.content, np.maximum(over, 0) @ chain.content
    return Elements(in_t=in_t, out_t=out_t, gap=_gap(in_t, out_t), entering_t=entering, leaving_t=leaving)


def _gap(in_t: Floats, out_t: Floats) -> Floats:
    none = np.where(out_t > 0, -np.inf, np.nan)
    return np.divide(in_t - out_t, in_t, out=none, where=in_t > 0)


def _stages(chain: Chain) -> tuple[Texts, Ints]:
    names = dict.fromkeys(chain.processes.stage)
    at = {name: place for place, name in enumerate(names)}
    return tuple(names), np.array([at[stage] for stage in chain.processes.stage], dtype=np.intp)
