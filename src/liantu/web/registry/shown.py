"""How a record is shown: choices in words, names behind ids, numbers with units. Owns: Cell and what fills it. Never: markup, writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liantu.model import schema
from liantu.model.schema import Column
from liantu.report import numbers
from liantu.web.accounts.models import Person
from liantu.web.kit.kept import address
from liantu.web.registry import access, cells
from liantu.web.registry.models import MODELS, Record
from liantu.words import Lang, say

_LIST = re.compile(r"[;；,，、|]")
# What a row without a name of its own is called by; the others by what tells them apart.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "plants": ("firm", "process"),
    "contracts": ("seller", "buyer", "material"),
    "projects": ("project",),
    "totals": ("indicator", "scope"),
    "tariffs": ("item", "area"),
    "sources": ("citation",),
    "markets": ("material", "site", "direction"),
    "prices": ("material", "date"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as people read it; ``href`` leads to the record it refers to, ``raw`` is the cell as given."""

    column: Column
    text: str
    raw: str = ""
    unit: str = ""
    href: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return cells.is_number(self.column) and self.column.type != "year"


Names = Mapping[str, Mapping[str, tuple[int, str, str]]]


def names_of(columns: Iterable[Column], rows: Iterable[Mapping[str, str]]) -> Names:
    """What the ids in these rows are called: one query a table they refer to."""
    wanted: dict[str, set[str]] = {}
    held = list(rows)
    for column in columns:
        if column.refers:
            wanted.setdefault(column.refers, set()).update(one for row in held for one in ids(column, row.get(column.name, "")))
    return {name: _named(name, found - {""}) for name, found in wanted.items()}


def ids(column: Column, text: str) -> list[str]:
    """The ids in a cell: one, or several sources."""
    return [part.strip() for part in _LIST.split(text)] if column.type == "sources" else [text.strip()]


def _named(table: str, wanted: set[str]) -> dict[str, tuple[int, str, str]]:
    model = MODELS[table]
    zh, en = ("c_name_zh", "c_name_en") if "name_zh" in model.COLUMNS else ("c_citation", "c_citation")
    rows = model.objects.filter(c_id__in=wanted).values_list("c_id", "pk", zh, en) if wanted else ()
    return {name: (number, first, second) for name, number, first, second in rows}


def cell(column: Column, row: Mapping[str, str], names: Names, person: Person, lang: Lang) -> Cell:
    """A cell as this person reads it."""
    text = row.get(column.name, "")
    if column.type == "ref" and text:
        number, _, _ = names.get(column.refers, {}).get(text, (0, "", ""))
        open_ = number and access.sees(person, column.refers, {"id": text})
        href = address("registry:record", column.refers, number) if open_ else ""
        return Cell(column=column, text=spoken(column, text, names, lang), raw=text, href=href)
    if column.choices:
        return Cell(column=column, text=spoken(column, text, names, lang), raw=text)
    if column.type == "flag" and text in ("yes", "no"):
        return Cell(column=column, text=say(f"workbook.{text}", lang), raw=text)
    if cells.is_number(column) and column.type != "year" and text:
        return _figure(column, text, row)
    return Cell(column=column, text=text, raw=text)


def _figure(column: Column, text: str, row: Mapping[str, str]) -> Cell:
    try:
        value = float(text)
    except ValueError:
        return Cell(column=column, text=text, raw=text)
    unit = row.get(column.unit_column, "") if column.unit_column else column.unit
    if column.type == "price":
        unit = "/".join(filter(None, (row.get("currency", ""), unit)))
    return Cell(column=column, text=numbers.bare(value), raw=text, unit=unit)


def spoken(column: Column, text: str, names: Names, lang: Lang) -> str:
    """A cell in words: what an id is called, how a choice is spelled, the rest as it is."""
    if column.type == "ref":
        _, zh, en = names.get(column.refers, {}).get(text, (0, "", ""))
        return (zh or en if lang == "zh" else en or zh) or text
    return dict(zip(column.choices, column.spelled(lang), strict=True)).get(text, text) if column.choices else text


def calling(table: str) -> list[Column]:
    """The columns a row is called by where it has no name."""
    known = schema.table(table).columns
    return [] if "name_zh" in known else [known[name] for name in _CALLED.get(table, cells.KEYS.get(table, ())) if name in known]


def title(record: Record, lang: Lang, names: Names | None = None) -> str:
    """What a record is called: its name, else what it is about, else what it is known by; ``names`` as of `names_of`."""
    zh, en = record.cell("name_zh"), record.cell("name_en")
    if zh or en:
        return zh or en if lang == "zh" else en or zh
    columns, row = calling(record.TABLE), record.cells()
    known = names_of(columns, [row]) if names is None else names
    return cells.JOINT.join(filter(None, (spoken(one, row.get(one.name, ""), known, lang) for one in columns))) or record.key


def columns(table: str, hidden: frozenset[str]) -> list[Column]:
    """The columns a person reads, in the contract's order."""
    return [column for column in schema.table(table).columns.values() if column.name not in hidden]
