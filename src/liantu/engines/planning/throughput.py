"""The best use of the plants there are. Owns: throughput. Never: building, other years.

Maximise sales − purchases − variable cost − freight − penalties over the activity of each running plant, subject to the
balance of every material at every place. Prices are the duals of those balances.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.lay import Laid, lay
from liantu.engines.planning.network import Network, network
from liantu.engines.planning.program import Block, Builder, Program
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status, solve
from liantu.errors import InputError, SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

# A surplus that is less than this share of all that comes and goes there is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """The best use of a year.

    Attributes
    ----------
    objective : float
        In ``currency`` per year.
    plants : int array
        The plants that run in the year; ``activity``, ``capacity`` and ``capacity_value`` are in their order.
    capacity_value : float array
        What one more unit of capacity would add.
    bought, sold, surplus, unmet, price : float array (materials × places)
        ``price`` is the cost of one more unit there.
    unmet_anywhere : float array (materials)
        What is not met of demands that name no site, where sites do not pool.
    shipments : float array
        Amount on each transport column of ``net``.
    market_value, route_value : float array (markets, routes)
        What one more of each limit would add.
    """

    year: int
    objective: float
    plants: Ints
    activity: Floats
    capacity: Floats
    capacity_value: Floats
    bought: Floats
    sold: Floats
    surplus: Floats
    unmet: Floats
    unmet_anywhere: Floats
    price: Floats
    shipments: Floats
    market_value: Floats
    route_value: Floats
    network: Network
    residual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """Firm demands that cannot all be met.

    Attributes
    ----------
    demand : int array
        Rows of the demands table.
    amount, most : float array
        What is asked, and the most of it there could be if it alone mattered.
    """

    demand: Ints
    amount: Floats
    most: Floats


def throughput(chain: Chain, year: int, *, options: SolverOptions | None = None) -> Throughput | Unmet:
    """Run the plants of a year for the most profit.

    Returns
    -------
    Throughput
        The best use; or `Unmet` if a firm demand cannot be met.

    Raises
    ------
    InputError
        ``free-money`` if something can be bought below what it sells for, without limit; ``currencies``.
    SolveError
        ``time-limit``, and what the solver raises.
    """
    case = Case(chain, year)
    found = solve(case.program, options)
    if found.status is Status.UNBOUNDED:
        raise endless("free-money", chain, case.net, case.free_money())
    if found.status is Status.INFEASIBLE:
        return case.most()
    if found.status is not Status.OPTIMAL:
        raise SolveError("time-limit", {"seconds": (options or SolverOptions()).time_limit_s})
    return case.read(found)


class Case:
    """The program of a year, and how its numbers are read; the network is that of the chain if none is given."""

    def __init__(self, chain: Chain, year: int, of: Network | None = None) -> None:
        self.chain, self.year = chain, year
        self.net = of or network(chain, np.array([year]))
        self.plants = np.flatnonzero(chain.running(year))
        build = Builder()
        self.laid: Laid = lay(build, chain, self.net, np.ones(1))
        self.activity = self._activity(build)
        self.program: Program = build.program()

    def _activity(self, build: Builder) -> Block:
        chain, plants = self.chain, self.chain.plants
        cost = np.zeros(len(chain.processes))
        known = ~np.isnan(chain.technologies.variable_cost)
        cost[chain.technologies.process[known]] = chain.technologies.variable_cost[known]
        process, place = plants.process[self.plants], self.net.place[plants.site[self.plants]]
        columns = build.columns((self.plants.size,), cost=-cost[process], upper=plants.capacity[self.plants])
        recipe = net(exchanged(chain))[:, process].tocoo()
        material, plant = recipe.coords
        build.entries(self.laid.balance[material, place[plant], 0], columns[plant], recipe.data)
        return columns

    def read(self, found: Solution) -> Throughput:
        """The answer in tonnes and money."""
        trade, ways, laid, shape = self.net.trade, self.net.transport, self.laid, self.laid.balance.shape[:2]
        amount = trade.without_round_trips(found.x[laid.trade])
        wants, short = self.net.wants, found.x[laid.unmet]
        here = wants.place >= 0
        return Throughput(
            year=self.year,
            objective=found.objective,
            plants=self.plants,
            activity=found.x[self.activity],
            capacity=self.chain.plants.capacity[self.plants],
            capacity_value=np.maximum(found.reduced_cost[self.activity], 0),
            bought=_sums(shape, trade.material, trade.place, np.where(trade.sells, 0, amount)),
            sold=_sums(shape, trade.material, trade.place, np.where(trade.sells, amount, 0)),
            surplus=self.program.above(found.x, ROUNDING)[laid.balance[:, :, 0]],
            unmet=_sums(shape, wants.material[here], wants.place[here], short[here]),
            unmet_anywhere=np.bincount(wants.material[~here], short[~here], shape[0]).astype(np.float64),
            price=np.maximum(-found.row_dual[laid.balance[:, :, 0]], 0) + 0.0,
            shipments=found.x[laid.transport],
            market_value=_values(len(self.chain.markets), shared(found, laid.trade, laid.market_limit, trade.row, trade.limit, 1.0)),
            route_value=_values(len(self.chain.routes), shared(found, laid.transport, laid.route_limit, ways.row, ways.limit, ways.weight)),
            network=self.net,
            residual=found.residual,
        )

    def free_money(self) -> Ints:
        """The way round in which money comes from nothing: columns of trade that move."""
        program = self.program
        # Whatever has a limit is taken out and whatever has none may be one: what still earns is the loop.
        endless = np.isinf(program.upper)
        box = replace(
            program,
            upper=np.where(endless, 1.0, 0.0),
            row_lower=np.where(np.isfinite(program.row_lower), 0.0, -np.inf),
            row_upper=np.where(np.isfinite(program.row_upper), 0.0, np.inf),
        )
        found = solve(box)
        return np.flatnonzero(found.x[self.laid.trade] > 1e-9)

    def most(self) -> Unmet:
        """The most of each firm demand there could be, each asked for alone."""
        wants = self.net.wants
        firm = np.flatnonzero(np.isnan(wants.penalty))
        upper = self.program.upper.copy()
        upper[self.laid.unmet[firm]] = wants.amount[firm]
        session = Session(replace(self.program, cost=np.zeros(upper.size), upper=upper))
        most = np.zeros(firm.size)
        for at, column in enumerate(self.laid.unmet[firm]):
            session.costs(np.array([column]), np.array([-1.0]))
            most[at] = wants.amount[firm[at]] - session.solve().x[column]
            session.costs(np.array([column]), np.array([0.0]))
        return Unmet(demand=wants.row[firm], amount=wants.amount[firm], most=np.maximum(most, 0.0))


SIDES = {"buys": False, "sells": True}


def endless(code: str, chain: Chain, net: Network, moving: Ints, runs: str = "") -> InputError:
    """The refusal of what earns without end: what is bought and sold on the way, with its site, and the market it begins at."""
    trade, names, sites = net.trade, chain.materials.id, chain.sites.id

    def deal(at: int) -> str:
        site = int(net.sites[trade.place[at]])
        return f"{names[trade.material[at]]} ({sites[site]})" if site >= 0 else str(names[trade.material[at]])

    values = {side: listed(deal(at) for at in moving if trade.sells[at] == sells) for side, sells in SIDES.items()}
    first = moving[np.argsort(trade.sells[moving], kind="stable")][:1].tolist()
    file, row = chain.markets.stands(int(trade.row[first[0]])) if first else (None, None)
    return InputError(code, {**values, "runs": runs}, file=file, row=row, column="price" if first else None)


def listed(names: Iterable[str]) -> str:
    """Names of a way round, each once; a dash where there are none."""
    return ", ".join(dict.fromkeys(names)) or "–"


def _sums(shape: tuple[int, int], material: Ints, place: Ints, amount: Floats) -> Floats:
    total = np.zeros(shape)
    np.add.at(total, (material, place), amount)
    return total


def shared(found: Solution, columns: Ints, rows: Ints, owner: Ints, limit: Floats, weight: Floats | float) -> tuple[Ints, Floats, Floats]:
    """Owners of limits, their limits and what one more of each is worth.

    Limits that several columns share stand in a row of the program; one that binds a single column is its bound.
    """
    bound: Bools = np.isfinite(limit)
    owners, first = np.unique(owner[bound], return_index=True)
    at = np.flatnonzero(bound)[first]
    alone = found.reduced_cost[columns[at]] / np.broadcast_to(weight, columns.shape)[at]
    value = np.where(rows[at] < 0, alone, found.row_dual[rows[at]] if len(found.row_dual) else 0.0)
    return owners, limit[at], np.maximum(value, 0)


def _values(size: int, worth: tuple[Ints, Floats, Floats]) -> Floats:
    """Worth of one more of each limit, by its row in the chain."""
    values = np.zeros(size)
    values[worth[0]] = worth[2]
    return values
