"""The schema as data. Owns: which tables and columns there are, their types, names in two languages and help.
Never: values, files of users.

One row of ``<table>.csv`` is reader, check, template, form help and documentation of a column.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from liantu.words import Lang

Type = Literal[
    "id", "text", "ref", "sources", "unit", "currency", "number", "share", "quantity", "price",
    "year", "date", "choice", "flag", "composition", "formula", "list",
]  # fmt: skip
NUMERIC: frozenset[str] = frozenset({"number", "share", "quantity", "price", "year"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, as its schema row says.

    ``refers`` is the table a ``ref`` joins; ``unit_column`` holds the unit of a quantity or price and ``measures``
    the column whose material (or process, by its product) gives the unit it is converted to; ``unit`` is the fixed
    unit of a number; ``words`` are the accepted other spellings of a choice.
    """

    name: str
    type: Type
    required: bool
    refers: str
    choices: tuple[str, ...]
    unit_column: str
    measures: str
    unit: str
    low: float
    high: float
    default: str
    zh: str
    aliases: tuple[str, ...]
    words: Mapping[str, str]
    help_en: str
    help_zh: str

    def label(self, lang: Lang) -> str:
        """Header of the column in the language."""
        return self.zh if lang == "zh" else self.name

    def help(self, lang: Lang) -> str:
        """One sentence of help."""
        return self.help_zh if lang == "zh" else self.help_en

    def spelled(self, lang: Lang) -> list[str]:
        """The values of a choice in the language, as the reader takes them.

        >>> table("plants").columns["status"].spelled("zh")
        ['在产', '在建', '拟建', '关停']
        """
        spelled = {value: text for text, value in reversed(list(self.words.items()))} if lang == "zh" else {}
        return [spelled.get(choice, choice) for choice in self.choices]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """One table: its columns in order and what it is called."""

    name: str
    required: bool
    zh: str
    en: str
    aliases: tuple[str, ...]
    help_en: str
    help_zh: str
    columns: Mapping[str, Column]

    def label(self, lang: Lang) -> str:
        """Name of the table in the language."""
        return self.zh if lang == "zh" else self.en

    def help(self, lang: Lang) -> str:
        """One sentence of help."""
        return self.help_zh if lang == "zh" else self.help_en


@cache
def tables() -> Mapping[str, TableSchema]:
    """All tables in the order of the contract."""
    return {row["table"]: _table(row) for row in _rows("tables")}


def table(name: str) -> TableSchema:
    """The schema of one table."""
    return tables()[name]


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _table(row: dict[str, str]) -> TableSchema:
    columns = {one["column"]: _column(one) for one in _rows(row["table"])}
    return TableSchema(
        name=row["table"], required=row["status"] == "required", zh=row["zh"], en=row["en"],
        aliases=_split(row["aliases"]), help_en=row["help_en"], help_zh=row["help_zh"], columns=columns,
    )  # fmt: skip


def _column(row: dict[str, str]) -> Column:
    # "产品→good" is another spelling of a value, "原料" another header of the column.
    spellings = [part.partition("→") for part in _split(row["aliases"])]
    return Column(
        name=row["column"], type=row["type"], required=row["status"] == "required",  # type: ignore[arg-type]
        refers=row["refers"], choices=_split(row["choices"]), unit_column=row["unit_column"], measures=row["measures"],
        unit=row["unit"], low=float(row["low"] or "-inf"), high=float(row["high"] or "inf"), default=row["default"],
        zh=row["zh"], aliases=tuple(left for left, arrow, _ in spellings if not arrow),
        words={left: right for left, arrow, right in spellings if arrow},
        help_en=row["help_en"], help_zh=row["help_zh"],
    )  # fmt: skip


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
