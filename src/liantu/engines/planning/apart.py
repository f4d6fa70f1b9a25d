"""How good a plan of whole builds could be at best. Owns: smoothed, Smooth, apart. Never: a plan.

The plan without whole numbers gives the prices at which places are pooled; branching bounds what is left. What the pool then
chooses gives better prices, those of a plan with all its places and just as many blocks and stands of each process.
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

# Shares of the time that is left, for each turn of branching the pool; between turns the prices become those of what it chose.
SHARES = (0.25, 1.0, 1.0)
# How near its optimum the pool is branched.
NEAR = 1e-3


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
    bound, large = np.inf, case.program.cost.size > LARGE
    for share in SHARES[-1:] if large else SHARES:
        pool, left = pooled(case, duals), until - time.perf_counter()
        if not np.isfinite(pool.constant) or left <= 0:
            break
        found = solve(pool.program, SolverOptions(time_limit_s=share * left, gap=min(options.gap / 2, NEAR), effort=0.0))
        bound, before = min(bound, found.bound + pool.constant), bound
        left = until - time.perf_counter()
        if large or bound == before or not np.isfinite(found.objective) or left <= 0:
            break
        duals = _repriced(case, pool, found.x, left)
        if not np.isfinite(duals).all():
            break
    return bound


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
