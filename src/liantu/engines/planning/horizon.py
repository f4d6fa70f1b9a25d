"""The program of building over several years, and where its columns and rows stand.
Owns: Choices, Horizon. Never: solving, reading what was found.

Maximise the discounted sum of sales − purchases − variable cost − freight − penalties − the yearly charge of what is
built, over activity x, capacity K and builds b of every stand and year:

    x ≤ K,   K[t] = K[t−1] + b[t−wait] − b[t−wait−life] + existing[t] − existing[t−1],   K ≤ most
    Σ land K ≤ land,   Σ power x ≤ power,   Σ water x ≤ water   at each site,   Σ capex b ≤ budget   in each year

The charge is paid in every year from coming on line to the end of life or of the plan, so no value is left over at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.aims import Aim, weights
from liantu.engines.planning.lay import Laid, lay
from liantu.engines.planning.network import Network, network
from liantu.engines.planning.program import Block, Builder, Program
from liantu.engines.planning.stands import Build, Stands, Terms, whole_builds
from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

SITE_LIMITS = ("land", "power", "water")
# Room that is less than this share of what stands there is none; builds are told from rounding by a larger one.
ROUNDING, TINY = 1e-9, 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be chosen beside the chain itself.

    Attributes
    ----------
    integer : bool
        Builds in whole blocks, of the least size or more, with their fixed charges.
    budget : float
        Most investment begun in a year.
    fixed : tuple of Build
        Builds that are signed: at least so much is begun in that year.
    settled : bool
        The fixed builds are all there is.
    """

    rate: float
    integer: bool = False
    budget: float = np.inf
    fixed: tuple[Build, ...] = ()
    settled: bool = False
    aims: tuple[Aim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimit:
    """One kind of limit at sites: its rows (sites × years), what it allows, and the need of each stand per unit.

    ``held`` are columns of given value, the need of the ``holders``: stands that can only shrink.
    """

    kind: str
    site: Ints
    row: Block
    available: Floats
    need: Floats
    on_capacity: bool
    holders: Ints
    held: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Columns that take whole numbers, and the open stands they belong to.

    Attributes
    ----------
    blocks, number : stands, and how many blocks each begins in each year
    leasts, begun : stands, and whether each begins something in each year
    charged, opened : stands, and whether each is ever built upon
    """

    blocks: Ints
    number: Block
    leasts: Ints
    begun: Block
    charged: Ints
    opened: Block


class Horizon:
    """A chain over years as a program."""

    def __init__(self, chain: Chain, years: Ints, of: Terms, here: Stands, choices: Choices) -> None:
        self.chain, self.years, self.of, self.here, self.choices = chain, years, of, here, choices
        self.worth: Floats = (1 + choices.rate) ** -np.arange(years.size, dtype=np.float64)
        self.net: Network = network(chain, years)
        self.open = np.flatnonzero(here.can_build)
        self.recipe = net(exchanged(chain))
        build = Builder()
        self.laid: Laid = lay(build, chain, self.net, self.worth)
        self.activity: Block = self._activity(build)
        self.capacity, self.built, self.within, self.stock = self._capacity(build)
        self.limits: tuple[SiteLimit, ...] = tuple(self._site_limits(build))
        self.budget: Block = self._budget(build)
        self.aimed: Block = self._aims(build)
        self.whole: Whole | None = self._whole(build) if choices.integer and not choices.settled else None
        self.program: Program = build.program()

    def _activity(self, build: Builder) -> Block:
        process, many = self.here.process, self.years.size
        cost = -self.of.variable[process][:, None] * self.worth
        upper = np.where(self.here.can_build[:, None], self.here.most, self.here.existing)
        columns = build.columns((process.size, many), cost=cost, upper=upper)
        recipe = self.recipe[:, process].tocoo()
        material, stand = recipe.coords
        place = self.net.place[self.here.site]
        build.entries(self.laid.balance[material, place[stand]], columns[stand], recipe.data[:, None])
        return columns

    def _capacity(self, build: Builder) -> tuple[Block, Block, Block, Block]:
        """Columns of capacity and builds of the stands that may be built upon, and their rows (open stands × years)."""
        process, shape = self.here.process[self.open], (self.open.size, self.years.size)
        existing = self.here.existing[self.open]
        capacity = build.columns(shape, upper=self.here.most[self.open])
        lower, upper = self._bounds(shape)
        built = build.columns(shape, cost=-self.charges(process), lower=lower, upper=upper)
        within = build.rows(shape, upper=0.0)
        build.entries(within, self.activity[self.open], 1.0)
        build.entries(within, capacity, -1.0)
        step = np.diff(existing, axis=1, prepend=0.0)
        stock = build.rows(shape, lower=step, upper=step)
        build.entries(stock, capacity, 1.0)
        build.entries(stock[:, 1:], capacity[:, :-1], -1.0)
        self._moves(build, stock, built, self.of.wait[process], -1.0)
        self._moves(build, stock, built, self.of.wait[process] + self.of.life[process], 1.0)
        return capacity, built, within, stock

    def _moves(self, build: Builder, stock: Block, built: Block, after: Ints, value: float) -> None:
        """A build changes the capacity so many years after it was begun."""
        if not after.size or after.min() >= self.years.size:
            return
        for lag in np.unique(after[after < self.years.size]).tolist():
            of = after == lag
            build.entries(stock[of, lag:], built[of, : self.years.size - lag], value)

    def charges(self, process: Ints) -> Floats:
        """Discounted charge of one unit begun in each year (stands × years)."""
        tail = np.append(np.cumsum(self.worth[::-1])[::-1], 0.0)
        many, begun = self.years.size, np.arange(self.years.size)
        ready = np.minimum(begun + self.of.wait[process][:, None], many)
        over = np.minimum(ready + self.of.life[process][:, None], many)
        charged: Floats = self.of.charge[process][:, None] * (tail[ready] - tail[over])
        return charged

    def _bounds(self, shape: tuple[int, int]) -> tuple[Floats, Floats]:
        """Builds that would be ready after the last year are none; fixed ones are at least what is signed."""
        lower = np.zeros(shape)
        at = {stand: row for row, stand in enumerate(self.open.tolist())}
        for one in self.choices.fixed:
            lower[at[self.here.find(one.process, one.site)], one.year - int(self.years[0])] += one.capacity
        if self.choices.settled:
            return lower, lower
        ready = np.arange(shape[1]) + self.of.wait[self.here.process[self.open]][:, None]
        return lower, np.where(ready < shape[1], np.inf, 0.0)

    def _site_limits(self, build: Builder) -> list[SiteLimit]:
        found = []
        for kind, available in zip(
            SITE_LIMITS, (self.chain.sites.land_mu, self.chain.sites.power_mw, self.chain.sites.water_m3_d), strict=True
        ):
            need = getattr(self.of, kind)[self.here.process]
            site = np.flatnonzero(~np.isnan(available))
            at = np.full(len(available), -1)
            at[site] = np.arange(site.size)
            bound = np.flatnonzero((at[self.here.site] >= 0) & (need > 0))
            allowed = np.repeat(available[site][:, None], self.years.size, axis=1)
            on_capacity = kind == "land"
            if on_capacity:
                # Land under plants that stand already is theirs, whatever the figure says.
                taken = np.zeros(allowed.shape)
                np.add.at(taken, at[self.here.site[bound]], need[bound][:, None] * self.here.existing[bound])
                allowed = np.maximum(allowed, taken)
            row = build.rows(allowed.shape, upper=allowed)
            holders = bound[~self.here.can_build[bound]] if on_capacity else bound[:0]
            held = self._hold(build, row, at, need, holders)
            if on_capacity:
                bound = bound[self.here.can_build[bound]]
            columns = self.capacity[np.searchsorted(self.open, bound)] if on_capacity else self.activity[bound]
            build.entries(row[at[self.here.site[bound]]], columns, need[bound][:, None])
            found.append(
                SiteLimit(kind=kind, site=site, row=row, available=allowed, need=need, on_capacity=on_capacity, holders=holders, held=held)
            )
        return found

    def _hold(self, build: Builder, row: Block, at: Ints, need: Floats, still: Ints) -> Block:
        """Stands that only shrink hold their land by a column of their own whose value is given."""
        held = build.columns((still.size, self.years.size), lower=self.here.existing[still], upper=self.here.existing[still])
        build.entries(row[at[self.here.site[still]]], held, need[still][:, None])
        return held

    def _budget(self, build: Builder) -> Block:
        if not np.isfinite(self.choices.budget):
            return np.zeros(0, dtype=np.intp)
        row = build.rows((self.years.size,), upper=self.choices.budget)
        build.entries(row, self.built, self.of.capex[self.here.process[self.open]][:, None])
        return row

    def _aims(self, build: Builder) -> Block:
        """Rows of the targets (targets × years), free in the years before they hold."""
        aims, trade, sides = self.choices.aims, self.net.trade, exchanged(self.chain)
        start = np.array([-np.inf if aim.start is None else aim.start for aim in aims]).reshape(-1, 1)
        row = build.rows((len(aims), self.years.size), lower=np.where(self.years >= start, 0.0, -np.inf))
        for at, aim in enumerate(aims):
            of = weights(self.chain, sides, aim)
            counted = np.flatnonzero(of.process[self.here.process])
            build.entries(row[at], self.activity[counted], of.process[self.here.process[counted]][:, None])
            # Net of what is bought of the same material: else a plan could buy and sell its way to a target.
            traded = np.flatnonzero(of.material[trade.material] != 0)
            net_sold = np.where(trade.sells, 1.0, -1.0) * of.material[trade.material]
            build.entries(row[at, trade.year[traded]], self.laid.trade[traded], net_sold[traded])
        return row

    def _whole(self, build: Builder) -> Whole:
        """Blocks, least sizes and fixed charges of the builds."""
        process, room = self.here.process[self.open], self.room()
        self._sized(process[~np.isfinite(room).all(axis=1)])
        most = room.max(axis=1, keepdims=True, initial=0.0)
        blocks = np.flatnonzero(self.of.block[process] > 0)
        block = self.of.block[process[blocks]][:, None]
        number = build.columns((blocks.size, self.years.size), upper=np.floor(most[blocks] / block + 1e-9), integer=True)
        whole = build.rows(number.shape, lower=0.0, upper=0.0)
        build.entries(whole, self.built[blocks], 1.0)
        build.entries(whole, number, -block)
        leasts = np.flatnonzero(self.of.least[process] > 0)
        begun = build.columns((leasts.size, self.years.size), upper=1.0, integer=True)
        enough, none = build.rows(begun.shape, lower=0.0), build.rows(begun.shape, upper=0.0)
        for row, size in ((enough, self.of.least[process[leasts]][:, None]), (none, most[leasts])):
            build.entries(row, self.built[leasts], 1.0)
            build.entries(row, begun, -size)
        charged = np.flatnonzero(self.of.fixed_charge[process] > 0)
        opened = build.columns((charged.size,), cost=-self.of.fixed_charge[process[charged]], upper=1.0, integer=True)
        standing = build.rows((charged.size, self.years.size), upper=self.here.existing[self.open[charged]])
        build.entries(standing, self.capacity[charged], 1.0)
        build.entries(standing, opened[:, None], -most[charged])
        return Whole(blocks=blocks, number=number, leasts=leasts, begun=begun, charged=charged, opened=opened)

    def _sized(self, endless: Ints) -> None:
        """Whole builds need a largest size, or none of the choices could be bounded."""
        counted = endless[(self.of.block[endless] > 0) | (self.of.least[endless] > 0) | (self.of.fixed_charge[endless] > 0)]
        if counted.size:
            raise InputError("size-endless", {"process": self.chain.processes.id[counted[0]]})

    def begun(self, x: Floats) -> Floats:
        """What an answer begins to build (open stands × years), without what is only rounding of the stand's own capacity.

        What is signed is told however small it is.
        """
        built: Floats = x[self.built]
        rounding = TINY * x[self.capacity].max(axis=1, keepdims=True, initial=0.0)
        return np.where((built > rounding) | (self.program.lower[self.built] > 0), built, 0.0)

    def room(self) -> Floats:
        """The most that building could ever add to each open stand (open stands × years): its size and its land."""
        room = self.here.most[self.open] - self.here.existing[self.open]
        signed = whole_builds(self.of, self.here.process[self.open], self._bounds(room.shape)[0]).sum(axis=1, keepdims=True)
        for limit in self.limits:
            need = limit.need[self.open]
            at = np.full(len(self.chain.sites), -1)
            at[limit.site] = np.arange(limit.site.size)
            bound = np.flatnonzero((at[self.here.site[self.open]] >= 0) & (need > 0))
            most = limit.available[at[self.here.site[self.open][bound]]] / need[bound][:, None]
            block = np.maximum(self.of.block, self.of.least)[self.here.process[self.open][bound]][:, None]
            held = self.here.existing[self.open[bound]] - (0.0 if limit.on_capacity else block)
            room[bound] = np.minimum(room[bound], most - held)
        room = np.where(room > ROUNDING * self.here.existing[self.open], room, 0.0)
        # What is signed comes whether it fits or not: then there is no plan, and the site says what it lacks.
        return np.asarray(np.maximum(room, signed), dtype=np.float64)
