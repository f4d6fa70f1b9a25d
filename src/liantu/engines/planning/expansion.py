"""What to build, where and when. Owns: PlanOptions, Plan, Infeasible, expand. Never: how the program is put together or solved.

Prices and values of limits are in money of their own year, not discounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from liantu.engines.planning.aims import Aim
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.network import Network
from liantu.engines.planning.relax import Short, shortfalls, ways_of_endless
from liantu.engines.planning.rolling import Windows, roll
from liantu.engines.planning.solver import Solution, SolverOptions, Status
from liantu.engines.planning.stands import Build, Stands, check_fixed, stands, terms
from liantu.engines.planning.whole import settle
from liantu.errors import InputError, SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

# A surplus that is less than this share of all that comes and goes there is rounding.
TINY = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What is asked of a plan.

    Attributes
    ----------
    first, last : int
        Calendar years.
    rate : float
        Discount rate, also of the capital charge.
    blocks : bool
        Builds in whole blocks, of the least size or more, with fixed charges: a program with whole numbers.
    budget : float
        Most investment begun in a year, infinite for none.
    fixed, forbidden : tuple
        Builds that are signed; (process, site) where nothing new may come.
    sites : tuple of int, optional
        Sites that may be built upon; by default counties, parks and places.
    aims : tuple of Aim
        Targets that must be met.
    window, step : int
        Years looked ahead and years then kept; 0 for all at once.
    """

    first: int
    last: int
    rate: float = 0.08
    blocks: bool = False
    budget: float = np.inf
    fixed: tuple[Build, ...] = ()
    forbidden: tuple[tuple[int, int], ...] = ()
    sites: tuple[int, ...] | None = None
    aims: tuple[Aim, ...] = ()
    window: int = 0
    step: int = 0
    solver: SolverOptions = field(default_factory=SolverOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit in each year (rows × years): of a site, or at −1 of all; what it allows, what is used, what one more is worth.

    ``of`` is the market row of a market limit, −1 otherwise.
    """

    kind: str
    site: Ints
    of: Ints
    used: Floats
    available: Floats
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan.

    Attributes
    ----------
    objective, bound : float
        Discounted to the first year; the best possible is at most ``bound``.
    gap : float
        (bound − objective) ÷ |objective|, proven; both are NaN for a plan made in windows.
    stands : Stands
        ``activity`` and ``capacity`` (stands × years) are in its order.
    built : float array (stands × years)
        Capacity begun in each year; ``ready`` the year it runs from.
    bought, sold, surplus, unmet, price : float array (materials × places × years)
    unmet_anywhere : float array (materials × years)
        What is not met of demands that name no site, where sites do not pool.
    shipments : float array
        Amount on each transport column of ``network``.
    money : mapping
        The parts of the objective: ``sales``, ``purchases``, ``running``, ``freight``, ``unmet``, ``building``.
    """

    years: Ints
    objective: float
    money: Mapping[str, float]
    bound: float
    gap: float
    status: Status
    stands: Stands
    activity: Floats
    capacity: Floats
    built: Floats
    wait: Ints
    limits: tuple[Limit, ...]
    bought: Floats
    sold: Floats
    surplus: Floats
    unmet: Floats
    unmet_anywhere: Floats
    price: Floats
    shipments: Floats
    network: Network
    residual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasible:
    """No plan keeps all that is asked: by how much the asked falls short at the least, all together."""

    years: Ints
    short: tuple[Short, ...]


def expand(chain: Chain, options: PlanOptions) -> Plan | Infeasible:
    """What to build, where and when, for the most discounted money.

    Returns
    -------
    Plan
        The best plan, or the best one found in the time with its proven gap; `Infeasible` if there is none.

    Raises
    ------
    InputError
        ``years-order``, ``nothing-to-build``, the ``fix-…`` of fixed builds, ``plan-endless`` if something earns without
        limit, ``size-endless``, ``currencies``.
    SolveError
        ``time-limit`` if no plan was found in the time.
    """
    case = horizon(chain, options)
    found = answer(case, settle(case, options.solver), options.solver)
    # Given the builds of the windows the years are solved exactly; how far these are from the best builds nobody knows.
    return replace(found, gap=np.nan, bound=np.nan) if case.choices.settled and isinstance(found, Plan) else found


def horizon(chain: Chain, options: PlanOptions) -> Horizon:
    """What is asked as a program; with windows their builds are decided first.

    Raises
    ------
    InputError
        As of `expand`.
    """
    if options.last < options.first:
        raise InputError("years-order", {"first": str(options.first), "last": str(options.last)})
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    here = stands(chain, years, of, sites=options.sites, forbidden=options.forbidden)
    check_fixed(chain, here, of, years, options.fixed, options.forbidden, blocks=options.blocks)
    if options.fixed == () and here.can_build.any() and of.wait[here.process[here.can_build]].min() >= years.size:
        raise InputError("horizon-short", {"years": str(years.size), "least": str(of.wait[here.process[here.can_build]].min() + 1)})
    choices = Choices(rate=options.rate, integer=options.blocks, budget=options.budget, fixed=options.fixed, aims=options.aims)
    if 0 < options.window < years.size:
        windows = Windows(ahead=options.window, step=options.step, sites=options.sites, forbidden=options.forbidden)
        choices = roll(chain, years, of, choices, windows, options.solver)
    return Horizon(chain, years, of, here, choices)


def answer(case: Horizon, found: Solution, solver: SolverOptions) -> Plan | Infeasible:
    """What a solution means, or why there is none.

    Raises
    ------
    InputError, SolveError
        ``plan-endless``, ``time-limit``.
    """
    if found.status is Status.UNBOUNDED:
        raise ways_of_endless(case)
    if found.status is Status.INFEASIBLE:
        return Infeasible(years=case.years, short=shortfalls(case))
    if not np.isfinite(found.objective):
        raise SolveError("time-limit", {"seconds": solver.time_limit_s})
    return _read(case, found)


def _read(case: Horizon, found: Solution) -> Plan:
    here, laid = case.here, case.laid
    x = found.x.copy()
    x[laid.trade] = case.net.trade.without_round_trips(found.x[laid.trade])
    trade, wants, shape = case.net.trade, case.net.wants, laid.balance.shape
    capacity, built = here.existing.copy(), np.zeros(here.existing.shape)
    capacity[case.open], built[case.open] = x[case.capacity], case.begun(x)
    sited, short = wants.place >= 0, x[laid.unmet]
    amount = x[laid.trade]
    at = (trade.material, trade.place, trade.year)
    return Plan(
        years=case.years,
        objective=found.objective,
        money=_money(case, x),
        bound=found.objective + found.gap * abs(found.objective),
        gap=found.gap,
        status=found.status,
        stands=here,
        activity=x[case.activity],
        capacity=capacity,
        built=built,
        wait=case.of.wait[here.process],
        limits=(*_site_limits(case, found), *_budget(case, found), *_markets(case, found, x)),
        bought=_sums(shape, at, np.where(trade.sells, 0, amount)),
        sold=_sums(shape, at, np.where(trade.sells, amount, 0)),
        surplus=case.program.above(x, TINY)[laid.balance],
        unmet=_sums(shape, (wants.material[sited], wants.place[sited], wants.year[sited]), short[sited]),
        unmet_anywhere=_sums((shape[0], shape[2]), (wants.material[~sited], wants.year[~sited]), short[~sited]),
        price=np.maximum(-found.row_dual[laid.balance] / case.worth, 0) + 0.0,
        shipments=x[laid.transport],
        network=case.net,
        residual=found.residual,
    )


def _money(case: Horizon, x: Floats) -> dict[str, float]:
    """Discounted money of each kind; what is neither traded, run, shipped nor owed is what building costs."""
    gains, laid, sells = case.program.cost * x, case.laid, case.net.trade.sells
    parts = {"sales": laid.trade[sells], "purchases": laid.trade[~sells], "running": case.activity, "freight": laid.transport}
    money = {name: float(gains[columns].sum()) for name, columns in {**parts, "unmet": laid.unmet}.items()}
    return {**money, "building": float(gains.sum()) - sum(money.values())}


def _site_limits(case: Horizon, found: Solution) -> list[Limit]:
    used = case.program.matrix @ found.x
    return [
        Limit(
            kind=limit.kind,
            site=limit.site,
            of=np.full(limit.site.size, -1),
            used=used[limit.row],
            available=limit.available,
            value=np.maximum(found.row_dual[limit.row] / case.worth, 0) + 0.0,
        )
        for limit in case.limits
    ]


def _budget(case: Horizon, found: Solution) -> list[Limit]:
    if not case.budget.size:
        return []
    used, nobody = (case.program.matrix @ found.x)[case.budget], np.array([-1])
    value = np.maximum(found.row_dual[case.budget] / case.worth, 0) + 0.0
    available = np.full((1, case.years.size), case.choices.budget)
    return [Limit(kind="budget", site=nobody, of=nobody, used=used[None], available=available, value=value[None])]


def _markets(case: Horizon, found: Solution, x: Floats) -> list[Limit]:
    """Markets with a limit, over all places they are open to."""
    trade, shape = case.net.trade, (len(case.chain.markets), case.years.size)
    used, value = np.zeros(shape), np.zeros(shape)
    np.add.at(used, (trade.row, trade.year), x[case.laid.trade])
    shared = case.laid.market_limit >= 0
    own = np.where(
        shared, found.row_dual[np.maximum(case.laid.market_limit, 0)] if shared.any() else 0.0, found.reduced_cost[case.laid.trade]
    )
    value[trade.row, trade.year] = np.maximum(own / case.worth[trade.year], 0)
    available = np.full(shape, np.inf)
    available[trade.row, trade.year] = trade.limit
    limited = np.flatnonzero(np.isfinite(available).any(axis=1))
    site = case.chain.markets.site[limited]
    return [Limit(kind="market", site=site, of=limited, used=used[limited], available=available[limited], value=value[limited] + 0.0)]


def _sums(shape: tuple[int, ...], at: tuple[Ints, ...], amount: Floats) -> Floats:
    total = np.zeros(shape)
    np.add.at(total, at, amount)
    return total
