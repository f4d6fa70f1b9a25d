"""A year's best use found again and again with other numbers. Owns: Repeat. Never: where the numbers come from.

Each answer depends on its own chain and on the first one alone, never on what was solved between: a solver that goes on
from the last basis ends in another corner of a tie, and the same run would differ with its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.planning.solver import Session, SolverOptions, Status
from liantu.engines.planning.throughput import Case
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How one solve ended; objective and activities are NaN unless it is optimal."""

    status: Status
    objective: float
    activity: Floats


class Repeat:
    """The program of a year, solved once; later chains start from its basis in a solver of their own.

    Attributes
    ----------
    plants : int array
        The plants that run in the year, in the order of the activities.
    """

    def __init__(self, chain: Chain, year: int, options: SolverOptions | None = None) -> None:
        case = Case(chain, year)
        self.plants: Ints = case.plants
        self._year, self._options = year, options
        first = Session(case.program, options)
        first.solve()
        self._start = first.start()

    def use(self, chain: Chain) -> Use:
        """The best use of a chain with the same rows in every table, and other numbers in them."""
        case = Case(chain, self._year)
        found = Session(case.program, self._options, start=self._start).solve()
        optimal = found.status is Status.OPTIMAL
        activity = found.x[case.activity] if optimal else np.full(case.plants.size, np.nan)
        return Use(status=found.status, objective=found.objective if optimal else np.nan, activity=activity)
