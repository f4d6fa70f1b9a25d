"""What of a plan's program belongs to one year alone. Owns: Years. Never: solving.

Builds, and the rows of stock and budget that tie the years together, belong to none. With the capacity given, nothing else
does: the years then run on their own.
"""

from __future__ import annotations

import numpy as np

from liantu.engines.planning.horizon import Horizon
from liantu.model.rows import Ints


class Years:
    """The year of each column and row of a plan, −1 for what belongs to no single one."""

    def __init__(self, case: Horizon) -> None:
        self.case, self.row = case, _rows(case)
        self.column = np.full(case.program.cost.size, -1)
        entries = case.program.matrix.tocoo()
        at = self.row[entries.row] >= 0
        self.column[entries.col[at]] = self.row[entries.row[at]]
        self._runs_column, self._runs_row = self.column.copy(), self.row.copy()
        self._runs_column[case.capacity], self._runs_row[case.within] = -1, -1
        for limit in case.limits:
            self._runs_column[limit.held] = -1
            if limit.on_capacity:
                self._runs_row[limit.row] = -1

    def running(self, year: int) -> tuple[Ints, Ints]:
        """Columns and rows of what runs in a year, its capacity being given as upper bounds of activity."""
        return np.flatnonzero(self._runs_column == year), np.flatnonzero(self._runs_row == year)

    def whole(self, year: int) -> tuple[Ints, Ints]:
        """Columns and rows of a year with its capacity."""
        return np.flatnonzero(self.column == year), np.flatnonzero(self.row == year)


def _rows(case: Horizon) -> Ints:
    laid, every = case.laid, np.arange(case.years.size)
    row = np.full(case.program.row_lower.size, -1)
    for block in (laid.balance, case.aimed, case.within, *(limit.row for limit in case.limits)):
        row[block] = every
    for shared, year in (
        (laid.market_limit, case.net.trade.year),
        (laid.route_limit, case.net.transport.year),
        (laid.met, case.net.wants.year),
    ):
        row[shared[shared >= 0]] = year[shared >= 0]
    return row
