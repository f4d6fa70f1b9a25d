"""What is known of a row from its cells alone: key, search text, numbers to sort by, one way of writing. Owns: these rules.
Never: the database.

A cell is kept as it was given. What comes in from outside is first written the register's way: a choice by its name in the
contract, a unit of a header in the unit column, so that filters and joins find it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

from liantu.model import schema
from liantu.model.schema import NUMERIC, Column
from liantu.model.tables import Table

# What tells two rows of a table apart where it has no id.
KEYS: Mapping[str, tuple[str, ...]] = {
    "exchanges": ("process", "material", "direction"),
    "technologies": ("process",),
    "markets": ("material", "site", "direction", "start", "end"),
    "routes": ("origin", "destination", "material"),
    "demands": ("material", "site", "year"),
    "mixes": ("material", "process"),
    "stakes": ("owner", "firm", "start"),
    "prices": ("material", "date", "source"),
    "depths": ("material", "scope"),
    "distances": ("origin", "destination"),
    "scenarios": ("scenario", "table", "rows", "column"),
}
# Read by the parties of a contract and by who is named for it, by nobody else.
CONFIDENTIAL: Mapping[str, frozenset[str]] = {
    "contracts": frozenset(
        {"price_rule", "index", "coefficient", "price", "floor", "cap", "discount_pct", "share_pct", "compliance", "note"}
    )
}
SEARCHED, KEY_LENGTH, CELL_LENGTH = 400, 400, 200
JOINT = " · "
_NUMBER = re.compile(r"[+\-−]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST = 1e300
_UNKEPT = re.compile("[\0\ud800-\udfff]")
_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?", re.ASCII)
Cells = Mapping[str, str]


def confidential(table: str) -> frozenset[str]:
    """Columns that not everybody reads who reads the row."""
    return CONFIDENTIAL.get(table, frozenset())


def identity(table: str) -> tuple[str, ...]:
    """The columns that tell rows of a table apart."""
    ids = tuple(column.name for column in schema.table(table).columns.values() if column.type == "id")
    return KEYS.get(table) or ids


def key_of(table: str, cells: Cells) -> str:
    """What a row is known by."""
    return JOINT.join(cells.get(name, "").strip() for name in identity(table))[:KEY_LENGTH]


def search_of(table: str, cells: Cells) -> str:
    """What a row is found by: its identity and names before its notes, never what is confidential."""
    first = (*identity(table), "name_zh", "name_en")
    rest = (name for name in schema.table(table).columns if name not in first)
    words = dict.fromkeys(cells.get(name, "").strip().casefold() for name in (*first, *rest) if name not in confidential(table))
    return " ".join(filter(None, words))[:SEARCHED]


def is_sorted(column: Column) -> bool:
    """Whether lists sort by a column, and the database keeps an index of it."""
    return is_number(column) or column.type in ("id", "ref", "choice", "date") or column.name in ("name_zh", "name_en")


def is_number(column: Column) -> bool:
    """Whether a column has a shadow of numbers beside its text."""
    return column.type in NUMERIC


def number(text: str) -> float | None:
    """The number at the head of a cell, to sort and filter by; None where it does not begin with one.

    >>> number("1,200 t/a"), number("12%"), number("约"), number("")
    (1200.0, 0.12, None, None)
    """
    found = _NUMBER.match(plain := text.strip().replace(",", "").replace("，", ""))
    if not found:
        return None
    value = float(found[0].replace("−", "-"))
    return (value / 100 if plain[found.end() :].strip() in ("%", "％") else value) if abs(value) < _LARGEST else None


def day(text: str) -> date | None:
    """The last day a date means; None where it is no date.

    >>> day("2025-05-20"), day("2025-02"), day("2025"), day("soon")
    (datetime.date(2025, 5, 20), datetime.date(2025, 2, 28), datetime.date(2025, 12, 31), None)
    """
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    year, month, last = int(found[1]), int(found[2] or 12), int(found[3] or 0)
    if not 1 <= month <= 12 or not year:
        return None
    end = monthrange(year, month)[1]
    return date(year, month, last or end) if last <= end else None


def written(table: str, cells: Cells) -> dict[str, str]:
    """Cells the register's way: without edge blanks and signs no database keeps, choices by their names in the contract."""
    known = schema.table(table).columns
    plain = {name: _UNKEPT.sub("", text).strip() for name, text in cells.items()}
    return {name: _choice(known[name], text) if name in known else text for name, text in plain.items()}


def _choice(column: Column, text: str) -> str:
    return text if not column.choices or text in column.choices else column.words.get(text, text)


def rows_of(table: Table) -> Iterable[dict[str, str]]:
    """The rows of a table that was read, units of its headers moved into their unit columns or behind the numbers."""
    names = list(table.columns)
    units = _header_units(table)
    for cells in zip(*table.columns.values(), strict=True):
        row = dict(zip(names, cells, strict=True))
        for name, (into, unit) in units.items():
            if not row[name]:
                continue
            if into and not row.get(into):
                row[into] = unit
            elif not into and row[name][-1] in "0123456789.":
                row[name] += unit
        yield written(table.name, row) if table.name in schema.tables() else row


def _header_units(table: Table) -> dict[str, tuple[str, str]]:
    """Column → (its unit column, or blank where columns of different units share one; the unit)."""
    known = schema.table(table.name).columns
    shared: dict[str, set[str]] = {}
    for name, unit in table.units.items():
        shared.setdefault(known[name].unit_column if name in known else "", set()).add(unit)
    into = {name: known[name].unit_column if name in known else "" for name in table.units}
    return {name: (into[name] if len(shared[into[name]]) == 1 else "", unit) for name, unit in table.units.items()}
