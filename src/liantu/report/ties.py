"""What ties firms together: contracts and holdings, without any price. Owns: their rows in words. Never: prices, who may see them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from liantu.model.chain import Chain
from liantu.report import numbers
from liantu.report.board import Bond, Holding
from liantu.report.facts import Facts
from liantu.report.labels import material_name
from liantu.report.names import either
from liantu.words import Lang, say


def bonds(facts: Facts, lang: Lang) -> tuple[Bond, ...]:
    """Contracts by kind."""
    chain = facts.chain
    found = [_bond(facts, row, lang) for row in range(len(chain.contracts))]
    return tuple(sorted(found, key=lambda bond: bond.kind_id))


def _bond(facts: Facts, row: int, lang: Lang) -> Bond:
    chain, rows = facts.chain, facts.chain.contracts
    material, volume = int(rows.material[row]), float(rows.volume[row])
    kind = str(rows.kind[row])
    known = material >= 0 and math.isfinite(volume)
    return Bond(
        id=rows.id[row],
        kind=say(f"board.contract-{kind}", lang),
        kind_id=kind,
        seller=firm_name(chain, int(rows.seller[row]), lang),
        seller_id=chain.firms.id[int(rows.seller[row])],
        buyer=firm_name(chain, int(rows.buyer[row]), lang),
        buyer_id=chain.firms.id[int(rows.buyer[row])],
        material=material_name(facts, material, lang) if material >= 0 else "",
        since=rows.start[row],
        until=rows.end[row],
        volume=numbers.amount(volume, chain.materials.unit[material], lang) if known else "",
        status=rows.status[row],
    )


def holdings(facts: Facts, lang: Lang) -> tuple[Holding, ...]:
    """Stakes, the largest first; an owner that is itself a firm of the chain is known by its id."""
    chain, rows = facts.chain, facts.chain.stakes
    firms = _known(chain)
    found = [
        Holding(
            owner=firm_name(chain, firms[rows.owner[row]], lang) if rows.owner[row] in firms else rows.owner[row],
            owner_id=chain.firms.id[firms[rows.owner[row]]] if rows.owner[row] in firms else "",
            firm=firm_name(chain, int(rows.firm[row]), lang),
            firm_id=chain.firms.id[int(rows.firm[row])],
            share=float(rows.share[row]),
            since=rows.start[row],
            until=rows.end[row],
        )
        for row in range(len(rows))
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def _known(chain: Chain) -> Mapping[str, int]:
    """Ids and names of firms → their position."""
    firms = chain.firms
    return {name: at for names in (firms.name_en, firms.name_zh, firms.id) for at, name in enumerate(names) if name}


def firm_name(chain: Chain, firm: int, lang: Lang) -> str:
    """Name of a firm."""
    return either(chain.firms.name_zh[firm], chain.firms.name_en[firm], chain.firms.id[firm], lang)
