"""What the builds of a plan take and cost, in units. Owns: Builds, rounded. Never: which are best.

A unit is a block, or where there is none the least size.
"""

from __future__ import annotations

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.model.rows import Bools, Floats, Ints

TINY = 1e-6


class Builds:
    """Units of the open stands; numbers of units are (open stands × years begun)."""

    def __init__(self, case: Horizon) -> None:
        self.case, many = case, case.years.size
        self.site, self.process = case.here.site[case.open], case.here.process[case.open]
        of, process, room = case.of, self.process, case.room().max(axis=1, initial=0.0)
        block, least = of.block[process], of.least[process]
        whole = np.where(block > 0, block * np.maximum(np.ceil(least / np.where(block > 0, block, 1.0) - 1e-9), 1.0), least)
        self.unit: Floats = np.where(whole > 0, whole, np.where(np.isfinite(room), room, 0.0) / 8)
        self.charge: Floats = case.charges(process) * self.unit[:, None]
        self.fixed: Floats = of.fixed_charge[process]
        self.capex: Floats = of.capex[process] * self.unit
        self.ready = np.minimum(np.arange(many) + of.wait[process][:, None], many)
        self.over = np.minimum(self.ready + of.life[process][:, None], many)
        lower = case.program.lower[case.built]
        self.signed: Ints = np.ceil(lower / np.where(self.unit > 0, self.unit, 1.0)[:, None] - 1e-9).astype(np.intp)
        self.may = (self.ready < many) & (self.unit > 0)[:, None] & (case.program.upper[case.built] > 0)
        self._land()

    def _land(self) -> None:
        """Land of each site in each year that is left beside what only shrinks, and what each stand needs of it."""
        case = self.case
        limit = next(limit for limit in case.limits if limit.on_capacity)
        self._need: Floats = limit.need[case.open]
        self._most: Floats = np.full((len(case.chain.sites), case.years.size), np.inf)
        self._most[limit.site] = limit.available * (1 + 1e-9)
        np.subtract.at(self._most, case.here.site[limit.holders], limit.need[limit.holders][:, None] * case.here.existing[limit.holders])

    def standing(self, stand: int, year: int) -> Floats:
        """Capacity of one unit begun in a year, in each year."""
        stands = np.zeros(self.case.years.size)
        stands[self.ready[stand, year] : self.over[stand, year]] = self.unit[stand]
        return stands

    def capacity(self, number: Ints) -> Floats:
        """What stands in each year."""
        total = self.case.here.existing[self.case.open].copy()
        for stand, year in zip(*np.nonzero(number), strict=True):
            total[stand] += number[stand, year] * self.standing(stand, year)
        return total

    def cost(self, number: Ints) -> float:
        """What units cost."""
        return float((number * self.charge).sum() + self.fixed[(number > 0).any(axis=1)].sum())

    def free(self, capacity: Floats) -> Floats:
        """Land left (sites × years)."""
        left = self._most.copy()
        np.subtract.at(left, self.site, self._need[:, None] * capacity)
        return left

    def left(self, number: Ints) -> Floats:
        """Budget left in each year."""
        left: Floats = self.case.choices.budget * (1 + 1e-9) - self.capex @ number
        return left

    def fit(self, number: Ints, capacity: Floats) -> bool:
        """Whether largest sizes, land and budget hold."""
        within = capacity <= self.case.here.most[self.case.open] * (1 + TINY)
        return bool(within.all() and (self.free(capacity) >= 0).all() and (self.left(number) >= 0).all())

    def takes(self, stands: Ints, by: Floats, free: Floats) -> bool:
        """Whether the land that is left takes so much more capacity of some stands."""
        site, need = self.site[stands], self._need[stands][:, None] * by
        return all((need[site == one].sum(axis=0) <= free[one]).all() for one in set(site.tolist()))

    def crowded(self, number: Ints, capacity: Floats) -> Bools:
        """Stands whose site, budget or largest size is not enough."""
        over = np.any(self.free(capacity) < 0, axis=1)[self.site]
        over |= np.any(capacity > self.case.here.most[self.case.open] * (1 + TINY), axis=1) | (self.left(number) < 0).any()
        return np.asarray(over, dtype=np.bool_)


def rounded(builds: Builds, built: Floats) -> Ints:
    """Units nearest to what is built, taken back where land or budget lacks, the most rounded up first."""
    unit = np.where(builds.unit > 0, builds.unit, 1.0)[:, None]
    wanted = np.where(builds.may, built / unit, 0.0)
    number = np.maximum(np.diff(np.floor(np.cumsum(wanted, axis=1) + 0.5), axis=1, prepend=0.0).astype(np.intp), builds.signed)
    while True:
        spare = (number > builds.signed) & builds.crowded(number, builds.capacity(number))[:, None]
        if not spare.any():
            return number
        over = np.where(spare.any(axis=1), (number - wanted).sum(axis=1), -np.inf)
        stand = int(np.argmax(over))
        number[stand, np.flatnonzero(spare[stand])[-1]] -= 1
