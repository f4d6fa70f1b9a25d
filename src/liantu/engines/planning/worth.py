"""What more of a process is worth in a year: the best use with it less the best use without. Owns: Worth, Curve, widened.
Never: costs of building, what a site can bear, labels.

Every process at every place is a column that may not run; the worth of a size is found by letting it run up to that size
and solving again from the last basis. As a function of size the worth is concave and piecewise linear; its corners are
found exactly, each by a solve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.limits import Limits, limits
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status
from liantu.engines.planning.throughput import Case
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

# Two values of the best use that differ by less than this share are one value.
SAME = 1e-9


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


class Worth:
    """The program of a year with idle columns for processes at places, kept in the solver."""

    def __init__(self, chain: Chain, year: int, process: Ints, place: Ints, *, options: SolverOptions | None = None) -> None:
        self.case, self.process, self.place = Case(chain, year), process, place
        self._seconds = (options or SolverOptions()).time_limit_s
        program = self.case.program
        self.columns = program.cost.size + np.arange(process.size)
        whole = widened(self.case, process, place)
        self._session, self._cost = Session(whole, options), whole.cost[self.columns]
        self._open = np.zeros(0, dtype=np.intp)
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
        found = self._session.solve()
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
        first = self.slope(which, self.base)
        if first * min(end, step) <= self.tolerance:
            return _nothing(min(end, step))
        end, endless = self._reach(which, end, step)

        sizes, values = corners(lambda size: self._glance(which, size), (0.0, first), end, self.tolerance)
        return Curve(sizes=sizes, values=np.maximum(values, 0), endless=endless)

    def sketch(self, which: int, end: float, step: float, charge: float) -> tuple[Curve, Solution | None]:
        """The curve at one step, where one more unit is no longer worth ``charge``, and at its end; and the best use with one
        step, where that adds anything.
        """
        first = self.slope(which, self.base)
        if first * min(end, step) <= self.tolerance:
            return _nothing(min(end, step)), None
        end, endless = self._reach(which, end, step)
        stepped = self.with_sizes(np.array([which]), np.array([step]))
        # Where one more unit adds nothing, none beyond it does: the worth is concave.
        flat = self.slope(which, stepped) * (end - step) <= self.tolerance
        worth, slope = (self._more(stepped), 0.0) if step <= end and flat else self._glance(which, end)
        points = {0.0: 0.0, min(step, end): self._more(stepped) if step <= end else worth, end: worth}
        if slope < charge and first >= charge * (1 - SAME):
            size, value = self._best_size(which, end, charge)
            if min(abs(size - known) for known in points) > SAME * end:
                points[size] = value
        sizes = np.array(sorted(points))
        values = np.maximum([points[size] for size in sizes.tolist()], 0)
        return Curve(sizes=sizes, values=values, endless=endless, exact=False), stepped

    def _more(self, found: Solution) -> float:
        """What a solution is worth beyond the best use without candidates."""
        return found.objective - self.base.objective

    def _glance(self, which: int, size: float) -> tuple[float, float]:
        """Worth and slope at a size."""
        self._set(np.array([which]), np.array([size]))
        objective, slope = self._session.glance(int(self.columns[which]))
        return objective - self.base.objective, max(slope, 0.0)

    def _best_size(self, which: int, end: float, charge: float) -> tuple[float, float]:
        """How far a candidate runs if every unit costs its charge, and what it is worth there."""
        column = self.columns[[which]]
        own = np.array([self._cost[which]])
        self._session.costs(column, own - charge)
        found = self.with_sizes(np.array([which]), np.array([end]))
        self._session.costs(column, own)
        size = float(found.x[column[0]])
        return size, self._more(found) + charge * size

    def held_by(self, which: int, curve: Curve, corner: float) -> Limits:
        """What ends the stretch before a corner: how the worth of each limit rises there, by solves on either side."""
        at = int(np.searchsorted(curve.sizes, corner))
        # Halfway to the next corners; near by where corners in between are not known.
        near = 0.5 if curve.exact else 0.01
        before, after = (float(corner + near * (curve.sizes[one] - corner)) for one in (at - 1, at + 1))
        left, right = (limits(self.case, self.with_sizes(np.array([which]), np.array([size]))) for size in (before, after))
        return replace(right, value=right.value - left.value)

    def without(self, plants: Ints, share: float) -> Solution:
        """The best use if some plants (positions among those running) had a share of their capacity less."""
        columns, capacity = self.case.activity[plants], self.case.chain.plants.capacity[self.case.plants[plants]]
        nothing = np.zeros(plants.size)
        self._set(self._open[:0], nothing[:0])
        self._session.bounds(columns, nothing, capacity * (1 - share))
        found = self._session.solve()
        self._session.bounds(columns, nothing, capacity)
        return found

    def _set(self, which: Ints, sizes: Floats) -> None:
        shut = np.setdiff1d(self._open, which)
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
        found = self._session.solve()
        if found.status is Status.UNBOUNDED:
            return 100 * step, True
        # Twice as far, so that the stretch on which it stands still is part of the curve.
        return 2 * max(float(found.x[self.columns[which]]), step), False

    def _solved(self) -> Solution:
        found = self._session.solve()
        if found.status is not Status.OPTIMAL:
            raise SolveError("time-limit", {"seconds": self._seconds})
        return found


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
