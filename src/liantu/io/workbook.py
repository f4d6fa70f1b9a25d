"""How a workbook of ours looks, with nothing live in it. Owns: Book, its styles and the body of a table's sheet.
Never: what the sheets mean, files on disk.

Every cell is written as text or as a number, never handed to the library to guess; colours are those of the tokens
in the visual language (light theme), because paper is always light.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from liantu.errors import InputError
from liantu.io.cells import PLAIN
from liantu.io.files import is_live
from liantu.model import schema
from liantu.model.schema import NUMERIC, Column
from liantu.model.tables import Table
from liantu.words import Lang, say

FONT = "Microsoft YaHei"
BRAND, BRAND_TINT, SUNKEN, LINE, TEXT, TEXT_2, TEXT_3 = "#1B4B8F", "#E8EFF8", "#EDF0F4", "#DEE3EA", "#17202E", "#465264", "#5F6B7C"
RED, RED_TINT, YELLOW, YELLOW_TINT = "#B42318", "#FDECEA", "#E3A400", "#FFF5D6"
MAX_CELL, MAX_SHEET_NAME = 32_767, 31
# Their capacities and volumes are per year, and so is the unit that goes with them.
YEARLY = frozenset({"plants", "technologies", "depths", "contracts"})
# Frozen, so that equal tables give equal bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
_WIDTHS = {"id": 20, "ref": 20, "sources": 20, "unit": 11, "currency": 9, "number": 13, "share": 11, "quantity": 13, "price": 13}
_WIDE = {"note": 40, "citation": 60, "url": 36, "value": 30, "composition": 30, "name_en": 26, "name_zh": 22, "definition": 36}

Look = Mapping[str, str | int | float | bool]
Sheet = Any
Style = Any


class Book:
    """A workbook in memory: sheets with safe names, styles made once, and its bytes at the end."""

    def __init__(self, title: str) -> None:
        self._bytes = BytesIO()
        self._book = Workbook(self._bytes, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._book.set_properties({"title": title, "author": "Liantu 链图", "created": _CREATED})
        self._styles: dict[tuple[tuple[str, object], ...], Style] = {}
        self._names: set[str] = set()

    def sheet(self, name: str) -> Sheet:
        """A new sheet; a name Excel refuses is mended, one that is taken gets a number."""
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip().strip("'")[:MAX_SHEET_NAME] or "_"
        free, count = clean, 1
        while free.casefold() in self._names or free.casefold() == "history":
            count += 1
            free = f"{clean[: MAX_SHEET_NAME - 4]} {count}"
        self._names.add(free.casefold())
        return self._book.add_worksheet(free)

    def style(self, look: Look | None = None) -> Style:
        """The style with this look upon the plain one."""
        full = {"font_name": FONT, "font_size": 10, "font_color": TEXT, "valign": "vcenter", **(look or {})}
        key = tuple(sorted(full.items(), key=lambda item: item[0]))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(full)
        return self._styles[key]

    def text(self, sheet: Sheet, at: tuple[int, int], text: str, look: Look | None = None) -> None:
        """Text that stays text: what might be run is marked as quoted.

        Raises
        ------
        InputError
            ``write-cell`` for more than a cell takes.
        """
        if len(text) > MAX_CELL:
            raise InputError("write-cell", {"length": len(text), "limit": MAX_CELL})
        full = {**(look or {}), "quote_prefix": True} if is_live(text) else look
        sheet.write_string(*at, text, self.style(full))

    def value(self, sheet: Sheet, at: tuple[int, int], text: str, look: Look | None = None) -> None:
        """A number where the text is one and comes back the same, else text."""
        number = exact_number(text)
        if number is not None:
            sheet.write_number(*at, number, self.style(look))
        elif text:
            self.text(sheet, at, text, look)

    def done(self) -> bytes:
        """The workbook as bytes; nothing can be added after."""
        self._book.close()
        return self._bytes.getvalue()


def exact_number(text: str) -> float | None:
    """The number a cell says, if a workbook keeps it: the format has 16 digits, and no negative zero.

    >>> exact_number("60000"), exact_number("0.30000000000000004"), exact_number("1,000")
    (60000.0, None, None)
    """
    if not PLAIN.fullmatch(text):
        return None
    value = float(text)
    vanished = value == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    kept = math.isfinite(value) and repr(value) == repr(float(f"{value:.16G}")) and repr(value) != "-0.0"
    return value if kept and not vanished else None


def body_look(column: Column | None) -> Look:
    """How cells of a column are kept: all but numbers as text, so that 001 or 1-2 stay what they are."""
    return {} if column and column.type in NUMERIC else {"num_format": "@"}


def width(column: Column | None) -> int:
    """Width of a column in characters."""
    if column is None:
        return 18
    return _WIDE.get(column.name, _WIDTHS.get(column.type, 16))


def schema_columns(table: str) -> Mapping[str, Column]:
    """Columns of a table; none for a table outside the contract."""
    return schema.table(table).columns if table in schema.tables() else {}


def write_body(book: Book, sheet: Sheet, table: Table, names: Sequence[str]) -> None:
    """The rows of a table under their header in row 1."""
    columns = schema_columns(table.name)
    for at, name in enumerate(names):
        column = columns.get(name)
        look = body_look(column)
        numeric = column is not None and column.type in NUMERIC
        # 2024.10 is a month in a year's cell; as a number it would come back as 2024.1.
        whole = column is not None and column.type == "year"
        for row, text in enumerate(table.column(name), start=1):
            if numeric and not (whole and "." in text):
                book.value(sheet, (row, at), text)
            elif text:
                book.text(sheet, (row, at), text, look)


def header(name: str, unit: str) -> str:
    """A column's header with the unit its cells are in.

    >>> header("capacity", "万吨/年")
    'capacity（万吨/年）'
    """
    return f"{name}（{unit}）" if unit else name


def in_order(names: Sequence[str]) -> list[str]:
    """Table names in the order of the contract, those outside it last."""
    known = list(schema.tables())
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def limits(low: float, high: float, lang: Lang) -> str:
    """The range of a number in words; blank where it has none."""
    if not math.isfinite(low):
        return ""
    if not math.isfinite(high):
        return say("workbook.range-low", lang, {"low": f"{low:g}"})
    return say("workbook.range", lang, {"low": f"{low:g}", "high": f"{high:g}"})
