"""Links to recruit, one a process, with the sites that would do. Owns: Prospect, ranking, ties, names of places. Never: words' layout.

A record of ``recruit`` has a row for each process and site; a leader decides on the link first and the site after it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from liantu.model.chain import Chain
from liantu.model.results import Record, RunRecord
from liantu.model.states import State
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import join, material_name, process_name
from liantu.report.names import either
from liantu.report.stages import group_of, lanes
from liantu.words import Lang, say

# Sites whose worth and useful size differ by less than this are alike.
ALIKE = 1e-6
COUNTY = "county"
_MOST_COUNTIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One process that might come: its row at the best site, and all rows, by site.

    Attributes
    ----------
    best : tuple of int
        Sites that do equally well, the best there are.
    alone : bool
        Whether no other link looked at makes the same product, so that the product names it.
    """

    process: int
    row: Record
    rows: tuple[Record, ...]
    best: tuple[int, ...]
    alone: bool
    state: State

    @property
    def net(self) -> float:
        """What a step is worth a year after all cost."""
        return number(self.row, "net_per_year")

    @property
    def in_line(self) -> bool:
        """Whether its product goes into what the chain measures itself by."""
        return bool(self.row["serves_yardstick"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """What pays (best first), what does not (what is there already first), and what cannot be judged."""

    good: tuple[Prospect, ...]
    poor: tuple[Prospect, ...]
    unknown: tuple[Prospect, ...]
    pairs: tuple[Record, ...]
    excluded: tuple[Record, ...]
    currency: str
    rate: float

    @property
    def first(self) -> Prospect | None:
        """Whom to recruit first: the best of what goes into the product the chain measures itself by, else the best of all."""
        return next((one for one in self.good if one.in_line), next(iter(self.good), None))


def prospects(facts: Facts, recruit: RunRecord) -> Prospects:
    """The links of a record, one a process."""
    by_process: dict[str, list[Record]] = {}
    for row in recruit.grid("links"):
        by_process.setdefault(text(row, "process"), []).append(row)
    makers = Counter(int(facts.chain.processes.product[facts.chain.process_index[name]]) for name in by_process)
    states = {(link.group, link.product): link.state for link in facts.links}
    every = [_prospect(facts.chain, rows, makers, states) for rows in by_process.values()]
    known = [one for one in every if math.isfinite(one.net)]
    rate = recruit.options.get("rate")
    return Prospects(
        good=tuple(sorted((one for one in known if one.net > 0), key=lambda one: -one.net)),
        poor=tuple(sorted((one for one in known if one.net <= 0), key=lambda one: (number(one.row, "capacity") <= 0, one.net))),
        unknown=tuple(one for one in every if not math.isfinite(one.net)),
        pairs=tuple(recruit.grid("pairs")),
        excluded=tuple(recruit.grid("excluded")),
        currency=text(recruit.result, "currency") or facts.currency,
        rate=float(rate) if isinstance(rate, (int, float)) else math.nan,
    )


def _prospect(chain: Chain, rows: list[Record], makers: Counter[int], states: dict[tuple[str, int], State]) -> Prospect:
    row = max(rows, key=lambda one: (or_zero(number(one, "net_per_year")), or_zero(number(one, "useful_size"))))
    best = [one for one in rows if _alike(one, row)]
    process = chain.process_index[text(row, "process")]
    product = int(chain.processes.product[process])
    return Prospect(
        process=process,
        row=row,
        rows=tuple(rows),
        best=tuple(chain.sites.id.index(text(one, "site")) for one in best),
        alone=makers[product] == 1,
        state=states.get((group_of(chain.processes.stage[process]), product), "unused"),
    )


def _alike(one: Record, best: Record) -> bool:
    pairs = ((or_zero(number(one, key)), or_zero(number(best, key))) for key in ("net_per_year", "useful_size"))
    return all(mine >= top - ALIKE * abs(top) for mine, top in pairs)


def prospect_name(facts: Facts, one: Prospect, lang: Lang) -> str:
    """By its product where one link alone makes it, else by its recipe; treatment and recycling always by the recipe."""
    process = one.process
    group = group_of(facts.chain.processes.stage[process])
    by_recipe = not one.alone or facts.chain.treats[process] or lanes().get(group) == "return"
    return process_name(facts, process, lang) if by_recipe else material_name(facts, int(facts.chain.processes.product[process]), lang)


def place_name(chain: Chain, site: int, lang: Lang) -> str:
    """Name of a site."""
    return either(chain.sites.name_zh[site], chain.sites.name_en[site], chain.sites.id[site], lang)


def county_name(chain: Chain, site: int, lang: Lang) -> str:
    """Name of a county as people say it: 桂阳 and not 桂阳县."""
    name = place_name(chain, site, lang)
    return name[:-1] if lang == "zh" and len(name) > 2 and name[-1] in "县市区" else name


def county_of(chain: Chain, site: int) -> int:
    """The county a site lies in; the site itself where it lies in none."""
    at = site
    while at >= 0 and chain.sites.kind[at] != COUNTY:
        at = int(chain.sites.parent[at])
    return at if at >= 0 else site


def single_place(chain: Chain, sites: Sequence[int]) -> bool:
    """Whether sites can be named in a sentence: one, or those of a few counties."""
    return len({county_of(chain, site) for site in sites}) <= _MOST_COUNTIES


def best_places(chain: Chain, sites: Sequence[int], lang: Lang) -> str:
    """Where it had best stand: the site, its counties, or how many do equally well."""
    if len(sites) == 1:
        return place_name(chain, sites[0], lang)
    counties = tuple(dict.fromkeys(county_of(chain, site) for site in sites))
    names = join([county_name(chain, county, lang) for county in counties], lang)
    key = "sites-alike" if single_place(chain, sites) else "sites-many"
    return say(f"report.{key}", lang, {"names": names, "counties": len(counties), "sites": len(sites)})
