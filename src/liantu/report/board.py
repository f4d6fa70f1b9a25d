"""What a page one can press shows beyond the sheet. Owns: Board and its parts, as data. Never: markup, arithmetic, reckoning.

A board is in one language, like a page. Whatever is said here may be stored and shown to all who may see the chain:
no price of a contract stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from liantu.model.states import State
from liantu.report.page import Curve, Phrase, Spotlight, Table, TileMap

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantLine:
    """A plant on the panel of its link."""

    firm: str
    firm_id: str
    place: str
    status: str
    capacity: str
    badge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBars:
    """Capacity by year as bars in a box; the line is the need of the year that is shown."""

    box: Point
    bars: tuple[tuple[float, float, float, float], ...]
    names: tuple[tuple[float, str], ...]
    here: int
    need: float | None
    up: tuple[tuple[float, str], ...]
    unit: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All about one link of the chain.

    Attributes
    ----------
    key : str
        The node it belongs to.
    feeds, serves : tuple of (key, name)
        Links before and behind it.
    unit : str
        In which amounts of it are read: 万吨, GWh.
    takes : tuple of (name, amount)
        What the need of it takes in, the dearest first.
    sources : tuple of (citation, address)
        Where its figures come from.
    firms, largest : int, float
        How many firms run it and the share of the largest: whoever may not see a single firm's figures asks by them.
    fed : bool
        Whether its need is what others feed it, which tells their output.
    prospect : str
        The best of its recipes to recruit; blank where none pays.
    """

    key: str
    name: str
    unit: str
    state: State
    word: str
    sentence: tuple[Phrase, ...]
    years: YearBars | None
    plants: tuple[PlantLine, ...]
    feeds: tuple[tuple[str, str], ...]
    serves: tuple[tuple[str, str], ...]
    takes: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]
    firms: int
    largest: float
    fed: bool
    prospect: str
    worth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From link to link; ``back`` where it leads into or out of the return lane."""

    origin: str
    end: str
    back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where a prospect may stand: its site, the county it lies in, its zone and what a step is worth there."""

    site: str
    county: str
    zone: str
    net: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A link that might be recruited, with all that is shown when it is chosen; ``net`` and ``invest`` are plain money.

    ``in_line`` where its product goes into what the chain measures itself by.
    """

    key: str
    node: str
    name: str
    stage: str
    state: State
    word: str
    step: str
    because: str
    net: float
    worth: str
    invest: float | None
    in_line: bool
    place: str
    curve: Curve | None
    tiles: TileMap | None
    spotlight: Spotlight
    firms: tuple[tuple[str, str, str], ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A place to begin: what is so, what it means, and the page that goes on (``recruit``, ``node``, ``targets``) with its key."""

    title: str
    meaning: str
    page: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """A contract without its prices; ``kind`` is the word of the contract, ``kind_id`` what it is called in the table."""

    id: str
    kind: str
    kind_id: str
    seller: str
    seller_id: str
    buyer: str
    buyer_id: str
    material: str
    since: str
    until: str
    volume: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who holds which share of which firm."""

    owner: str
    owner_id: str
    firm: str
    firm_id: str
    share: float
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that answers when it is pressed, in one language; ``yardstick`` is what the chain measures itself by."""

    years: tuple[int, ...]
    panels: tuple[Panel, ...]
    edges: tuple[Edge, ...]
    cards: tuple[Card, ...]
    stages: tuple[tuple[str, str], ...]
    counties: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    yardstick: str
    currency: str
    split: tuple[Phrase, ...]
    first: tuple[Deed, ...]
    accounts: tuple[Table, ...]
    bonds: tuple[Bond, ...]
    holdings: tuple[Holding, ...]
