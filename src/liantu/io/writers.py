"""Tables → package: folder, zip or workbook. Owns: write and the bytes of each format. Never: checking, changing a cell.

What was read is written and reads the same again: equal ``Tables.digest()``, header units and unknown columns
included; equal tables give equal bytes.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from liantu.errors import CallError, InputError
from liantu.io import limits
from liantu.io.descriptor import descriptor
from liantu.io.files import DESCRIPTOR, safe_cell, whole, whole_folder
from liantu.io.workbook import BRAND, BRAND_TINT, LINE, SUNKEN, TEXT_2, Book, header, in_order, schema_columns, width, write_body
from liantu.model.schema import Column
from liantu.model.tables import Table, Tables
from liantu.words import Lang, language

_QUOTED = re.compile(r'[",;\t\r\n]|^\s|\s$')


def write(tables: Tables, target: Path, *, lang: Lang | None = None) -> None:
    """Write a package whole or not at all; the format is the ending of ``target`` (none: a folder).

    Parameters
    ----------
    lang : {"zh", "en"}, optional
        Language of the help on a workbook's headers.

    Raises
    ------
    CallError
        ``write-format`` for another ending, ``write-not-empty`` for a folder that holds other things.
    InputError
        ``write-…`` where the disk refuses, or a workbook cannot take the tables.
    """
    suffix = target.suffix.lower()
    if target.is_dir() or not suffix:
        whole_folder(target, package_files(tables))
    elif suffix == ".zip":
        whole(target, zipped(package_files(tables)))
    elif suffix == ".xlsx":
        whole(target, workbook(tables, lang or language()))
    else:
        raise CallError("write-format", {"suffix": target.suffix}, file=target.name)


def package_files(tables: Tables) -> dict[str, bytes]:
    """The files of a package by name: a CSV file a table, and the descriptor."""
    paths = {name: _file_name(name) for name in in_order(list(tables.tables)) if tables.tables[name].columns}
    files = {path: csv_bytes(tables.tables[name]) for name, path in paths.items()}
    return {DESCRIPTOR: descriptor(tables, paths), **files}


def csv_bytes(table: Table) -> bytes:
    """A table as UTF-8 CSV; cells that a spreadsheet would run carry an apostrophe, which the reader takes off.

    Raises
    ------
    InputError
        ``write-text`` for a lone surrogate, which is no text in any encoding.
    """
    quoted = _Quoted()
    lines = [",".join(quoted[header(name, table.units.get(name, ""))] for name in table.columns)]
    lines += map(",".join, zip(*([quoted[cell] for cell in cells] for cells in table.columns.values()), strict=True))
    try:
        return ("\n".join(lines) + "\n").encode()
    except UnicodeEncodeError as error:
        sign = f"{ord(error.object[error.start]):04X}"
        raise InputError("write-text", {"table": table.name, "sign": sign}, file=_file_name(table.name)) from error


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as a zip; its dates are fixed, so that equal files give equal bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, data)
    return out.getvalue()


def workbook(tables: Tables, lang: Lang) -> bytes:
    """Tables as a workbook: a sheet a table, headers by their names in the contract, help as comments.

    Raises
    ------
    InputError
        ``write-too-big`` or ``write-cell`` for more than a workbook takes.
    """
    for table in tables:
        _may_fit(table)
    book = Book(tables.setting(f"title_{lang}") or tables.name)
    for name in in_order(list(tables.tables)):
        if tables.tables[name].columns:
            _sheet(book, tables.tables[name], lang)
    return book.done()


class _Quoted(dict[str, str]):
    """Cells as CSV, each worked out once: a column repeats its words."""

    def __missing__(self, cell: str) -> str:
        safe = safe_cell(cell)
        # Quoted at ; and tab too: a spreadsheet set to another separator must not cut a formula out of the middle.
        self[cell] = written = f'"{safe.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(safe) else safe
        return written


def _file_name(table: str) -> str:
    if re.search(r"[/\\\x00]", table) or table.startswith(".") or not table:
        raise InputError("write-failed", {"path": f"{table}.csv", "reason": "name"})
    return f"{table}.csv"


def _may_fit(table: Table) -> None:
    # What the reader would refuse is not written; a row more for the header.
    rows, cells = len(table) + 1, (len(table) + 1) * len(table.columns)
    if rows > limits.ROWS or cells > limits.SHEET_CELLS:
        most = {"max_rows": limits.ROWS, "max_cells": limits.SHEET_CELLS}
        raise InputError("write-too-big", {"table": table.name, "rows": rows, "cells": cells, **most})


def _sheet(book: Book, table: Table, lang: Lang) -> None:
    names, columns = list(table.columns), schema_columns(table.name)
    sheet = book.sheet(table.name)
    for at, name in enumerate(names):
        column = columns.get(name)
        sheet.set_column(at, at, width(column))
        book.text(sheet, (0, at), header(name, table.units.get(name, "")), _head_look(column))
        if column:
            sheet.write_comment(0, at, f"{column.zh}\n{column.help(lang)}", {"author": "Liantu", "x_scale": 1.6, "y_scale": 0.7})
    write_body(book, sheet, table, names)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 22)
    sheet.autofilter(0, 0, max(len(table), 1), len(names) - 1)


def _head_look(column: Column | None) -> dict[str, str | int | bool]:
    required = bool(column and column.required)
    return {
        "bold": True, "bottom": 1, "bottom_color": LINE, "num_format": "@",
        "bg_color": BRAND_TINT if required else SUNKEN, "font_color": BRAND if required else TEXT_2,
    }  # fmt: skip
