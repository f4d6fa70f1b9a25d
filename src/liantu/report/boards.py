"""The board of a chain in both languages. Owns: what it is put together from, which years it offers. Never: markup, arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from liantu.model.chain import Chain
from liantu.model.results import RunRecord
from liantu.report.accounts import accounts, first_deeds, split
from liantu.report.board import Board
from liantu.report.cards import cards, stages_of
from liantu.report.facts import Facts, facts
from liantu.report.labels import join, material_name
from liantu.report.panels import edges, panels
from liantu.report.prospects import Prospects, county_name, prospects
from liantu.report.sankey import graphs
from liantu.report.ties import bonds, holdings
from liantu.report.tiles import counties
from liantu.runs.ask import default_year
from liantu.words import LANGUAGES, Lang

_BEFORE, _AFTER = 1, 5


def boards(chain: Chain, balance: RunRecord, require: RunRecord, *, recruit: RunRecord | None = None) -> Mapping[Lang, Board]:
    """What a page one can press shows of a chain in a year, from the same answers as the report.

    Parameters
    ----------
    chain : Chain
        The chain all records were computed from.
    balance, require : RunRecord
        Answers of the verbs of these names.
    recruit : RunRecord, optional
        Answer of this verb for the same year; without it nothing is said about recruiting.
    """
    joined = facts(chain, balance, require)
    found = prospects(joined, recruit) if recruit is not None and "links" in recruit.result else None
    return {lang: _board(joined, found, lang) for lang in LANGUAGES}


def years_of(chain: Chain, year: int) -> tuple[int, ...]:
    """Years that are shown side by side: the chain's own with one before and some behind it, and the one that is asked."""
    own = default_year(chain)
    return tuple(sorted({*range(own - _BEFORE, own + _AFTER + 1), year}))


def _board(joined: Facts, found: Prospects | None, lang: Lang) -> Board:
    chain, years = joined.chain, years_of(joined.chain, joined.year)
    made = cards(joined, found, lang) if found else ()
    return Board(
        years=years,
        panels=panels(joined, found, years, lang),
        edges=edges(joined),
        cards=made,
        stages=stages_of(made, lang),
        counties=tuple((chain.sites.id[site], county_name(chain, site, lang)) for site in counties(chain)),
        zones=tuple(dict.fromkeys(spot.zone for card in made for spot in card.spots if spot.zone)),
        yardstick=join([material_name(joined, at, lang) for at, _ in joined.demand], lang),
        currency=found.currency if found else joined.currency,
        split=split(joined, graphs(joined), lang),
        first=first_deeds(joined, lang),
        accounts=accounts(joined, lang),
        bonds=bonds(joined, lang),
        holdings=holdings(joined, lang),
    )
