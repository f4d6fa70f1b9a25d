"""Plans solved by whatever suits them. Owns: settle. Never: what a program means.

A plan with whole numbers is branched outright as long as that may end soon. If it does not, a good plan is sought by its
structure and a bound proven with all places pooled; the gap between them is what is reported.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from liantu.engines.planning.apart import Smooth, apart, smoothed
from liantu.engines.planning.builds import Builds, rounded
from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.large import LARGE, approach, is_large
from liantu.engines.planning.seek import seek
from liantu.engines.planning.slopes import sloped
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status, solve
from liantu.engines.planning.years import Years
from liantu.model.rows import Floats, Ints

# Shares of the time: for branching the whole outright, until when slopes and plans are sought, and the bound is proven.
OUTRIGHT, SLOPED, SOUGHT, PROVEN = 0.03, 0.25, 0.43, 0.98
# How near the plan without whole numbers of a large chain is brought to its optimum.
NEAR = 5e-3


def settle(case: Horizon, options: SolverOptions) -> Solution:
    """Solve; whole numbers once more with those given, so that limits have values."""
    if is_large(case):
        found = approach(case, options)
        if found is not None:
            return found
    program, begun = case.program, time.perf_counter()
    if not program.integer.any():
        return solve(program, options)
    large = program.cost.size > LARGE
    first = None
    if not large:
        first = solve(program, replace(options, time_limit_s=OUTRIGHT * options.time_limit_s))
        if first.status is not Status.TIME_LIMIT:
            return _priced(case, first, options)
    found = _by_structure(case, options, begun)
    if found is None:
        left = replace(options, time_limit_s=max(options.time_limit_s - (time.perf_counter() - begun), 1.0))
        return _priced(case, solve(program, left), options)
    if first is not None:
        found = _better(found, first)
    return found if large else _priced(case, found, options)


def _better(one: Solution, other: Solution) -> Solution:
    """The better answer under the lower bound, ended as the first was."""
    bound = min(one.bound, other.bound)
    best = other if other.objective > one.objective else one
    return replace(best, status=one.status, bound=bound, gap=_gap(best.objective, bound))


def _gap(objective: float, bound: float) -> float:
    return max(0.0, bound - objective) / max(abs(objective), 1e-12)


def _by_structure(case: Horizon, options: SolverOptions, begun: float) -> Solution | None:
    """The best plan found and a bound; None where there is no start."""
    smooth, builds = smoothed(case), Builds(case)
    sloping, seeking, proving = (begun + share * options.time_limit_s for share in (SLOPED, SOUGHT, PROVEN))
    relaxed = _relaxed(smooth.case, options)
    if relaxed is None:
        return None
    duals, bound = relaxed
    start = _start(case, smooth, builds, sloping)
    sought = seek(case, start, builds, seeking)
    if sought is None:
        return None
    x, bound = sought.x, bound + smooth.constant
    objective = float(case.program.cost @ x)
    late = Status.STOPPED if sought.stopped else Status.TIME_LIMIT
    if not sought.stopped:
        try:
            bound = min(bound, apart(case, duals, options, proving))
        except KeyboardInterrupt:
            late = Status.STOPPED
    gap = _gap(objective, bound)
    nothing = np.zeros(x.size)
    return Solution(
        status=Status.OPTIMAL if gap <= options.gap else late,
        objective=objective, x=x, row_dual=np.concatenate([duals, np.zeros(case.program.row_lower.size - duals.size)]),
        reduced_cost=nothing, gap=gap, residual=case.program.violation(x), bound=bound,
    )  # fmt: skip


def _relaxed(smooth: Horizon, options: SolverOptions) -> tuple[Floats, float] | None:
    """Prices of the plan without whole numbers, and what it earns at most."""
    if is_large(smooth):
        found = approach(smooth, replace(options, gap=NEAR, time_limit_s=0.3 * options.time_limit_s))
        return None if found is None else (found.row_dual, found.objective + found.gap * abs(found.objective))
    found = solve(smooth.program, options)
    if found.status is not Status.OPTIMAL:
        return None
    return Session(smooth.program, options).central_prices(), found.objective


def _start(case: Horizon, smooth: Smooth, builds: Builds, until: float) -> Ints:
    """Units to begin the search from: slopes on the whole, or where that is too large on its middle year; else what is signed."""
    stands = case.program.cost[: smooth.case.program.cost.size]
    program = replace(smooth.case.program, cost=stands)
    if program.cost.size <= LARGE:
        built = sloped(builds, program, case.built, np.zeros(case.built.shape), builds.fixed, until)
        return builds.signed if built is None else rounded(builds, built)
    year, years = case.years.size // 2, Years(smooth.case)
    columns, rows = years.whole(year)
    cost = program.cost.copy()
    share = case.worth[year] / case.worth.sum()
    process = case.here.process[case.open]
    cost[case.capacity[:, year]] -= case.of.charge[process] * case.worth[year]
    part = replace(program, cost=cost).part(columns, rows)
    at = np.searchsorted(columns, case.capacity[:, year])[:, None]
    standing = sloped(builds, part, at, case.here.existing[case.open, year][:, None], share * builds.fixed, until)
    if standing is None:
        return builds.signed
    built = np.zeros(case.built.shape)
    built[:, 0] = np.maximum(standing[:, 0], 0.0)
    return rounded(builds, built)


def _priced(case: Horizon, found: Solution, options: SolverOptions) -> Solution:
    """The same whole numbers once more without them being free to move."""
    program = case.program
    if not np.isfinite(found.objective):
        return found
    whole = program.integer
    given = np.where(whole, np.round(found.x), 0.0)
    fixed = replace(program.smooth(), lower=np.where(whole, given, program.lower), upper=np.where(whole, given, program.upper))
    priced = solve(fixed, options)
    if priced.status is not Status.OPTIMAL:
        return found
    return replace(priced, status=found.status, gap=_gap(priced.objective, found.bound), bound=found.bound)
