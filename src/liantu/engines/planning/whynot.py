"""Why a wish cannot be had: the most of it that can, and an exact split of what stops it. Owns: why_not, WhyNot.
Never: words, building.

The wish itself is maximised, whatever it costs, under everything that binds a year: plants, markets, routes, firm
demands. By strong duality the most is exactly the sum of what each limit accounts for. Processes without a plant stand
in the program with no capacity, so that what is missing shows its worth too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.engines.matrices import in_stage
from liantu.engines.planning.limits import Kind, Limits, limits
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Solution, SolverOptions, Status, solve
from liantu.engines.planning.throughput import Case, Unmet
from liantu.engines.planning.worth import widened
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

# Parts that should add up to the most may miss it by this share.
EXACT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The most of a wish and what stops it.

    Attributes
    ----------
    amount : float array (materials)
        What is wished for in a year.
    share : float
        Most that can be had, as a share of the wish, all its materials in proportion; infinite if nothing limits it.
    limits : Limits
        Everything that binds; a value is in shares of the wish per unit, and the parts add up to ``share``.
    missing_process, missing_place : int array
        Processes without a plant of which one unit would bring the wish nearer, most first, ``missing_value`` each.
    lacking : int array
        Materials no plant here makes and no market sells of which one unit would bring the wish nearer, most first,
        ``lacking_value`` each.
    sites : int array (places)
        Site of each place; −1 for the pool of all.
    bought : float array (materials)
        How much of the wish would be bought and not made.
    """

    year: int
    amount: Floats
    share: float
    limits: Limits
    missing_process: Ints
    missing_place: Ints
    missing_value: Floats
    lacking: Ints
    lacking_value: Floats
    sites: Ints
    bought: Floats


def why_not(chain: Chain, year: int, wish: Floats, *, make: bool = False, options: SolverOptions | None = None) -> WhyNot | Unmet:
    """The most of a wish that can be had in a year, and what stops it.

    Parameters
    ----------
    wish : float array (materials)
        Amounts, above nothing for at least one.
    make : bool
        Whether the materials wished for have to be made: buying them does not count.

    Returns
    -------
    WhyNot
        Or `Unmet` if a firm demand cannot be met even without the wish.
    """
    case = Case(chain, year)
    idle = _idle(case)
    program = _wishing(case, wish, idle, make)
    found = solve(program, options)
    if found.status is Status.INFEASIBLE:
        return case.most()
    if found.status is Status.UNBOUNDED:
        return _endless(case, wish, year)
    if found.status is not Status.OPTIMAL:
        raise SolveError("time-limit", {"seconds": (options or SolverOptions()).time_limit_s})
    return _read(case, program, found, idle, wish, make)


def _read(case: Case, program: Program, found: Solution, idle: tuple[Ints, Ints], wish: Floats, make: bool) -> WhyNot:
    worth = np.maximum(found.reduced_cost[case.program.cost.size :][: idle[0].size], 0)
    missing = _descending(worth)
    price = np.maximum(-found.row_dual[case.laid.balance[:, :, 0]], 0).max(axis=1)
    lacking = _descending(np.where(_to_be_had(case, program), 0, price))
    trade = case.net.trade
    buys = ~trade.sells & (wish[trade.material] > 0)
    bought = np.bincount(trade.material[buys], found.x[case.laid.trade[buys]], wish.size)
    return WhyNot(
        year=case.year,
        amount=wish,
        share=found.objective,
        limits=_binding(_split(case, found, wish, make)),
        missing_process=idle[0][missing],
        missing_place=idle[1][missing],
        missing_value=worth[missing],
        lacking=lacking,
        lacking_value=price[lacking],
        sites=case.net.sites,
        bought=np.minimum(bought, wish * found.objective),
    )


def _descending(values: Floats) -> Ints:
    """Positions of what is above nothing, most first."""
    counts = np.flatnonzero(values > 1e-12)
    return counts[np.argsort(-values[counts], kind="stable")]


def _split(case: Case, found: Solution, wish: Floats, make: bool) -> Limits:
    """The limits and their values, once their parts have been seen to add up to the most.

    Raises
    ------
    SolveError
        ``solver-residual`` if they do not.
    """
    split, markets = limits(case, found), case.chain.markets
    if make:
        # A market shut for the wish has no say, whatever its limit.
        of_market = split.kind == Kind.MARKET
        shut = of_market.copy()
        rows = split.row[of_market]
        shut[of_market] = (wish[markets.material[rows]] > 0) & (markets.direction[rows] == "buy")
        split = replace(split, value=np.where(shut, 0.0, split.value))
    missed = abs(float(split.explains.sum()) - found.objective)
    if not missed <= EXACT * max(1.0, found.objective, float(np.abs(split.explains).max(initial=0))):
        raise SolveError("solver-residual", {"residual": missed})
    return split


def _binding(all_: Limits) -> Limits:
    """Those that account for something, most first."""
    some = np.flatnonzero(np.abs(all_.explains) > 1e-12 * np.abs(all_.explains).max(initial=0))
    at = some[np.argsort(-all_.explains[some], kind="stable")]
    return replace(all_, kind=all_.kind[at], row=all_.row[at], amount=all_.amount[at], value=all_.value[at])


def _to_be_had(case: Case, program: Program) -> Bools:
    """Materials that a plant with any capacity makes or that may be bought somewhere."""
    columns = np.concatenate([case.activity, case.laid.trade[~case.net.trade.sells]])
    open_ = columns[program.upper[columns] > 0]
    made = sparse.csc_array(program.matrix[:, open_] > 0).sum(axis=1)
    return np.asarray((np.asarray(made).ravel()[case.laid.balance[:, :, 0]] > 0).any(axis=1))


def _endless(case: Case, wish: Floats, year: int) -> WhyNot:
    none, nothing = np.zeros(0, dtype=np.intp), np.zeros(0)
    return WhyNot(
        year=year,
        amount=wish,
        share=np.inf,
        limits=Limits(kind=none, row=none, amount=nothing, value=nothing),
        missing_process=none,
        missing_place=none,
        missing_value=nothing,
        lacking=none,
        lacking_value=nothing,
        sites=case.net.sites,
        bought=np.zeros(len(case.chain.materials)),
    )


def _idle(case: Case) -> tuple[Ints, Ints]:
    """Processes and places without a plant that runs, uses of goods left out."""
    chain, plants = case.chain, case.chain.plants
    absent = np.ones((len(chain.processes), len(case.net.sites)), dtype=np.bool_)
    absent[plants.process[case.plants], case.net.place[plants.site[case.plants]]] = False
    absent[in_stage(chain, "use")] = False
    process, place = np.nonzero(absent)
    return process, place


def _wishing(case: Case, wish: Floats, idle: tuple[Ints, Ints], make: bool) -> Program:
    """The year's program that maximises the share of a wish, its last column.

    Columns are added for idle processes, for what is delivered of each material at each place and for the share; rows tie
    what is delivered to the share.
    """
    program, places = widened(case, *idle), len(case.net.sites)
    rows, columns = program.matrix.shape
    material = np.flatnonzero(wish > 0)
    given, tie = np.arange(material.size * places), np.repeat(np.arange(material.size), places)
    added = given.size + 1
    leaves = sparse.coo_array((np.full(given.size, -1.0), (case.laid.balance[material, :, 0].ravel(), given)), shape=(rows, added))
    arrives = sparse.coo_array((np.ones(given.size), (tie, given)), shape=(material.size, added))
    share = sparse.coo_array((-wish[material], (np.arange(material.size), np.full(material.size, given.size))), shape=arrives.shape)
    none = sparse.coo_array((material.size, columns))
    upper = program.upper.copy()
    if make:
        trade = case.net.trade
        upper[case.laid.trade[~trade.sells & (wish[trade.material] > 0)]] = 0.0
    tied = np.zeros(material.size)
    return Program(
        cost=np.concatenate([np.zeros(columns + given.size), [1.0]]),
        lower=np.concatenate([program.lower, np.zeros(added)]),
        upper=np.concatenate([upper, np.full(added, np.inf)]),
        row_lower=np.concatenate([program.row_lower, tied]),
        row_upper=np.concatenate([program.row_upper, tied]),
        matrix=sparse.csc_array(sparse.vstack([sparse.hstack([program.matrix, leaves]), sparse.hstack([none, arrives + share])])),
        integer=np.zeros(columns + added, dtype=np.bool_),
    )
