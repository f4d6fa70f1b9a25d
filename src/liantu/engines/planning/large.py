"""Plans too large for one factorisation: approach by first-order steps, then mend and prove. Owns: is_large, approach.
Never: small plans, whole numbers.

Freight is small against prices, so a chain whose sites all pool is near: it is approached first. From there the whole
program takes some steps; then only the columns that could still pay are kept, on which steps are cheap. A feasible plan
with those builds and a bound from those prices are exact, so that the gap between them is proven.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from liantu.engines.planning.firstorder import Iterate, descend
from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.mend import Mended, mend
from liantu.engines.planning.program import Program
from liantu.engines.planning.proof import Proof, prove
from liantu.engines.planning.solver import Solution, SolverOptions, Status
from liantu.model.rows import Bools, Floats

LARGE = 100_000
# Steps on the pooled chain, on the whole, on what is kept, and on the whole again; they were measured, not derived.
POOLED, WHOLE, KEPT, AGAIN = 1500, 6000, 3000, 4000
# Balance of primal and dual: prices settle soonest when they move little, plans when they do not move much themselves.
OF_PLANS, OF_PRICES = 2.0, 0.1


def is_large(case: Horizon) -> bool:
    """Whether a plan is for this module: large, without whole numbers, its sites joined by routes, its demands at sites."""
    return (
        case.program.cost.size > LARGE
        and not case.program.integer.any()
        and len(case.net.sites) > 1
        and bool((case.net.wants.place >= 0).all())
    )


def approach(case: Horizon, options: SolverOptions) -> Solution | None:
    """The best plan found and how far it may be from the best possible; None if no plan or no bound was found."""
    search = _Search(case, time.perf_counter() + options.time_limit_s)
    search.better_plan()
    if search.plan is None or not np.isfinite(search.proof.bound):
        return None
    while search.gap > options.gap and time.perf_counter() < search.until:
        before = search.gap
        search.better_plan()
        # Steps for prices are dear: a plan is sought alone as long as that closes a tenth of the gap a turn.
        while before - search.gap < 0.1 * before and search.gap > options.gap and time.perf_counter() < search.until:
            before = search.gap
            search.better_prices()
    return search.solution(options)


class _Search:
    """The best plan and the best proof so far, and the points that each is sought from."""

    def __init__(self, case: Horizon, until: float) -> None:
        self.case, self.until = case, until
        self.prices = descend(case.program, _from_pool(case, until), steps=WHOLE, until=until)
        self.plans, self.balanced = self.prices, False
        self.proof: Proof = prove(case, self.prices.y)
        self.plan: Mended | None = None

    @property
    def gap(self) -> float:
        if self.plan is None:
            return np.inf
        return max(0.0, self.proof.bound - self.plan.objective) / max(abs(self.plan.objective), 1e-12)

    def better_plan(self) -> None:
        """Steps over the columns that are used or could nearly pay, then the nearest plan."""
        live = _live(self.case, self.plans)
        self.plans = _on(self.case.program, live, replace(self.plans, weight=OF_PLANS), self.until)
        found = mend(self.case, self.plans.x, live)
        if found is not None and (self.plan is None or found.objective > self.plan.objective):
            self.plan = found

    def better_prices(self) -> None:
        """Steps over all columns, then what their prices prove."""
        weight = self.prices.weight if self.balanced else OF_PRICES
        self.prices, self.balanced = descend(self.case.program, replace(self.prices, weight=weight), steps=AGAIN, until=self.until), True
        found = prove(self.case, self.prices.y)
        if found.bound < self.proof.bound:
            self.proof = found

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


_COLUMNS = ("origin", "destination", "material", "cost", "currency", "unit", "limit", "source", "note")


def _live(case: Horizon, at: Iterate) -> Bools:
    """Columns that are used or could nearly pay at these prices."""
    program = case.program
    gain = program.cost - program.matrix.T @ at.y
    live = (at.x > 1e-3) | (program.lower > 0)
    for columns in (case.laid.trade, case.laid.transport, case.laid.unmet):
        some = -program.cost[columns][program.cost[columns] < 0]
        live[columns] |= gain[columns] > -0.1 * (np.median(some) if some.size else 0.0)
    live[case.activity] = live[case.capacity] = True
    live[case.built] = True
    return live


def _on(program: Program, live: Bools, at: Iterate, until: float) -> Iterate:
    """Steps over the live columns alone."""
    columns = np.flatnonzero(live)
    matrix = sparse.csr_array(program.matrix[:, columns])
    rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
    found = descend(program.part(columns, rows), replace(at, x=at.x[columns], y=at.y[rows]), steps=KEPT, until=until)
    x, y = np.zeros(at.x.size), at.y.copy()
    x[columns], y[rows] = found.x, found.y
    return replace(found, x=x, y=y)
