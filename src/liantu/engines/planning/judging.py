"""How one candidate stands: its worth by size, where that ends and why, and how prices move it. Owns: Judge, Prospect, End.
Never: which sites may take it, ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from liantu.engines.planning.ranges import Held, Ranges, held
from liantu.engines.planning.solver import Status
from liantu.engines.planning.stands import Terms, annuity
from liantu.engines.planning.worth import Curve, Sketch, Worth
from liantu.model.chain import Chain
from liantu.model.rows import Floats

# With more candidates than this, a curve is exact at the sizes it shows and not followed through every corner.
MANY = 300


class End(IntEnum):
    """Why the worth of a link ends where it does."""

    UNKNOWN = 0
    LOSS = 1
    SITE = 2
    LIMIT = 3
    ENDLESS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a process at a place is worth, whichever of its sites takes it.

    Attributes
    ----------
    curve : Curve
        Worth a year by size, before its own cost.
    value : float
        Worth a year of one step.
    pays_to : float
        Size up to which one more unit is worth what it costs.
    last_step, last_value : float
        The last step of the capacity there is, and what a year without it would lose (infinite: a firm demand could not be
        met); NaN where there is none. It differs from ``value`` where the worth bends just there.
    end : End
    kind, row : int
        The limit that ends it, for `End.LIMIT`: `Kind` and row of that table.
    held : Held
        How it stands when prices and investment move.
    """

    process: int
    place: int
    curve: Curve
    value: float
    pays_to: float
    last_step: float
    last_value: float
    end: End
    kind: int
    row: int
    held: Held


class Judge:
    """Judges candidates one by one."""

    def __init__(self, chain: Chain, worth: Worth, of: Terms, step: Floats, ranges: Ranges, rate: float) -> None:
        self._chain, self._worth, self._step, self._ranges = chain, worth, step, ranges
        self.rate = rate
        self.charge = np.where(of.known, of.charge, np.nan)
        spread = annuity(of.life.astype(np.float64), rate)
        # What a fixed charge costs a year, whatever the size.
        self.standing = of.fixed_charge * spread
        self._capital = of.capex * spread
        self._capex_range = [self._share(column, of.capex) for column in (chain.technologies.capex_low, chain.technologies.capex_high)]
        self._energy = chain.materials.kind == "energy"

    def _share(self, column: Floats, capex: Floats) -> Floats:
        """Low or high investment less the central one, as a share of it."""
        rows, share = self._chain.technologies, np.zeros(capex.size)
        stated = ~np.isnan(column) & (rows.capex > 0)
        share[rows.process[stated]] = column[stated] / rows.capex[stated] - 1
        return share

    def cost(self, process: int, size: float) -> float:
        """Yearly cost of a size."""
        return float(self.charge[process] * size + self.standing[process])

    def prospect(self, at: int, room: float) -> Prospect:
        """One process at one place."""
        worth = self._worth
        process, place = int(worth.process[at]), int(worth.place[at])
        step, charge = float(self._step[process]), float(self.charge[process])
        sketched = worth.process.size > MANY and np.isfinite(charge)
        drawn = worth.sketch(at, room, step, charge) if sketched else Sketch(curve=worth.curve(at, room, step))
        curve = drawn.curve
        adds = bool(curve.values.any())
        found = (drawn.stepped or worth.with_sizes(np.array([at]), np.array([step]))) if adds else worth.made_to_run(at, step)
        gain = worth.more(found) if found else 0.0
        money = worth.money(found) if found else np.zeros(len(self._chain.materials))
        pays_to = curve.pays_to(charge)
        end, kind, row = self._end(at, drawn, pays_to)
        cost, capital = self.cost(process, step), float(self._capital[process]) * step
        costs = (cost + capital * float(self._capex_range[0][process]), cost, cost + capital * float(self._capex_range[1][process]))
        last_step, last_value = self._last(process, place, step)
        return Prospect(
            process=process,
            place=place,
            curve=curve,
            value=max(gain, 0.0),
            pays_to=pays_to if np.isfinite(charge) else np.nan,
            last_step=last_step,
            last_value=last_value,
            end=end,
            kind=kind,
            row=row,
            held=held(money, self._ranges, self._energy, costs, gain),
        )

    def _end(self, at: int, drawn: Sketch, pays_to: float) -> tuple[End, int, int]:
        curve, charge = drawn.curve, float(self.charge[self._worth.process[at]])
        if np.isnan(charge):
            return End.UNKNOWN, -1, -1
        if pays_to <= 0:
            return End.LOSS, -1, -1
        if pays_to >= curve.sizes[-1]:
            return (End.ENDLESS if curve.endless else End.SITE), -1, -1
        rises = self._worth.held_by(at, drawn, pays_to, charge)
        most = int(np.argmax(rises.explains))
        return End.LIMIT, int(rises.kind[most]), int(rises.row[most])

    def _last(self, process: int, place: int, step: float) -> tuple[float, float]:
        """The last step of what there is, and what a year without it would lose."""
        case, plants = self._worth.case, self._chain.plants
        mine = (plants.process[case.plants] == process) & (case.net.place[plants.site[case.plants]] == place)
        here = np.flatnonzero(mine)
        total = float(plants.capacity[case.plants[here]].sum())
        if not total:
            return np.nan, np.nan
        found = self._worth.without(here, min(step / total, 1.0))
        lost = np.inf if found.status is Status.INFEASIBLE else max(-self._worth.more(found), 0.0)
        return min(step, total), float(lost)
