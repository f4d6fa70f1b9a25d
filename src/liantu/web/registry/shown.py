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
        number, zh, en = names.get(column.refers, {}).get(text, (0, "", ""))
        open_ = number and access.sees(person, column.refers, {"id": text})
        href = address("registry:record", column.refers, number) if open_ else ""
        return Cell(column=column, text=(zh or en if lang == "zh" else en or zh) or text, raw=text, href=href)
    if column.choices:
        spelled = dict(zip(column.choices, column.spelled(lang), strict=True))
        return Cell(column=column, text=spelled.get(text, text), raw=text)
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


def title(record: Record, lang: Lang) -> str:
    """What a record is called: its name, else what it is known by."""
    zh, en = record.cell("name_zh"), record.cell("name_en")
    return (zh or en if lang == "zh" else en or zh) or record.key


def columns(table: str, hidden: frozenset[str]) -> list[Column]:
    """The columns a person reads, in the contract's order."""
    return [column for column in schema.table(table).columns.values() if column.name not in hidden]
