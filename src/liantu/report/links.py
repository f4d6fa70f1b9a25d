"""Links of the chain: capacity against need. Owns: Link, what counts as one, feeds. Never: words, layout.

A link is everything of one stage that makes one product (or treats one residue): several recipes of the same product
are one link. A recipe that only gives a material another name is no link. Everything is by position in the chain.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from liantu.model.chain import Chain
from liantu.model.results import Record, RunRecord
from liantu.model.rows import Bools, Floats
from liantu.model.states import State, state
from liantu.report.cells import number, or_zero, text
from liantu.report.stages import group_of, lanes

RANK: Mapping[State, int] = {"missing": 0, "short": 1, "even": 2, "long": 3, "unused": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain; amounts in units of its product per year.

    Attributes
    ----------
    process : int
        The recipe that carries most of it; names the link where recipes and not products are its name.
    need : float
        What the yardstick asks of it; in the return lane, where the yardstick asks nothing, the feed that arises.
    plants : float
        Need − capacity in typical plants; NaN where no typical size is known.
    illustrative : float
        Share of the running capacity that is an illustrative split.
    step : int
        Steps away from the product demanded.
    """

    group: str
    product: int
    process: int
    unit: str
    capacity: float
    building: float
    planned: float
    need: float
    activity: float
    plants: float
    illustrative: float
    step: int
    worth: float

    @property
    def state(self) -> State:
        """Long, even, short, missing or unused."""
        return state(self.capacity, self.need)

    @property
    def load(self) -> float:
        """How much of the capacity runs; NaN where there is none."""
        return self.activity / self.capacity if self.capacity > 0 else math.nan


def links_of(
    chain: Chain,
    balance: RunRecord,
    require: RunRecord,
    needed: Floats,
    active: Floats,
    year: int,
    worth: Floats,
    demand: tuple[tuple[int, float], ...],
) -> tuple[Link, ...]:
    groups: dict[tuple[str, int], list[Record]] = {}
    renames = renamings(chain)
    asked = {chain.process_index[text(row, "process")]: row for row in require.grid("activities")}
    for process, name in enumerate(chain.processes.id):
        if not renames[process]:
            key = group_of(chain.processes.stage[process]), int(chain.processes.product[process])
            groups.setdefault(key, []).append(asked.get(process, {"process": name}))
    steps, feed, shown = _steps(chain, needed, demand, renames), _Feed(chain, balance), _illustrative(chain, year)
    links = [_link(chain, key, rows, active, steps, feed, shown, worth) for key, rows in groups.items()]
    return tuple(link for link in links if max(link.capacity, link.need, link.building, link.planned) > 0)


def _link(
    chain: Chain,
    key: tuple[str, int],
    rows: list[Record],
    active: Floats,
    steps: Mapping[int, int],
    feed: _Feed,
    shown: Floats,
    worth: Floats,
) -> Link:
    group, product = key
    at = [chain.process_index[text(row, "process")] for row in rows]
    capacity, building, planned, need = (
        sum(or_zero(number(row, column)) for row in rows) for column in ("capacity", "building", "planned", "activity")
    )
    lead = max(range(len(rows)), key=lambda row: max(or_zero(number(rows[row], "activity")), or_zero(number(rows[row], "capacity"))))
    if need <= 0 and lanes().get(group) == "return":
        need = feed.of(at)
    return Link(
        group=group,
        product=product,
        process=at[lead],
        unit=chain.materials.unit[product],
        capacity=capacity,
        building=building,
        planned=planned,
        need=need,
        activity=float(active[at].sum()),
        plants=_plants(chain, at[lead], need - capacity),
        illustrative=min(1.0, float(shown[at].sum()) / capacity) if capacity > 0 else 0.0,
        step=min((steps[process] for process in at if process in steps), default=len(steps) + 1),
        worth=need * abs(float(worth[product])),
    )


def _plants(chain: Chain, process: int, gap: float) -> float:
    found = np.flatnonzero(chain.technologies.process == process)
    size = float(chain.technologies.min_size[found[0]]) if len(found) else math.nan
    return gap / size if size > 0 else math.nan


def renamings(chain: Chain) -> Bools:
    """Which recipes only pass one material on under another name and need no plant, so that none can be missing.

    One in, one out, the same amount and unit; nobody runs it and its technology costs nothing to build.
    """
    exchanges, size = chain.exchanges, len(chain.processes)
    net = np.bincount(exchanges.process, chain.sign * exchanges.amount, size)
    gross = np.bincount(exchanges.process, exchanges.amount, size)
    units: list[set[str]] = [set() for _ in range(size)]
    for process, material in zip(exchanges.process.tolist(), exchanges.material.tolist(), strict=True):
        units[process].add(chain.materials.unit[material])
    alike = np.array([len(found) == 1 for found in units], dtype=np.bool_)
    one_each = (np.bincount(exchanges.process, minlength=size) == 2) & (np.bincount(exchanges.process, chain.sign, size) == 0)
    everywhere = np.arange(size)
    free = np.isin(everywhere, chain.technologies.process[chain.technologies.capex == 0]) & ~np.isin(everywhere, chain.plants.process)
    return np.asarray(one_each & alike & (np.abs(net) <= 1e-9 * gross) & free, dtype=np.bool_)


def _steps(chain: Chain, needed: Floats, demand: tuple[tuple[int, float], ...], renames: Bools) -> dict[int, int]:
    makes: list[list[int]] = [[] for _ in chain.materials.id]
    for process in np.flatnonzero(needed > 0).tolist():
        makes[chain.processes.product[process]].append(process)
    takes: list[list[int]] = [[] for _ in chain.processes.id]
    taken = chain.sign < 0
    for process, material in zip(chain.exchanges.process[taken].tolist(), chain.exchanges.material[taken].tolist(), strict=True):
        takes[process].append(material)
    steps: dict[int, int] = {}
    queue = deque((process, 0) for material, _ in demand for process in makes[material])
    while queue:
        process, step = queue.popleft()
        if process in steps:
            continue
        steps[process] = step
        makers = [maker for material in takes[process] for maker in makes[material]]
        # A renaming costs no step: what stands behind it is as near as it is itself.
        if renames[process]:
            queue.extendleft((maker, step) for maker in makers)
        else:
            queue.extend((maker, step + 1) for maker in makers)
    return steps


class _Feed:
    """What arises in the balance and could be fed to a process of the return lane."""

    def __init__(self, chain: Chain, balance: RunRecord) -> None:
        self.chain = chain
        self.produced = {chain.material_index[text(row, "material")]: or_zero(number(row, "produced")) for row in balance.grid("materials")}

    def of(self, processes: list[int]) -> float:
        """Activity that the feed allows, in units of the reference product; the largest feed decides."""
        rows = np.flatnonzero(np.isin(self.chain.exchanges.process, processes) & (self.chain.sign < 0))
        residues = [row for row in rows.tolist() if self._from_the_lane(int(self.chain.exchanges.material[row]))]
        allowed = (
            self.produced.get(int(self.chain.exchanges.material[row]), 0.0) / float(self.chain.exchanges.amount[row])
            for row in residues
            if self.chain.exchanges.amount[row] > 0
        )
        return max(allowed, default=0.0)

    def _from_the_lane(self, material: int) -> bool:
        """Only what the return lane hands on or treats counts: acid made elsewhere is no feed for a recycler."""
        if self.chain.materials.kind[material] == "residue":
            return True
        makers = np.flatnonzero((self.chain.processes.product == material) & ~self.chain.treats)
        stages = {group_of(self.chain.processes.stage[process]) for process in makers.tolist()}
        return "return" in stages and stages <= {"return", "use"}


def _illustrative(chain: Chain, year: int) -> Floats:
    plants = chain.plants
    marked = chain.running(year) & (plants.basis == "illustrative")
    return np.bincount(plants.process[marked], plants.capacity[marked], len(chain.processes)).astype(np.float64)
