"""How good a plan could be at best, proven from any prices. Owns: Proof, prove, shippable, shared. Never: how prices are found.

Given prices of the materials (duals of the balances, and of budget and targets), buying, selling, shipping and every site
are on their own: the most each could then earn, solved exactly, adds up to a bound that no plan exceeds. Prices that would
let shipping earn without end are lowered first to what the freight allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Status, solve
from liantu.model.rows import Bools, Floats, Ints

SWEEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A bound, and the row duals that prove it."""

    bound: float
    duals: Floats


def prove(case: Horizon, duals: Floats) -> Proof:
    """The bound that these row duals prove; infinite if they prove nothing."""
    program, laid = case.program, case.laid
    y = np.zeros(duals.size)
    y[laid.balance] = -shippable(case, _tradable(case, np.maximum(-duals[laid.balance], 0.0), duals))
    y[case.budget] = np.maximum(duals[case.budget], 0.0)
    y[case.aimed] = np.where(np.isfinite(program.row_lower[case.aimed]), np.minimum(duals[case.aimed], 0.0), 0.0)
    right = np.where(y > 0, program.row_upper, program.row_lower)
    gain = program.cost - program.matrix.T @ y
    of_sites, site_duals = _sites(case, gain)
    parts = (
        float(right[y != 0] @ y[y != 0]),
        shared(case, gain, laid.trade.ravel(), laid.market_limit),
        shared(case, gain, laid.transport.ravel(), laid.route_limit),
        _own(gain[laid.unmet], program.upper[laid.unmet]),
        of_sites,
    )
    return Proof(bound=sum(parts), duals=y + site_duals)


def _tradable(case: Horizon, prices: Floats, duals: Floats) -> Floats:
    """Prices within what markets pay and ask at the values of their limits, which are then not driven by one odd site."""
    trade, limit = case.net.trade, case.laid.market_limit
    gain, value = case.program.cost[case.laid.trade], np.where(limit >= 0, np.maximum(duals[limit], 0.0), np.inf)
    at = (trade.material, trade.place, trade.year)
    for sells in (True, False):
        some = (trade.sells == sells) & (limit >= 0)
        where = (at[0][some], at[1][some], at[2][some])
        if sells:
            np.maximum.at(prices, where, gain[some] - value[some])
        else:
            np.minimum.at(prices, where, value[some] - gain[some])
    return prices


def shippable(case: Horizon, prices: Floats) -> Floats:
    """Prices that no free route bridges with a gain: at its end at most what they are at its beginning, and the freight."""
    ways = case.net.transport
    columns = case.laid.transport
    free = np.flatnonzero(np.isinf(case.program.upper[columns]) & (case.laid.route_limit < 0))
    start = (ways.material[free], ways.origin[free], ways.year[free])
    end = (ways.material[free], ways.destination[free], ways.year[free])
    freight = -case.program.cost[columns[free]]
    for _ in range(SWEEPS):
        lower = prices.copy()
        np.minimum.at(lower, end, prices[start] + freight)
        if (lower >= prices).all():
            break
        prices = lower
    return prices


def shared(case: Horizon, gain: Floats, columns: Ints, limit: Ints) -> float:
    """The most that columns earn, each under its own bound or several under one row."""
    program = case.program
    alone, together = columns[limit < 0], np.flatnonzero(limit >= 0)
    earned = _own(gain[alone], program.upper[alone])
    if together.size:
        weight = np.asarray(program.matrix[:, columns[together]].max(axis=0).toarray()).ravel()
        weight = np.where(weight > 0, weight, 1.0)
        best = np.zeros(program.row_upper.size)
        np.maximum.at(best, limit[together], gain[columns[together]] / weight)
        rows = np.unique(limit[together])
        earned += float(best[rows] @ program.row_upper[rows])
    return earned


def _own(gain: Floats, upper: Floats) -> float:
    """Σ of the gain above zero × upper bound; a rounding above zero without a bound counts as none."""
    some = gain > 1e-12
    return float((gain[some] * upper[some]).sum())


def _sites(case: Horizon, gain: Floats) -> tuple[float, Floats]:
    """The most that the sites could earn with their stands, each by a program of its own, and the duals of their rows."""
    of_row, of_column = _owners(case)
    duals, earned = np.zeros(of_row.size), 0.0
    order = np.argsort(of_column, kind="stable")
    starts = np.searchsorted(of_column[order], np.arange(len(case.chain.sites) + 1))
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if begin == end:
            continue
        part, rows = _part(case.program, gain, np.sort(order[begin:end]), of_row >= 0)
        found = solve(part)
        if found.status is not Status.OPTIMAL:
            return np.inf, duals
        earned += found.objective
        duals[rows] = found.row_dual
    return earned, duals


def _owners(case: Horizon) -> tuple[Ints, Ints]:
    """Site of each row and column, −1 for what belongs to none."""
    program, site = case.program, case.here.site[:, None]
    column = np.full(program.cost.size, -1)
    column[case.activity] = site
    column[case.capacity], column[case.built] = site[case.open], site[case.open]
    for limit in case.limits:
        column[limit.held] = site[limit.holders]
    row = np.full(program.row_lower.size, -1)
    row[case.within], row[case.stock] = site[case.open], site[case.open]
    for limit in case.limits:
        row[limit.row] = limit.site[:, None]
    return row, column


def _part(program: Program, gain: Floats, columns: Ints, mine: Bools) -> tuple[Program, Ints]:
    """The program of some columns with those of the rows that are theirs alone."""
    matrix = sparse.csr_array(program.matrix[:, columns])
    rows = np.flatnonzero((np.diff(matrix.indptr) > 0) & mine)
    part = Program(
        cost=gain[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        matrix=sparse.csc_array(matrix[rows]),
        integer=program.integer[columns],
    )
    return part, rows
