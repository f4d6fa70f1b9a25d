"""What the years of a plan earn with the capacity given. Owns: Running. Never: which capacity.

With the capacity given the years run on their own. Each holds only the columns that have been worth having so far; the
others are priced, and come in when they would gain. Every solve says what more capacity could earn at most around it (the
value of capacity is concave), and all that was said is kept: together it tells beforehand what a change can gain at most.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.solver import Session, SolverOptions
from liantu.engines.planning.years import Years
from liantu.model.rows import Floats, Ints

# What was learnt of each year that is kept, in solves.
KEPT = 200
# A column that would gain less than this share of its terms stays out.
TINY = 1e-7


class _Year:
    """One year in the solver, with the columns that were worth having."""

    def __init__(self, case: Horizon, years: Years, year: int, until: float) -> None:
        self.columns, rows = years.running(year)
        whole = case.program.part(self.columns, rows)
        self.stand = np.searchsorted(self.columns, case.activity[case.open, year])
        upper = whole.upper.copy()
        upper[self.stand] = 0.0
        self.all = replace(whole, upper=upper)
        self._priced, self._sized = self.all.matrix.T.tocsr(), abs(self.all.matrix).T.tocsr()
        self.inside: Ints = np.zeros(0, dtype=np.intp)
        self._at = np.full(self.columns.size, -1)
        options = SolverOptions(time_limit_s=max(until - time.perf_counter(), 1.0))
        self.session = Session(self.all.only(self.inside), options)
        self._held = np.zeros(self.stand.size)
        self._take(np.flatnonzero(self.all.lower != 0))

    def solve(self, capacity: Floats) -> tuple[float, Floats]:
        """What the year earns, and what one more unit of each stand would."""
        self._take(self.stand[(capacity > 0) & (self._at[self.stand] < 0)])
        changed = np.flatnonzero(capacity != self._held)
        self.session.bounds(self._at[self.stand[changed]], np.zeros(changed.size), capacity[changed])
        self._held = capacity.copy()
        while True:
            earned, duals = self.session.prices()
            gain = self.all.cost - self._priced @ duals
            wanted = self._wanted(gain, duals) if np.isfinite(earned) else np.flatnonzero(self._at < 0)
            if not wanted.size:
                break
            self._take(wanted)
        return (earned, np.maximum(gain[self.stand], 0.0)) if np.isfinite(earned) else (-np.inf, np.zeros(capacity.size))

    def _wanted(self, gain: Floats, duals: Floats) -> Ints:
        """Columns outside that would gain; capacity that is not there cannot be wanted."""
        some = (gain > 0) & (self._at < 0) & (self.all.upper > 0)
        if not some.any():
            return np.zeros(0, dtype=np.intp)
        size = np.abs(self.all.cost) + self._sized @ np.abs(duals)
        return np.flatnonzero(some & (gain > TINY * size))

    def _take(self, columns: Ints) -> None:
        if columns.size:
            self._at[columns] = self.inside.size + np.arange(columns.size)
            self.inside = np.concatenate([self.inside, columns])
            self.session.widen(self.all.only(columns))


class Running:
    """The years, and all that was learnt of them."""

    def __init__(self, case: Horizon, until: float) -> None:
        years, many = Years(case), case.years.size
        self._years = [_Year(case, years, year, until) for year in range(many)]
        self._base, self._next = np.full((many, KEPT), np.inf), np.zeros(many, dtype=np.intp)
        self._worth = np.zeros((case.open.size, many, KEPT))

    def solve(self, year: int, capacity: Floats) -> tuple[float, Floats]:
        """What a year earns, −∞ where it cannot run, and what one more unit of each stand would earn in it."""
        earned, worth = self._years[year].solve(capacity)
        if np.isfinite(earned):
            at = self._next[year] % KEPT
            self._base[year, at], self._worth[:, year, at] = earned - worth @ capacity, worth
            self._next[year] += 1
        return earned, worth

    def known(self, capacity: Floats) -> Floats:
        """What each solve that is kept says of a capacity (years × solves)."""
        said: Floats = self._base + np.einsum("stn,st->tn", self._worth, capacity)
        return said

    def most(self, known: Floats, stands: Ints, change: Floats) -> Floats:
        """The most that each year could earn if the capacity of some stands changed, ``known`` being of what it is now."""
        said: Floats = known + (self._worth[stands] * change[:, :, None]).sum(axis=0)
        return np.asarray(said.min(axis=1), dtype=np.float64)

    def columns(self, year: int, capacity: Floats) -> tuple[Ints, Floats]:
        """Columns and values of the best use of a year's capacity."""
        of = self._years[year]
        of.solve(capacity)
        x = np.zeros(of.columns.size)
        x[of.inside] = of.session.solve().x
        return of.columns, x
