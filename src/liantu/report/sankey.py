"""The Sankey as data. Owns: names, groups and order of its nodes, its tables. Never: how flows are found, the drawing library."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.flows import MASS, POOL, Graph, Spot, graph, quantities
from liantu.report.labels import element_name, material_name
from liantu.report.page import Cell, Column, Sankey, Table
from liantu.report.stages import group_of, lanes
from liantu.words import Lang, say

# Many flows skip stages here (bought cathode straight into cells): without these rounds they cross everything between.
ITERATIONS = 32
# Letters a line of a label holds (a Chinese character counts two): at an end there is room, between two nodes there is not.
WIDE_LABEL, NARROW_LABEL = 34, 22

_POOLS = {"other-bought": "bought", "other-sold": "sold", "loss": "loss"}
_ORDER = ("returned", "material", "bought", "short", "other-bought", "sold", "kept", "other-sold", "open", "loss")


def graphs(facts: Facts) -> tuple[Graph, ...]:
    """One graph for mass and for each element worth it; an element nobody moves is left out."""
    found = (graph(facts.chain, facts.balance, quantity) for quantity in quantities(facts.chain, facts.balance))
    return tuple(each for each in found if each.links)


def sankeys(facts: Facts, drawn: tuple[Graph, ...], lang: Lang) -> tuple[Sankey, ...]:
    """The graphs in one language."""
    return tuple(_sankey(facts, each, lang) for each in drawn)


def quantity_name(quantity: str, lang: Lang) -> str:
    """Total mass, or the element's name with its symbol."""
    return say("report.quantity-mass", lang) if quantity == MASS else element_name(quantity, lang)


def _sankey(facts: Facts, drawn: Graph, lang: Lang) -> Sankey:
    name = quantity_name(drawn.quantity, lang)
    traded = {facts.chain.material_index[text(row, "material")]: row for row in facts.balance.grid("materials")}
    names = {spot: _spot_name(facts, drawn, spot, traded, lang) for spot in drawn.spots()}
    ends = drawn.ends()
    values = {
        "quantity": name,
        "entering": numbers.fixed(drawn.entering, numbers.digits(drawn.entering)),
        "share": numbers.percent(ends[0][1] / drawn.entering),
        "end": names[ends[0][0]],
    }
    return Sankey(
        key=drawn.quantity,
        name=name,
        unit="t",
        label=say("report.flows-label", lang, values),
        option=_option(facts, drawn, names),
        links=_links_table(drawn, names, name, lang),
        ends=_ends_table(drawn, names, name, lang),
    )


def _spot_name(facts: Facts, drawn: Graph, spot: Spot, traded: Mapping[int, Mapping[str, object]], lang: Lang) -> str:
    role, material = spot
    if material == POOL:
        return say(f"report.spot-pool-{_POOLS[role]}", lang)
    if role == "open":
        return say("report.spot-open", lang)
    name = material_name(facts, material, lang)
    row = traded.get(material, {})
    if role == "material" and facts.chain.materials.kind[material] in ("good", "energy"):
        arrives, leaves = _ways(drawn, spot)
        if not arrives and or_zero(number(row, "bought")) > 0:
            role = "bought"
        elif not leaves:
            role = "sold" if or_zero(number(row, "sold")) > or_zero(number(row, "surplus")) else "kept"
    return name if role == "material" else say(f"report.spot-{role}", lang, {"name": name})


def _ways(drawn: Graph, spot: Spot) -> tuple[bool, bool]:
    return any(b == spot for _, b, _ in drawn.links), any(a == spot for a, _, _ in drawn.links)


def _look(facts: Facts, spot: Spot) -> str:
    """The group whose colour a node has."""
    role, material = spot
    if role in ("loss", "open") or (role == "material" and facts.chain.materials.kind[material] in ("residue", "emission")):
        return "loss"
    if role == "returned":
        return "return"
    if role != "material":
        return "trade"
    if facts.chain.materials.kind[material] == "resource":
        return "resource"
    group = _group(facts, material)
    return group if group in lanes() else "trade"


def _group(facts: Facts, material: int) -> str:
    """Stage that makes a material: the one whose recipe makes it as its product and runs, else any such."""
    chain = facts.chain
    makers = np.flatnonzero((chain.processes.product == material) & ~chain.treats).tolist()
    running = [process for process in makers if facts.active[process] > 0] or makers
    return group_of(chain.processes.stage[running[0]]) if running else ""


def _rank(facts: Facts, drawn: Graph, spot: Spot) -> tuple[int, int, float]:
    """Trunk on top, then what is sold or kept, losses at the bottom; downstream before upstream, large before small."""
    role, material = spot
    place = _ORDER.index(role)
    if role == "material" and facts.chain.materials.kind[material] in ("residue", "emission"):
        place = _ORDER.index("loss")
    groups = list(lanes())
    group = _group(facts, material) if role == "material" else ""
    return place, -groups.index(group) if group in groups else 0, -drawn.through(spot)


def _option(facts: Facts, drawn: Graph, names: Mapping[Spot, str]) -> dict[str, object]:
    """What the page's script hands to ECharts; nodes are called by their place, so that no two names can meet."""
    order = sorted(names, key=lambda spot: _rank(facts, drawn, spot))
    place = {spot: str(at) for at, spot in enumerate(order)}
    onward = {a for a, _, _ in drawn.links}
    return {
        "iterations": ITERATIONS,
        "nodes": [
            {
                "name": place[spot],
                "label": names[spot],
                "group": _look(facts, spot),
                **_lines(names[spot], _tonnes(drawn.through(spot)), NARROW_LABEL if spot in onward else WIDE_LABEL),
            }
            for spot in order
        ],
        "links": [{"source": place[a], "target": place[b], "value": tonnes, "amount": _tonnes(tonnes)} for a, b, tonnes in drawn.links],
    }


def _lines(label: str, amount: str, width: int) -> dict[str, object]:
    """A label cut into lines, and whether its amount needs one of its own."""
    lines = [""]
    for part in re.findall(r"[^\u2e80-\uffff ]+ ?|[\u2e80-\uffff]| ", label):
        if lines[-1] and _width(lines[-1] + part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return {"lines": [line.strip() for line in lines], "amount": amount, "apart": _width(lines[-1] + amount) >= width}


def _width(label: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in label)


def _tonnes(tonnes: float) -> str:
    return numbers.fixed(tonnes, numbers.digits(tonnes) if tonnes < 10 else 0)


def _links_table(drawn: Graph, names: Mapping[Spot, str], quantity: str, lang: Lang) -> Table:
    columns = (
        Column(title=say("report.column-from", lang), kind="name"),
        Column(title=say("report.column-to", lang)),
        Column(title=say("report.column-tonnes", lang), kind="number"),
        Column(title=say("report.column-share", lang), kind="number"),
    )
    rows = tuple((Cell(text=names[a]), Cell(text=names[b]), *_amounts(tonnes, drawn.entering)) for a, b, tonnes in drawn.links)
    title = say("report.table-links-of", lang, {"quantity": quantity})
    return Table(key=f"flows-{drawn.quantity}", title=title, columns=columns, rows=rows)


def _ends_table(drawn: Graph, names: Mapping[Spot, str], quantity: str, lang: Lang) -> Table:
    columns = (
        Column(title=say("report.column-end", lang), kind="name"),
        Column(title=say("report.column-tonnes", lang), kind="number"),
        Column(title=say("report.column-share", lang), kind="number"),
    )
    rows = tuple((Cell(text=names[spot]), *_amounts(tonnes, drawn.entering)) for spot, tonnes in drawn.ends())
    return Table(key=f"ends-{drawn.quantity}", title=say("report.table-ends-of", lang, {"quantity": quantity}), columns=columns, rows=rows)


def _amounts(tonnes: float, entering: float) -> tuple[Cell, Cell]:
    share = 100 * tonnes / entering
    return Cell(text=_tonnes(tonnes), value=tonnes), Cell(text=numbers.fixed(share, 1 if share >= 1 else 2), value=share)
