"""Which link should come next, where, and what it is worth. Owns: recruit, Recruit. Never: words, building over years.

For every process and site the worth of one stated step is the best use of the year with it less the best use without;
its cost is the capital annuity with the fixed cost of the step. What a site can bear cuts the size, not the worth, so
that sites of one place share the solves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.judging import Judge, Prospect
from liantu.engines.planning.pairs import Pair, pairs
from liantu.engines.planning.ranges import price_ranges
from liantu.engines.planning.siting import Siting, Stop, candidates, may_hold_plants, passing, serving, siting
from liantu.engines.planning.solver import SolverOptions
from liantu.engines.planning.stands import Terms, annuity, terms
from liantu.engines.planning.throughput import Throughput, Unmet, throughput
from liantu.engines.planning.worth import ROUNDING, Worth
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitOptions:
    """What is looked at, and what money costs.

    Attributes
    ----------
    rate : float
        Yearly rate at which an investment is spread over its life.
    stages : tuple of str
        Only processes of these stages; empty: of all.
    sites : tuple of int, optional
        Only these sites.
    zone : str
        Only sites of this zone; blank: of any.
    serves : tuple of int
        Only processes whose product goes into one of these materials; empty: all.
    capital : float
        Money there is for one link.
    """

    rate: float = 0.08
    stages: tuple[str, ...] = ()
    sites: tuple[int, ...] | None = None
    zone: str = ""
    serves: tuple[int, ...] = ()
    capital: float = np.inf
    solver: SolverOptions = field(default_factory=SolverOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """Links by net worth, best first, and what cannot be.

    Attributes
    ----------
    process, site, prospect : int array (links)
        ``prospect`` is a position in ``prospects``.
    cost, net, useful, payback : float array (links)
        Yearly cost of a step, worth less cost, size up to which it pays there, and years until the investment is earned
        back (infinite: never). NaN where the cost is not stated.
    excluded_process, excluded_site, reason, lacking : int array
        What cannot come where and why (`Stop`); the material that cannot be had for `Stop.INPUT`, else −1.
    short : float array
        How much land, power, water or capital is lacking there.
    """

    base: Throughput
    siting: Siting
    terms: Terms
    prospects: tuple[Prospect, ...]
    process: Ints
    site: Ints
    prospect: Ints
    cost: Floats
    net: Floats
    useful: Floats
    payback: Floats
    excluded_process: Ints
    excluded_site: Ints
    reason: Ints
    lacking: Ints
    short: Floats
    pairs: tuple[Pair, ...]
    capital: float


def recruit(chain: Chain, year: int, *, options: RecruitOptions | None = None) -> Recruit | Unmet:
    """Judge every process at every site that may take it.

    Returns
    -------
    Recruit
        Or `Unmet` if a firm demand cannot be met as it is.

    Raises
    ------
    InputError
        As `throughput` does.
    """
    asked = options or RecruitOptions()
    base = throughput(chain, year, options=asked.solver)
    if isinstance(base, Unmet):
        return base
    of = terms(chain, asked.rate)
    ground = siting(chain, base, of, capital=asked.capital)
    every = _field(chain, base, ground, asked)
    # A link that lacks only an input may still come together with who makes it.
    possible = every.looked & np.isin(every.stop, (Stop.NONE, Stop.INPUT))
    process, place = np.nonzero(_by_place(possible, base.network.place, len(base.network.sites)))
    worth = Worth(chain, year, process, place, options=asked.solver)
    room = _rooms(np.where(possible, ground.room, 0.0), base.network.place, process, place)
    judge = Judge(chain, worth, of, ground.step, price_ranges(chain, year), asked.rate)
    judged = {at: judge.prospect(at, float(room[at])) for at in np.argsort(place, kind="stable").tolist()}
    prospects = tuple(judged[at] for at in range(process.size))
    found = pairs(chain, worth, [one.curve for one in prospects], ground.step, of.charge, judge.standing, room)
    return _ranked(base, ground, of, judge, prospects, every, found, capital=asked.capital)


def neighbours(chain: Chain, base: Throughput, process: int) -> tuple[Ints, Ints]:
    """Materials a process takes that plants here make, dearest first, and plants that take what it makes."""
    recipe = net(exchanged(chain))
    running = base.plants[base.activity > 0]
    plants = recipe[:, chain.plants.process[running]].tocsc()
    own = recipe[:, [process]].toarray()[:, 0]
    made = np.asarray((plants > 0).sum(axis=1)).ravel() > 0
    uses = np.flatnonzero((own < 0) & made)
    uses = uses[np.argsort(own[uses] * base.price.max(axis=1)[uses], kind="stable")]
    serves = np.asarray((plants < 0).astype(np.float64).T @ (own > 0)).ravel() > 0
    return uses, running[serves & (chain.plants.process[running] != process)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Processes × sites: what is looked at, what stops it (`Stop`), and the input it could not have there (−1: none)."""

    looked: Bools
    stop: Ints
    lacking: Ints


def _ranked(
    base: Throughput,
    ground: Siting,
    of: Terms,
    judge: Judge,
    prospects: tuple[Prospect, ...],
    every: _Field,
    found: tuple[Pair, ...],
    *,
    capital: float,
) -> Recruit:
    """Links best first, those whose cost is not stated last; equal ones in the order of the tables."""
    looked, stop = every.looked, every.stop
    at = np.full((looked.shape[0], len(base.network.sites)), -1, dtype=np.intp)
    for number, one in enumerate(prospects):
        at[one.process, one.place] = number
    process, site = np.nonzero(looked & (stop == Stop.NONE))
    prospect = at[process, base.network.place[site]]
    value = np.array([one.value for one in prospects])[prospect]
    useful = np.minimum(np.array([one.pays_to for one in prospects])[prospect], ground.room[process, site])
    step = ground.step[process]
    cost = judge.charge[process] * step + judge.standing[process]
    invest = of.capex[process] * step + of.fixed_charge[process]
    # What is left of the worth once the fixed cost is paid pays the investment back.
    earns = value - (cost - invest * annuity(of.life[process].astype(np.float64), judge.rate))
    payback = np.divide(invest, earns, out=np.full(process.size, np.inf), where=earns > 0)
    earned = _tied(value - cost, ROUNDING * max(abs(base.objective), 1.0))
    order = np.argsort(-earned, kind="stable")
    out_process, out_site = np.nonzero(looked & (stop != Stop.NONE))
    return Recruit(
        base=base,
        siting=ground,
        terms=of,
        prospects=prospects,
        process=process[order],
        site=site[order],
        prospect=prospect[order],
        cost=cost[order],
        net=earned[order],
        useful=useful[order],
        payback=np.where(np.isnan(cost), np.nan, payback)[order],
        excluded_process=out_process,
        excluded_site=out_site,
        reason=stop[out_process, out_site],
        lacking=np.where(stop == Stop.INPUT, every.lacking, -1)[out_process, out_site],
        short=ground.short[out_process, out_site],
        pairs=found,
        capital=capital,
    )


def _tied(net: Floats, rounding: float) -> Floats:
    """Nets of which those that rounding alone tells apart are one."""
    order = np.argsort(-net, kind="stable")
    ordered = net[order]
    begins = np.append(True, ~(ordered[:-1] - ordered[1:] <= rounding))[: net.size]
    found = np.empty_like(net)
    found[order] = ordered[begins][np.cumsum(begins) - 1]
    return found


def _looked_at(chain: Chain, asked: RecruitOptions) -> Bools:
    """Processes × sites within the filters."""
    process = np.zeros(len(chain.processes), dtype=np.bool_)
    process[candidates(chain)] = True
    if asked.stages:
        process &= np.array([stage in asked.stages for stage in chain.processes.stage])
    if asked.serves:
        process &= serving(chain, asked.serves)
    site = may_hold_plants(chain)
    if asked.sites is not None:
        site &= np.isin(np.arange(len(chain.sites)), asked.sites)
    if asked.zone:
        site &= np.array([zone == asked.zone for zone in chain.sites.zone])
    return process[:, None] & site


def _field(chain: Chain, base: Throughput, ground: Siting, asked: RecruitOptions) -> _Field:
    """What is looked at and why some of it may not be."""
    recipe = net(exchanged(chain))
    missing = ~_obtainable(chain, base)
    takes = (recipe < 0).astype(np.float64)
    lacking = np.full((len(chain.processes), len(base.network.sites)), -1, dtype=np.intp)
    for place in range(len(base.network.sites)):
        rows, process = (takes.multiply(missing[:, place][:, None])).nonzero()
        lacking[process[::-1], place] = rows[::-1]
    lacking = lacking[:, base.network.place] if len(chain.sites) else lacking[:, :0]
    stop = np.where((ground.stop == Stop.NONE) & (lacking >= 0), Stop.INPUT, ground.stop)
    stop[passing(chain)] = Stop.PASSING
    return _Field(looked=_looked_at(chain, asked), stop=stop, lacking=lacking)


def _obtainable(chain: Chain, base: Throughput) -> Bools:
    """Materials × places: made there by a plant that runs, bought there, or brought there."""
    place, trade, ways = base.network.place, base.network.trade, base.network.transport
    recipe = net(exchanged(chain))
    able = base.plants[base.capacity > 0]
    material, plant = (recipe[:, chain.plants.process[able]] > 0).nonzero()
    had = np.zeros((len(chain.materials), len(base.network.sites)), dtype=np.bool_)
    had[material, place[chain.plants.site[able[plant]]]] = True
    buys = ~trade.sells & (trade.limit > 0)
    had[trade.material[buys], trade.place[buys]] = True
    had[ways.material[ways.limit > 0], ways.destination[ways.limit > 0]] = True
    return had


def _by_place(possible: Bools, place: Ints, places: int) -> Bools:
    found = np.zeros((possible.shape[0], places), dtype=np.bool_)
    np.logical_or.at(found.T, place, possible.T)
    return found


def _rooms(room: Floats, place: Ints, process: Ints, at: Ints) -> Floats:
    """Largest room among the sites of a place."""
    most = np.zeros((room.shape[0], int(place.max(initial=0)) + 1))
    np.maximum.at(most.T, place, room.T)
    return most[process, at]
