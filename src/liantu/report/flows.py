"""Where a quantity goes: the graph behind the Sankey. Owns: links in tonnes, cycles cut, small flows merged. Never: words, drawing.

Within a process every output draws on every input in proportion; what enters a node leaves it.
Materials outside the element balance (water, fuel carbon, waste rock) are left out, so that mass closes as elements do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from liantu.model.chain import Chain
from liantu.model.results import RunRecord
from liantu.model.rows import Floats
from liantu.report.cells import number, or_zero, text

Role = Literal["material", "bought", "short", "returned", "sold", "kept", "loss", "other-bought", "other-sold", "open"]
Spot = tuple[Role, int]
Web = dict[tuple[Spot, Spot], float]

MASS = "mass"
POOL = -1
SMALL = 0.005
CLOSED = 0.005
MOST_NODES = 20
# What a chain of battery materials asks about first; elements with a target follow.
FIRST_ELEMENTS = ("Li", "F", "P", "C", "Rb", "Be")
MOST_QUANTITIES = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Links of one quantity in tonnes per year, without cycles; ``entering`` is what all sources bring."""

    quantity: str
    links: tuple[tuple[Spot, Spot, float], ...]
    entering: float

    def spots(self) -> tuple[Spot, ...]:
        """Nodes in the order of their first appearance."""
        return tuple(dict.fromkeys(spot for link in self.links for spot in link[:2]))

    def through(self, spot: Spot) -> float:
        """What passes a node: the larger of what comes and what goes."""
        return max(sum(t for _, b, t in self.links if b == spot), sum(t for a, _, t in self.links if a == spot))

    def ends(self) -> tuple[tuple[Spot, float], ...]:
        """Where it goes in the end, largest first."""
        leaving = {a for a, _, _ in self.links}
        return tuple(sorted(((spot, self.through(spot)) for spot in self.spots() if spot not in leaving), key=lambda end: -end[1]))


def quantities(chain: Chain, balance: RunRecord) -> tuple[str, ...]:
    """Mass and the elements worth a picture: those that flow, the known first, then those with a target."""
    moving = {text(row, "element") for row in balance.grid("elements") if number(row, "in_t") > 0}
    aimed = [indicator.rpartition("_")[2] for indicator in chain.targets.indicator]
    wanted = dict.fromkeys((*FIRST_ELEMENTS, *aimed))
    return (MASS, *[element for element in wanted if element in moving])[:MOST_QUANTITIES]


def graph(chain: Chain, balance: RunRecord, quantity: str) -> Graph:
    """The flows of mass or of one element in a balance."""
    per_unit = _tonnes(chain, quantity)
    web: Web = defaultdict(float)
    _through_processes(chain, balance, per_unit, web)
    _across_the_border(chain, balance, per_unit, web)
    acyclic = _cut_cycles({pair: tonnes for pair, tonnes in web.items() if tonnes > 0})
    entering = sum(_balance_of(acyclic).values(), 0.0)
    merged = _merge(chain, acyclic, entering)
    links = sorted(((a, b, tonnes) for (a, b), tonnes in merged.items()), key=lambda link: -link[2])
    return Graph(quantity=quantity, links=tuple(links), entering=entering)


def _tonnes(chain: Chain, quantity: str) -> Floats:
    if quantity == MASS:
        return np.where(chain.in_balance, np.nan_to_num(chain.mass()), 0.0)
    return np.asarray(chain.content[:, chain.elements.index(quantity)], dtype=np.float64)


def _through_processes(chain: Chain, balance: RunRecord, per_unit: Floats, web: Web) -> None:
    taken: dict[str, dict[int, float]] = defaultdict(dict)
    made: dict[str, dict[int, float]] = defaultdict(dict)
    for row in balance.grid("flows"):
        material = chain.material_index[text(row, "material")]
        tonnes = or_zero(number(row, "amount")) * float(per_unit[material])
        if tonnes:
            (made if tonnes > 0 else taken)[text(row, "process")][material] = abs(tonnes)
    for process in dict.fromkeys((*taken, *made)):
        _allocate(taken[process], made[process], web)


def _allocate(taken: dict[int, float], made: dict[int, float], web: Web) -> None:
    into, out = sum(taken.values()), sum(made.values())
    sources: dict[Spot, float] = {("material", material): tonnes for material, tonnes in taken.items()}
    targets: dict[Spot, float] = {("material", material): tonnes for material, tonnes in made.items()}
    # A recipe that does not close by more than the tolerance shows it: the difference comes from or goes to nowhere.
    if out - into > CLOSED * out:
        sources["open", 0] = out - into
    elif into - out > CLOSED * into:
        targets["open", 1] = into - out
    whole = sum(targets.values())
    for source, came in sources.items():
        for target, went in targets.items():
            web[source, target] += came * went / whole


def _across_the_border(chain: Chain, balance: RunRecord, per_unit: Floats, web: Web) -> None:
    for row in balance.grid("materials"):
        material = chain.material_index[text(row, "material")]
        made, taken, bought, sold, disposed, surplus, unmet = (
            or_zero(number(row, column)) * float(per_unit[material])
            for column in ("produced", "consumed", "bought", "sold", "disposed", "surplus", "unmet")
        )
        spot: Spot = ("material", material)
        # What is only bought, or only leaves, is its own beginning or end and needs no second node.
        if made > 0:
            web[("bought", material), spot] += bought
            web[("short", material), spot] += unmet
        if taken > 0:
            web[spot, ("sold", material)] += sold
            web[spot, ("kept" if chain.materials.kind[material] != "residue" else "loss", material)] += surplus + disposed


def _balance_of(web: Web) -> dict[Spot, float]:
    """Sources with what they bring."""
    targets = {b for _, b in web}
    brought: dict[Spot, float] = defaultdict(float)
    for (a, _), tonnes in web.items():
        if a not in targets:
            brought[a] += tonnes
    return brought


def _cut_cycles(web: Web) -> Web:
    """The same links without cycles: a link that closes one ends as ``kept`` and comes back as ``returned`` at the left."""
    onward: dict[Spot, list[Spot]] = defaultdict(list)
    for a, b in web:
        onward[a].append(b)
    closing = _back_links(onward)
    cut: Web = defaultdict(float)
    for (a, b), tonnes in web.items():
        if (a, b) in closing:
            cut[a, ("kept", b[1])] += tonnes
            cut[("returned", b[1]), b] += tonnes
        else:
            cut[a, b] += tonnes
    return dict(cut)


def _back_links(onward: dict[Spot, list[Spot]]) -> set[tuple[Spot, Spot]]:
    closing: set[tuple[Spot, Spot]] = set()
    done: set[Spot] = set()
    starts = [spot for spot in onward if not any(spot in targets for targets in onward.values())]
    for start in (*starts, *onward):
        path: dict[Spot, None] = {}
        stack = [(start, iter(onward[start]))] if start not in done else []
        path[start] = None
        while stack:
            spot, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                path.pop(spot)
                done.add(spot)
            elif target in path:
                closing.add((spot, target))
            elif target not in done:
                path[target] = None
                stack.append((target, iter(onward.get(target, ()))))
    return closing


def _merge(chain: Chain, web: Web, entering: float) -> Web:
    """At most twenty nodes: ends and sources below half a per cent are pooled, small nodes on the way passed by."""
    limit = entering * SMALL
    while True:
        through = _through(web)
        small = [spot for spot in through if spot[1] != POOL]
        smallest = min(small, key=lambda spot: through[spot], default=None)
        if smallest is None or (through[smallest] >= limit and len(through) <= MOST_NODES):
            return web
        web = _without(chain, web, smallest)


def _through(web: Web) -> dict[Spot, float]:
    into: dict[Spot, float] = defaultdict(float)
    out: dict[Spot, float] = defaultdict(float)
    for (a, b), tonnes in web.items():
        out[a] += tonnes
        into[b] += tonnes
    return {spot: max(into[spot], out[spot]) for spot in dict.fromkeys((*out, *into))}


def _without(chain: Chain, web: Web, spot: Spot) -> Web:
    into = {a: tonnes for (a, b), tonnes in web.items() if b == spot}
    out = {b: tonnes for (a, b), tonnes in web.items() if a == spot}
    if not into:
        return _renamed(web, spot, ("other-bought", POOL))
    if not out:
        return _renamed(web, spot, _pool(chain, spot))
    rest: Web = defaultdict(float, {pair: tonnes for pair, tonnes in web.items() if spot not in pair})
    whole = sum(out.values())
    for a, came in into.items():
        for b, went in out.items():
            rest[a, b] += came * went / whole
    return dict(rest)


def _pool(chain: Chain, spot: Spot) -> Spot:
    lost = spot[0] in ("loss", "open") or (spot[0] == "material" and chain.materials.kind[spot[1]] in ("residue", "emission"))
    return ("loss", POOL) if lost else ("other-sold", POOL)


def _renamed(web: Web, old: Spot, new: Spot) -> Web:
    renamed: Web = defaultdict(float)
    for (a, b), tonnes in web.items():
        renamed[new if a == old else a, new if b == old else b] += tonnes
    return dict(renamed)
