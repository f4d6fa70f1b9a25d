"""Other ways to plan nearly as well. Owns: Ranges, Way, Alternatives, alternatives. Never: the best plan, how near is near.

How much of each process, at all sites and at each, the plans within an allowance build at the least and at the most; and a
few of them that are as unlike the best and each other as can be. Two plans differ by the part of what they build, counted
by its yearly charge, that the other builds elsewhere or not at all; what costs nothing to build is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.planning.expansion import Infeasible, Plan, PlanOptions, answer, horizon
from liantu.engines.planning.horizon import Horizon
from liantu.engines.planning.large import is_large
from liantu.engines.planning.near import Allowance, Near
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

# Plans that differ by less are the same in all that matters.
DIFFERENT = 0.05
# What the plans in turn shun of those before: their processes, their sites, both.
_TURNS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
# Money decides only among plans that shun equally.
_TIEBREAK = 1e-3
TINY = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Capacity built over all years, of a process at all sites (site −1) or at one.

    Attributes
    ----------
    best : float array
        In the best plan.
    least, most : float array
        In any plan within the allowance; NaN where time was up before.
    """

    process: Ints
    site: Ints
    best: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A plan within the allowance.

    Attributes
    ----------
    built : float array (stands × years)
        As `Plan.built`.
    differs, other_process : float
        From the best plan: the part of what is built that differs, and of it what is another process altogether.
    nearest : float
        How much it differs from the most alike of the plans before it.
    """

    objective: float
    built: Floats
    differs: float
    other_process: float
    nearest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """The best plan, how much less may be earned, and what can be done then.

    ``in_time`` is false if time was up before all was known, ``stopped`` true if it was interrupted.
    """

    plan: Plan
    allowance: Allowance
    ranges: Ranges
    ways: tuple[Way, ...]
    in_time: bool
    stopped: bool
    residual: float


def alternatives(chain: Chain, options: PlanOptions, *, share: float, count: int) -> Alternatives | Infeasible:
    """How differently it could be done within a share of the best.

    Raises
    ------
    InputError
        As of `expand`.
    SolveError
        ``alternatives-large``; ``time-limit`` if not even the best plan was found in the time.
    """
    case = horizon(chain, options)
    if is_large(case):
        raise SolveError("alternatives-large", {"columns": case.program.cost.size})
    near = Near(case.program, options.solver)
    plan = answer(case, near.best, options.solver)
    if isinstance(plan, Infeasible):
        return plan
    search = _Search(case, near, near.allow(share))
    ways = search.ways(count)
    ranges = search.ranges()
    return Alternatives(
        plan=plan, allowance=search.allowance, ranges=ranges, ways=ways, in_time=search.in_time, stopped=search.stopped,
        residual=near.residual,
    )  # fmt: skip


class _Search:
    """What was seen on the way: every plan is an example of what can be built."""

    def __init__(self, case: Horizon, near: Near, allowance: Allowance) -> None:
        self.case, self.near, self.allowance, self.in_time = case, near, allowance, True
        self.stopped = False
        self.process, self.site = case.here.process[case.open], case.here.site[case.open]
        self.charge: Floats = case.of.charge[self.process]
        self.plans = [self._totals(near.best.x)]

    def _totals(self, x: Floats) -> Floats:
        """Capacity of each open stand built over the years, without what costs nothing."""
        return np.where(self.charge > 0, self.case.begun(x).sum(axis=1), 0.0)

    def _by_process(self, values: Floats) -> Floats:
        return np.bincount(self.process, values, len(self.case.chain.processes)).astype(np.float64)

    def ways(self, count: int) -> tuple[Way, ...]:
        """Plans that in turn shun what those before them build; fewer if no other is found that differs."""
        found = list[Way]()
        for turn in range(count if self.charge.any() else 0):
            x = self._most(self._shunning(*_TURNS[turn % len(_TURNS)]), afresh=True)
            if x is None:
                break
            way = self._way(x)
            if way.nearest < DIFFERENT:
                continue
            found.append(way)
            self.plans.append(self._totals(x))
        return tuple(found)

    def _shunning(self, processes: float, stands: float) -> Floats:
        """Objective: the less of what was built before, the better; then money."""
        used = np.array([totals > 0 for totals in self.plans]).sum(axis=0)
        made = np.array([self._by_process(totals) > 0 for totals in self.plans]).sum(axis=0)
        weight = self.charge * (stands * used + processes * made[self.process])
        program, best = self.case.program, self.plans[0]
        cost: Floats = program.cost * (_TIEBREAK / self.allowance.of if self.allowance.of else 0.0)
        cost[self.case.built] -= (weight / (float(weight @ best) or 1.0))[:, None]
        return cost

    def _way(self, x: Floats) -> Way:
        totals, built = self._totals(x), np.zeros(self.case.here.existing.shape)
        built[self.case.open] = self.case.begun(x)
        return Way(
            objective=float(self.case.program.cost @ x),
            built=built,
            differs=_apart(self.charge * totals, self.charge * self.plans[0]),
            other_process=_apart(self._by_process(self.charge * totals), self._by_process(self.charge * self.plans[0])),
            nearest=min(_apart(self.charge * totals, self.charge * plan) for plan in self.plans),
        )

    def ranges(self) -> Ranges:
        """Least and most of every process that may be built, and of every stand that one of the plans builds."""
        processes, stands = self._groups()
        groups = [*processes, *stands]
        seen = [_sums(totals, groups) for totals in self.plans]
        signed, room = (_sums(side, groups) for side in self._bounds())
        known = {-1.0: np.full(len(groups), np.nan), 1.0: np.full(len(groups), np.nan)}
        for at, sign in ((at, sign) for at in range(len(groups)) for sign in known):
            # A plan seen on the way may be as extreme as any can be.
            if not _reached(max(sign * one[at] for one in seen), (-signed, room)[sign > 0][at]):
                totals = self._extreme(groups[at], sign)
                if totals is None:
                    continue
                seen.append(_sums(totals, groups))
            known[sign][at] = sign * max(sign * one[at] for one in seen)
        first = np.array([group[0] for group in groups], dtype=np.intp)
        site = np.where(np.arange(len(groups)) < len(processes), -1, self.site[first])
        return Ranges(process=self.process[first], site=site, best=seen[0], least=known[-1.0] + 0.0, most=known[1.0])

    def _groups(self) -> tuple[list[Ints], list[Ints]]:
        """Open stands of each process, and each stand that is built upon; what costs nothing is left out."""
        priced = self.charge > 0
        built = np.array(self.plans).any(axis=0)
        processes = [np.flatnonzero(priced & (self.process == one)) for one in np.unique(self.process[priced])]
        return processes, [np.array([at]) for at in np.flatnonzero(built)]

    def _bounds(self) -> tuple[Floats, Floats]:
        """What every plan builds of a stand, being signed, and what none can exceed, if nothing new wears out."""
        case, years = self.case, self.case.years.size
        signed = case.program.lower[case.built].sum(axis=1)
        stays = case.of.wait[self.process] + case.of.life[self.process] >= years
        room = case.here.most[case.open, -1] - case.here.existing[case.open, -1]
        return signed, np.where(stays, room, np.inf)

    def _extreme(self, group: Ints, sign: float) -> Floats | None:
        """The plan with the most (or with −1 the least) of a group, while there is time."""
        weight = np.zeros(self.case.program.cost.size)
        weight[self.case.built[group]] = sign
        x = self._most(weight)
        return None if x is None else self._totals(x)

    def _most(self, weight: Floats, *, afresh: bool = False) -> Floats | None:
        """The plan with the most of a weighed sum, while there is time and nobody interrupts: then what is known is kept."""
        try:
            x = self.near.most(weight, afresh=afresh) if self.in_time else None
        except KeyboardInterrupt:
            x, self.stopped = None, True
        self.in_time = x is not None
        return x


def _sums(values: Floats, groups: list[Ints]) -> Floats:
    return np.array([values[group].sum() for group in groups], dtype=np.float64)


def _reached(value: float, bound: float) -> bool:
    return bool(np.isfinite(bound)) and abs(value - bound) <= TINY * max(abs(bound), abs(value))


def _apart(one: Floats, other: Floats) -> float:
    """The part of two plans that they have not in common: 0 the same, 1 nothing alike (Bray and Curtis)."""
    total = float(one.sum() + other.sum())
    return 1.0 - 2.0 * float(np.minimum(one, other).sum()) / total if total > 0 else 0.0
