"""Fixed charges as slopes. Owns: sloped. Never: whole numbers.

Each charge is spread over what the last plan without whole numbers built, until the few stands that are worth their charge
are left (Kim and Pardalos 1999).
"""

from __future__ import annotations

import time

import numpy as np

from liantu.engines.planning.builds import TINY, Builds
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Session, SolverOptions
from liantu.model.rows import Floats, Ints

ROUNDS = 25


def sloped(builds: Builds, program: Program, columns: Ints, offset: Floats, fixed: Floats, until: float) -> Floats | None:
    """What the columns (stands × any) hold in the best plan met while fixed charges are slopes; None if there is no plan.

    The first slopes are the charges over the room; those of stands the last plan did not use stay.
    """
    room = builds.case.room().max(axis=1, initial=0.0)
    sized = np.isfinite(room) & (room > 0)
    base, best, found, last = program.cost[columns], -np.inf, None, 0
    slope = np.divide(fixed, room, out=np.zeros(room.size), where=sized)
    session = Session(program, SolverOptions(time_limit_s=max(until - time.perf_counter(), 1.0)))
    for at in range(ROUNDS):
        session.costs(columns.ravel(), (base - slope[:, None]).ravel())
        answer = session.solve()
        if not np.isfinite(answer.objective):
            break
        amount = answer.x[columns] - offset
        total = amount.sum(axis=1)
        used = total > TINY * np.where(sized, room, builds.unit)
        worth = float(program.cost @ answer.x) - float(fixed[used].sum())
        if worth > best + TINY * abs(worth):
            best, found, last = worth, amount, at
        if at > last + 2 or time.perf_counter() > until:
            break
        slope = np.divide(fixed, total, out=slope, where=used)
    return found
