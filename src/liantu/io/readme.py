"""The first sheet of the template: how to fill it in. Owns: write_readme. Never: the sheets that are filled in.

Its name is no table's, so that the reader passes it over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from liantu.io.workbook import BRAND, BRAND_TINT, LINE, SUNKEN, TEXT_2, TEXT_3, YEARLY, Book, Sheet, limits
from liantu.model import schema
from liantu.model.schema import Column, TableSchema
from liantu.words import LANGUAGES, Lang, say

_WIDTHS = (18, 20, 18, 9, 22, 10, 34, 24, 44, 44)
_LINE_HEIGHT = 16
_STEPS = tuple(f"how-{step}" for step in range(1, 8))
_HEAD: Mapping[str, str | int | bool] = {"bold": True, "bg_color": SUNKEN, "font_color": TEXT_2, "bottom": 1, "bottom_color": LINE}
_LINK: Mapping[str, str | int | bool] = {"font_color": BRAND, "bold": True}
_HAIR: Mapping[str, str | int | bool] = {"bottom": 4, "bottom_color": LINE, "text_wrap": True, "valign": "top"}


def write_readme(book: Book, sheet: Sheet, tables: Sequence[TableSchema], lang: Lang) -> None:
    """Explain tables, columns, kinds, units, choices and examples, in both languages, the form's own first."""
    for at, wide in enumerate(_WIDTHS):
        sheet.set_column(at, at, wide)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 30)
    book.text(sheet, (0, 0), say("workbook.template-title", lang), {"bold": True, "font_size": 17, "font_color": BRAND})
    row = 1
    for one in (lang, *(other for other in LANGUAGES if other != lang)):
        row = _steps(book, sheet, row + 1, one, own=one == lang)
    row = _tables(book, sheet, row + 1, tables, lang)
    _columns(book, sheet, row + 1, tables, lang)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _steps(book: Book, sheet: Sheet, row: int, lang: Lang, *, own: bool) -> int:
    _title(book, sheet, row, say("workbook.how-head", lang))
    look: dict[str, str | int | bool] = {} if own else {"font_color": TEXT_3}
    for step in _STEPS:
        row += 1
        book.text(sheet, (row, 0), f"{step[-1]}  {say(f'workbook.{step}', lang)}", look)
    return row + 1


def _title(book: Book, sheet: Sheet, row: int, text: str) -> None:
    sheet.set_row(row, 24)
    book.text(sheet, (row, 0), text, {"bold": True, "font_size": 13})


def _tables(book: Book, sheet: Sheet, row: int, tables: Sequence[TableSchema], lang: Lang) -> int:
    _title(book, sheet, row, say("workbook.tables-head", lang))
    other = _other(lang)
    heads = ("col-table", "col-name", "col-required", "col-help")
    for at, key in zip((0, 1, 3, 4), heads, strict=True):
        book.text(sheet, (row + 1, at), say(f"workbook.{key}", lang), {"bold": True, "font_color": TEXT_2})
    for at, table in enumerate(tables, start=row + 2):
        sheet.write_url(at, 0, f"internal:'{table.label(lang)}'!A1", book.style(_LINK), table.label(lang))
        book.text(sheet, (at, 1), f"{table.name}")
        book.text(sheet, (at, 2), table.label(other), {"font_color": TEXT_3})
        book.text(sheet, (at, 3), say("workbook.required" if table.required else "workbook.optional", lang))
        book.text(sheet, (at, 4), f"{table.help(lang)}  {table.help(other)}")
    return row + 2 + len(tables)


def _columns(book: Book, sheet: Sheet, row: int, tables: Sequence[TableSchema], lang: Lang) -> None:
    _title(book, sheet, row, say("workbook.columns-head", lang))
    heads = (
        "col-table", "col-column", "col-name", "col-required", "col-type",
        "col-unit", "col-choices", "col-example", "col-help", "col-help-other",
    )  # fmt: skip
    for at, key in enumerate(heads):
        book.text(sheet, (row + 1, at), say(f"workbook.{key}", lang), _HEAD)
    row += 2
    for table in tables:
        for first, column in enumerate(table.columns.values()):
            said = _described(table, column, lang)
            sheet.set_row(row, _LINE_HEIGHT * max(_lines(text, wide) for text, wide in zip(said, _WIDTHS, strict=True)))
            for at, text in enumerate(said):
                tinted = {"bg_color": BRAND_TINT, "font_color": BRAND} if column.required and at in (1, 2, 3) else {}
                bold = {"bold": True} if at == 0 and not first else {}
                book.text(sheet, (row, at), text, {**_HAIR, **tinted, **bold})
            row += 1


def _lines(text: str, wide: int) -> int:
    """Lines a text takes in a column; a Chinese character is two letters wide."""
    return max(1, math.ceil(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) / wide))


def _described(table: TableSchema, column: Column, lang: Lang) -> tuple[str, ...]:
    return (
        table.label(lang),
        column.zh,
        column.name,
        say("workbook.required" if column.required else "workbook.optional", lang),
        say(f"workbook.type-{column.type}", lang),
        column.unit,
        _allowed(column, lang),
        example(table, column, lang),
        column.help(lang),
        column.help(_other(lang)),
    )


def _allowed(column: Column, lang: Lang) -> str:
    if column.choices:
        return " / ".join(column.spelled(lang))
    if column.refers:
        return say("workbook.help-refers", lang, {"table": schema.table(column.refers).label(lang)})
    return limits(column.low, column.high, lang).lstrip("，, ") if math.isfinite(column.low) else ""


def example(table: TableSchema, column: Column, lang: Lang) -> str:
    """What a cell of the column may look like; blank for free text."""
    if column.choices:
        return column.spelled(lang)[0]
    if column.type == "unit" and table.name in YEARLY:
        return say("workbook.example-unit-yearly", lang)
    return {("settings", "key"): "year", ("settings", "value"): "2025"}.get((table.name, column.name)) or say(
        f"workbook.example-{column.type}", lang
    )


def _other(lang: Lang) -> Lang:
    return next(one for one in LANGUAGES if one != lang)
