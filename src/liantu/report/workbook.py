"""The report as a workbook: one sheet a table, the same words and numbers as on the page. Owns: its sheets. Never: what is said.

Numbers are kept in the scale they are shown in, with the decimals of the page.
"""

from __future__ import annotations

from liantu.io.workbook import BRAND_TINT, MAX_CELL, TEXT_2, TEXT_3, Book, Look, Sheet
from liantu.report.page import DRAWN, Cell, Column, Page, Report, Table
from liantu.words import say

_INK = {
    "missing": "#7F3B08", "short": "#9A4A00", "even": "#465264", "long": "#5B3F96",
    "red": "#B42318", "yellow": "#7A5600", "green": "#17663C", "grey": TEXT_3,
}  # fmt: skip
_NARROWEST, _WIDEST, _WRAP = 8, 44, 24
_QUIET: Look = {"font_color": TEXT_2}


def render_workbook(report: Report) -> bytes:
    """The report in its own language as an .xlsx file."""
    page = report.page
    book = Book(page.title)
    _summary(book, page)
    for table in page.tables():
        if table.key != "sources":
            _sheet(book, table)
    return book.done()


def _summary(book: Book, page: Page) -> None:
    """First sheet: conclusion, key figures, run line, formulas, sources."""
    sheet = book.sheet(say("report.sheet-summary", page.lang))
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 5, 18)
    sentence = "".join(phrase.text for phrase in page.conclusion)
    dateline = " · ".join((*page.dateline, *page.badges))
    lines: list[tuple[str, Look]] = [(page.title, {"bold": True, "font_size": 16}), (sentence, {"bold": True, "font_size": 12})]
    lines += [(line, _QUIET) for line in (page.reckoned, dateline, *page.foot)]
    for row, (line, look) in enumerate(lines):
        book.text(sheet, (row, 0), line, look)
    top = len(lines) + 1
    for row, figure in enumerate(page.figures, start=top):
        book.text(sheet, (row, 0), figure.label, {"bold": True})
        book.text(sheet, (row, 1), f"{figure.value} {figure.unit}".strip())
        book.text(sheet, (row, 2), figure.meaning, _QUIET)
    for table in page.tables():
        if table.key == "sources":
            book.text(sheet, (top + len(page.figures) + 1, 0), table.title, {"bold": True, "font_size": 12})
            _write(book, sheet, table, top + len(page.figures) + 2)


def _sheet(book: Book, table: Table) -> None:
    sheet = book.sheet(table.title)
    _write(book, sheet, table, 0)
    sheet.freeze_panes(1, 1)
    columns = _kept(table)
    sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
    for at, place in enumerate(columns):
        texts = [table.columns[place].title, *(row[place].text for row in table.rows)]
        sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, *(_width(text) + 3 for text in texts))))


def _kept(table: Table) -> list[int]:
    """All columns but the drawn ones, whose numbers stand in the others."""
    return [place for place, column in enumerate(table.columns) if column.kind not in DRAWN]


def _write(book: Book, sheet: Sheet, table: Table, top: int) -> None:
    for at, place in enumerate(_kept(table)):
        book.text(sheet, (top, at), table.columns[place].title, _head(table.columns[place]))
        for down, row in enumerate(table.rows, start=top + 1):
            _cell(book, sheet, (down, at), row[place])


def _head(column: Column) -> Look:
    align = "right" if column.kind == "number" else "left"
    return {"bold": True, "bg_color": BRAND_TINT, "bottom": 1, "bottom_color": "#B9C2CF", "align": align, "text_wrap": True}


def _cell(book: Book, sheet: Sheet, at: tuple[int, int], cell: Cell) -> None:
    """A number as a number in the decimals of the page, anything else as text."""
    look: dict[str, str | int | float | bool] = {"font_color": _INK[cell.tone]} if cell.tone else {}
    if cell.value is not None:
        shape = "#,##0" + (f".{'0' * cell.decimals}" if cell.decimals else "")
        sheet.write_number(*at, cell.value, book.style({**look, "num_format": shape}))
    elif cell.text:
        book.text(sheet, at, cell.text[:MAX_CELL], {**look, "text_wrap": _width(cell.text) > _WRAP})


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
