"""Questions of planning put to a chain: options settled, engine called, answer labelled. Owns: which verb asks what.
Never: reading files, mathematics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from liantu.engines.balance import recipe_balances
from liantu.engines.planning.gains import gain
from liantu.engines.planning.heldback import HeldBack
from liantu.engines.planning.network import Network
from liantu.engines.planning.solver import SolverOptions
from liantu.engines.planning.throughput import Throughput, Unmet
from liantu.engines.planning.throughput import throughput as best_use
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Answer, Column, Grid
from liantu.model.rows import Ints, Texts
from liantu.runs.ask import Asked, Question, unbalanced, year_of
from liantu.runs.closed import closed
from liantu.runs.expanding import plan
from liantu.runs.others import alternatives
from liantu.runs.reasons import held_back
from liantu.runs.recruiting import recruit
from liantu.runs.unmet import unmet
from liantu.runs.wishing import whynot


def throughput(chain: Chain, question: Question) -> Asked:
    """The best use of the plants there are in a year."""
    year = year_of(chain, question)
    solver = question.options if isinstance(question.options, SolverOptions) else None
    found = best_use(chain, year, options=solver)
    if isinstance(found, Unmet):
        return unmet(chain, found, year)
    answer: Answer = {
        "year": year,
        "objective": {"value": found.objective, "currency": found.network.currency},
        "plants": _plants(chain, found),
        "materials": _materials(chain, found),
        "shipments": _shipments(chain, found),
        "solve": {"residual": found.residual},
    }
    return Asked(answer=answer, options={"year": year}, findings=())


def _warned(verb: Callable[[Chain, Question], Asked]) -> Callable[[Chain, Question], Asked]:
    """The verb, which also says which recipes make something from nothing and which markets are closed."""

    def asked(chain: Chain, question: Question) -> Asked:
        found = verb(chain, question)
        more = (*unbalanced(chain, recipe_balances(chain)), *_gaining(chain), *closed(chain, _years(found.options)))
        return replace(found, findings=(*found.findings, *more))

    return asked


def _gaining(chain: Chain) -> Iterator[Finding]:
    """Recipes that feed each other and make something from nothing."""
    found = gain(chain)
    if found is not None:
        file, line = chain.exchanges.stands(int(np.flatnonzero(chain.exchanges.process == found.processes[0])[0]))
        values = {"processes": ", ".join(_named(chain.processes.id, found.processes)), "materials": chain.materials.id[found.material]}
        yield Finding(code="recipes-gain", values=values, file=file, row=line, column="amount")


def _years(settled: Mapping[str, object]) -> Ints:
    """The years that were asked of."""
    first, last = (settled.get(name, settled.get("year")) for name in ("from", "to"))
    return np.arange(int(str(first)), int(str(last)) + 1) if first is not None and last is not None else np.empty(0, dtype=np.intp)


VERBS: Mapping[str, Callable[[Chain, Question], Asked]] = {
    name: _warned(verb)
    for name, verb in (
        ("throughput", throughput), ("plan", plan), ("alternatives", alternatives), ("recruit", recruit), ("whynot", whynot),
    )
}  # fmt: skip


def _plants(chain: Chain, found: Throughput) -> Grid:
    plants, on = chain.plants, found.plants
    process = plants.process[on]
    held = HeldBack(chain, found)
    share = np.divide(found.activity, found.capacity, out=np.full(on.size, np.nan), where=found.capacity > 0)
    columns: dict[str, Column] = {
        "plant": _named(plants.id, on),
        "firm": _named(chain.firms.id, plants.firm[on]),
        "process": _named(chain.processes.id, process),
        "site": _named(chain.sites.id, plants.site[on]),
        "unit": _named(chain.materials.unit, chain.processes.product[process]),
        "activity": found.activity,
        "capacity": found.capacity,
        "utilisation": share,
        "capacity_value": found.capacity_value,
        "because": [held_back(chain, found, held, at) for at in range(on.size)],
    }
    return Grid(columns=columns)


def _materials(chain: Chain, found: Throughput) -> Grid:
    """Materials that move or have a price, at each place."""
    shown = (found.bought + found.sold + found.surplus + found.unmet + found.price) > 0
    material, place = np.nonzero(shown)
    anywhere = np.flatnonzero(found.unmet_anywhere > 0)
    none = np.zeros(anywhere.size)
    every = np.concatenate([material, anywhere])
    columns: dict[str, Column] = {
        "material": _named(chain.materials.id, every),
        "site": [*_places(chain, found.network, place), *[""] * anywhere.size],
        "unit": _named(chain.materials.unit, every),
        "bought": np.concatenate([found.bought[shown], none]),
        "sold": np.concatenate([found.sold[shown], none]),
        "surplus": np.concatenate([found.surplus[shown], none]),
        "unmet": np.concatenate([found.unmet[shown], found.unmet_anywhere[anywhere]]),
        "price": np.concatenate([found.price[shown], np.full(anywhere.size, np.nan)]),
    }
    return Grid(columns=columns)


def _shipments(chain: Chain, found: Throughput) -> Grid:
    ways = found.network.transport
    moving = np.flatnonzero(found.shipments > 0)
    columns: dict[str, Column] = {
        "material": _named(chain.materials.id, ways.material[moving]),
        "origin": _places(chain, found.network, ways.origin[moving]),
        "destination": _places(chain, found.network, ways.destination[moving]),
        "amount": found.shipments[moving],
        "unit": _named(chain.materials.unit, ways.material[moving]),
    }
    return Grid(columns=columns)


def _places(chain: Chain, net: Network, place: Ints) -> list[str]:
    """Site of each place; blank for the pool of all."""
    return _named(chain.sites.id, net.sites[place])


def _named(names: Texts, at: Ints) -> list[str]:
    return [names[one] if one >= 0 else "" for one in at.tolist()]
