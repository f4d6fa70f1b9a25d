"""Links to recruit, each with all that is shown when it is chosen. Owns: cards, the places and firms of each. Never: ranking, markup."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from liantu.report import curves, numbers
from liantu.report.board import Card, Spot
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import group_name
from liantu.report.names import either
from liantu.report.prospects import Prospect, Prospects, best_places, county_of, place_name, prospect_name
from liantu.report.recruiting import because, because_not, size_of, spotlight
from liantu.report.stages import group_of
from liantu.report.tiles import siting_map
from liantu.words import Lang, say

_MOST_FIRMS = 8


def cards(facts: Facts, found: Prospects, lang: Lang) -> tuple[Card, ...]:
    """What pays, best first, then what does not."""
    return tuple(_card(facts, found, one, lang) for one in (*found.good, *found.poor))


def _card(facts: Facts, found: Prospects, one: Prospect, lang: Lang) -> Card:
    chain = facts.chain
    group, product = group_of(chain.processes.stage[one.process]), int(chain.processes.product[one.process])
    invest = number(one.row, "invest")
    return Card(
        key=chain.processes.id[one.process],
        node=f"{group}.{chain.materials.id[product]}",
        name=prospect_name(facts, one, lang),
        stage=group,
        state=one.state,
        word=say(f"report.state-{one.state}", lang),
        step=size_of(one, "step", lang),
        because=because(facts, one, lang) if one.net > 0 else because_not(one, found.currency, lang),
        net=or_zero(one.net),
        worth=numbers.money(one.net, found.currency, lang),
        invest=invest if math.isfinite(invest) else None,
        in_line=one.in_line,
        place=best_places(chain, one.best, lang),
        curve=curves.small(one.row, found.currency, text(one.row, "unit"), lang),
        tiles=siting_map(facts, found, one, lang),
        spotlight=spotlight(facts, found, one, lang),
        firms=_firms(facts, one.process, lang),
        spots=tuple(_spot(facts, row, lang) for row in one.rows),
    )


def _spot(facts: Facts, row: Mapping[str, object], lang: Lang) -> Spot:
    chain, site = facts.chain, facts.chain.sites.id.index(text(row, "site"))
    return Spot(
        site=place_name(chain, site, lang),
        county=chain.sites.id[county_of(chain, site)],
        zone=chain.sites.zone[site],
        net=or_zero(number(row, "net_per_year")),
    )


def _firms(facts: Facts, process: int, lang: Lang) -> tuple[tuple[str, str, str], ...]:
    """Firms that are here already and make the product, use it, or make what it takes: name, place, why to call."""
    chain, exchanges = facts.chain, facts.chain.exchanges
    product = int(chain.processes.product[process])
    taken = set(exchanges.material[(exchanges.process == process) & (chain.sign < 0)].tolist())
    makers = np.flatnonzero(chain.processes.product == product).tolist()
    users = np.unique(exchanges.process[(exchanges.material == product) & (chain.sign < 0)]).tolist()
    feeders = [at for at in range(len(chain.processes)) if int(chain.processes.product[at]) in taken and not chain.treats[at]]
    found: dict[int, tuple[str, str, str]] = {}
    for why, processes in (("makes", makers), ("uses", users), ("feeds", feeders)):
        for row in np.flatnonzero(np.isin(chain.plants.process, processes) & (chain.plants.status != "closed")).tolist():
            firm = int(chain.plants.firm[row])
            if firm not in found and not chain.firms.illustrative[firm]:
                name = either(chain.firms.name_zh[firm], chain.firms.name_en[firm], chain.firms.id[firm], lang)
                found[firm] = name, place_name(chain, int(chain.plants.site[row]), lang), say(f"board.firm-{why}", lang)
    return tuple(found.values())[:_MOST_FIRMS]


def stages_of(made: tuple[Card, ...], lang: Lang) -> tuple[tuple[str, str], ...]:
    """Stages there are cards of, with their names."""
    return tuple((stage, group_name(stage, lang)) for stage in dict.fromkeys(card.stage for card in made))
