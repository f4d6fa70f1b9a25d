"""A good plan of whole builds. Owns: Builds, rounded, seek. Never: a bound.

First the fixed charges become slopes: each is spread over what the last plan without whole numbers built, until the few
stands that are worth their charge are left (Kim and Pardalos 1999). Their builds are rounded. Then single builds are added,
dropped, moved in time or exchanged at a site or within a process. With the capacity given the years run on their own, and
the value of capacity in each says beforehand the most that a move can gain, so that few need to be tried.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.program import Program
from liantu.engines.planning.running import Running
from liantu.engines.planning.solver import Session, SolverOptions
from liantu.model.rows import Bools, Floats, Ints

TINY = 1e-6
# Rounds of slopes, moves tried before the point counts as best around, and how often the best is left for another start.
ROUNDS, TRIED, KICKS = 25, 400, 30

Move = tuple[tuple[int, int, int], ...]


class Builds:
    """What the builds of a plan take and cost, in units: a block, or where there is none the least size."""

    def __init__(self, case: Horizon) -> None:
        self.case, process, many = case, case.here.process[case.open], case.years.size
        of, room = case.of, case.room().max(axis=1, initial=0.0)
        block, least = of.block[process], of.least[process]
        whole = np.where(block > 0, block * np.maximum(np.ceil(least / np.where(block > 0, block, 1.0) - 1e-9), 1.0), least)
        self.unit: Floats = np.where(whole > 0, whole, np.where(np.isfinite(room), room, 0.0) / 8)
        self.charge: Floats = case.charges(process) * self.unit[:, None]
        self.fixed: Floats = of.fixed_charge[process]
        self.capex: Floats = of.capex[process] * self.unit
        begun = np.arange(many)
        self.ready = np.minimum(begun + of.wait[process][:, None], many)
        self.over = np.minimum(self.ready + of.life[process][:, None], many)
        lower = case.program.lower[case.built]
        self.signed: Ints = np.ceil(lower / np.where(self.unit > 0, self.unit, 1.0)[:, None] - 1e-9).astype(np.intp)
        self.may = (self.ready < many) & (self.unit > 0)[:, None] & (case.program.upper[case.built] > 0)
        self._land = [limit for limit in case.limits if limit.on_capacity]

    def standing(self, stand: int, year: int) -> Floats:
        """Capacity of one unit begun in a year, in each year."""
        years = np.arange(self.case.years.size)
        return np.where((years >= self.ready[stand, year]) & (years < self.over[stand, year]), self.unit[stand], 0.0)

    def capacity(self, number: Ints) -> Floats:
        total = self.case.here.existing[self.case.open].copy()
        for stand, year in zip(*np.nonzero(number), strict=True):
            total[stand] += number[stand, year] * self.standing(stand, year)
        return total

    def cost(self, number: Ints) -> float:
        return float((number * self.charge).sum() + self.fixed[(number > 0).any(axis=1)].sum())

    def fit(self, number: Ints, capacity: Floats) -> bool:
        """Whether largest sizes, land and budget hold."""
        return not (capacity > self.case.here.most[self.case.open] + TINY).any() and not self.lacking(number, capacity).any()

    def lacking(self, number: Ints, capacity: Floats) -> Bools:
        """Sites × years: where land or, everywhere, the budget is not enough."""
        case, site = self.case, self.case.here.site[self.case.open]
        over = np.zeros((len(case.chain.sites), case.years.size), dtype=np.bool_)
        for limit in self._land:
            used = np.zeros(over.shape)
            np.add.at(used, site, limit.need[case.open][:, None] * capacity)
            np.add.at(used, case.here.site[limit.holders], limit.need[limit.holders][:, None] * case.here.existing[limit.holders])
            over[limit.site] |= used[limit.site] > limit.available * (1 + 1e-9) + 1e-9
        if np.isfinite(case.choices.budget):
            over |= (self.capex[:, None] * number).sum(axis=0) > case.choices.budget * (1 + 1e-9)
        return over


def sloped(builds: Builds, program: Program, columns: Ints, offset: Floats, fixed: Floats, until: float) -> Floats | None:
    """What the columns (stands × any) hold in the best plan met while fixed charges are slopes; None if there is no plan.

    The first slopes are the charges over the room; those of stands the last plan did not use stay.
    """
    room = np.maximum(builds.case.room().max(axis=1, initial=0.0), TINY)
    base, best, found, last = program.cost[columns], -np.inf, None, 0
    slope = np.where(np.isfinite(room), fixed / room, 0.0)
    session = Session(program, SolverOptions(time_limit_s=max(until - time.perf_counter(), 1.0)))
    for at in range(ROUNDS):
        session.costs(columns.ravel(), (base - slope[:, None]).ravel())
        answer = session.solve()
        if not np.isfinite(answer.objective):
            break
        amount = answer.x[columns] - offset
        total = amount.sum(axis=1)
        used = total > TINY
        worth = float(program.cost @ answer.x) - float(fixed[used].sum())
        if worth > best + TINY * abs(worth):
            best, found, last = worth, amount, at
        if at > last + 2 or time.perf_counter() > until:
            break
        slope = np.where(used, fixed / np.maximum(total, TINY), slope)
    return found


def rounded(builds: Builds, built: Floats) -> Ints:
    """Units nearest to what is built, taken back where land or budget lacks, the most rounded up first."""
    unit = np.where(builds.unit > 0, builds.unit, 1.0)[:, None]
    wanted = np.where(builds.may, built / unit, 0.0)
    number = np.maximum(np.diff(np.floor(np.cumsum(wanted, axis=1) + 0.5), axis=1, prepend=0.0).astype(np.intp), builds.signed)
    site, most = builds.case.here.site[builds.case.open], builds.case.here.most[builds.case.open]
    while True:
        capacity = builds.capacity(number)
        bad = np.any(builds.lacking(number, capacity), axis=1)[site] | np.any(capacity > most + TINY, axis=1)
        spare = (number > builds.signed) & bad[:, None]
        if not spare.any():
            return number
        over = np.where(spare.any(axis=1), (number - wanted).sum(axis=1), -np.inf)
        stand = int(np.argmax(over))
        number[stand, np.flatnonzero(spare[stand])[-1]] -= 1


@dataclass(slots=True)
class _Point:
    """Where the search stands: units, capacity, what the years earn and what capacity is worth in each."""

    number: Ints
    capacity: Floats
    earned: Floats
    worth: Floats
    total: float
    known: Floats


class Seeker:
    """The search by moves of builds."""

    def __init__(self, builds: Builds, running: Running, until: float) -> None:
        self.builds, self.running, self.until = builds, running, until
        self.stopped = False
        self.tried = self.made = 0

    def point(self, number: Ints) -> _Point | None:
        """The point of these units; None if some year has no answer with them."""
        capacity = self.builds.capacity(number)
        if not self.builds.fit(number, capacity):
            return None
        many = capacity.shape[1]
        earned, worth = np.zeros(many), np.zeros(capacity.shape)
        for year in range(many):
            earned[year], worth[:, year] = self.running.solve(year, capacity[:, year])
        if not np.isfinite(earned).all():
            return None
        total = float(earned.sum()) - self.builds.cost(number)
        return _Point(number.copy(), capacity, earned, worth, total, self.running.known(capacity))

    def best(self, start: Ints) -> _Point | None:
        """The best point met from a start: climb, leave the top by closing two stands, climb again."""
        top = self.point(start)
        if top is None:
            return None
        try:
            self._climb(top)
            random = np.random.default_rng(0)
            for _ in range(KICKS):
                other = self._left(top, random)
                if other is not None and other.total > top.total + TINY * abs(top.total):
                    top = other
                if time.perf_counter() > self.until:
                    break
        except KeyboardInterrupt:
            self.stopped = True
        return top

    def _left(self, top: _Point, random: np.random.Generator) -> _Point | None:
        """The top that is reached after closing two stands of another; None if there is no plan without them."""
        used = np.flatnonzero((top.number > self.builds.signed).any(axis=1))
        number = top.number.copy()
        closed = random.choice(used, min(2, used.size), replace=False) if used.size else used
        number[closed] = self.builds.signed[closed]
        other = self.point(number)
        if other is not None:
            self._climb(other)
        return other

    def _climb(self, point: _Point) -> None:
        """Make the move that could gain most, as far as is known, until none could."""
        while self._step(point):
            if time.perf_counter() > self.until:
                return

    def _step(self, point: _Point) -> bool:
        """One move that gains; False if there is none."""
        least = TINY * max(1.0, abs(point.total))
        moves = [(-hoped, at, move) for at, (hoped, move) in enumerate(self._offers(point)) if hoped > least]
        heapq.heapify(moves)
        while moves and time.perf_counter() <= self.until:
            hoped, at, move = heapq.heappop(moves)
            change = self._changed(point, move)
            if change is None:
                continue
            change.refresh(self.running, point)
            if change.total - point.total <= least:
                continue
            if moves and change.total - point.total < -moves[0][0] - least:
                heapq.heappush(moves, (point.total - change.total, at, move))
                continue
            self.tried += 1
            if self._improves(point, change, least):
                self.made += 1
                return True
        return False

    def _offers(self, point: _Point) -> Iterator[tuple[float, Move]]:
        builds, number = self.builds, point.number
        cum = np.concatenate([np.zeros((number.shape[0], 1)), np.cumsum(point.worth, axis=1)], axis=1)
        row = np.arange(number.shape[0])[:, None]
        worth = (cum[row, builds.over] - cum[row, builds.ready]) * builds.unit[:, None] - builds.charge
        open_ = number.any(axis=1)
        add = np.where(builds.may, worth - np.where(open_, 0.0, builds.fixed)[:, None], -np.inf)
        when = np.argmax(add, axis=1)
        for stand in np.flatnonzero(add.max(axis=1) > 0).tolist():
            yield float(add[stand, when[stand]]), ((stand, int(when[stand]), 1),)
        site, process = builds.case.here.site[builds.case.open], builds.case.here.process[builds.case.open]
        for stand, year in zip(*(at.tolist() for at in np.nonzero(number > builds.signed)), strict=True):
            drop = -float(worth[stand, year]) + (float(builds.fixed[stand]) if number[stand].sum() == 1 else 0.0)
            yield drop, ((stand, year, -1),)
            for other in np.flatnonzero(builds.may[stand] & (worth[stand] > worth[stand, year])).tolist():
                yield float(worth[stand, other] - worth[stand, year]), ((stand, year, -1), (stand, other, 1))
            near = np.flatnonzero(((site == site[stand]) | (process == process[stand])) & (drop + add.max(axis=1) > 0))
            for other in near[near != stand].tolist():
                for begun in {year, int(when[other])}:
                    yield drop + float(add[other, begun]), ((stand, year, -1), (other, begun, 1))
        for stand in np.flatnonzero((number.sum(axis=1) > 1) & ~builds.signed.any(axis=1)).tolist():
            some = np.flatnonzero(number[stand]).tolist()
            gain = float(builds.fixed[stand] - (worth[stand] * number[stand]).sum())
            yield gain, tuple((stand, year, -int(number[stand, year])) for year in some)

    def _changed(self, point: _Point, move: Move) -> _Change | None:
        """What a move makes of a point; None where it does not fit."""
        number, capacity = point.number.copy(), point.capacity.copy()
        for stand, year, units in move:
            number[stand, year] += units
            capacity[stand] += units * self.builds.standing(stand, year)
        if not self.builds.fit(number, capacity):
            return None
        stands = np.unique([stand for stand, _, _ in move])
        return _Change(number, capacity, stands, capacity[stands] - point.capacity[stands], self.builds.cost(number))

    def _improves(self, point: _Point, change: _Change, least: float) -> bool:
        """Make the change if it gains: the years are solved until what is left cannot make up for what was lost."""
        earned, worth = point.earned.copy(), point.worth.copy()
        total = change.total
        for year in np.argsort(-np.abs(change.hoped - point.earned), kind="stable").tolist():
            if not change.by[:, year].any():
                continue
            earned[year], worth[:, year] = self.running.solve(year, change.capacity[:, year])
            total += earned[year] - float(change.hoped[year])
            if not total > point.total + least:
                return False
        point.number, point.capacity, point.earned, point.worth, point.total = change.number, change.capacity, earned, worth, total
        point.known = self.running.known(point.capacity)
        return True


@dataclass(slots=True)
class _Change:
    """A point with some stands changed: by how much their capacity, and the most the years could earn with it."""

    number: Ints
    capacity: Floats
    stands: Ints
    by: Floats
    cost: float
    hoped: Floats = field(default_factory=lambda: np.zeros(0))
    total: float = np.inf

    def refresh(self, running: Running, point: _Point) -> None:
        self.hoped = running.most(running.known(point.capacity) if False else point.known, self.stands, self.by)
        self.total = float(self.hoped.sum()) - self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """All columns of the best plan found, and whether the search was interrupted."""

    x: Floats
    stopped: bool


def seek(case: Horizon, start: Ints, builds: Builds, used: Floats, until: float) -> Sought | None:
    """The best plan found from these units in the time, or until it is interrupted; None if they do not make a plan."""
    running = Running(case, used, until)
    seeker = Seeker(builds, running, until)
    top = seeker.best(start)
    return None if top is None else Sought(x=_columns(case, builds, running, top), stopped=seeker.stopped)


def _columns(case: Horizon, builds: Builds, running: Running, top: _Point) -> Floats:
    x = case.program.lower.copy()
    for year in range(case.years.size):
        columns, values = running.columns(year, top.capacity[:, year])
        x[columns] = values
    built, process = top.number * builds.unit[:, None], case.here.process[case.open]
    x[case.capacity], x[case.built] = top.capacity, built
    if case.whole is not None:
        whole = case.whole
        x[whole.number] = np.round(built[whole.blocks] / case.of.block[process[whole.blocks]][:, None])
        x[whole.begun] = built[whole.leasts] > 0
        x[whole.opened] = (built[whole.charged] > 0).any(axis=1)
    return x
