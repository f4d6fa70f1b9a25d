"""The plans of a program that earn nearly the most. Owns: Allowance, Near. Never: what a column means, which way to look.

One row is added: money ≥ best − allowance. Then only the objective changes from one question to the next, so that each
starts from the vertex of the last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status
from liantu.model.rows import Floats

# A best of about nothing is no measure: then this part of all the money that moves is.
FLOOR = 0.01
# What rounding may take of the money that moves, so that a tie counts as one.
TIE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much less than the best a plan may earn.

    Attributes
    ----------
    share : float
        As asked.
    of : float
        What it is a share of: the best, or at least `FLOOR` of the turnover of the best plan.
    by_turnover : bool
        Whether that floor is what counts.
    amount : float
        share × of, and no less than rounding.
    """

    share: float
    of: float
    by_turnover: bool
    amount: float


class Near:
    """The plans within an allowance of the best one."""

    def __init__(self, program: Program, options: SolverOptions) -> None:
        self._program, self._money = program, program.row_lower.size
        row = sparse.csc_array(program.cost[None, :])
        whole = replace(
            program,
            matrix=sparse.csc_array(sparse.vstack([program.matrix, row])),
            row_lower=np.append(program.row_lower, -np.inf),
            row_upper=np.append(program.row_upper, np.inf),
        )
        self._session = Session(whole, options)
        self.best: Solution = self._session.solve()
        self.residual = self.best.residual

    def allow(self, share: float) -> Allowance:
        """From now on only plans within a share of the best; it is asked for once the best is known."""
        turnover, best = float(np.abs(self._program.cost * self.best.x).sum()), self.best.objective
        of = max(abs(best), FLOOR * turnover)
        found = Allowance(share=share, of=of, by_turnover=of > abs(best), amount=max(share * of, TIE * turnover))
        self._session.hold()
        self._session.row_bounds(self._money, best - found.amount, np.inf)
        return found

    def most(self, weight: Floats, *, afresh: bool = False) -> Floats | None:
        """The plan with the most of a weighed sum of columns; None when time is up.

        ``afresh``: whatever was asked before, so that the same question finds the same plan among equal ones.
        """
        self._session.objective(weight)
        found = self._session.afresh() if afresh else self._session.step()
        if found.status is Status.TIME_LIMIT:
            return None
        self.residual = max(self.residual, found.residual)
        return found.x
