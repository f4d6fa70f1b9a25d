"""A feasible plan near a point that is not quite one. Owns: mend. Never: how the point was found.

Builds are taken from the point and shrunk until size, land and budget hold; with the capacity given, the years fall apart,
and each is solved exactly over the columns that could matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.solver import Status, solve
from liantu.engines.planning.years import Years
from liantu.model.rows import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A plan that keeps every row, what it earns, and what the years' own duals are."""

    x: Floats
    objective: float
    duals: Floats


def mend(case: Horizon, x: Floats, live: Bools) -> Mended | None:
    """The best plan with the point's builds that uses only ``live`` columns; None if a year has none."""
    program = case.program
    built = _builds(case, x[case.built])
    capacity = case.here.existing[case.open] + _standing(case, built)
    whole = np.zeros(program.cost.size)
    whole[case.built], whole[case.capacity] = built, capacity
    for limit in case.limits:
        whole[limit.held] = program.lower[limit.held]
    duals = np.zeros(program.row_lower.size)
    upper = program.upper.copy()
    upper[case.activity[case.open]] = capacity
    years, useful = Years(case), live & (upper > 0)
    bounded = replace(program.smooth(), upper=upper)
    for at in range(case.years.size):
        columns, rows = years.running(at)
        columns = columns[useful[columns]]
        found = solve(bounded.part(columns, rows))
        if found.status is not Status.OPTIMAL:
            return None
        whole[columns], duals[rows] = found.x, found.row_dual
    return Mended(x=whole, objective=float(program.cost @ whole), duals=duals)


def _standing(case: Horizon, built: Floats) -> Floats:
    """Capacity of what is built, in each year: from when it is ready until it is worn out."""
    process, many = case.here.process[case.open], case.years.size
    total = np.concatenate([np.zeros((built.shape[0], 1)), np.cumsum(built, axis=1)], axis=1)
    row = np.arange(built.shape[0])[:, None]
    year = np.arange(1, many + 1)
    ready = np.clip(year - case.of.wait[process][:, None], 0, many)
    worn = np.clip(ready - case.of.life[process][:, None], 0, many)
    standing: Floats = total[row, ready] - total[row, worn]
    return standing


def _builds(case: Horizon, built: Floats) -> Floats:
    """Builds of the point beyond the signed ones, shrunk stand by stand, year by year, site by site until all limits hold."""
    signed = case.program.lower[case.built]
    free = np.maximum(np.clip(built, signed, case.program.upper[case.built]) - signed, 0.0)
    # Traces are no builds, and HiGHS may call a year infeasible for bounds of 1e-8.
    free[free < 1e-6 * free.max(initial=0.0)] = 0.0
    capex = case.of.capex[case.here.process[case.open]][:, None]
    left = np.maximum(case.choices.budget - (capex * signed).sum(axis=0), 0.0)
    free *= _share(left, (capex * free).sum(axis=0))
    standing, base = _standing(case, free), case.here.existing[case.open] + _standing(case, signed)
    free *= _share(case.here.most[case.open] - base, standing).min(axis=1)[:, None]
    for limit in case.limits:
        if limit.on_capacity:
            free *= _land(case, limit.site, limit.need, case.program.row_upper[limit.row], free, base)[:, None]
    return signed + free


def _land(case: Horizon, site: np.ndarray, need: Floats, available: Floats, free: Floats, base: Floats) -> Floats:
    """The share of each stand's new capacity that its site has land for."""
    many = len(case.chain.sites)
    here, needs = case.here.site[case.open], need[case.open][:, None]
    held, wanted = (np.zeros((many, case.years.size)) for _ in range(2))
    np.add.at(held, here, needs * base)
    shrinking = np.flatnonzero(~case.here.can_build)
    np.add.at(held, case.here.site[shrinking], need[shrinking][:, None] * case.here.existing[shrinking])
    np.add.at(wanted, here, needs * _standing(case, free))
    share = np.ones(many)
    share[site] = _share(available - held[site], wanted[site]).min(axis=1)
    return np.where(needs[:, 0] > 0, share[here], 1.0)


def _share(room: Floats, wanted: Floats) -> Floats:
    """How much of what is wanted there is room for, at most all."""
    return np.minimum(1.0, np.divide(np.maximum(room, 0.0), wanted, out=np.ones_like(wanted), where=wanted > 0))
