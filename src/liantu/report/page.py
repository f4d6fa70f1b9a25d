"""What a report is made of, as data. Owns: Report, Page, Section, Table and the figures on them. Never: HTML, workbooks, arithmetic.

A page is in one language. The HTML file and the workbook show the same pages; a cell carries its text and its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from liantu.model.states import State
from liantu.words import Lang

Tone = Literal["", "missing", "short", "even", "long", "red", "yellow", "green", "grey"]
Kind = Literal["name", "text", "unit", "number", "mark", "light", "badge", "bar", "link", "under", "curve", "heat", "span"]
DRAWN = frozenset({"bar", "curve", "span"})
Siting = Literal["best", "possible", "limited", "impossible", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Part of a sentence; a tone colours it."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A capacity bar in per cent of its scale: running, then building, then planned; ``need`` is a tick."""

    running: float
    building: float = 0.0
    planned: float = 0.0
    need: float | None = None
    tone: Tone = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From a least to a most with a dot between them, in per cent of the width."""

    low: float
    high: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What a size is worth, in the coordinates of its box: a line, one step as a circle, the useful size as an upright.

    ``ticks`` are (place, label) along the two axes; a small curve has none. ``label`` says it aloud.
    """

    box: tuple[float, float]
    line: tuple[tuple[float, float], ...]
    zero: float
    step: tuple[float, float] | None
    useful: float | None
    label: str
    across: tuple[tuple[float, str], ...] = ()
    up: tuple[tuple[float, str], ...] = ()
    unit: str = ""
    step_text: str = ""
    useful_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what is read, and the number behind it where there is one."""

    text: str
    value: float | None = None
    decimals: int = 2
    tone: Tone = ""
    href: str = ""
    bar: Bar | None = None
    curve: Curve | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; ``minor`` ones are left out on a phone, ``under`` ones stand beneath the name."""

    title: str
    kind: Kind = "text"
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; ``shown`` cuts it in the HTML file, the workbook has every row, ``cut`` says so."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: int | None = None
    cut: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One of the five figures of the head."""

    label: str
    value: str
    unit: str
    meaning: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A link of the chain on its card."""

    name: str
    unit: str
    figures: str
    state: State
    word: str
    bar: Bar
    load: str
    badge: str = ""
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A column of the chain map; its key gives the colour."""

    key: str
    name: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainMap:
    """Stages from ore to product, and the return lane beneath, right to left."""

    main: tuple[Stage, ...]
    back: tuple[Stage, ...]
    counts: tuple[tuple[State, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An indicator against its target."""

    key: str
    name: str
    value: str
    target: str
    verdict: str
    light: Tone
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    """One quantity on its way through the chain: what ECharts draws, and where it goes in the end."""

    key: str
    name: str
    unit: str
    label: str
    option: Mapping[str, object]
    links: Table
    ends: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A county on the tile map: where it stands, its figure, one word why."""

    row: int
    column: int
    name: str
    figure: str
    word: str
    siting: Siting


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMap:
    """Counties as tiles of our own drawing, without any boundary; ``legend`` is how they are told apart, in words."""

    title: str
    hint: str
    caption: str
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[Siting, str], ...]
    badge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotlight:
    """One link looked at closely: why, its worth curve, what it takes."""

    title: str
    why: str
    facts: tuple[tuple[str, str], ...]
    curve: Curve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A numbered part of the page: a sentence, a figure, tables (``details`` are folded away until asked for), notes.

    The map and the spotlight stand side by side, behind the first table. ``undrawn`` is the hint where paper leaves out
    what the hint speaks of.
    """

    key: str
    title: str
    hint: str = ""
    undrawn: str = ""
    lead: tuple[Phrase, ...] = ()
    chain: ChainMap | None = None
    sankeys: tuple[Sankey, ...] = ()
    targets: tuple[Target, ...] = ()
    tiles: TileMap | None = None
    spotlight: Spotlight | None = None
    tables: tuple[Table, ...] = ()
    details: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole report in one language."""

    lang: Lang
    title: str
    dateline: tuple[str, ...]
    conclusion: tuple[Phrase, ...]
    reckoned: str
    figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    badges: tuple[str, ...] = ()

    def tables(self) -> tuple[Table, ...]:
        """Every table of the page, in order: what the workbook holds."""
        return tuple(
            table
            for section in self.sections
            for table in (*section.tables, *section.details, *(sankey.links for sankey in section.sankeys))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report in both languages; ``lang`` is the one it opens in."""

    lang: Lang
    pages: Mapping[Lang, Page] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        """The page in the report's own language."""
        return self.pages[self.lang]

    @property
    def title(self) -> str:
        """Title in the report's own language."""
        return self.page.title

    @property
    def conclusion(self) -> str:
        """The sentence a leader repeats."""
        return "".join(phrase.text for phrase in self.page.conclusion)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Sections in the report's own language."""
        return self.page.sections
