"""What the pages of the chain show, from stored answers. Owns: which answer, its parts in order. Never: computing, rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liantu.web.accounts.models import Person
from liantu.web.chain import access
from liantu.web.work import queries as work
from liantu.web.work.context import Asked
from liantu.web.work.models import Run
from liantu.words import Lang

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer as a page shows it.

    Attributes
    ----------
    run : Run or None
        The run of what was asked; None if it was never asked.
    told : mapping
        Its answer, empty while there is none; an older one where ``earlier`` names the run it comes from.
    """

    run: Run | None
    told: Part
    earlier: Run | None = None

    @property
    def page(self) -> Part | None:
        """The report's page; None where nothing could be computed."""
        return self.told.get("page")

    @property
    def board(self) -> Part | None:
        """What can be pressed; None where nothing could be computed."""
        return self.told.get("board")

    @property
    def sections(self) -> Mapping[str, Part]:
        """Sections of the page by key."""
        return {section["key"]: section for section in self.page["sections"]} if self.page else {}


def shown(verb: str, asked: Asked, person: Person, lang: Lang, options: Mapping[str, Any] | None = None) -> Shown:
    """The answer to a question; where there is none yet, or none could be found, the last good one for the same year."""
    run = work.stored(verb, asked, options, person=person)
    told = access.seen(work.answer(run, lang), person, lang) if run is not None and run.is_answered else {}
    if told.get("page") or verb != "overview" or options:
        return Shown(run=run, told=told)
    last = _last_good(asked, person)
    if last is None:
        return Shown(run=run, told=told)
    return Shown(run=run, told={**access.seen(work.answer(last, lang), person, lang), "findings": told.get("findings", ())}, earlier=last)


def _last_good(asked: Asked, person: Person) -> Run | None:
    """The newest overview of the year that could be computed; for the office alone: a firm sees what is published."""
    if access.is_firm(person):
        return None
    found = Run.objects.filter(verb="overview", year=asked.year, scenario=asked.scenario, is_ok=True, computed__isnull=False)
    return found.defer("zh", "en").order_by("-computed").first()


def panel_of(board: Part, key: str) -> Part | None:
    """The panel of a node; where the address names none, of what is missing and pays, is missing, short, or there at all."""
    panels = board["panels"]
    named = next((panel for panel in panels if panel["key"] == key), None)
    order = ("missing", "short", "long", "even", "unused", access.WITHHELD)
    return named or min(panels, key=lambda panel: (order.index(panel["state"]), not panel["prospect"]), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of the links to recruit is looked at; blank is all, capital in plain money.

    ``in_line`` leaves only what goes into the product by which the chain measures itself; it is how one looks, not a filter set.
    """

    stage: str = ""
    county: str = ""
    zone: str = ""
    capital: float | None = None
    in_line: bool = False

    def __bool__(self) -> bool:
        return bool(self.stage or self.county or self.zone or self.capital is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A card with what a step of it is worth where one may look, and at which site."""

    card: Part
    net: float
    place: str


def ranked(cards: Iterable[Part], filters: Filters) -> tuple[list[Ranked], list[Ranked]]:
    """What pays, best first, and what does not, of the cards that pass."""
    passed = [one for card in cards if (one := _ranked(card, filters)) is not None]
    good = sorted((one for one in passed if one.net > 0), key=lambda one: -one.net)
    return good, [one for one in passed if one.net <= 0]


def _ranked(card: Part, filters: Filters) -> Ranked | None:
    if filters.stage not in ("", card["stage"]) or (filters.in_line and not card["in_line"]):
        return None
    if filters.capital is not None and (card["invest"] is None or card["invest"] > filters.capital):
        return None
    spots = [spot for spot in card["spots"] if filters.county in ("", spot["county"]) and filters.zone in ("", spot["zone"])]
    if not spots:
        return None
    best = max(spots, key=lambda spot: float(spot["net"]))
    is_narrowed = bool(filters.county or filters.zone)
    return Ranked(card=card, net=best["net"] if is_narrowed else card["net"], place=best["site"] if is_narrowed else card["place"])


def kinds(bonds: Iterable[Part]) -> list[tuple[str, list[Part]]]:
    """Contracts by kind."""
    found: dict[str, list[Part]] = {}
    for bond in bonds:
        found.setdefault(bond["kind"], []).append(bond)
    return list(found.items())


@dataclass(slots=True)
class Ties:
    """What a firm sells, buys and holds, in names."""

    name: str
    sells: list[str]
    buys: list[str]
    holds: list[tuple[str, float]]
    held: list[tuple[str, float]]


def firms(board: Part) -> list[Ties]:
    """Every firm with a contract or a stake."""
    found: dict[str, Ties] = {}

    def of(key: str, name: str) -> Ties:
        return found.setdefault(key or name, Ties(name, [], [], [], []))

    for bond in board["bonds"]:
        of(bond["seller_id"], bond["seller"]).sells.append(f"{bond['material'] or bond['kind']} → {bond['buyer']}")
        of(bond["buyer_id"], bond["buyer"]).buys.append(f"{bond['material'] or bond['kind']} ← {bond['seller']}")
    for one in board["holdings"]:
        of(one["owner_id"], one["owner"]).holds.append((one["firm"], one["share"]))
        of(one["firm_id"], one["firm"]).held.append((one["owner"], one["share"]))
    return sorted(found.values(), key=lambda ties: -(len(ties.sells) + len(ties.buys) + len(ties.holds)))
