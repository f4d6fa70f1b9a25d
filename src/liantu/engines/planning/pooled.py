"""A program that no plan of whole builds exceeds: all places in one. Owns: Pooled, pooled. Never: solving, where prices come from.

Prices say what a material is worth more in one place than in another (duals of the balances), and what power, water and
targets are worth. Then shipping earns nothing, trade goes where it earns most, and one balance of each material is left.
A process runs as one: what a stand earns beyond the least of its process is paid on all its capacity, used or not.

Whole are the blocks of a process standing in each year and its stands built upon; how the sites share them under their land
stays smooth. That is few numbers, and those that shared demand makes bind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.program import Block, Builder, Program
from liantu.engines.planning.proof import shared, shippable
from liantu.model.rows import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The program, and what its optimum lacks to bound the plan.

    Attributes
    ----------
    number, opened : columns
        Blocks of each process standing in each year (processes × years), and its stands built upon.
    """

    program: Program
    constant: float
    number: Block
    opened: Block


def pooled(case: Horizon, duals: Floats) -> Pooled:
    """The program at these duals of the plan without whole numbers; any duals give a bound."""
    y, common = _prices(case, duals)
    program = case.program
    gain = program.cost - program.matrix.T @ y
    right = np.where(y > 0, program.row_upper, program.row_lower)
    of_stand = gain[case.activity]
    least = _least(case, of_stand, common)
    beyond = np.maximum(of_stand - least[case.here.process], 0.0)
    constant = float(right[y != 0] @ y[y != 0]) + float((beyond * case.here.existing).sum())
    constant += shared(case, gain, case.laid.transport.ravel(), case.laid.route_limit)
    build = Builder()
    stands = _Stands(case, build, beyond)
    opened = stands.kept_within()
    number, runs = stands.runs(least)
    _balances(case, build, gain, runs)
    return Pooled(program=build.program(), constant=constant, number=number, opened=opened)


def _prices(case: Horizon, duals: Floats) -> tuple[Floats, Floats]:
    """Duals of the rows that are let go, and what of each material's price all places have in common (materials × years)."""
    y = np.zeros(case.program.row_lower.size)
    prices = shippable(case, np.maximum(-duals[case.laid.balance], 0.0))
    common = prices.min(axis=1)
    y[case.laid.balance] = common[:, None] - prices
    for limit in case.limits:
        if not limit.on_capacity:
            y[limit.row] = np.maximum(duals[limit.row], 0.0)
    bound = np.isfinite(case.program.row_lower[case.aimed])
    y[case.aimed] = np.where(bound, np.minimum(duals[case.aimed], 0.0), 0.0)
    return y, common


def _least(case: Horizon, of_stand: Floats, common: Floats) -> Floats:
    """What running a process earns at least wherever it stands (processes × years), but no less than what it costs at common prices."""
    least = np.full((len(case.chain.processes), case.years.size), np.inf)
    np.minimum.at(least, case.here.process, of_stand)
    return np.where(np.isfinite(least), np.maximum(least, -(case.recipe.T @ common)), 0.0)


class _Stands:
    """The builds of the open stands in units (a block, or one where there is none), and their sums over each process."""

    def __init__(self, case: Horizon, build: Builder, beyond: Floats) -> None:
        self.case, self._build, self.process = case, build, case.here.process[case.open]
        of, process, years = case.of, self.process, np.arange(case.years.size)
        self._block = np.where(of.block > 0, of.block, 1.0)
        self.unit: Floats = self._block[process]
        room = case.room().max(axis=1, initial=0.0)
        self.ready = years + of.wait[process][:, None]
        self.over = self.ready + of.life[process][:, None]
        self.alive: Bools = np.asarray((years >= self.ready[:, :, None]) & (years < self.over[:, :, None]))
        lower = case.program.lower[case.built] / self.unit[:, None]
        most = np.where(of.block[process] > 0, np.floor(room / self.unit + 1e-9), room)
        self.most: Floats = np.maximum(most, lower.sum(axis=1))
        upper = np.where(case.program.upper[case.built] > 0, self.most[:, None], 0.0)
        earned = (self.alive @ beyond[case.open][:, :, None])[:, :, 0]
        cost = (case.program.cost[case.built] + earned) * self.unit[:, None]
        self.begun: Block = build.columns(upper.shape, cost=cost, lower=lower, upper=np.maximum(upper, lower))

    def kept_within(self) -> Block:
        """Sizes and fixed charges of the stands, land of the sites, the budget of the years; how many are built upon by process."""
        opened = self._sized()
        for limit in self.case.limits:
            if limit.on_capacity and limit.site.size:
                self._held(limit.site, limit.available, limit.need)
        if self.case.budget.size:
            row = self._build.rows((self.case.years.size,), upper=self.case.choices.budget)
            self._build.entries(row, self.begun, (self.case.of.capex[self.process] * self.unit)[:, None])
        return opened

    def _sized(self) -> Block:
        """A stand holds no more than its room, and something only if it is built upon: how many are is whole for a process."""
        case, build, of = self.case, self._build, self.case.of
        counted = np.flatnonzero((of.fixed_charge[self.process] > 0) | (of.least[self.process] > 0))
        opened = build.columns((counted.size,), cost=-of.fixed_charge[self.process[counted]], upper=1.0)
        many = build.columns((len(case.chain.processes),), integer=True)
        total = build.rows(many.shape, lower=0.0, upper=0.0)
        build.entries(total, many, -1.0)
        build.entries(total[self.process[counted]], opened, 1.0)
        upper = self.most.copy()
        upper[counted] = 0.0
        within = build.rows(self.begun.shape, upper=upper[:, None])
        told = self._told()
        self._standing(within, np.ones(self.unit.size), told)
        stand, year = np.nonzero(told[counted])
        build.entries(within[counted[stand], year], opened[stand], -self.most[counted[stand]])
        lasting = counted[self._lasting[counted]]
        enough = build.rows((lasting.size,), lower=0.0)
        build.entries(enough[:, None], self.begun[lasting], self.unit[lasting][:, None] * self.alive[lasting, :, -1])
        build.entries(enough, opened[np.searchsorted(counted, lasting)], -of.least[self.process[lasting]])
        return many

    @property
    def _lasting(self) -> Bools:
        """Stands whose builds all last to the end of the plan, so that the last year has the most."""
        return np.asarray((self.over >= self.case.years.size).all(axis=1))

    def _told(self) -> Bools:
        """Years (stands × years) that say something new of what stands."""
        last = np.arange(self.case.years.size) == self.case.years.size - 1
        told: Bools = ~self._lasting[:, None] | last
        return told

    def _standing(self, row: Block, need: Floats, told: Bools) -> None:
        """What stands of each stand's builds in each year, in rows (stands × years) where they are told."""
        stand, begun, year = np.nonzero(self.alive & told[:, None, :])
        self._build.entries(row[stand, year], self.begun[stand, begun], need[stand])

    def _held(self, site: Ints, available: Floats, need: Floats) -> None:
        """Land that the builds hold beside what stood before; a year before a scarcer one says nothing if nothing is given back."""
        case, here = self.case, self.case.here
        at = np.full(len(case.chain.sites), -1)
        at[site] = np.arange(site.size)
        some = np.flatnonzero(at[here.site] >= 0)
        left = available.copy()
        np.subtract.at(left, at[here.site[some]], need[some][:, None] * here.existing[some])
        later = np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1]
        told = np.ones(left.shape, dtype=np.bool_)
        told[:, :-1] = left[:, :-1] < later[:, 1:]
        mine = at[here.site[case.open]]
        np.logical_or.at(told, mine[(mine >= 0) & ~self._lasting], True)
        row = self._build.rows(left.shape, upper=left)
        own = need[case.open] * self.unit
        self._standing(row[mine], own, told[mine] & ((mine >= 0) & (own > 0))[:, None])

    def runs(self, least: Floats) -> tuple[Block, Block]:
        """Blocks of each process standing, and how much of it runs (processes × years): no more than stands of it."""
        case, build, of = self.case, self._build, self.case.of
        number = np.stack([build.columns((case.years.size,), integer=bool(block > 0)) for block in of.block])
        same = build.rows(number.shape, lower=0.0, upper=0.0)
        build.entries(same, number, -1.0)
        build.entries(same[:, 1:], number[:, :-1], 1.0)
        for when, sign in ((self.ready, 1.0), (self.over, -1.0)):
            stand, begun = np.nonzero(when < case.years.size)
            build.entries(same[self.process[stand], when[stand, begun]], self.begun[stand, begun], sign)
        able = np.zeros(number.shape)
        np.add.at(able, case.here.process, case.here.existing)
        runs = build.columns(number.shape, cost=least)
        within = build.rows(number.shape, upper=able)
        build.entries(within, runs, 1.0)
        build.entries(within, number, -self._block[:, None])
        return number, runs


def _balances(case: Horizon, build: Builder, gain: Floats, runs: Block) -> None:
    """The balance of each material over all places: what runs, what is traded where it earns most, what of demands is unmet."""
    program, laid, trade = case.program, case.laid, case.net.trade
    rows = laid.balance
    balance = build.rows((rows.shape[0], rows.shape[2]), lower=program.row_lower[rows].sum(axis=1))
    recipe = case.recipe.tocoo()
    build.entries(balance[recipe.row], runs[recipe.col], recipe.data[:, None])
    owner = trade.row * case.years.size + trade.year
    _, first, of = np.unique(owner, return_index=True, return_inverse=True)
    best = np.full(first.size, -np.inf)
    np.maximum.at(best, of, gain[laid.trade])
    traded = build.columns(best.shape, cost=best, upper=trade.limit[first])
    build.entries(balance[trade.material[first], trade.year[first]], traded, np.where(trade.sells[first], -1.0, 1.0))
    met = laid.met[laid.met >= 0]
    given = np.setdiff1d(sparse.csr_array(program.matrix)[met].indices, laid.unmet)
    wants = np.concatenate([laid.unmet, given])
    column = build.columns(wants.shape, cost=gain[wants], lower=program.lower[wants], upper=program.upper[wants])
    row = np.full(program.row_lower.size, -1)
    row[rows], row[met] = balance[:, None, :], build.rows(met.shape, lower=program.row_lower[met], upper=program.row_upper[met])
    entries = sparse.coo_array(program.matrix[:, wants])
    kept = row[entries.row] >= 0
    build.entries(row[entries.row[kept]], column[entries.col[kept]], entries.data[kept])
