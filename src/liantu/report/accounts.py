"""The year's accounts by stage and by site, what becomes of an element, where to begin. Owns: their rows and sentences. Never: markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from liantu.report import numbers
from liantu.report.board import Deed
from liantu.report.cells import number, or_zero, text
from liantu.report.conclusions import longest
from liantu.report.facts import Facts
from liantu.report.figures import node_key, targets, worst_first
from liantu.report.flows import MASS, Graph, Spot
from liantu.report.labels import join, link_name, material_name, part_name
from liantu.report.links import Link
from liantu.report.page import Cell, Phrase, Table
from liantu.report.phrases import marked
from liantu.report.sankey import quantity_name
from liantu.report.tables import column, table
from liantu.words import Lang, Value, say

_NAMED = 3


def accounts(facts: Facts, lang: Lang) -> tuple[Table, ...]:
    """What each stage and each site makes and takes."""
    return tuple(_account(facts, part, lang) for part in ("stage", "site"))


def _account(facts: Facts, part: str, lang: Lang) -> Table:
    columns = (
        column("part", lang, "name"),
        column("material", lang),
        column("unit", lang, "unit"),
        column("made", lang, "number"),
        column("taken", lang, "number"),
        column("balance", lang, "number"),
    )
    rows = [row for row in facts.balance.grid(f"{part}s") if text(row, part) and max(number(row, "produced"), number(row, "consumed")) > 0]
    return table(f"by-{part}", lang, columns, (_account_row(facts, part, row, lang) for row in rows))


def _account_row(facts: Facts, part: str, row: Mapping[str, object], lang: Lang) -> tuple[Cell, ...]:
    material, unit = facts.chain.material_index[text(row, "material")], text(row, "unit")
    produced, consumed = (or_zero(number(row, key)) for key in ("produced", "consumed"))
    shown = numbers.scale(unit, max(produced, consumed), lang)
    decimals = numbers.digits(max(produced, consumed) * shown.factor)
    amounts = [
        Cell(text="0" if value == 0 else numbers.fixed(value * shown.factor, decimals), value=value * shown.factor, decimals=decimals)
        for value in (produced, consumed)
    ]
    net = (produced - consumed) * shown.factor
    names = Cell(text=part_name(facts, part, text(row, part), lang)), Cell(text=material_name(facts, material, lang))
    return (*names, Cell(text=shown.unit), *amounts, Cell(text=numbers.signed(net, decimals), value=net, decimals=decimals))


def split(facts: Facts, graphs: Iterable[Graph], lang: Lang) -> tuple[Phrase, ...]:
    """What becomes of the first element that enters: lost, sold on, made into what the chain is measured by."""
    drawn = next((one for one in graphs if one.quantity != MASS), None)
    if drawn is None or not drawn.entering > 0:
        return ()
    asked = {at for at, _ in facts.demand}
    parts = {"lost": 0.0, "sold": 0.0, "made": 0.0}
    for spot, tonnes in drawn.ends():
        parts[_fate(facts, spot, asked)] += tonnes / drawn.entering
    values = {
        "quantity": quantity_name(drawn.quantity, lang),
        "product": join([material_name(facts, at, lang) for at in sorted(asked)], lang),
        **{key: numbers.percent(part) for key, part in parts.items()},
    }
    sold = marked("board.split-sold", lang, values, "long")
    last = marked("board.split-made" if parts["made"] > 0 else "board.split-none", lang, values, "short")
    return (*marked("board.split-lost", lang, values, "even"), *sold, *last)


def _fate(facts: Facts, spot: Spot, asked: set[int]) -> str:
    role, material = spot
    if material in asked:
        return "made"
    lost = role in ("loss", "open") or (role == "material" and facts.chain.materials.kind[material] in ("residue", "emission"))
    return "lost" if lost else "sold"


def first_deeds(facts: Facts, lang: Lang) -> tuple[Deed, ...]:
    """Three places to begin: what is sold off raw, what is missing, the target furthest off."""
    return (*_long_deed(facts, lang), *_missing_deed(facts, lang), *_target_deed(facts, lang))


def _long_deed(facts: Facts, lang: Lang) -> Iterable[Deed]:
    link = longest(facts)
    if link is not None:
        values = {
            "name": link_name(facts, link, lang),
            "gap": numbers.amount(link.capacity - link.need, link.unit, lang),
            "users": join([link_name(facts, one, lang) for one in _users(facts, link)][:_NAMED], lang),
        }
        key = "board.deed-long" if values["users"] else "board.deed-long-alone"
        yield Deed(title=say("board.deed-long-title", lang, values), meaning=say(key, lang, values), page="node", key=node_key(facts, link))


def _users(facts: Facts, link: Link) -> list[Link]:
    """Links that take the product and are missing or short."""
    exchanges = facts.chain.exchanges
    takers = set(exchanges.process[(exchanges.material == link.product) & (facts.chain.sign < 0)].tolist())
    return [one for one in worst_first(facts.links) if one.process in takers and one.state in ("missing", "short")]


def _missing_deed(facts: Facts, lang: Lang) -> Iterable[Deed]:
    found = facts.counted("missing", "short")
    if found:
        names = join([link_name(facts, link, lang) for link in found[:_NAMED]], lang)
        coming = sum(link.building + link.planned > 0 for link in found)
        values: dict[str, Value] = {"names": names, "count": len(found), "coming": coming}
        key = "board.deed-missing" if coming else "board.deed-missing-none"
        yield Deed(title=say("board.deed-missing-title", lang, values), meaning=say(key, lang, values), page="recruit", key="")


def _target_deed(facts: Facts, lang: Lang) -> Iterable[Deed]:
    missed = [target for target in targets(facts, lang) if target.light in ("red", "yellow")]
    if missed:
        one = missed[0]
        values = {"name": one.name, "value": one.value, "target": one.target, "verdict": one.verdict}
        yield Deed(
            title=say("board.deed-target-title", lang, values), meaning=say("board.deed-target", lang, values), page="targets", key=one.key
        )
