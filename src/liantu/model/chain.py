"""The chain itself: what exists, labelled, in base units. Owns: Chain. Never: files, solvers, the web.

Everything in it was checked by ``io.assemble``; nothing is defaulted after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liantu.model.ledgers import (
    Contracts,
    Deposits,
    Depths,
    Distances,
    Lifetimes,
    Prices,
    Projects,
    Stakes,
    Tariffs,
    Totals,
)
from liantu.model.records import (
    Demands,
    Exchanges,
    Firms,
    Markets,
    Materials,
    Mixes,
    Plants,
    Processes,
    Routes,
    Scenarios,
    Settings,
    Sites,
    Sources,
    Targets,
    Technologies,
)
from liantu.model.rows import Bools, Floats

RECORDS = {
    "materials": Materials, "processes": Processes, "exchanges": Exchanges, "sites": Sites, "firms": Firms,
    "plants": Plants, "technologies": Technologies, "markets": Markets, "routes": Routes, "demands": Demands,
    "mixes": Mixes, "contracts": Contracts, "stakes": Stakes, "targets": Targets, "prices": Prices,
    "depths": Depths, "lifetimes": Lifetimes, "deposits": Deposits, "projects": Projects, "totals": Totals,
    "distances": Distances, "tariffs": Tariffs, "scenarios": Scenarios, "sources": Sources,
    "settings": Settings,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A whole chain.

    Attributes
    ----------
    elements : tuple of str
        Symbols of the elements any material contains.
    content : float array (materials × elements)
        Tonnes of each element in one unit of each material; 0 outside the element balance.
    in_balance : bool array (materials)
        Whether the element balance counts the material: it has a composition and is not left out.
    sign : float array (exchanges)
        +1 where the exchange is made, −1 where it is taken.
    treats : bool array (processes)
        Whether the process takes its reference product (a treatment process) instead of making it.
    """

    name: str
    digest: str
    materials: Materials
    processes: Processes
    exchanges: Exchanges
    sites: Sites
    firms: Firms
    plants: Plants
    technologies: Technologies
    markets: Markets
    routes: Routes
    demands: Demands
    mixes: Mixes
    contracts: Contracts
    stakes: Stakes
    targets: Targets
    prices: Prices
    depths: Depths
    lifetimes: Lifetimes
    deposits: Deposits
    projects: Projects
    totals: Totals
    distances: Distances
    tariffs: Tariffs
    scenarios: Scenarios
    sources: Sources
    settings: Settings
    elements: tuple[str, ...]
    content: Floats
    in_balance: Bools
    sign: Floats
    treats: Bools

    @cached_property
    def material_index(self) -> Mapping[str, int]:
        """Id of a material → its position."""
        return {name: at for at, name in enumerate(self.materials.id)}

    @cached_property
    def process_index(self) -> Mapping[str, int]:
        """Id of a process → its position."""
        return {name: at for at, name in enumerate(self.processes.id)}

    def setting(self, key: str) -> str:
        """A value of the settings table; blank if it is not there."""
        return dict(zip(self.settings.key, self.settings.value, strict=True)).get(key, "")

    def running(self, year: int) -> Bools:
        """Which plants run in a year: start ≤ year ≤ end, blank dates not binding, closed plants never."""
        plants = self.plants
        started = np.isnan(plants.start) | (plants.start <= year)
        ended = ~np.isnan(plants.end) & (plants.end < year)
        open_: Bools = started & ~ended & (plants.status != "closed")
        return open_

    def open_markets(self, year: int) -> Bools:
        """Which markets are open in a year."""
        markets = self.markets
        return ~(markets.start > year) & ~(markets.end < year)

    def capacity(self, year: int) -> Floats:
        """Running capacity of each process in a year, in units of its reference product."""
        on = self.running(year)
        return np.bincount(self.plants.process[on], self.plants.capacity[on], len(self.processes)).astype(np.float64)

    def mass(self) -> Floats:
        """Tonnes in one unit of each material; NaN where it has no mass."""
        return self.materials.kg_per_unit / 1000
