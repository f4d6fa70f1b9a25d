"""What more of a process is worth in a year: the best use with it less the best use without. Owns: Worth, Curve, Sketch,
widened. Never: costs of building, what a site can bear, labels.

Every process at every place is a column that may not run; the worth of a size is found by letting it run up to that size
and solving again from the last basis. As a function of size the worth is concave and piecewise linear; its corners are
found exactly, each by a solve.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.condense import Condensed
from liantu.engines.planning.limits import Limits, limits
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status
from liantu.engines.planning.throughput import Case
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

# Two values of the best use that differ by less than this share are one value; what rounding may take of one.
SAME, ROUNDING = 1e-9, 1e-12
# A unit is worth more than its charge if it is by more than this share; how near to a corner is close, as a share.
TOLD, CLOSE = 1e-6, 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Worth by size, straight between its corners.

    Attributes
    ----------
    sizes, values : float array
        Corners, from size 0 on, and the worth per year there.
    endless : bool
        Whether it goes on beyond the last corner as it came.
    exact : bool
        Whether no corner is missing; else the points are right, and between them it may be worth more.
    """

    sizes: Floats
    values: Floats
    endless: bool = False
    exact: bool = True

    @property
    def slopes(self) -> Floats:
        """Worth of one more unit between each corner and the next."""
        return np.asarray(np.diff(self.values) / np.diff(self.sizes), dtype=np.float64)

    def at(self, size: float) -> float:
        """Worth at a size up to the last corner; beyond it, as far as the last corner brings it."""
        return float(np.interp(size, self.sizes, self.values))

    def pays_to(self, charge: float) -> float:
        """Size up to which one more unit is worth what it costs."""
        pays = self.slopes >= charge * (1 - SAME)
        return float(self.sizes[np.count_nonzero(np.minimum.accumulate(pays))]) if pays.size else 0.0

    def up_to(self, size: float) -> Curve:
        """The curve cut at a size."""
        if size >= self.sizes[-1]:
            return self
        inside = self.sizes < size
        return replace(self, sizes=np.append(self.sizes[inside], size), values=np.append(self.values[inside], self.at(size)), endless=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A curve, and the best uses it was drawn from, where they are known: with one step, and as far as a unit is worth its charge."""

    curve: Curve
    stepped: Solution | None = None
    paying: Solution | None = None


class Worth:
    """The program of a year with idle columns for processes at places, kept in the solver: that of one place at a time.

    Attributes
    ----------
    process, place : int array
        Of each candidate.
    case, base, columns
        The program that is kept without candidates, its best use, and the column of each candidate in it (−1: none).
    """

    case: Case
    base: Solution
    columns: Ints

    def __init__(self, chain: Chain, year: int, process: Ints, place: Ints, *, options: SolverOptions | None = None) -> None:
        self.case, self.process, self.place = Case(chain, year), process, place
        self._options = options or SolverOptions()
        self._until = time.perf_counter() + self._options.time_limit_s
        self._condensed = Condensed(self.case)
        self._kept = np.zeros(process.size, dtype=np.bool_)

    def _turn(self, which: int) -> None:
        """Keep the program with a candidate in it."""
        if self._kept[which]:
            return
        here = int(self.place[which])
        self._kept = (self.place == here) | (not self._condensed.pays)
        if self._condensed.pays:
            self.case = Case(self.case.chain, self.case.year, self._condensed.around(here))
        mine = np.flatnonzero(self._kept)
        whole = widened(self.case, self.process[mine], self.place[mine])
        self.columns = np.full(self.process.size, -1)
        self.columns[mine] = self.case.program.cost.size + np.arange(mine.size)
        self._cost, self._open, self._rows = whole.cost, mine[:0], np.unique(whole.matrix.indices)
        left = replace(self._options, time_limit_s=max(self._until - time.perf_counter(), 0.0))
        self._session = Session(whole.part(np.arange(whole.cost.size, dtype=np.int32), self._rows), left)
        self.base = self._solved()
        self.tolerance = SAME * max(abs(self.base.objective), 1.0)

    def with_sizes(self, which: Ints, sizes: Floats) -> Solution:
        """The best use if some candidates may run up to some sizes, and all others stay away."""
        self._set(np.asarray(which, dtype=np.intp), np.asarray(sizes, dtype=np.float64))
        return self._solved()

    def made_to_run(self, which: int, size: float) -> Solution | None:
        """The best use if one candidate has to run at a size; nothing if it cannot."""
        self._set(np.array([which]), np.array([size]))
        column = self.columns[[which]]
        self._session.bounds(column, np.array([size]), np.array([size]))
        found = self._any()
        self._session.bounds(column, np.zeros(1), np.array([size]))
        return found if found.status is Status.OPTIMAL else None

    def money(self, found: Solution) -> Floats:
        """What a solution brings in (+) and pays out (−) for each material beyond the best use without candidates."""
        trade, columns = self.case.net.trade, self.case.laid.trade
        more = trade.gain * (found.x[columns] - self.base.x[columns])
        return np.bincount(trade.material, more, len(self.case.chain.materials)).astype(np.float64)

    def slope(self, which: int, found: Solution) -> float:
        """No more than this does one more unit of a candidate add, by the duals of a solution."""
        return max(float(found.reduced_cost[self.columns[which]]), 0.0)

    def curve(self, which: int, end: float, step: float) -> Curve:
        """Worth by size up to ``end``, or until more of it stands still; where nothing ends it, up to a hundred steps."""
        self._turn(which)
        first = self.slope(which, self.base)
        if first * min(end, step) <= self.tolerance:
            return _nothing(min(end, step))
        end, endless = self._reach(which, end, step)

        sizes, values = corners(lambda size: self._glance(which, size), (0.0, first), end, self.tolerance)
        return Curve(sizes=sizes, values=np.maximum(values, 0), endless=endless)

    def sketch(self, which: int, end: float, step: float, charge: float) -> Sketch:
        """The curve at one step, where one more unit is no longer worth ``charge``, and at its end."""
        self._turn(which)
        first, paying = self.slope(which, self.base), None
        if first * min(end, step) <= self.tolerance:
            return Sketch(curve=_nothing(min(end, step)))
        end, endless = self._reach(which, end, step)
        stepped = self.with_sizes(np.array([which]), np.array([step]))
        # Where one more unit adds nothing, none beyond it does: the worth is concave.
        flat = self.slope(which, stepped) * (end - step) <= self.tolerance
        worth, slope = (self.more(stepped), 0.0) if step <= end and flat else self._glance(which, end)
        points = {0.0: 0.0, min(step, end): self.more(stepped) if step <= end else worth, end: worth}
        if slope < charge and first >= charge * (1 - SAME):
            paying = self._paying(which, end, charge)
            size = float(paying.x[self.columns[which]])
            value = self.more(paying) + charge * size
            if min(abs(size - known) for known in points) > SAME * end:
                points[size] = value
        sizes = np.array(sorted(points))
        values = np.maximum([points[size] for size in sizes.tolist()], 0)
        return Sketch(curve=Curve(sizes=sizes, values=values, endless=endless, exact=False), stepped=stepped, paying=paying)

    def more(self, found: Solution) -> float:
        """What a solution is worth beyond the best use without candidates."""
        return self._beyond(found.objective)

    def _beyond(self, objective: float) -> float:
        """What rounding leaves of nothing is nothing."""
        more = objective - self.base.objective
        return more if abs(more) > ROUNDING / SAME * self.tolerance else 0.0

    def _glance(self, which: int, size: float) -> tuple[float, float]:
        """Worth and slope at a size."""
        self._set(np.array([which]), np.array([size]))
        objective, slope = self._session.glance(int(self.columns[which]))
        return self._beyond(objective), max(slope, 0.0)

    def _paying(self, which: int, end: float, charge: float) -> Solution:
        """The best use if every unit of a candidate costs its charge: it runs as far as it pays."""
        column = self.columns[[which]]
        own = self._cost[column]
        self._session.costs(column, own - charge)
        found = self.with_sizes(np.array([which]), np.array([end]))
        self._session.costs(column, own)
        return found

    def held_by(self, which: int, of: Sketch, corner: float, charge: float) -> Limits:
        """What ends the stretch before a corner: how the worth of each limit rises there, or shares of that."""
        curve, at = of.curve, int(np.searchsorted(of.curve.sizes, corner))
        # Halfway to the next corners; close by where corners in between are not known.
        near = 0.5 if curve.exact else CLOSE
        before, after = (float(corner + near * (curve.sizes[one] - corner)) for one in (at - 1, at + 1))
        left, right = self.with_sizes(np.array([which]), np.array([before])), of.paying
        # As far as it pays limits are worth something between before and after, unless a unit before is worth just its charge.
        if right is None or not self.slope(which, left) > charge * (1 + TOLD):
            right = self.with_sizes(np.array([which]), np.array([after]))
        valued, rising = limits(self.case, left), limits(self.case, right)
        return replace(rising, value=rising.value - valued.value)

    def without(self, plants: Ints, share: float) -> Solution:
        """The best use if some plants (positions among those running) had a share of their capacity less."""
        columns, capacity = self.case.activity[plants], self.case.chain.plants.capacity[self.case.plants[plants]]
        nothing = np.zeros(plants.size)
        self._set(self._open[:0], nothing[:0])
        self._session.bounds(columns, nothing, capacity * (1 - share))
        found = self._any()
        self._session.bounds(columns, nothing, capacity)
        return found

    def _set(self, which: Ints, sizes: Floats) -> None:
        if which.size:
            self._turn(int(which[0]))
        shut = self._open[(self._open[:, None] != which).all(axis=1)]
        columns = self.columns[np.concatenate([shut, which])]
        upper = np.concatenate([np.zeros(shut.size), sizes])
        if columns.size:
            self._session.bounds(columns, np.zeros(columns.size), upper)
        self._open = which

    def _reach(self, which: int, end: float, step: float) -> tuple[float, bool]:
        """As far as a candidate runs if it may; a hundred steps, and so said, if it would run for ever."""
        if np.isfinite(end):
            return end, False
        self._set(np.array([which]), np.array([np.inf]))
        found = self._any()
        if found.status is Status.UNBOUNDED:
            return 100 * step, True
        # Twice as far, so that the stretch on which it stands still is part of the curve.
        return 2 * max(float(found.x[self.columns[which]]), step), False

    def _solved(self) -> Solution:
        found = self._any()
        if found.status is not Status.OPTIMAL:
            raise SolveError("time-limit", {"seconds": self._options.time_limit_s})
        return found

    def _any(self) -> Solution:
        """However it ended; rows without a column are not in the solver, and worth nothing."""
        found = self._session.solve()
        duals = np.zeros(self.case.program.row_lower.size)
        duals[self._rows] = found.row_dual
        return replace(found, row_dual=duals)


def _nothing(end: float) -> Curve:
    """By duality no size of it can add anything."""
    return Curve(sizes=np.array([0.0, end]), values=np.zeros(2))


def corners(at: Callable[[float], tuple[float, float]], start: tuple[float, float], end: float, tolerance: float) -> tuple[Floats, Floats]:
    """Corners of a concave, piecewise linear function on [0, end] from its values and slopes (Eisner & Severance 1976).

    Where the lines from both ends of a stretch meet, the function either lies on them, and there is a corner, or below,
    and either side is looked at again; so twice as many solves as corners are enough.
    """
    known = {0.0: start, end: at(end)}
    stretches = [(0.0, end)]
    while stretches:
        low, high = stretches.pop()
        (value, slope), (above, flat) = known[low], known[high]
        straight = min(value + slope * (high - low) - above, above - flat * (high - low) - value) <= tolerance
        meet = low if straight else (above - value - flat * high + slope * low) / (slope - flat)
        if straight or not low < meet < high:
            continue
        known[meet] = at(meet)
        if known[meet][0] < value + slope * (meet - low) - tolerance:
            stretches += [(low, meet), (meet, high)]
    sizes = np.array(sorted(known))
    values = np.array([known[size][0] for size in sizes.tolist()])
    bends = np.ones(sizes.size, dtype=np.bool_)
    gap = values[1:-1] - values[:-2] - np.diff(values)[1:] / np.diff(sizes)[1:] * np.diff(sizes)[:-1]
    bends[1:-1] = gap > tolerance
    return sizes[bends], values[bends]


def widened(case: Case, process: Ints, place: Ints) -> Program:
    """The program with a column for each candidate that may not run yet."""
    program, chain = case.program, case.chain
    cost = np.zeros(len(chain.processes))
    stated = ~np.isnan(chain.technologies.variable_cost)
    cost[chain.technologies.process[stated]] = chain.technologies.variable_cost[stated]
    recipe = net(exchanged(chain))[:, process].tocoo()
    material, column = recipe.coords
    rows = case.laid.balance[material, place[column], 0]
    added = sparse.csc_array((recipe.data, (rows, column)), shape=(program.matrix.shape[0], process.size))
    nothing = np.zeros(process.size)
    return replace(
        program,
        cost=np.concatenate([program.cost, -cost[process]]),
        lower=np.concatenate([program.lower, nothing]),
        upper=np.concatenate([program.upper, nothing]),
        matrix=sparse.csc_array(sparse.hstack([program.matrix, added])),
        integer=np.concatenate([program.integer, np.zeros(process.size, dtype=np.bool_)]),
    )
