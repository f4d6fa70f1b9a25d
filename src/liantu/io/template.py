"""The workbook an office fills in. Owns: write_template. Never: reading it back, what the columns are (the schema says).

One header row in two languages, help as comments, drop-downs that suggest and never forbid: what a cell may hold is
for ``check`` to say, because 约10万吨 and the id of a base package are right although no list has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from liantu.errors import CallError
from liantu.io.cells import FIRST_YEAR, LAST_YEAR
from liantu.io.files import whole
from liantu.io.headers import match_header, match_table
from liantu.io.readme import example, write_readme
from liantu.io.workbook import (
    BRAND,
    BRAND_TINT,
    LINE,
    SUNKEN,
    TEXT_2,
    TEXT_3,
    YEARLY,
    Book,
    Look,
    Sheet,
    body_look,
    header,
    in_order,
    limits,
    width,
    write_body,
)
from liantu.model import schema
from liantu.model.schema import Column, TableSchema
from liantu.model.tables import Table, Tables
from liantu.words import LANGUAGES, Lang, say

MIN_ROWS, SPARE_ROWS = 2000, 500
MAX_MESSAGE = 255
_SETTINGS = "title_zh,title_en,base,year,yardstick,budget"
_CURRENCIES = "CNY,USD,EUR"


def write_template(path: Path, lang: Lang, *, tables: Tables | None = None, only: Sequence[str] = ()) -> None:
    """Write the template, blank or filled with the rows of ``tables``.

    Parameters
    ----------
    only : sequence of str, optional
        Tables to give a sheet, by any of their names; by default all of the contract.

    Raises
    ------
    CallError
        ``write-workbook`` if the name does not end in .xlsx, ``table-no-such`` for a name in ``only``.
    InputError
        ``write-…`` where the disk refuses.
    """
    if path.suffix.lower() != ".xlsx":
        raise CallError("write-workbook", {"suffix": path.suffix}, file=path.name)
    whole(path, template(lang, tables, [_table(name) for name in only]))


def template(lang: Lang, tables: Tables | None = None, only: Sequence[str] = ()) -> bytes:
    """The template as bytes."""
    book = Book(say("workbook.template-title", lang))
    readme = book.sheet(say("workbook.readme", lang))
    given = tables.tables if tables else {}
    names = in_order(list({*(only or schema.tables()), *given}))
    form = _Form(lang, {name: len(given[name]) if name in given else 0 for name in names})
    for name in names:
        form.add(book, name, given.get(name))
    write_readme(book, readme, [schema.table(name) for name in names if name in schema.tables()], lang)
    return book.done()


def _table(name: str) -> str:
    found = match_table(name)
    if found is None:
        raise CallError("table-no-such", {"value": name, "names": ", ".join(schema.tables())})
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    """One template: its language, and which tables it has with how many rows they bring along."""

    lang: Lang
    rows: Mapping[str, int]

    def last(self, table: str) -> int:
        """The last row that is prepared for filling in."""
        return max(MIN_ROWS, self.rows[table] + SPARE_ROWS)

    def add(self, book: Book, name: str, table: Table | None) -> None:
        """One table's sheet."""
        known = schema.tables().get(name)
        sheet = book.sheet(known.label(self.lang) if known else name)
        names = list(known.columns) if known else []
        names += [column for column in (table.columns if table else ()) if column not in names]
        for at, column in enumerate(names):
            unit = table.units.get(column, "") if table else ""
            sheet.set_column(at, at, width(known.columns.get(column) if known else None), book.style(_kept(known, column)))
            if known and column in known.columns:
                self._head(book, sheet, at, known, known.columns[column], unit)
                self._help(sheet, at, known, known.columns[column])
            else:
                book.text(sheet, (0, at), header(column, unit), _head_look(required=False))
        if table:
            write_body(book, sheet, table, names)
        _set_up(sheet, len(names), len(table) if table else 0, required=bool(known and known.required))

    def _head(self, book: Book, sheet: Sheet, at: int, table: TableSchema, column: Column, unit: str) -> None:
        look = _head_look(required=column.required)
        ending = " *" if column.required else ""
        first, second = (column.zh, column.name) if self.lang == "zh" else (column.name, column.zh)
        # "公里 km" would be read as kilometres in km.
        is_plain = not unit and match_header(f"{first}\n{second}", table.name) == (column.name, None)
        if not is_plain:
            book.text(sheet, (0, at), f"{header(column.name, unit) if unit else first}{ending}", look)
            return
        bold: Look = {"bold": True, "font_color": look["font_color"]}
        small: Look = {"font_size": 8, "font_color": TEXT_3}
        sheet.write_rich_string(0, at, book.style(bold), first, book.style(small), f"\n{second}{ending}", book.style(look))

    def _help(self, sheet: Sheet, at: int, table: TableSchema, column: Column) -> None:
        text = "\n".join(help_lines(table, column, self.lang))
        sheet.write_comment(0, at, text, {"author": "Liantu", "x_scale": 2, "y_scale": 0.35 + 0.2 * text.count("\n"), "font_size": 9})
        rule = self._rule(table, column)
        if rule:
            sheet.data_validation(1, at, self.last(table.name) - 1, at, {"ignore_blank": True, **rule})

    def _rule(self, table: TableSchema, column: Column) -> Mapping[str, object] | None:
        if column.choices:
            message = say("workbook.wrong-choice", self.lang)
            return {"validate": "list", "source": column.spelled(self.lang), **self._doubt(message)}
        if column.type in ("ref", "sources") and column.refers:
            target = schema.table(column.refers)
            inside = target.name in self.rows
            return _suggest(f"='{target.label(self.lang)}'!$A$2:$A${self.last(target.name)}") if inside else None
        if column.type in ("number", "share", "quantity", "price", "year"):
            return self._number(column)
        listed = self._list(table, column)
        return _suggest(listed.split(",")) if listed else None

    def _list(self, table: TableSchema, column: Column) -> str:
        by_type = {
            "unit": say("workbook.units-yearly" if table.name in YEARLY else "workbook.units", self.lang),
            "currency": _CURRENCIES,
            "flag": ",".join(say(f"workbook.{word}", self.lang) for word in ("yes", "no")),
        }
        return _SETTINGS if (table.name, column.name) == ("settings", "key") else by_type.get(column.type, "")

    def _number(self, column: Column) -> Mapping[str, object] | None:
        if column.type == "year":
            span = limits(FIRST_YEAR, LAST_YEAR, self.lang)
            rule: dict[str, object] = {"validate": "integer", "criteria": "between", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        elif math.isfinite(column.low) and math.isfinite(column.high):
            span = limits(column.low, column.high, self.lang)
            rule = {"validate": "decimal", "criteria": "between", "minimum": _short(column.low), "maximum": _short(column.high)}
        elif math.isfinite(column.low):
            span = limits(column.low, math.inf, self.lang)
            rule = {"validate": "decimal", "criteria": ">=", "value": _short(column.low)}
        else:
            return None
        return {**rule, **self._doubt(say("workbook.wrong-number", self.lang, {"range": span}))}

    def _doubt(self, message: str) -> Mapping[str, object]:
        """Ask, never forbid."""
        title = say("workbook.wrong-title", self.lang)
        return {"error_type": "warning", "error_title": title, "error_message": message[:MAX_MESSAGE]}


def help_lines(table: TableSchema, column: Column, lang: Lang) -> list[str]:
    """What the comment on a header says, the language of the form first."""
    other = next(one for one in LANGUAGES if one != lang)
    lines = [
        f"{column.zh} · {column.name}" + (f" · {say('workbook.help-required', lang)}" if column.required else ""),
        column.help(lang),
        column.help(other),
        *_facts(table, column, lang),
    ]
    return list(dict.fromkeys(line for line in lines if line))


def _facts(table: TableSchema, column: Column, lang: Lang) -> Sequence[str]:
    unit_column = table.columns.get(column.unit_column)
    said: list[tuple[bool, str, dict[str, str]]] = [
        (bool(column.unit), "help-unit", {"unit": column.unit}),
        (unit_column is not None, "help-unit-column", {"unit": unit_column.label(lang) if unit_column else ""}),
        (bool(column.choices), "help-choices", {"choices": " / ".join(column.spelled(lang))}),
        (math.isfinite(column.low) and math.isfinite(column.high), "help-range", {"low": f"{column.low:g}", "high": f"{column.high:g}"}),
        (math.isfinite(column.low) and not math.isfinite(column.high), "help-low", {"low": f"{column.low:g}"}),
        (bool(column.refers), "help-refers", {"table": schema.table(column.refers).label(lang) if column.refers else ""}),
        (bool(column.default), "help-default", {"default": _default(column, lang)}),
        (bool(shown := example(table, column, lang)) and not column.choices, "help-example", {"example": shown}),
    ]
    return [say(f"workbook.{key}", lang, values) for wanted, key, values in said if wanted]


def _default(column: Column, lang: Lang) -> str:
    if column.type == "flag":
        return say(f"workbook.{column.default}", lang)
    named = dict(zip(column.choices, column.spelled(lang), strict=True))
    return named.get(column.default, column.default)


def _short(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _kept(table: TableSchema | None, column: str) -> Look:
    return body_look(table.columns.get(column) if table else None)


def _suggest(source: str | list[str]) -> Mapping[str, object]:
    """A drop-down that takes any other text too."""
    return {"validate": "list", "source": source, "show_error": False}


def _head_look(*, required: bool) -> Look:
    return {
        "bold": True, "bottom": 2, "bottom_color": BRAND if required else LINE, "text_wrap": True, "num_format": "@",
        "bg_color": BRAND_TINT if required else SUNKEN, "font_color": BRAND if required else TEXT_2,
    }  # fmt: skip


def _set_up(sheet: Sheet, columns: int, rows: int, *, required: bool) -> None:
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 1)
    sheet.set_tab_color(BRAND if required or rows else LINE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if rows:
        sheet.autofilter(0, 0, rows, columns - 1)
