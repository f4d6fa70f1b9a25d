"""Counties as tiles: a drawing of our own, no boundary. Owns: where a county's tile stands, best, possible, impossible. Never: markup.

A chain whose sites have none of these counties gets no map.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from liantu.model.chain import Chain
from liantu.model.results import Record
from liantu.model.said import Said
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.page import Siting, Tile, TileMap
from liantu.report.prospects import ALIKE, Prospect, Prospects, county_name, county_of, prospect_name
from liantu.words import Lang, keys, say

# The part of the largest investment from which a county counts as one of the large ones.
LARGE = 0.25


@cache
def _grid() -> Mapping[str, tuple[int, int]]:
    rows = csv.DictReader(files(__package__).joinpath("tiles.csv").read_text(encoding="utf-8").splitlines())
    return {row["adcode"]: (int(row["row"]), int(row["column"])) for row in rows}


def counties(chain: Chain) -> Mapping[int, tuple[int, int]]:
    """Sites that have a tile, with its row and column."""
    return {site: _grid()[code] for site, code in enumerate(chain.sites.adcode) if code in _grid()}


def siting_map(facts: Facts, found: Prospects, one: Prospect, lang: Lang) -> TileMap | None:
    """Where a link had best stand; none where the chain has no such counties."""
    placed = counties(facts.chain)
    if not placed:
        return None
    rows: dict[int, list[Record]] = {}
    for row in one.rows:
        rows.setdefault(county_of(facts.chain, facts.chain.sites.id.index(text(row, "site"))), []).append(row)
    best = {county_of(facts.chain, site) for site in one.best}
    possible = {site for site in placed if site in rows}
    equal = len(possible) > 1 and possible <= best
    worth = max(abs(or_zero(number(row, "net_per_year"))) for row in one.rows)
    by, unit = numbers.money_scale(worth, found.currency, lang)
    stops = _stops(facts.chain, found, one)
    tiles = []
    for site, (across, down) in placed.items():
        here = rows.get(site, [])
        siting = _siting(site, here, one, best=set() if equal else best)
        net = max((or_zero(number(row, "net_per_year")) for row in here), default=0.0) / by
        figure = numbers.fixed(net, numbers.money_decimals(net, by)) if here else ""
        word = say(f"report.siting-{siting}", lang) if here else _stopped(stops.get(site, ""), lang)
        name = county_name(facts.chain, site, lang)
        tiles.append(Tile(row=across, column=down, name=name, figure=figure, word=word, siting=siting))
    key = "tiles-caption" if not equal else "tiles-equal" if not facts.chain.routes.idle.all() else "tiles-equal-free"
    return TileMap(
        title=say("report.tiles-where", lang, {"name": prospect_name(facts, one, lang)}),
        hint=say("report.tiles-worth", lang, {"unit": unit}),
        caption=say(f"report.{key}", lang),
        tiles=tuple(tiles),
        legend=_legend(tiles, lang, "siting"),
        badge=_badge(facts, (facts.chain.sites.id.index(text(row, "site")) for row in one.rows), lang),
    )


def _siting(site: int, rows: list[Record], one: Prospect, best: set[int]) -> Siting:
    """Impossible where no row is; limited where it is not worth it or the site ends it sooner than elsewhere."""
    if not rows:
        return "impossible"
    if site in best:
        return "best"
    most = or_zero(number(one.row, "useful_size"))
    here = max(or_zero(number(row, "useful_size")) for row in rows)
    earns = any(number(row, "net_per_year") > 0 for row in rows)
    return "possible" if earns and here >= most * (1 - ALIKE) else "limited"


def _stops(chain: Chain, found: Prospects, one: Prospect) -> dict[int, str]:
    """County → why the link cannot come; what stops it at its parks says more than what stops it at the county itself."""
    stops: dict[int, str] = {}
    own = chain.processes.id[one.process]
    for row in found.excluded:
        because = row["because"]
        if text(row, "process") == own and isinstance(because, Said):
            site = chain.sites.id.index(text(row, "site"))
            county = county_of(chain, site)
            if county != site or county not in stops:
                stops[county] = because.parts[0][0].rpartition(".")[2]
    return stops


def _stopped(stop: str, lang: Lang) -> str:
    """One word why not."""
    return say(f"report.{stop}", lang) if stop in keys("report") else say("report.stop-unasked", lang)


def _badge(facts: Facts, sites: Iterable[int], lang: Lang) -> str:
    """Sites whose land or zone is no reported fact are marked so."""
    return say("report.badge-illustrative", lang) if facts.chain.sites.illustrative[list(sites)].any() else ""


def _legend(tiles: list[Tile], lang: Lang, family: str) -> tuple[tuple[Siting, str], ...]:
    order: tuple[Siting, ...] = ("best", "possible", "limited", "impossible", "none")
    there = {tile.siting for tile in tiles}
    return tuple((siting, say(f"report.{family}-{siting}", lang)) for siting in order if siting in there)


def build_map(facts: Facts, invested: Mapping[int, float], currency: str, lang: Lang) -> TileMap | None:
    """Where a plan builds: investment by county; none where the chain has no such counties or nothing has a cost."""
    placed = counties(facts.chain)
    by_county = dict.fromkeys(placed, 0.0)
    for site, amount in invested.items():
        county = county_of(facts.chain, site)
        if county in by_county and math.isfinite(amount):
            by_county[county] += amount
    most = max(by_county.values(), default=0.0)
    if not most > 0:
        return None
    by, unit = numbers.money_scale(most, currency, lang)
    tiles = []
    for site, (across, down) in placed.items():
        value = by_county[site]
        siting: Siting = "best" if value >= most else "possible" if value >= LARGE * most else "limited" if value > 0 else "none"
        figure = numbers.fixed(value / by, numbers.digits(most / by)) if value > 0 else numbers.BLANK
        share = numbers.percent(value / sum(by_county.values())) if value > 0 else say("report.built-none", lang)
        tiles.append(Tile(row=across, column=down, name=county_name(facts.chain, site, lang), figure=figure, word=share, siting=siting))
    return TileMap(
        title=say("report.tiles-builds", lang),
        hint=say("report.tiles-invest", lang, {"unit": unit}),
        caption=say("report.tiles-caption", lang),
        tiles=tuple(tiles),
        legend=_legend(tiles, lang, "built"),
        badge=_badge(facts, invested, lang),
    )
