"""Which process may come to which site, in which step, and how large it may be there. Owns: Siting, Stop, siting.
Never: a program, what it is worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy import sparse

from liantu.engines.matrices import exchanged, in_stage, net, reached
from liantu.engines.planning.stands import BUILDABLE, Terms
from liantu.engines.planning.throughput import Throughput
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints


class Stop(IntEnum):
    """What keeps a process away from a site, or ends its size there."""

    NONE = 0
    SIZE = 1
    LAND = 2
    POWER = 3
    WATER = 4
    CAPITAL = 5
    ZONE = 6
    INPUT = 7
    PASSING = 8


class StepFrom(IntEnum):
    """Where the size of one step comes from."""

    MIN_SIZE = 0
    BLOCK = 1
    PLANT = 2
    UNIT = 3


SITE_LIMITS = (Stop.LAND, Stop.POWER, Stop.WATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Siting:
    """Processes × sites.

    Attributes
    ----------
    step, step_from : array (processes)
        The size asked about, and where it comes from (`StepFrom`).
    stop : int array (processes × sites)
        Why a process may not come to a site (`Stop`); `Stop.NONE` where it may.
    short : float array (processes × sites)
        How much land (mu), power (MW), water (m³/d) or capital is lacking for one step.
    room : float array (processes × sites)
        Largest size there; ``ends`` says what sets it (`Stop.NONE`: nothing).
    need : float array (3 × processes), free : float array (3 × sites)
        Land, power and water one unit of capacity takes, and what is left at each site; NaN where no limit is stated.
    """

    step: Floats
    step_from: Ints
    stop: Ints
    short: Floats
    room: Floats
    ends: Ints
    need: Floats
    free: Floats


def siting(chain: Chain, base: Throughput, of: Terms, *, capital: float) -> Siting:
    """Sites for each process, with what the plants of the year leave over.

    Land is taken by capacity; power and water by what runs in the best use of the year.
    """
    step, step_from = _steps(chain, of)
    need = np.stack([of.land, of.power, of.water])
    free = _free(chain, base, need)
    # Stacked in the order of Stop: SIZE, LAND, POWER, WATER, CAPITAL.
    site_rooms = [_room(free[at], need[at]) for at in range(len(SITE_LIMITS))]
    money = np.where(of.capex > 0, (capital - of.fixed_charge) / np.where(of.capex > 0, of.capex, 1), np.inf)
    shape = (len(chain.processes), len(chain.sites))
    rooms = np.stack([np.broadcast_to(one, shape) for one in (of.most[:, None], *site_rooms, np.maximum(money, 0)[:, None])])
    ends = np.argmin(rooms, axis=0)
    room = np.take_along_axis(rooms, ends[None], axis=0)[0]
    ends = np.where(np.isfinite(room), ends + Stop.SIZE, Stop.NONE)
    per_unit = np.concatenate([np.ones((1, shape[0])), need, of.capex[None]])[ends - Stop.SIZE, np.arange(shape[0])[:, None]]
    lacking = room < step[:, None] * (1 - 1e-9)
    stop = np.where(lacking, ends, Stop.NONE)
    stop = np.where(_zoned(chain), stop, Stop.ZONE)
    return Siting(
        step=step,
        step_from=step_from,
        stop=stop,
        short=np.where(lacking, (step[:, None] - np.where(lacking, room, 0)) * per_unit, 0.0),
        room=room,
        ends=ends,
        need=need,
        free=free,
    )


def serving(chain: Chain, materials: Iterable[int]) -> Bools:
    """Processes whose product goes into these materials, through any number of recipes but through no use, or is one of them.

    By-products count only where what arises is treated: recycling serves what it hands on.
    """
    recipe, many = net(exchanged(chain)).tocoo(), (len(chain.processes), len(chain.materials))
    material, process = recipe.coords
    ones, product = np.ones(recipe.nnz), chain.processes.product[process] == material
    main = (recipe.data > 0) & (product | chain.treats[process])
    takes = (recipe.data < 0) & ~in_stage(chain, "use")[process]
    made, taken = (sparse.csr_array((ones[on], (process[on], material[on])), shape=many) for on in (main, takes))
    wanted = np.isin(np.arange(many[1]), list(materials))
    return reached(sparse.csc_array(made @ taken.T), made @ wanted > 0)


def candidates(chain: Chain) -> Ints:
    """Processes that turn something into something else: all but uses of goods."""
    return np.flatnonzero(~in_stage(chain, "use"))


def may_hold_plants(chain: Chain) -> Bools:
    """Which sites may hold plants: counties, parks and places."""
    return np.isin(chain.sites.kind, BUILDABLE)


def passing(chain: Chain) -> Bools:
    """Processes with nothing to build: a technology that states an investment, fixed cost and land of zero."""
    rows = chain.technologies
    nothing = (rows.capex == 0) & ~(rows.fixed_cost > 0) & ~(rows.fixed_charge > 0) & ~(rows.land_mu > 0) & ~(rows.min_size > 0)
    found = np.zeros(len(chain.processes), dtype=np.bool_)
    found[rows.process[nothing]] = True
    return found


def _steps(chain: Chain, of: Terms) -> tuple[Floats, Ints]:
    """The smallest size, else the block, else the typical plant there is, else one unit; never beyond the largest size."""
    step, origin = np.ones(len(chain.processes)), np.full(len(chain.processes), StepFrom.UNIT, dtype=np.intp)
    open_ = (chain.plants.capacity > 0) & (chain.plants.status != "closed")
    process, capacity = chain.plants.process[open_], chain.plants.capacity[open_]
    for one in np.unique(process):
        step[one], origin[one] = np.median(capacity[process == one]), StepFrom.PLANT
    for sizes, source in ((of.block, StepFrom.BLOCK), (of.least, StepFrom.MIN_SIZE)):
        step, origin = np.where(sizes > 0, sizes, step), np.where(sizes > 0, source, origin)
    return np.minimum(step, of.most), origin


def _free(chain: Chain, base: Throughput, need: Floats) -> Floats:
    """Land, power and water left at each site; NaN where none is stated."""
    plants, sites = chain.plants, chain.sites
    process, site = plants.process[base.plants], plants.site[base.plants]
    free = []
    for stated, per_unit, runs in zip(
        (sites.land_mu, sites.power_mw, sites.water_m3_d), need, (base.capacity, base.activity, base.activity), strict=True
    ):
        used = np.bincount(site, per_unit[process] * runs, len(sites))
        free.append(np.maximum(stated - used, 0))
    return np.stack(free)


def _room(free: Floats, need: Floats) -> Floats:
    """Units of capacity that fit: processes × sites."""
    binds = (need > 0)[:, None] & ~np.isnan(free)
    return np.where(binds, np.nan_to_num(free) / np.where(need > 0, need, 1)[:, None], np.inf)


def _zoned(chain: Chain) -> Bools:
    """Processes × sites whose zone is one of those the process may stand in; blank zones of a process are all."""
    fits = np.ones((len(chain.processes), len(chain.sites)), dtype=np.bool_)
    zone = np.array(chain.sites.zone, dtype=np.str_)
    for process, zones in zip(chain.technologies.process.tolist(), chain.technologies.zones, strict=True):
        if zones:
            fits[process] = np.isin(zone, zones)
    return fits
