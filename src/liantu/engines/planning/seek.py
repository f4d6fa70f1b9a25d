"""A good plan of whole builds. Owns: seek. Never: a bound, what the years earn.

From some builds the search climbs by moves: single builds are added, dropped, moved in time, exchanged at a site or within
a process; all that stands at a stand is moved to another site, or two stands change places. What was learnt of the years
says beforehand the most that a move can gain, so that the most hopeful is tried first and few need to be. From the top a
stand is closed, the climb goes on without it, and then with it again.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liantu.engines.planning.builds import TINY, Builds
from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.running import Running
from liantu.model.rows import Floats, Ints

# How often the best is left in vain before it counts as best; the least gain that is worth a move, as a share.
VAIN, LEAST = 12, 1e-6
# Years solved before those left are taken to fall short of what was hoped like them.
SAMPLE = 3

Move = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Point:
    """Where the search stands: units, capacity, what the years earn, what capacity is worth in each and what is known of it."""

    number: Ints
    capacity: Floats
    earned: Floats
    worth: Floats
    total: float
    known: Floats
    free: Floats


@dataclass(slots=True)
class _Change:
    """A move: by how much the capacity of its stands changes, the most the years could earn then, and what is gained at most."""

    move: Move
    stands: Ints
    by: Floats
    hoped: Floats
    gain: float

    def number(self, point: _Point) -> Ints:
        """The units after it."""
        number = point.number.copy()
        for stand, year, units in self.move:
            number[stand, year] += units
        return number


class Seeker:
    """The search by moves of builds."""

    def __init__(self, builds: Builds, running: Running, until: float) -> None:
        self.builds, self.running, self.until = builds, running, until
        self.may = builds.may
        self.top: _Point | None = None
        self.stopped = False

    def point(self, number: Ints) -> _Point | None:
        """The point of these units; None if they do not fit or some year has no answer with them."""
        capacity = self.builds.capacity(number)
        if not self.builds.fit(number, capacity):
            return None
        years = [self.running.solve(year, capacity[:, year]) for year in range(capacity.shape[1])]
        earned = np.array([one for one, _ in years])
        return self._at(number, capacity, earned, np.stack([worth for _, worth in years], axis=1)) if np.isfinite(earned).all() else None

    def _at(self, number: Ints, capacity: Floats, earned: Floats, worth: Floats) -> _Point:
        total = float(earned.sum()) - self.builds.cost(number)
        return _Point(number, capacity, earned, worth, total, self.running.known(capacity), self.builds.free(capacity))

    def best(self, start: Ints) -> _Point | None:
        """The best point met from a start; None if the start is none."""
        self.top = self.point(start)
        if self.top is None:
            return None
        try:
            self._climb(self.top)
            vain, random = 0, np.random.default_rng(0)
            while vain < VAIN and time.perf_counter() <= self.until:
                before = self.top.total
                self._climb(self._without(self.top, random))
                vain = 0 if self.top.total > before else vain + 1
        except KeyboardInterrupt:
            self.stopped = True
        return self.top

    def _without(self, top: _Point, random: np.random.Generator) -> _Point | None:
        """Where a climb ends that has to do without a stand the top uses; None if there is no plan without it."""
        used = np.flatnonzero((top.number > self.builds.signed).any(axis=1))
        if not used.size:
            return None
        number, closed = top.number.copy(), int(random.choice(used))
        number[closed] = self.builds.signed[closed]
        self.may = self.builds.may.copy()
        self.may[closed] = False
        try:
            return self._climb(self.point(number))
        finally:
            self.may = self.builds.may

    def _climb(self, point: _Point | None) -> _Point | None:
        """Go on by moves that gain, keep the top, and say where it ended."""
        last = point
        while point is not None:
            last = point
            if self.top is None or point.total > self.top.total + LEAST * abs(self.top.total):
                self.top = point
            point = self._step(point)
        return last

    def _step(self, point: _Point) -> _Point | None:
        """The point after a move that gains, the most hopeful tried first; None if there is none."""
        least = LEAST * max(1.0, abs(point.total))
        moves = [(-hoped, at, move) for at, (hoped, move) in enumerate(self._offers(point)) if hoped > least]
        heapq.heapify(moves)
        while moves and time.perf_counter() <= self.until:
            _, at, move = heapq.heappop(moves)
            change = self._change(point, move)
            if change.gain <= least or not self._fits(point, change):
                continue
            if moves and change.gain < -moves[0][0] - least:
                heapq.heappush(moves, (-change.gain, at, move))
                continue
            better = self._made(point, change, least)
            if better is not None:
                return better
        return None

    def _offers(self, point: _Point) -> Iterator[tuple[float, Move]]:
        """Moves, and what they would gain if capacity kept its worth."""
        builds, number = self.builds, point.number
        cum = np.concatenate([np.zeros((number.shape[0], 1)), np.cumsum(point.worth, axis=1)], axis=1)
        row = np.arange(number.shape[0])[:, None]
        worth = (cum[row, builds.over] - cum[row, builds.ready]) * builds.unit[:, None] - builds.charge
        add = np.where(self.may, worth - np.where(number.any(axis=1), 0.0, builds.fixed)[:, None], -np.inf)
        when = np.argmax(add, axis=1)
        for stand in np.flatnonzero(add.max(axis=1) > 0).tolist():
            yield float(add[stand, when[stand]]), ((stand, int(when[stand]), 1),)
        yield from self._single(number, worth, add)
        yield from self._entire(number, worth)

    def _single(self, number: Ints, worth: Floats, add: Floats) -> Iterator[tuple[float, Move]]:
        """One unit dropped, begun in another year, or for another at the site or of the process."""
        builds, when, most = self.builds, np.argmax(add, axis=1), add.max(axis=1)
        for stand, year in zip(*(at.tolist() for at in np.nonzero(number > builds.signed)), strict=True):
            drop = -float(worth[stand, year]) + (float(builds.fixed[stand]) if number[stand].sum() == 1 else 0.0)
            yield drop, ((stand, year, -1),)
            for other in np.flatnonzero(self.may[stand] & (worth[stand] > worth[stand, year])).tolist():
                yield float(worth[stand, other] - worth[stand, year]), ((stand, year, -1), (stand, other, 1))
            near = (builds.site == builds.site[stand]) | (builds.process == builds.process[stand])
            near[stand] = False
            for other in np.flatnonzero(near & (drop + most > 0)).tolist():
                for begun in {year, int(when[other])}:
                    yield drop + float(add[other, begun]), ((stand, year, -1), (other, begun, 1))

    def _entire(self, number: Ints, worth: Floats) -> Iterator[tuple[float, Move]]:
        """All of a stand closed, moved to another site, or two stands changing places."""
        builds = self.builds
        at = {one: stand for stand, one in enumerate(zip(builds.site.tolist(), builds.process.tolist(), strict=True))}
        used = np.flatnonzero(number.any(axis=1) & ~builds.signed.any(axis=1)).tolist()
        some = {stand: tuple((year, int(number[stand, year])) for year in np.flatnonzero(number[stand]).tolist()) for stand in used}
        off = {stand: tuple((stand, year, -units) for year, units in some[stand]) for stand in used}
        close = {stand: float(builds.fixed[stand] - (worth[stand] * number[stand]).sum()) for stand in used}

        def moved(stand: int, to: int) -> tuple[float, Move]:
            fixed = 0.0 if number[to].any() else float(builds.fixed[to])
            earned = sum(float(worth[to, year]) * units for year, units in some[stand])
            return close[stand] + earned - fixed, (*off[stand], *((to, year, units) for year, units in some[stand]))

        for stand in used:
            if number[stand].sum() > 1:
                yield close[stand], off[stand]
            for to in np.flatnonzero((builds.process == builds.process[stand]) & self.may.any(axis=1)).tolist():
                if to != stand:
                    yield moved(stand, to)
            for other in used:
                one, two = (at.get((int(builds.site[a]), int(builds.process[b])), -1) for a, b in ((other, stand), (stand, other)))
                if stand < other and builds.site[stand] != builds.site[other] and min(one, two) >= 0 and one != stand:
                    first, second = moved(stand, one), moved(other, two)
                    yield first[0] + second[0], (*first[1], *second[1])

    def _change(self, point: _Point, move: Move) -> _Change:
        """What a move changes, and the most it could gain."""
        builds, rows = self.builds, {stand: row for row, stand in enumerate(dict.fromkeys(stand for stand, _, _ in move))}
        stands, more = np.fromiter(rows, dtype=np.intp), [0] * len(rows)
        by, cost = np.zeros((stands.size, point.earned.size)), 0.0
        for stand, year, units in move:
            row = rows[stand]
            by[row, builds.ready[stand, year] : builds.over[stand, year]] += units * builds.unit[stand]
            cost += units * float(builds.charge[stand, year])
            more[row] += units
        for stand, units, before in zip(rows, more, point.number[stands].sum(axis=1).tolist(), strict=True):
            cost += float(builds.fixed[stand]) * ((before + units > 0) - (before > 0))
        hoped = self.running.most(point.known, stands, by)
        return _Change(move, stands, by, hoped, float((hoped - point.earned).sum()) - cost)

    def _fits(self, point: _Point, change: _Change) -> bool:
        builds, stands = self.builds, change.stands
        if (point.capacity[stands] + change.by > builds.case.here.most[builds.case.open[stands]] + TINY).any():
            return False
        if np.isfinite(builds.case.choices.budget) and (builds.left(change.number(point)) < 0).any():
            return False
        return builds.takes(stands, change.by, point.free)

    def _made(self, point: _Point, change: _Change, least: float) -> _Point | None:
        """The point after the change if it gains: the years are solved until those left cannot make up for what was lost."""
        earned, worth, gain, capacity = point.earned.copy(), point.worth.copy(), change.gain, point.capacity.copy()
        capacity[change.stands] += change.by
        years = [year for year in np.argsort(-np.abs(change.hoped - point.earned), kind="stable").tolist() if change.by[:, year].any()]
        for solved, year in enumerate(years, start=1):
            earned[year], worth[:, year] = self.running.solve(year, capacity[:, year])
            gain += earned[year] - float(change.hoped[year])
            still = (change.gain - gain) * (len(years) - solved) / solved if solved >= SAMPLE else 0.0
            if not gain - still > least:
                return None
        return self._at(change.number(point), capacity, earned, worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """All columns of the best plan found, and whether the search was interrupted."""

    x: Floats
    stopped: bool


def seek(case: Horizon, start: Ints, builds: Builds, until: float) -> Sought | None:
    """The best plan found from these units in the time, or until it is interrupted; None if they do not make a plan."""
    seeker = Seeker(builds, Running(case, until), until)
    top = seeker.best(start)
    return None if top is None else Sought(x=_columns(case, builds, seeker.running, top), stopped=seeker.stopped)


def _columns(case: Horizon, builds: Builds, running: Running, top: _Point) -> Floats:
    x = case.program.lower.copy()
    for year in range(case.years.size):
        columns, values = running.columns(year, top.capacity[:, year])
        x[columns] = values
    built = top.number * builds.unit[:, None]
    x[case.capacity], x[case.built] = top.capacity, built
    if case.whole is not None:
        whole = case.whole
        x[whole.number] = np.round(built[whole.blocks] / case.of.block[builds.process[whole.blocks]][:, None])
        x[whole.begun] = built[whole.leasts] > 0
        x[whole.opened] = (built[whole.charged] > 0).any(axis=1)
    return x
