"""The workload "chain expansion", drawn from a seed, as a labelled chain. Owns: its definition. Never: timing, solving.

R sites × P processes × T years, M = P + 8 materials, each site joined to its six nearest. Amounts in kt, money in M CNY.
Each process has 3 to 6 inputs and outputs, the last tenth recycle (loops); 30 % of process and site pairs are not
allowed, land binds on capacity, power on activity, supply and demand are limits for all sites together.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from liantu.engines.planning.expansion import PlanOptions
from liantu.engines.planning.stands import annuity
from liantu.model.chain import RECORDS, Chain
from liantu.model.rows import Bools, Floats, Ints, Lists, Strings, Texts

SIZES = {"S": (10, 20, 10), "M": (50, 40, 15), "L": (200, 60, 20)}
# Optimum of the program, and a figure that is known to be near it.
ANSWERS = {"S": 4734.0749356828}
SEED, RAWS, FIRST, RATE, LIFE = 20261121, 8, 2026, 0.08, 40


@dataclass(frozen=True)
class Workload:
    """The numbers as drawn; see the module."""

    exchange_process: NDArray[Any]
    exchange_material: NDArray[Any]
    exchange_amount: Floats
    origin: NDArray[Any]
    destination: NDArray[Any]
    freight: Floats
    allowed: Bools
    capacity: Floats
    land_need: Floats
    power_need: Floats
    land: Floats
    power: Floats
    price: Floats
    supply: Floats
    demand: Floats
    running: Floats
    charge: Floats
    block: Floats
    fixed: Floats
    most: float = 200.0


def draw(size: str | tuple[int, int, int], nearest: int = 6, seed: int = SEED) -> Workload:
    """Draw a workload; the order of the draws is part of the definition."""
    sites, processes, years = SIZES[size] if isinstance(size, str) else size
    rng = np.random.default_rng(seed)
    materials = processes + RAWS
    base, exchanges = _recipes(rng, processes)
    trend = rng.uniform(-0.02, 0.04, materials)
    noise = np.exp(0.08 * rng.standard_normal((materials, years)))
    price = base[:, None] * (1 + trend[:, None]) ** np.arange(years) * noise
    main = base[RAWS:]
    place = rng.uniform(0, 1, (sites, 2)) * [400, 300]
    far = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    near = np.argsort(far, axis=1, kind="stable")[:, :nearest]
    origin, destination = np.repeat(np.arange(sites), nearest), near.ravel()
    allowed = rng.random((sites, processes)) < 0.7
    here = allowed & (rng.random((sites, processes)) < 0.1)
    capacity = np.where(here, rng.uniform(5, 20, (sites, processes)), 0.0)
    land_need, power_need = rng.uniform(0.5, 2.0, processes), rng.uniform(0.2, 1.5, processes)
    land = rng.uniform(40, 120, sites) * processes / 20 + capacity @ land_need
    power = rng.uniform(40, 120, sites) * processes / 20 + capacity @ power_need
    per_km = rng.uniform(0.0003, 0.001, materials)
    raw = np.arange(materials)[:, None] < RAWS
    supply = np.where(raw, 40.0, 2.0) * sites * rng.uniform(0.7, 1.3, (materials, 1)) * np.ones((1, years))
    demand = 3.0 * sites * rng.uniform(0.3, 1.3, (materials, 1)) * (1.04 ** np.arange(years))
    charge = rng.uniform(0.08, 0.25, processes) * main
    running = rng.uniform(0.04, 0.10, processes) * main
    block = rng.choice([5.0, 10.0, 20.0], processes)
    fixed = rng.uniform(2, 8, processes) * main
    process, material, amount = (np.array(column) for column in zip(*exchanges, strict=True))
    return Workload(
        exchange_process=process, exchange_material=material, exchange_amount=amount, origin=origin, destination=destination,
        freight=0.01 + per_km[:, None] * far[origin, destination], allowed=allowed, capacity=capacity, land_need=land_need,
        power_need=power_need, land=land, power=power, price=price, supply=supply, demand=demand, running=running, charge=charge,
        block=block, fixed=fixed,
    )  # fmt: skip


def _recipes(rng: np.random.Generator, processes: int) -> tuple[Floats, list[tuple[int, int, float]]]:
    """Base prices and exchanges; each main product costs a little more than what goes into it."""
    recycling = max(1, processes // 10)
    base = np.empty(processes + RAWS)
    base[:RAWS] = rng.uniform(1, 3, RAWS)
    exchanges: list[tuple[int, int, float]] = []
    for process in range(processes):
        main, last = RAWS + process, RAWS + processes - recycling
        if process < processes - recycling:
            many = int(rng.integers(2, 4))
            taken = rng.choice(np.arange(max(0, main - 14), main), many, replace=False)
            amounts = rng.uniform(0.5, 1.6, many) / many
            beside = int(rng.integers(0, 3))
            made = np.setdiff1d(rng.choice(np.arange(0, main), beside, replace=False), taken)
            yields, own = rng.uniform(0.05, 0.2, made.size), 1.0
        else:
            taken = rng.choice(np.arange(last - max(3, processes // 3), last), 2, replace=False)
            amounts = rng.uniform(0.4, 0.6, 2)
            made = np.setdiff1d(rng.choice(np.arange(0, RAWS + processes // 3), 3, replace=False), taken)
            yields, own = rng.uniform(0.1, 0.3, made.size), 0.2
        cost = (amounts * base[taken]).sum() - 0.6 * (yields * base[made]).sum()
        base[main] = max(0.8, cost * rng.uniform(1.25, 1.8)) / own * (1 if own == 1 else 0.5)
        base[main] = min(base[main], 40.0)
        exchanges += [(process, int(at), -float(of)) for at, of in zip(taken, amounts, strict=True)]
        exchanges += [(process, int(at), float(of)) for at, of in zip(made, yields, strict=True)]
        exchanges.append((process, main, own))
    return base, exchanges


def chain_of(size: str | tuple[int, int, int], *, whole: bool = False) -> tuple[Chain, PlanOptions]:
    """The workload as a chain, and what is asked of it."""
    of = draw(size)
    (sites, processes), (materials, years) = of.allowed.shape, of.price.shape
    process_of = of.exchange_process
    own = np.array([f"p{at}" for at in range(processes)])
    plant_site, plant_process = np.nonzero(of.capacity)
    zones = [tuple(f"z{site}" for site in np.flatnonzero(of.allowed[:, process])) for process in range(processes)]
    row, year = (at.ravel() for at in np.indices((materials, years)))
    arc, carried = (at.ravel() for at in np.indices((of.origin.size, materials)))
    recycled = np.array([main_amount(of, process) for process in range(processes)])
    tables: dict[str, dict[str, object]] = {
        "materials": {"id": tuple(f"m{at}" for at in range(materials)), "unit": ("t",) * materials, "kg_per_unit": np.full(materials, 1e3)},
        "processes": {"id": tuple(own), "product": RAWS + np.arange(processes), "stage": ("making",) * processes},
        "exchanges": {"process": process_of, "material": of.exchange_material, "amount": np.abs(of.exchange_amount),
                      "direction": np.where(of.exchange_amount > 0, "out", "in")},
        "sites": {"id": tuple(f"s{at}" for at in range(sites)), "kind": np.full(sites, "park"),
                  "zone": tuple(f"z{at}" for at in range(sites)), "land_mu": of.land, "power_mw": of.power},
        "firms": {"id": ("firm",)},
        "plants": {"id": tuple(f"k{at}" for at in range(plant_site.size)), "process": plant_process, "site": plant_site,
                   "capacity": of.capacity[plant_site, plant_process], "status": np.full(plant_site.size, "operating")},
        "technologies": {"process": np.arange(processes), "capex": of.charge / annuity(np.full(processes, float(LIFE)), RATE),
                         "variable_cost": of.running, "lifetime": np.full(processes, float(LIFE)), "build_years": np.zeros(processes),
                         "max_size": np.full(processes, of.most), "land_mu": of.land_need, "power_mw": of.power_need, "zones": tuple(zones),
                         **({"block_size": of.block, "fixed_charge": of.fixed} if whole else {})},
        "markets": {"material": np.tile(row, 2), "direction": np.repeat(["buy", "sell"], row.size),
                    "price": np.concatenate([1.08 * of.price.ravel(), 0.97 * of.price.ravel()]),
                    "limit": np.concatenate([of.supply.ravel(), of.demand.ravel()]),
                    "start": np.tile(FIRST + year, 2).astype(float), "end": np.tile(FIRST + year, 2).astype(float)},
        "routes": {"origin": of.origin[arc], "destination": of.destination[arc], "material": carried, "cost": of.freight[carried, arc]},
    }  # fmt: skip
    records = {name: _rows(kind, tables.get(name, {})) for name, kind in RECORDS.items()}
    chain = Chain(
        name="chain expansion", digest="", **records, elements=(), content=np.zeros((materials, 0)),
        in_balance=np.zeros(materials, dtype=bool), sign=np.sign(of.exchange_amount), treats=recycled < 0,
    )  # fmt: skip
    return chain, PlanOptions(first=FIRST, last=FIRST + years - 1, rate=RATE, blocks=whole)


def main_amount(of: Workload, process: int) -> float:
    """What one unit of a process makes of its main product."""
    own = (of.exchange_process == process) & (of.exchange_material == RAWS + process)
    return float(of.exchange_amount[own].sum())


def _rows(kind: Any, given: dict[str, object]) -> Any:
    """Rows of a table with what is not given left blank."""
    many = len(next(iter(given.values()), ()))  # type: ignore[arg-type]
    blank: dict[Any, Any] = {
        Texts: ("",) * many, Lists: ((),) * many, Floats: np.full(many, np.nan), Ints: np.full(many, -1),
        Bools: np.zeros(many, dtype=bool), Strings: np.full(many, ""),
    }  # fmt: skip
    hints = get_type_hints(kind)
    values = {one.name: given.get(one.name, blank[hints[one.name]]) for one in fields(kind) if one.name not in {"line", "file"}}
    return kind(line=np.arange(2, many + 2), file=("workload.csv",), **values)
