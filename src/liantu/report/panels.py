"""One link looked at closely: its sentence, plants, neighbours, sources. Owns: panels and edges of the chain map. Never: markup."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from liantu.model.rows import Ints
from liantu.report import numbers
from liantu.report.bars import year_bars
from liantu.report.board import Edge, Panel, PlantLine
from liantu.report.facts import Facts
from liantu.report.figures import node_key
from liantu.report.labels import link_name, material_name
from liantu.report.links import Link, renamings
from liantu.report.names import either
from liantu.report.page import Phrase
from liantu.report.phrases import marked
from liantu.report.prospects import Prospect, Prospects, place_name
from liantu.report.stages import group_of, lanes
from liantu.words import Lang, say

_MOST_TAKEN, _MOST_SOURCES = 6, 8


def panels(facts: Facts, found: Prospects | None, years: Sequence[int], lang: Lang) -> tuple[Panel, ...]:
    """A panel for every node of the map."""
    recipes, best = recipes_of(facts), _best(facts, found)
    near = edges(facts)
    names = {node_key(facts, link): link_name(facts, link, lang) for link in facts.links}
    return tuple(_panel(facts, link, recipes[link], near, names, best.get((link.group, link.product)), years, lang) for link in facts.links)


def recipes_of(facts: Facts) -> Mapping[Link, Ints]:
    """Link → the processes that make it up."""
    chain, passing = facts.chain, renamings(facts.chain)
    groups = np.array([group_of(stage) for stage in chain.processes.stage], dtype=object)
    return {link: np.flatnonzero((groups == link.group) & (chain.processes.product == link.product) & ~passing) for link in facts.links}


def _best(facts: Facts, found: Prospects | None) -> Mapping[tuple[str, int], Prospect]:
    """Group and product → the recipe of it that is worth most."""
    best: dict[tuple[str, int], Prospect] = {}
    for one in (*found.good, *found.poor) if found else ():
        processes = facts.chain.processes
        best.setdefault((group_of(processes.stage[one.process]), int(processes.product[one.process])), one)
    return best


def edges(facts: Facts) -> tuple[Edge, ...]:
    """Which link hands on to which: its product along the chain, whatever it leaves over into the return lane and out of it."""
    recipes = recipes_of(facts)
    made = {link: _products(facts, link, at) for link, at in recipes.items()}
    taken = {link: _materials(facts, at, -1.0) for link, at in recipes.items()}
    found = []
    for one in facts.links:
        for other in facts.links:
            back = "return" in (_lane(one), _lane(other))
            fed = bool(made[one] & (taken[other] | ({other.product} if back and _lane(other) == "main" else set())))
            if one != other and fed:
                found.append(Edge(origin=node_key(facts, one), end=node_key(facts, other), back=back))
    return tuple(found)


def _lane(link: Link) -> str:
    return lanes().get(link.group, "main") or "main"


def _products(facts: Facts, link: Link, at: Ints) -> set[int]:
    """What a link hands on; a main link its product under all its names and its residues, one of the return lane all it makes."""
    made = _materials(facts, at, 1.0)
    if _lane(link) == "return":
        return made
    residues = {one for one in made if facts.chain.materials.kind[one] == "residue"}
    return _renamed(facts, {link.product}) | residues


def _materials(facts: Facts, at: Ints, sign: float) -> set[int]:
    exchanges = facts.chain.exchanges
    rows = np.isin(exchanges.process, at) & (facts.chain.sign == sign)
    return set(exchanges.material[rows].tolist())


def _renamed(facts: Facts, materials: set[int]) -> set[int]:
    """Materials and all that they become by a recipe that only renames."""
    chain = facts.chain
    known, fresh = set(materials), set(materials)
    passing = np.flatnonzero(renamings(chain))
    while fresh:
        into = np.isin(chain.exchanges.process, passing) & (chain.sign < 0) & np.isin(chain.exchanges.material, sorted(fresh))
        fresh = _materials(facts, chain.exchanges.process[into], 1.0) - known
        known |= fresh
    return known


def _panel(
    facts: Facts,
    link: Link,
    at: Ints,
    near: Iterable[Edge],
    names: Mapping[str, str],
    best: Prospect | None,
    years: Sequence[int],
    lang: Lang,
) -> Panel:
    key, shares = node_key(facts, link), _shares(facts, at)
    pays = best is not None and best.net > 0
    return Panel(
        key=key,
        name=names[key],
        unit=numbers.scale(link.unit, max(link.need, link.capacity), lang).unit,
        state=link.state,
        word=say(f"report.state-{link.state}", lang),
        sentence=_sentence(facts, link, lang),
        years=year_bars(facts, link, at, years, lang),
        plants=tuple(_plants(facts, link, at, lang)),
        feeds=tuple((edge.origin, names[edge.origin]) for edge in near if edge.end == key),
        serves=tuple((edge.end, names[edge.end]) for edge in near if edge.origin == key),
        takes=_takes(facts, link, lang),
        sources=_sources(facts, at),
        bases=_bases(facts, at, lang),
        firms=len(shares),
        largest=max(shares.values(), default=0.0),
        fed=bool(facts.needed[at].sum() <= 0 < link.need),
        prospect=facts.chain.processes.id[best.process] if best is not None and pays else "",
        worth=_worth(facts, best, lang) if best is not None else "",
    )


def _sentence(facts: Facts, link: Link, lang: Lang) -> tuple[Phrase, ...]:
    """What is so, in figures; what is coming."""
    gap = link.need - link.capacity
    shown = {
        "name": link_name(facts, link, lang),
        "need": numbers.amount(link.need, link.unit, lang),
        "capacity": numbers.amount(link.capacity, link.unit, lang),
        "gap": numbers.amount(abs(gap), link.unit, lang),
        "coming": numbers.amount(link.capacity + link.building + link.planned, link.unit, lang),
        "waiting": numbers.amount(link.building + link.planned, link.unit, lang),
    }
    kind = "lane" if _lane(link) == "return" and link.state != "unused" else "link"
    said = marked(f"board.{kind}-{link.state}", lang, shown, "" if link.state == "unused" else link.state)
    if link.building + link.planned > 0:
        return (*said, Phrase(text=say("board.link-coming", lang, shown)))
    return (*said, Phrase(text=say("board.link-nothing-coming", lang))) if link.state in ("missing", "short") else said


def _shares(facts: Facts, at: Ints) -> Mapping[int, float]:
    """Firm → its share of the running capacity."""
    plants = facts.chain.plants
    rows = np.flatnonzero(facts.chain.running(facts.year) & np.isin(plants.process, at))
    each: dict[int, float] = {}
    for row in rows.tolist():
        each[int(plants.firm[row])] = each.get(int(plants.firm[row]), 0.0) + float(plants.capacity[row])
    whole = sum(each.values())
    return {firm: capacity / whole for firm, capacity in each.items()} if whole > 0 else {}


def _plants(facts: Facts, link: Link, at: Ints, lang: Lang) -> Iterable[PlantLine]:
    """Plants of a link, those that run first, the largest first."""
    plants, firms = facts.chain.plants, facts.chain.firms
    order = {"operating": 0, "building": 1, "planned": 2}
    rows = [row for row in np.flatnonzero(np.isin(plants.process, at)).tolist() if plants.status[row] in order]
    for row in sorted(rows, key=lambda one: (order[str(plants.status[one])], -float(plants.capacity[one]))):
        firm, start = int(plants.firm[row]), float(plants.start[row])
        status = say(f"board.status-{plants.status[row]}", lang)
        since = f"{status} · {start:.0f}" if math.isfinite(start) else status
        yield PlantLine(
            firm=either(firms.name_zh[firm], firms.name_en[firm], firms.id[firm], lang),
            firm_id=firms.id[firm],
            place=place_name(facts.chain, int(plants.site[row]), lang),
            status=since,
            capacity=numbers.amount(float(plants.capacity[row]), link.unit, lang),
            badge=say("report.badge-illustrative", lang) if plants.basis[row] == "illustrative" else "",
        )


def _takes(facts: Facts, link: Link, lang: Lang) -> tuple[tuple[str, str], ...]:
    """What the need of a link takes in, by what it is worth."""
    chain, size = facts.chain, max(link.need, link.capacity)
    rows = np.flatnonzero((chain.exchanges.process == link.process) & (chain.sign < 0)).tolist()
    amounts = {int(chain.exchanges.material[row]): float(chain.exchanges.amount[row]) * size for row in rows}
    worth = {at: amount * abs(float(facts.worth[at])) for at, amount in amounts.items()}
    order = sorted(amounts, key=lambda at: -worth[at] if math.isfinite(worth[at]) else 0.0)[:_MOST_TAKEN]
    return tuple((material_name(facts, at, lang), numbers.amount(amounts[at], chain.materials.unit[at], lang)) for at in order)


def _sources(facts: Facts, at: Ints) -> tuple[tuple[str, str], ...]:
    """Where plants and recipes of a link come from, the most used first."""
    chain = facts.chain
    rows = [chain.plants.source[row] for row in np.flatnonzero(np.isin(chain.plants.process, at)).tolist()]
    rows += [chain.exchanges.source[row] for row in np.flatnonzero(np.isin(chain.exchanges.process, at)).tolist()]
    used = Counter(part.strip() for row in rows for part in row.split(";") if part.strip())
    listed = {name: row for row, name in enumerate(chain.sources.id)}
    return tuple(
        (chain.sources.citation[listed[name]] or name, _address(chain.sources.url[listed[name]]))
        for name, _ in used.most_common(_MOST_SOURCES)
        if name in listed
    )


def _address(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""


def _bases(facts: Facts, at: Ints, lang: Lang) -> tuple[str, ...]:
    """On what the figures rest: capacity first, then the recipes, the commonest first."""
    chain = facts.chain
    of_plants = [str(basis) for basis in chain.plants.basis[np.isin(chain.plants.process, at)].tolist()]
    of_recipes = [str(basis) for basis in chain.exchanges.basis[np.isin(chain.exchanges.process, at)].tolist()]
    every = [basis for each in (of_plants, of_recipes) for basis, _ in Counter(each).most_common() if basis]
    return tuple(say(f"board.basis-{basis}", lang) for basis in dict.fromkeys(every))


def _worth(facts: Facts, best: Prospect, lang: Lang) -> str:
    """What one step more is worth to the whole chain."""
    step = numbers.size(float(str(best.row["step"])), str(best.row["unit"]), lang)
    return say("board.worth" if best.net > 0 else "board.worth-none", lang, {
        "step": step, "net": numbers.money(best.net, facts.currency, lang),
    })  # fmt: skip
