"""How good a plan of whole builds could be at best. Owns: smoothed, Smooth, apart. Never: a plan.

The plan without whole numbers gives the prices at which places are pooled; branching bounds what is left. What the pool
chooses before any branch gives better prices, those of a plan with all its places and just as many blocks and stands of each
process; their mean over a few turns is better still, and at it the pool is branched to its end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.large import LARGE
from liantu.engines.planning.pooled import Pooled, pooled
from liantu.engines.planning.program import Builder
from liantu.engines.planning.solver import Session, SolverOptions, solve
from liantu.model.rows import Floats

# How often prices are taken from what the pool chooses before it is branched.
TURNS = 2
# How the pool is branched, and how near to its optimum.
BRANCHED = SolverOptions(effort=0.03, trials=2)
NEAR = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """The plan without whole numbers, each fixed charge spread over capacity and years.

    Attributes
    ----------
    case : Horizon
    constant : float
        What its optimum lacks to bound the plan: capacity that stands already pays no fixed charge.
    """

    case: Horizon
    constant: float


def smoothed(case: Horizon) -> Smooth:
    """The plan that the bound begins with."""
    smooth = Horizon(case.chain, case.years, case.of, case.here, replace(case.choices, integer=False))
    charge = case.of.fixed_charge[case.here.process[case.open]]
    shares = charge[:, None] * case.worth / case.worth.sum()
    room = case.room().max(axis=1, initial=0.0)[:, None]
    per_unit = np.divide(shares, room, out=np.zeros_like(shares), where=(room > 0) & np.isfinite(room))
    cost = smooth.program.cost.copy()
    cost[smooth.capacity] -= per_unit
    smooth.program = replace(smooth.program, cost=cost)
    return Smooth(case=smooth, constant=float((per_unit * case.here.existing[case.open]).sum()))


def apart(case: Horizon, duals: Floats, options: SolverOptions, until: float) -> float:
    """The bound proven from these duals of the smooth plan in the time until ``time.perf_counter()`` says so."""
    near = replace(BRANCHED, gap=min(options.gap / 2, NEAR))
    bound, met = np.inf, list[Floats]()
    for _ in range(TURNS if case.program.cost.size <= LARGE else 0):
        pool = pooled(case, duals)
        most, x = _branched(pool, replace(near, nodes=1), until)
        bound = min(bound, most)
        better = None if x is None else _repriced(case, pool, x, max(until - time.perf_counter(), 1.0))
        if better is None or not np.isfinite(better).all():
            break
        met.append(better)
        duals = np.mean(met, axis=0)
    return min(bound, _branched(pooled(case, duals), near, until)[0])


def _branched(pool: Pooled, options: SolverOptions, until: float) -> tuple[float, Floats | None]:
    """The bound of the pool, infinite where the time is over, and what it chose if anything."""
    left = until - time.perf_counter()
    if not np.isfinite(pool.constant) or left <= 0:
        return np.inf, None
    found = solve(pool.program, replace(options, time_limit_s=left))
    return found.bound + pool.constant, found.x if np.isfinite(found.objective) else None


def _repriced(case: Horizon, pool: Pooled, x: Floats, seconds: float) -> Floats:
    """Prices of the plan in which as much of each process stands and as many stands are built upon as in the pool."""
    build, process = Builder(case.program.smooth()), case.here.process[case.open]
    standing = np.zeros(pool.number.shape)
    np.add.at(standing, process, case.here.existing[case.open])
    standing += case.of.block[:, None] * np.round(x[pool.number])
    whole = case.of.block[:, None] > 0
    row = build.rows(standing.shape, lower=np.where(whole, standing, -np.inf), upper=np.where(whole, standing, np.inf))
    build.entries(row[process], case.capacity, 1.0)
    if case.whole is not None:
        charged, of = np.unique(process[case.whole.charged], return_inverse=True)
        many = np.round(x[pool.opened[charged]])
        build.entries(build.rows(many.shape, lower=many, upper=many)[of], case.whole.opened, 1.0)
    return Session(build.program(), SolverOptions(time_limit_s=seconds)).central_prices()[: case.program.row_lower.size]
