"""The report as a workbook: one sheet a table, the same words and numbers as on the page. Owns: sheets, formats. Never: what is said.

Every text is written as text: nothing a source or a name contains can become a formula or a link.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import xlsxwriter

from liantu.report.page import Cell, Column, Page, Report, Table
from liantu.words import say

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Equal reports give equal bytes: the file carries no clock of its own.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH, _CELL_LENGTH = 31, 32767
_NARROWEST, _WIDEST = 8, 48
_TONES = {"missing": "#7F3B08", "short": "#9A4A00", "even": "#465264", "long": "#5B3F96", "red": "#B42318", "yellow": "#7A5600", "green": "#17663C"}
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


def render_workbook(report: Report) -> bytes:
    """The report in its own language as an .xlsx file."""
    page, buffer = report.page, io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": page.title, "created": _CREATED})
        styles = _Styles(book)
        taken: set[str] = set()
        _summary(book, styles, page, taken)
        for table in page.tables():
            if table.key != "sources":
                _sheet(book, styles, table, taken)
    return buffer.getvalue()


class _Styles:
    """Formats by what they say, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, **looks: object) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**_FONT, **looks})
        return self._made[key]

    def head(self, column: Column) -> Format:
        """Header of a column, right above numbers."""
        align = "right" if column.kind == "number" else "left"
        return self(bold=True, bg_color="#E8EFF8", bottom=1, bottom_color="#B9C2CF", align=align, text_wrap=True)


def _summary(book: Workbook, styles: _Styles, page: Page, taken: set[str]) -> None:
    """First sheet: conclusion, key figures, run line, formulas, sources."""
    sheet = book.add_worksheet(_name(say("report.sheet-summary", page.lang), taken))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 5, 16)
    lines = [
        (page.title, styles(bold=True, font_size=16)),
        ("".join(phrase.text for phrase in page.conclusion), styles(bold=True, font_size=12)),
        (page.reckoned, styles(font_color="#465264")),
        (" · ".join((*page.dateline, *page.badges)), styles(font_color="#465264")),
        *((line, styles(font_color="#465264")) for line in page.foot),
    ]
    for row, (text, look) in enumerate(lines):
        sheet.write_string(row, 0, text, look)
    row = len(lines) + 1
    for figure in page.figures:
        sheet.write_string(row, 0, figure.label, styles(bold=True))
        sheet.write_string(row, 1, f"{figure.value} {figure.unit}".strip(), styles())
        sheet.write_string(row, 2, figure.meaning, styles())
        row += 1
    for table in page.tables():
        if table.key == "sources":
            sheet.write_string(row + 1, 0, table.title, styles(bold=True, font_size=12))
            _write(sheet, styles, table, row + 2)


def _sheet(book: Workbook, styles: _Styles, table: Table, taken: set[str]) -> None:
    sheet = book.add_worksheet(_name(table.title, taken))
    columns = [place for place, column in enumerate(table.columns) if column.kind != "bar"]
    _write(sheet, styles, table, 0)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
    for at, place in enumerate(columns):
        texts = [table.columns[place].title, *(row[place].text for row in table.rows)]
        sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, *(_width(text) + 2 for text in texts))))


def _write(sheet: Worksheet, styles: _Styles, table: Table, top: int) -> None:
    columns = [place for place, column in enumerate(table.columns) if column.kind != "bar"]
    for at, place in enumerate(columns):
        sheet.write_string(top, at, table.columns[place].title, styles.head(table.columns[place]))
    for down, row in enumerate(table.rows, start=top + 1):
        for at, place in enumerate(columns):
            _cell(sheet, styles, (down, at), row[place])


def _cell(sheet: Worksheet, styles: _Styles, at: tuple[int, int], cell: Cell) -> None:
    """A number as a number in the decimals of the page, anything else as text."""
    looks: dict[str, object] = {"font_color": _TONES[cell.tone]} if cell.tone in _TONES else {}
    if cell.value is None:
        sheet.write_string(*at, cell.text[:_CELL_LENGTH], styles(text_wrap=True, **looks))
    else:
        shape = "#,##0" + (f".{'0' * cell.decimals}" if cell.decimals else "")
        sheet.write_number(*at, cell.value, styles(num_format=shape, **looks))


def _name(title: str, taken: set[str]) -> str:
    """A sheet name Excel accepts, not used yet."""
    plain = _FORBIDDEN.sub(" ", title).strip()[:_NAME_LENGTH] or "-"
    name, count = plain, 1
    while name.lower() in taken:
        count += 1
        name = f"{plain[: _NAME_LENGTH - len(str(count)) - 1]} {count}"
    taken.add(name.lower())
    return name


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
