"""How good a plan of whole builds could be at best. Owns: smoothed, Smooth, apart. Never: a plan.

The plan without whole numbers gives the prices at which places are pooled; branching bounds what is left.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.pooled import pooled
from liantu.engines.planning.solver import SolverOptions, solve
from liantu.model.rows import Floats


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
    """The bound that these duals of the smooth plan prove in the time until ``time.perf_counter()`` says so."""
    pool, seconds = pooled(case, duals), until - time.perf_counter()
    if not np.isfinite(pool.constant) or seconds <= 0:
        return np.inf
    return solve(pool.program, SolverOptions(time_limit_s=seconds, gap=options.gap / 2, effort=0.0)).bound + pool.constant
