"""How good a plan of whole builds could be at best, proven year by year. Owns: smoothed, Smooth, apart. Never: a plan.

Capacity standing over years is what ties them. Given prices of capacity (duals of the stock rows, and of the budget) each
year chooses blocks, least sizes and its share of every fixed charge on its own; what the years could then earn, each
bounded by branching, adds up to a bound that no plan exceeds. The shares of a fixed charge add up to no more than all of it.

Each year knows sums over its sites as well: of a process's blocks, stands and activity, of each material's balance. They say
nothing new, but the demand that several sites share shows only there, and it is what makes whole numbers bind.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.program import Builder, Program
from liantu.engines.planning.solver import SolverOptions, solve
from liantu.engines.planning.years import Years
from liantu.model.rows import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """The plan without whole numbers, each fixed charge spread over capacity and years.

    Attributes
    ----------
    case : Horizon
    shares : float array (open stands × years)
        Of the fixed charge of each stand, discounted.
    constant : float
        What its optimum lacks to bound the plan: capacity that stands already pays no fixed charge.
    """

    case: Horizon
    shares: Floats
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
    return Smooth(case=smooth, shares=shares, constant=float((per_unit * case.here.existing[case.open]).sum()))


def apart(case: Horizon, smooth: Smooth, duals: Floats, options: SolverOptions, until: float) -> float:
    """The bound that these duals of the smooth plan prove in the time until ``time.perf_counter()`` says so."""
    program, years = smooth.case.program, Years(smooth.case)
    y = np.zeros(duals.size)
    y[case.stock], y[case.budget] = duals[case.stock], np.maximum(duals[case.budget], 0.0)
    # The shares of the fixed charges stand in the years' own choices, not on their capacity.
    gain = case.program.cost[: program.cost.size] - program.matrix.T @ y
    bound = float(program.row_lower[case.stock].ravel() @ y[case.stock].ravel()) + float(program.row_upper[case.budget] @ y[case.budget])
    upper = program.upper.copy()
    upper[case.built] = np.minimum(upper[case.built], case.room().max(axis=1, initial=0.0)[:, None])
    free = np.flatnonzero(years.column < 0)
    bound += float(_most(gain[free], program.lower[free], upper[free]).sum())
    for year in range(case.years.size):
        seconds = (until - time.perf_counter()) / (case.years.size - year)
        if not np.isfinite(bound) or seconds <= 0:
            return np.inf
        part = _year(case, replace(program, cost=gain), years, year, smooth.shares[:, year])
        bound += solve(part, SolverOptions(time_limit_s=seconds, gap=options.gap / 2, effort=0.0)).bound
    return bound


def _most(gain: Floats, lower: Floats, upper: Floats) -> Floats:
    """The most each column could earn between its bounds."""
    return np.where(gain > 0, gain * np.where(gain > 0, upper, 0.0), gain * np.where(gain < 0, lower, 0.0))


def _year(case: Horizon, program: Program, years: Years, year: int, shares: Floats) -> Program:
    """One year's choice of whole builds."""
    columns, rows = years.whole(year)
    build = Builder(program.part(columns, rows))
    at = _Numbers(columns)
    number, opened = _builds(case, build, at.of(case.capacity[:, year]), year, shares)
    _sums(case, build, program, at, year, number, opened)
    return build.program()


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Where columns of the whole stand in a part, in order."""

    columns: Ints

    def of(self, whole: Ints) -> Ints:
        return np.searchsorted(self.columns, whole)


def _builds(case: Horizon, build: Builder, capacity: Ints, year: int, shares: Floats) -> tuple[Ints, Ints]:
    """What stands new of each open stand: whole blocks, the least size or more, with its share of the fixed charge.

    Returns the columns of the number of blocks (−1 where it has none) and of whether anything stands.
    """
    process, existing = case.here.process[case.open], case.here.existing[case.open][:, year]
    room, block, least = case.room().max(axis=1, initial=0.0), case.of.block[process], case.of.least[process]
    some = np.flatnonzero((shares > 0) | (least > 0))
    opened, number = (np.full(process.size, -1) for _ in range(2))
    opened[some] = build.columns((some.size,), cost=-shares[some], upper=1.0, integer=True)
    within, enough = build.rows((some.size,), upper=existing[some]), build.rows((some.size,), lower=existing[some])
    for row, size in ((within, room[some]), (enough, least[some])):
        build.entries(row, capacity[some], 1.0)
        build.entries(row, opened[some], -size)
    some = np.flatnonzero(block > 0)
    many = np.floor(room[some] / block[some] + 1e-9)
    number[some] = build.columns((some.size,), upper=many, integer=True)
    stands = build.rows((some.size,), lower=existing[some], upper=existing[some])
    build.entries(stands, capacity[some], 1.0)
    build.entries(stands, number[some], -block[some])
    both = opened[some] >= 0
    counted = build.rows((int(both.sum()),), upper=0.0)
    build.entries(counted, number[some[both]], 1.0)
    build.entries(counted, opened[some[both]], -many[both])
    return number, opened


def _sums(case: Horizon, build: Builder, program: Program, at: _Numbers, year: int, number: Ints, opened: Ints) -> None:
    """Sums over the sites of what the year's rows and columns say already."""
    process, many = case.here.process[case.open], len(case.chain.processes)
    blocks = _summed(build, number, process, many, integer=True)
    _summed(build, opened, process, many, integer=True)
    running = _summed(build, at.of(case.activity[:, year]), case.here.process, many, integer=False)
    able = np.bincount(case.here.process, case.here.existing[:, year], many)
    fixed = np.setdiff1d(np.unique(case.here.process), process[number < 0])
    within = build.rows((fixed.size,), upper=able[fixed])
    build.entries(within, running[fixed], 1.0)
    build.entries(within, blocks[fixed], -case.of.block[fixed])
    balance = case.laid.balance[:, :, year]
    pooled = build.rows((balance.shape[0],), lower=program.row_lower[balance].sum(axis=1))
    _pool(case, build, program, at, year, pooled, running)


def _summed(build: Builder, columns: Ints, owner: Ints, many: int, *, integer: bool) -> Ints:
    """A column for each owner that is the sum of its columns; of −1 none is counted."""
    some = np.flatnonzero(columns >= 0)
    total = build.columns((many,), integer=integer)
    row = build.rows((many,), lower=0.0, upper=0.0)
    build.entries(row, total, -1.0)
    build.entries(row[owner[some]], columns[some], 1.0)
    return total


def _pool(case: Horizon, build: Builder, program: Program, at: _Numbers, year: int, pooled: Ints, running: Ints) -> None:
    """The balance of each material over all places: made and taken by the sums, trade by the sum over each market."""
    trade, balance = case.net.trade, case.laid.balance[:, :, year]
    now = np.flatnonzero(trade.year == year)
    owners, first, of = np.unique(trade.row[now], return_index=True, return_inverse=True)
    traded = build.columns((owners.size,), upper=trade.limit[now[first]])
    same = build.rows((owners.size,), lower=0.0, upper=0.0)
    build.entries(same, traded, -1.0)
    build.entries(same[of], at.of(case.laid.trade[now]), 1.0)
    build.entries(pooled[trade.material[now[first]]], traded, np.where(trade.sells[now[first]], -1.0, 1.0))
    recipe = case.recipe.tocoo()
    build.entries(pooled[recipe.row], running[recipe.col], recipe.data)
    rest = np.flatnonzero(~np.isin(at.columns, np.concatenate([case.laid.trade[now], case.activity[:, year]])))
    sums = sparse.csr_array((np.ones(balance.size), (np.repeat(np.arange(balance.shape[0]), balance.shape[1]), balance.ravel())),
                            shape=(balance.shape[0], program.row_lower.size))  # fmt: skip
    entries = (sums @ program.matrix[:, at.columns[rest]]).tocoo()
    some = np.abs(entries.data) > 0
    build.entries(pooled[entries.row[some]], rest[entries.col[some]], entries.data[some])
