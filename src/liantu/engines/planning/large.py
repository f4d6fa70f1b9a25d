"""Plans too large for one factorisation: approach by first-order steps, then mend and prove. Owns: is_large, approach.
Never: small plans, whole numbers.

Freight is small against prices, so a chain whose sites all pool is near: it is approached first. From there the whole
program takes some steps; then only the columns that could still pay are kept, chosen anew every thousand steps. A feasible
plan with those builds and a bound from those prices are exact, so that the gap between them is proven.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from liantu.engines.planning.firstorder import Iterate, descend
from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.mend import Mended, mend
from liantu.engines.planning.part import Part
from liantu.engines.planning.proof import Proof, prove
from liantu.engines.planning.solver import Solution, SolverOptions, Status
from liantu.model.rows import Bools, Floats

LARGE = 100_000
# Steps on the pooled chain and on the whole, then in a turn: on what is kept for prices, so many times, and for a plan. Measured.
POOLED, WHOLE, KEPT, TIMES, PLANNED = 1500, 500, 1000, 4, 1500
# Balance of primal and dual: prices settle soonest when they move little, plans when they do not move much themselves.
OF_PLANS, OF_PRICES = 8.0, 0.05
# Share of its own cost that a column may lack to pay and yet be kept.
LACKS_TRADE, LACKS_FREIGHT, LACKS_BUILD = 0.02, 0.5, 0.1


def is_large(case: Horizon) -> bool:
    """Whether a plan is for this module: large, without whole numbers, its sites joined by routes, its demands at sites."""
    return (
        case.program.cost.size > LARGE
        and not case.program.integer.any()
        and len(case.net.sites) > 1
        and bool((case.net.wants.place >= 0).all())
    )


def approach(case: Horizon, options: SolverOptions) -> Solution | None:
    """The best plan found and how far it may be from the best possible; None if no plan or no bound was found.

    Where a market has no limit, prices that miss its own by a little prove nothing: no number of steps brings a bound.
    """
    if not np.isfinite(case.net.trade.limit).all():
        return None
    search = _Search(case, time.perf_counter() + options.time_limit_s)
    search.better_prices()
    search.better_plan()
    while search.gap > options.gap and time.perf_counter() < search.until:
        before = search.gap
        search.better_prices()
        # A plan settles in fewer steps than prices: another is sought once prices close less than half of the gap.
        if search.gap > max(options.gap, 0.5 * before):
            search.better_plan()
    if search.plan is None or not np.isfinite(search.proof.bound):
        return None
    return search.solution(options)


class _Search:
    """The best plan and the best proof so far, and the point that both are sought from."""

    def __init__(self, case: Horizon, until: float) -> None:
        self.case, self.until = case, until
        self.at = descend(case.program, _from_pool(case, until), steps=WHOLE, until=until)
        self.proof: Proof = prove(case, self.at.y)
        self.plan: Mended | None = None

    @property
    def gap(self) -> float:
        if self.plan is None:
            return np.inf
        return max(0.0, self.proof.bound - self.plan.objective) / max(abs(self.plan.objective), 1e-12)

    def better_prices(self) -> None:
        """Steps with prices that move little, and what the prices then prove."""
        for turn in range(TIMES):
            wide = 3.0 if self.plan is None and turn == 0 else 1.0
            self.at = self._on_kept(replace(self.at, weight=OF_PRICES), wide, KEPT)
        found = prove(self.case, self.at.y)
        if found.bound < self.proof.bound:
            self.proof = found

    def better_plan(self) -> None:
        """Steps with plans that move little, then the nearest plan."""
        near = self._on_kept(replace(self.at, weight=OF_PLANS), 2.0, PLANNED)
        found = mend(self.case, near.x, _kept(self.case, replace(near, y=self.at.y), 1.5))
        if found is not None and (self.plan is None or found.objective > self.plan.objective):
            self.plan = found

    def _on_kept(self, at: Iterate, wide: float, steps: int) -> Iterate:
        part = Part(self.case.program, _kept(self.case, at, wide))
        return part.outside(descend(part.program, part.inside(at), steps=steps, until=self.until), at)

    def solution(self, options: SolverOptions) -> Solution:
        assert self.plan is not None  # noqa: S101 - asked by the caller
        y: Floats = self.proof.duals
        return Solution(
            status=Status.OPTIMAL if self.gap <= options.gap else Status.TIME_LIMIT,
            objective=self.plan.objective,
            x=self.plan.x,
            row_dual=y,
            reduced_cost=self.case.program.cost - self.case.program.matrix.T @ y,
            gap=self.gap,
            residual=0.0,
        )


def _from_pool(case: Horizon, until: float) -> Iterate:
    """Where the same chain without distances would be: its builds, activity and prices, and no shipments."""
    none = replace(case.chain.routes, line=case.chain.routes.line[:0], **{name: getattr(case.chain.routes, name)[:0] for name in _COLUMNS})
    pool = Horizon(replace(case.chain, routes=none), case.years, case.of, case.here, case.choices)
    zero = Iterate(x=np.zeros(pool.program.cost.size), y=np.zeros(pool.program.row_lower.size))
    at = descend(pool.program, zero, steps=POOLED, until=until)
    x, y = np.zeros(case.program.cost.size), np.zeros(case.program.row_lower.size)
    for mine, theirs in (
        (case.activity, pool.activity),
        (case.capacity, pool.capacity),
        (case.built, pool.built),
        (case.laid.unmet, pool.laid.unmet),
    ):
        x[mine] = at.x[theirs]
    for mine, theirs in ((case.within, pool.within), (case.stock, pool.stock), (case.budget, pool.budget), (case.aimed, pool.aimed)):
        y[mine] = at.y[theirs]
    for limit, pooled in zip(case.limits, pool.limits, strict=True):
        y[limit.row] = at.y[pooled.row]
    y[case.laid.balance] = at.y[pool.laid.balance]
    return Iterate(x=x, y=y)


_COLUMNS = ("origin", "destination", "material", "cost", "currency", "unit", "limit", "idle", "source", "note")


def _kept(case: Horizon, at: Iterate, wide: float) -> Bools:
    """Columns that are used or could nearly pay at these prices; ``wide`` times as far as else."""
    program = case.program
    gain, cost = program.cost - program.matrix.T @ at.y, np.abs(program.cost)
    kept = (at.x > 1e-3) | (program.lower > 0)
    gain[case.built] = _of_builds(case, at.y, gain)
    for columns, lacks in ((case.laid.trade, LACKS_TRADE), (case.laid.transport, LACKS_FREIGHT), (case.built, LACKS_BUILD)):
        kept[columns] |= gain[columns] >= -wide * lacks * cost[columns]
    kept[case.laid.unmet] = True
    busy = np.ones(case.activity.shape[0], dtype=np.bool_)
    busy[case.open] = (case.here.existing[case.open] > 0).any(axis=1) | kept[case.built].any(axis=1)
    kept[case.activity] = busy[:, None]
    kept[case.capacity] = busy[case.open][:, None]
    return kept


def _of_builds(case: Horizon, y: Floats, gain: Floats) -> Floats:
    """What one unit begun in each year adds (open stands × years): what it earns while it stands, less its land and its cost.

    Asked of the prices of materials and not of the duals of the stand's own rows, which stay as they were while it is left out.
    """
    process, site = case.here.process[case.open], case.here.site[case.open]
    earns = np.maximum(gain[case.activity[case.open]] + y[case.within], 0.0)
    for limit in case.limits:
        if limit.on_capacity:
            value = np.zeros((len(case.chain.sites), case.years.size))
            value[limit.site] = y[limit.row]
            earns -= limit.need[case.open][:, None] * value[site]
    total = np.concatenate([np.zeros((case.open.size, 1)), np.cumsum(earns, axis=1)], axis=1)
    ready = np.minimum(np.arange(case.years.size) + case.of.wait[process][:, None], case.years.size)
    over = np.minimum(ready + case.of.life[process][:, None], case.years.size)
    added: Floats = np.take_along_axis(total, over, 1) - np.take_along_axis(total, ready, 1) + case.program.cost[case.built]
    if case.budget.size:
        added -= case.of.capex[process][:, None] * y[case.budget]
    return added
