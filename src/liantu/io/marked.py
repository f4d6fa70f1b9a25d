"""The user's own workbook back, with what was found marked in it. Owns: write_marked. Never: finding anything, styles.

A workbook keeps its cells, formulas and formats; any other source becomes a workbook with its cells as they were
read, each in the row it had in its file. Nothing of it is evaluated.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from liantu.errors import CallError, InputError
from liantu.io import limits
from liantu.io.files import whole
from liantu.io.headers import match_table
from liantu.io.marker import mark
from liantu.io.marks import Mark, marked
from liantu.io.readers import read
from liantu.io.workbook import MAX_CELL, Book, schema_columns
from liantu.model.findings import Finding
from liantu.model.schema import NUMERIC
from liantu.model.tables import Table, Tables
from liantu.words import Lang, say

# openpyxl takes some fifty times the size of a sheet's XML in memory; of more than this only the findings are shown.
MAX_SHEET_BYTES = 60 * limits.MB
MAX_SHOWN_CELLS = 200_000
_SHEET = re.compile(r"\[([^\[\]]+)\]$")
# What openpyxl does not carry over.
_LOST = re.compile(r"xl/(?:charts|media|pivotTables|chartsheets|vbaProject)")


def write_marked(source: Path, findings: Iterable[Finding], out: Path, lang: Lang, *, tables: Tables | None = None) -> None:
    """Write the source as a workbook with its findings marked, whole or not at all.

    Parameters
    ----------
    source : path
        What was read: a workbook, a CSV file, a folder or a zip.
    findings : iterable of Finding
        What was found; a cell is marked if the finding's file is a sheet or file of the source.
    tables : Tables, optional
        The source as it was read, without its base: the headers as written, and the cells of what is no workbook;
        by default it is read again.

    Raises
    ------
    CallError
        ``write-workbook`` if ``out`` does not end in .xlsx.
    InputError
        ``write-…`` where the disk refuses.
    """
    if out.suffix.lower() != ".xlsx":
        raise CallError("write-workbook", {"suffix": out.suffix}, file=out.name)
    given = tables or _read(source)
    marks = [_about(finding, given, lang) for finding in findings]
    reason = ""
    if source.suffix.lower() in (".xlsx", ".xlsm") and source.is_file():
        try:
            whole(out, own_workbook(source.read_bytes(), marks, lang))
            return
        except InputError as error:
            if error.code.startswith("write-"):
                raise
            reason = error.message(lang)
    whole(out, plain_workbook(given, marks, lang, reason))


def _read(source: Path) -> Tables:
    try:
        return read(source)
    except InputError:
        # Nothing of it can be shown; what was found still can.
        return Tables(name=source.name, tables={})


def own_workbook(data: bytes, marks: Sequence[Mark], lang: Lang) -> bytes:
    """A workbook with marks, all else as it was.

    Raises
    ------
    InputError
        ``mark-unable`` if it cannot be kept.
    """
    parts = _parts(data)
    size = sum(parts.values())
    if size > MAX_SHEET_BYTES:
        raise InputError("mark-unable", {"reason": f"{size // limits.MB} MB > {MAX_SHEET_BYTES // limits.MB} MB"})
    said = [say("workbook.mark-pictures", lang)] if any(map(_LOST.match, parts)) else []
    return mark(data, marks, lang, said)


def _parts(data: bytes) -> dict[str, int]:
    """Parts of a workbook and their sizes."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError("mark-unable", {"reason": str(error)}) from error


def plain_workbook(tables: Tables, marks: Sequence[Mark], lang: Lang, reason: str = "") -> bytes:
    """The tables as they were read, each row where it stood in its file, with marks."""
    partial = sum(len(table) * len(table.columns) for table in tables) > MAX_SHOWN_CELLS
    wanted = {(mark.file, mark.row) for mark in marks} if partial else None
    book = Book(tables.name)
    sheets = {file: _copy(book, table, file, wanted) for table in tables for file in dict.fromkeys(table.files)}
    if not sheets:
        book.sheet(Path(tables.name).stem)
    said = [say("workbook.mark-part", lang)] if partial else []
    said += [say("workbook.mark-plain", lang, {"reason": reason})] if reason else []
    return marked(book.done(), [replace(mark, sheet=sheets.get(mark.file, "")) for mark in marks], lang, said)


def _copy(book: Book, table: Table, file: str, wanted: set[tuple[str, int | None]] | None) -> str:
    """The rows of one file on a sheet of their own, and its name."""
    sheet = book.sheet(_sheet_of(file) or Path(file).stem)
    rows = [row for row in range(len(table)) if table.file(row) == file and table.lines[row] <= limits.ROWS]
    head = max(min((table.lines[row] for row in rows), default=2) - 2, 0)
    shown = [row for row in rows if (wanted is None or (file, table.lines[row]) in wanted) and table.lines[row] > head + 1]
    known = schema_columns(table.name)
    for at, (name, cells) in enumerate(table.columns.items()):
        sheet.set_column(at, at, 16)
        book.text(sheet, (head, at), _cut(table.headers.get(name, name)), {"bold": True})
        put = book.value if name in known and known[name].type in NUMERIC else book.text
        for row in shown:
            if cells[row]:
                put(sheet, (table.lines[row] - 1, at), _cut(cells[row]))
    return str(sheet.get_name())


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL else f"{text[: MAX_CELL - 1]}…"


def _about(finding: Finding, tables: Tables, lang: Lang) -> Mark:
    file = finding.file or ""
    table = next((one for one in tables if file in one.files), None)
    column = finding.column or ""
    sheet = _sheet_of(file)
    return Mark(
        level=finding.level, code=finding.code, file=file, where=finding.where(lang), sheet=sheet, row=finding.row,
        table=table.name if table else match_table(sheet) or "", column=column,
        header=table.headers.get(column, column) if table else column, message=finding.message(lang), hint=finding.hint(lang),
    )  # fmt: skip


def _sheet_of(file: str) -> str:
    inner = _SHEET.search(file)
    return inner[1] if inner else ""
