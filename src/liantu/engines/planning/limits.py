"""What holds an optimum where it is: every limit of a year's program, its amount and what one more unit of it is worth.
Owns: Limits, limits. Never: solving, words.

By strong duality the optimum is exactly the sum of amount × value over all limits. A demand is a limit too: meeting it
takes something, so its value is negative or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from liantu.engines.planning.solver import Solution
from liantu.engines.planning.throughput import Case, shared
from liantu.model.rows import Floats, Ints


class Kind(IntEnum):
    """What kind of limit; ``row`` of `Limits` is a row of the table of that name."""

    PLANT = 0
    MARKET = 1
    ROUTE = 2
    DEMAND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits in the order plants, markets, routes, demands; the same for every solution of one program.

    Attributes
    ----------
    kind, row : int array
        `Kind`, and the row of that table.
    amount : float array
        How much there is: capacity, limit or demand.
    value : float array
        What the objective gains from one more unit.
    """

    kind: Ints
    row: Ints
    amount: Floats
    value: Floats

    @property
    def explains(self) -> Floats:
        """Which part of the objective each limit accounts for."""
        return self.amount * self.value


def limits(case: Case, found: Solution) -> Limits:
    """The limits of a year with the duals of a solution; columns added behind the program's own do not matter."""
    laid, net = case.laid, case.net
    parts = [
        (Kind.PLANT, case.plants, case.chain.plants.capacity[case.plants], np.maximum(found.reduced_cost[case.activity], 0)),
        (Kind.MARKET, *shared(found, laid.trade, laid.market_limit, net.trade.row, net.trade.limit, 1.0)),
        (Kind.ROUTE, *shared(found, laid.transport, laid.route_limit, net.transport.row, net.transport.limit, net.transport.weight)),
        (Kind.DEMAND, net.wants.row, net.wants.amount, _demands(case, found)),
    ]
    return Limits(
        kind=np.concatenate([np.full(len(row), kind, dtype=np.intp) for kind, row, _, _ in parts]),
        row=np.concatenate([row for _, row, _, _ in parts]),
        amount=np.concatenate([amount for _, _, amount, _ in parts]),
        value=np.concatenate([value for _, _, _, value in parts]) + 0.0,
    )


def _demands(case: Case, found: Solution) -> Floats:
    """What one more unit asked for costs; where a part may stay unmet, no more than its penalty."""
    wants, laid = case.net.wants, case.laid
    node = laid.balance[wants.material, np.maximum(wants.place, 0), wants.year]
    balance = found.row_dual[np.where(wants.place >= 0, node, laid.met)]
    spared = np.where(np.isnan(wants.penalty), 0.0, np.maximum(found.reduced_cost[laid.unmet], 0))
    return np.asarray(balance + spared, dtype=np.float64)
