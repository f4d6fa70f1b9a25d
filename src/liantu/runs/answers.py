"""Arrays → labels, once. Owns: the tables of an answer under the names of the contract. Never: reckoning anything new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from liantu.engines.balance import Balance, RecipeBalances
from liantu.engines.indicators import Indicators
from liantu.engines.parts import Parts
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Column, Grid
from liantu.model.rows import Floats, Ints, Texts
from liantu.model.states import state

if TYPE_CHECKING:
    # Solvers are imported by the verb that needs them: check and balance must not wait for them.
    from liantu.engines.requirements import Requirement


def recipes(chain: Chain, found: RecipeBalances) -> Answer:
    """Element balance of every recipe, per unit of its product."""
    columns: dict[str, Column] = {
        "process": _named(chain.processes.id, found.process),
        "element": _named(chain.elements, found.element),
        "in_t": found.in_t,
        "out_t": found.out_t,
        "gap": found.gap,
    }
    return {"balances": Grid(columns=columns)}


def require(chain: Chain, found: Requirement, year: int) -> Answer:
    """What a demand needs of every process and material."""
    processes, materials = chain.processes, chain.materials
    building, planned = (_waiting(chain, year, status) for status in ("building", "planned"))
    activities: dict[str, Column] = {
        "process": processes.id,
        "stage": processes.stage,
        "product": _named(materials.id, processes.product),
        "activity": found.activity,
        "unit": _named(materials.unit, processes.product),
        "capacity": found.capacity,
        "gap": found.gap,
        "state": [state(float(one), float(need)) for one, need in zip(found.capacity, found.activity, strict=True)],
        "plants": found.gap / _typical(chain, year),
        "building": building,
        "planned": planned,
    }
    flows: dict[str, Column] = {
        "material": materials.id,
        "unit": materials.unit,
        "demand": found.demand,
        "produced": found.produced,
        "consumed": found.consumed,
        "bought": found.bought,
        "surplus": found.surplus,
    }
    asked = np.flatnonzero(found.demand > 0)
    demand: dict[str, Column] = {
        "material": _named(materials.id, asked),
        "amount": found.demand[asked],
        "unit": _named(materials.unit, asked),
    }
    return {
        "year": year,
        "demand": Grid(columns=demand),
        "activities": Grid(columns=activities),
        "materials": Grid(columns=flows),
        "solve": {"method": found.method, "iterations": found.iterations, "residual": found.residual},
    }


def _named(names: Texts, at: Ints) -> list[str]:
    return [names[one] if one >= 0 else "" for one in at.tolist()]


def _waiting(chain: Chain, year: int, status: str) -> Floats:
    """Capacity of plants of a status that do not run yet."""
    plants = chain.plants
    rows = (plants.status == status) & ~chain.running(year) & ~(plants.end < year)
    return np.bincount(plants.process[rows], plants.capacity[rows], len(chain.processes)).astype(np.float64)


def _typical(chain: Chain, year: int) -> Floats:
    """Size of a usual plant: the technology's smallest, else the mean of those running; NaN where neither is known."""
    usual = np.full(len(chain.processes), np.nan)
    on = chain.running(year)
    count = np.bincount(chain.plants.process[on], minlength=len(usual))
    usual[count > 0] = chain.capacity(year)[count > 0] / count[count > 0]
    known = chain.technologies.min_size > 0
    usual[chain.technologies.process[known]] = chain.technologies.min_size[known]
    return np.where(usual > 0, usual, np.nan)


def balance(chain: Chain, found: Balance, recipes_: RecipeBalances, year: int) -> Answer:
    """The accounts of a year by material, plant, process, stage, site and element, with the indicators."""
    return {
        "year": year,
        "materials": _materials(chain, found),
        "plants": _plants(chain, found),
        "processes": _processes(chain, found),
        "stages": _parts(chain, found.stages, "stage", found.stage_names),
        "sites": _parts(chain, found.sites, "site", chain.sites.id),
        "elements": _elements(chain, found),
        "indicators": _indicators(chain, found.indicators),
        "part_indicators": _part_indicators(chain, found),
        "flows": Grid(
            columns={
                "process": _named(chain.processes.id, found.flows.process),
                "material": _named(chain.materials.id, found.flows.material),
                "amount": found.flows.amount,
            }
        ),
        **recipes(chain, recipes_),
    }


def remarks(chain: Chain, found: Balance) -> Iterator[Finding]:
    """What a reader of the balance has to know: what no market sells, what no mine explains."""
    if not len(chain.markets):
        yield Finding(code="markets-none")
    for at in np.flatnonzero(found.unmet > 0):
        material, unit = chain.materials.id[at], chain.materials.unit[at]
        yield Finding(code="unmet", values={"material": material, "amount": float(found.unmet[at]), "unit": unit})
    values_ = dict(zip(found.indicators.id, found.indicators.value.tolist(), strict=True))
    beyond = [name for name, value in values_.items() if name.startswith("recovery_") and "_all_" not in name and value > 1]
    if beyond:
        yield Finding(code="recovery-beyond-mining", values={"indicators": ", ".join(beyond)})


def _materials(chain: Chain, found: Balance) -> Grid:
    materials = chain.materials
    columns: dict[str, Column] = {
        "material": materials.id,
        "name_en": materials.name_en,
        "name_zh": materials.name_zh,
        "kind": materials.kind,
        "unit": materials.unit,
        "produced": found.produced,
        "consumed": found.consumed,
        "net": found.net,
        "bought": found.bought,
        "sold": found.sold,
        "disposed": found.disposed,
        "surplus": found.surplus,
        "unmet": found.unmet,
    }
    return Grid(columns=columns)


def _plants(chain: Chain, found: Balance) -> Grid:
    plants, on = chain.plants, np.flatnonzero(found.running)
    activity, capacity = found.plant_activity[on], plants.capacity[on]
    columns: dict[str, Column] = {
        "plant": _named(plants.id, on),
        "firm": _named(chain.firms.id, plants.firm[on]),
        "process": _named(chain.processes.id, plants.process[on]),
        "site": _named(chain.sites.id, plants.site[on]),
        "unit": _named(chain.materials.unit, chain.processes.product[plants.process[on]]),
        "capacity": capacity,
        "activity": activity,
        "utilisation": np.divide(activity, capacity, out=np.full(len(on), np.nan), where=capacity > 0),
        "status": plants.status[on],
        "basis": plants.basis[on],
    }
    return Grid(columns=columns)


def _processes(chain: Chain, found: Balance) -> Grid:
    processes = chain.processes
    none = np.full(len(processes), np.nan)
    columns: dict[str, Column] = {
        "process": processes.id,
        "stage": processes.stage,
        "product": _named(chain.materials.id, processes.product),
        "unit": _named(chain.materials.unit, processes.product),
        "capacity": found.capacity,
        "activity": found.activity,
        "utilisation": np.divide(found.activity, found.capacity, out=none, where=found.capacity > 0),
    }
    return Grid(columns=columns)


def _parts(chain: Chain, found: Parts, name: str, names: Texts) -> Grid:
    columns: dict[str, Column] = {
        name: _named(names, found.part),
        "material": _named(chain.materials.id, found.material),
        "unit": _named(chain.materials.unit, found.material),
        "produced": found.produced,
        "consumed": found.consumed,
        "net": found.produced - found.consumed,
    }
    return Grid(columns=columns)


def _elements(chain: Chain, found: Balance) -> Grid:
    one = found.elements
    columns: dict[str, Column] = {
        "element": chain.elements,
        "in_t": one.in_t,
        "out_t": one.out_t,
        "gap": one.gap,
        "entering_t": one.entering_t,
        "leaving_t": one.leaving_t,
    }
    return Grid(columns=columns)


def _indicators(chain: Chain, found: Indicators) -> Grid:
    targets, rows = chain.targets, found.row.tolist()
    columns: dict[str, Column] = {
        "id": found.id,
        "name_en": [targets.name_en[row] if row >= 0 else "" for row in rows],
        "name_zh": [targets.name_zh[row] if row >= 0 else "" for row in rows],
        "value": found.value,
        "target": found.target,
        "operator": found.operator,
        "met": found.met,
        "unit": [targets.unit[row] if row >= 0 else "" for row in rows],
        "source": [targets.source[row] if row >= 0 else "" for row in rows],
    }
    return Grid(columns=columns)


def _part_indicators(chain: Chain, found: Balance) -> Grid:
    sides = (
        ("process", chain.processes.id, found.process_indicators),
        ("stage", found.stage_names, found.stage_indicators),
        ("site", chain.sites.id, found.site_indicators),
    )
    rows = [
        (kind, names[part], name, over, under, value)
        for kind, names, one in sides
        for name, part, over, under, value in zip(
            one.id, one.part.tolist(), one.over.tolist(), one.under.tolist(), one.value.tolist(), strict=True
        )
    ]
    names = ("of", "part", "id", "over_t", "under_t", "value")
    return Grid(columns={name: [row[at] for row in rows] for at, name in enumerate(names)})
