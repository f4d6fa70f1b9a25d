"""Which process may stand where over the years of a plan, what is there already and what building costs.
Owns: Terms, Build, Stands. Never: a program, a solver.

A stand is a process at a site: the plants of one process at one site count together. It may be built upon if the process
has a technology with a known investment, is no mere use of goods, and the zone of the site is one of its zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import in_stage
from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints
from liantu.words import Value

BUILDABLE = ("county", "park", "place", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """So much capacity of a process at a site, begun in a year; all positions but the year."""

    process: int
    site: int
    year: int
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What each process costs to build and run, by process.

    Attributes
    ----------
    capex, fixed_charge : float array
        Once per unit of yearly capacity, and once per stand.
    charge : float array
        Capital and fixed cost per unit of capacity and year: capex × annuity + fixed cost.
    variable : float array
        Per unit of activity.
    wait, life : int array
        Whole years from the decision to running, and of running.
    least, most, block : float array
        Sizes; 0, infinite and 0 where blank.
    land, power, water : float array
        Per unit of yearly capacity.
    known : bool array
        Whether it can be built at all.
    """

    capex: Floats
    fixed_charge: Floats
    charge: Floats
    variable: Floats
    wait: Ints
    life: Ints
    least: Floats
    most: Floats
    block: Floats
    land: Floats
    power: Floats
    water: Floats
    known: Bools


def annuity(life: Floats, rate: float) -> Floats:
    """The equal yearly payment, at the end of each of ``life`` years, that is worth 1 today."""
    if rate == 0:
        return 1 / life
    return np.asarray(rate / -np.expm1(-life * np.log1p(rate)), dtype=np.float64)


def terms(chain: Chain, rate: float) -> Terms:
    """The technologies by process; what is blank costs nothing, a blank investment or lifetime cannot be built."""
    rows, size = chain.technologies, len(chain.processes)

    def of(column: Floats, blank: float = 0.0) -> Floats:
        values = np.full(size, blank)
        values[rows.process] = np.where(np.isnan(column), blank, column)
        return values

    capex, life = of(rows.capex, np.nan), of(rows.lifetime, np.nan)
    known = ~np.isnan(capex) & (life > 0) & ~in_stage(chain, "use")
    years = np.maximum(np.round(np.where(known, life, 1.0)), 1.0)
    most = of(rows.max_size, np.inf)
    return Terms(
        capex=np.nan_to_num(capex),
        fixed_charge=of(rows.fixed_charge),
        charge=np.nan_to_num(capex) * annuity(years, rate) + of(rows.fixed_cost),
        variable=of(rows.variable_cost),
        wait=np.ceil(of(rows.build_years) - 1e-9).astype(np.intp),
        life=years.astype(np.intp),
        least=of(rows.min_size),
        most=most,
        block=of(rows.block_size),
        land=of(rows.land_mu),
        power=of(rows.power_mw),
        water=of(rows.water_m3_d),
        known=known,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Processes at sites, in order of site and process.

    Attributes
    ----------
    existing : float array (stands × years)
        Capacity of the plants that run, or will by their dates, and of builds already decided.
    most : float array (stands × years)
        Most capacity there may be.
    can_build : bool array (stands)
    """

    process: Ints
    site: Ints
    existing: Floats
    most: Floats
    can_build: Bools

    def __len__(self) -> int:
        return len(self.process)

    def find(self, process: int, site: int) -> int:
        """Position of a stand, −1 if there is none."""
        at = np.flatnonzero((self.process == process) & (self.site == site))
        return int(at[0]) if at.size else -1


def stands(
    chain: Chain,
    years: Ints,
    of: Terms,
    *,
    sites: Iterable[int] | None = None,
    forbidden: Iterable[tuple[int, int]] = (),
    past: Iterable[Build] = (),
) -> Stands:
    """Every stand with capacity or room for it.

    Parameters
    ----------
    sites : iterable of int, optional
        Sites that may be built upon; by default counties, parks and places.
    forbidden : iterable of (process, site)
        Where nothing new may come.
    past : iterable of Build
        Decided before: they run from when they are ready until they are worn out.
    """
    allowed = _allowed(chain, of, sites)
    for closed in forbidden:
        allowed[closed] = False
    existing = _existing(chain, years, of, past)
    held = (existing > 0).any(axis=2)
    site, process = np.nonzero((allowed | held).T)
    here = existing[process, site]
    return Stands(
        process=process,
        site=site,
        existing=here,
        most=np.maximum(of.most[process][:, None], here),
        can_build=allowed[process, site],
    )


def _allowed(chain: Chain, of: Terms, sites: Iterable[int] | None) -> Bools:
    """Processes × sites that may be built upon."""
    places = np.isin(chain.sites.kind, BUILDABLE)
    if sites is not None:
        chosen = np.zeros(len(chain.sites), dtype=np.bool_)
        chosen[list(sites)] = True
        places = chosen
    allowed = of.known[:, None] & places
    zones = {zone: at for at, zone in enumerate(dict.fromkeys(chain.sites.zone))}
    zone = np.array([zones[name] for name in chain.sites.zone], dtype=np.intp)
    fits = np.ones((len(chain.processes), len(zones)), dtype=np.bool_)
    for process, names in zip(chain.technologies.process.tolist(), chain.technologies.zones, strict=True):
        if names:
            fits[process] = False
            fits[process, [zones[name] for name in names if name in zones]] = True
    return allowed & fits[:, zone]


def _existing(chain: Chain, years: Ints, of: Terms, past: Iterable[Build]) -> Floats:
    plants = chain.plants
    capacity = np.zeros((len(chain.processes), len(chain.sites), years.size))
    running = np.array([chain.running(int(year)) for year in years]).T
    np.add.at(capacity, (plants.process, plants.site), plants.capacity[:, None] * running)
    for one in past:
        ready = one.year + int(of.wait[one.process])
        runs = (years >= ready) & (years < ready + int(of.life[one.process]))
        capacity[one.process, one.site] += one.capacity * runs
    return capacity


def unknown_zones(chain: Chain) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Zones that technologies ask for and no site has, each with the processes that can stand nowhere for it."""
    have = set(chain.sites.zone)
    nowhere: dict[str, list[int]] = {}
    for process, names in zip(chain.technologies.process.tolist(), chain.technologies.zones, strict=True):
        if names and not have & set(names):
            for name in names:
                nowhere.setdefault(name, []).append(process)
    return ((zone, tuple(processes)) for zone, processes in nowhere.items())


def check_fixed(
    chain: Chain, here: Stands, of: Terms, years: Ints, fixed: Iterable[Build], forbidden: Iterable[tuple[int, int]], *, blocks: bool
) -> None:
    """Refuse fixed builds that cannot be.

    Raises
    ------
    InputError
        ``fix-forbidden``, ``fix-nowhere``, ``fix-late``, ``fix-large``, or ``fix-whole`` with ``blocks``.
    """
    closed, begun = set(forbidden), dict[int, Floats]()
    for one in fixed:
        named = {"process": chain.processes.id[one.process], "site": chain.sites.id[one.site], "year": str(one.year)}
        if (one.process, one.site) in closed:
            raise InputError("fix-forbidden", named)
        at = here.find(one.process, one.site)
        if at < 0 or not here.can_build[at]:
            raise InputError("fix-nowhere", {**named, "zone": chain.sites.zone[one.site] or "–"})
        ready = one.year + int(of.wait[one.process])
        if one.year < years[0] or ready > years[-1]:
            raise InputError("fix-late", {**named, "ready": str(ready), "first": str(years[0]), "last": str(years[-1])})
        begun.setdefault(at, np.zeros(years.size))[one.year - int(years[0])] += one.capacity
        amount = begun[at]
        _fits(here, of, at, amount, "fix-large", {**named, "amount": float(amount.sum())})
        if blocks:
            whole = whole_builds(of, np.array([one.process]), amount[None])[0]
            _fits(here, of, at, whole, "fix-whole", {**named, "amount": float(amount.sum()), "whole": float(whole.sum())})


def _fits(here: Stands, of: Terms, at: int, begun: Floats, code: str, said: Mapping[str, Value]) -> None:
    """Refuse builds of a stand that together are more than there is room for in some year."""
    process, many = int(here.process[at]), begun.size
    wait, life = int(of.wait[process]), int(of.life[process])
    standing = np.convolve(begun, np.ones(life))[: many - wait]
    room = (here.most[at] - here.existing[at])[wait:]
    over = np.flatnonzero(standing > room * (1 + 1e-9))
    if over.size:
        raise InputError(code, {**said, "room": float(room[over[0]])})


def whole_builds(of: Terms, process: Ints, begun: Floats) -> Floats:
    """Builds (processes × years) in whole blocks and of the least size or more, none smaller than it was."""
    block, least = of.block[process][:, None], of.least[process][:, None]
    whole = np.where(begun > 0, np.maximum(begun, least), 0.0)
    blocks = np.ceil(np.divide(whole, block, out=np.zeros_like(whole), where=block > 0) - 1e-9)
    return np.where(block > 0, blocks * block, whole)
