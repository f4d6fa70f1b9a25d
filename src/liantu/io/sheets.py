"""Workbook bytes → tables. Owns: which sheet is which table, values as text. Never: files, limits of the process.

Runs in the reader's child process only. A scan of the file comes first; calamine then reads the values.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from re import fullmatch

from liantu.errors import InputError
from liantu.io import biff, grids, headers, limits, ooxml, packages
from liantu.io.csvs import BLOCK, Block
from liantu.io.grids import Sheet
from liantu.io.kinds import kind
from liantu.io.ooxml import Scan
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.model.schema import NUMERIC
from liantu.model.tables import Table

ZIP_MAGIC, OLE_MAGIC = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT_DIGITS = 15
_UNNAMED = r"(?:sheet|工作表|表)\s*[0-9]*"
Report = Callable[[Finding], None]
Cell = str | float | int | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rows of a sheet as text, with their row numbers and the merged cells that were filled down."""

    lines: list[int]
    rows: list[list[str]]
    merged: list[tuple[int, int, int]]
    long: list[tuple[int, str]]


def tables(data: bytes, file: str, report: Report) -> dict[str, Table]:
    """The tables of a workbook.

    Raises
    ------
    InputError
        ``workbook-…``, ``limit-…``, ``zip-…`` or ``no-tables``.
    """
    import python_calamine as calamine

    if not data:
        raise InputError("file-empty", file=file)
    scans: Mapping[str, Scan] | Sequence[Scan]
    if data.startswith(ZIP_MAGIC):
        checked = _opened(data, file)
        data, scans = checked.data, checked.sheets
    elif data.startswith(OLE_MAGIC):
        scans = _named(biff.scan, data, file)
    else:
        found = kind(data) or ("CSV" if _is_text(data) else "")
        if found:
            raise InputError("file-disguised", {"kind": found}, file=file)
        raise InputError("workbook-broken", {"reason": data[:8].hex(" ").upper()}, file=file)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _tables(book, scans, file, report)
    except calamine.PasswordError:
        raise InputError("workbook-password", file=file) from None
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError, OverflowError) as error:
        raise InputError("workbook-broken", {"reason": str(error)[:80]}, file=file) from None


def _opened(data: bytes, file: str) -> ooxml.Workbook:
    """The parts of a workbook; she knows of no archive in it."""
    try:
        return ooxml.scan(data, file)
    except InputError as error:
        if error.code == "zip-broken":
            raise InputError("workbook-broken", {"reason": "ZIP"}, file=file) from None
        if error.code in ("limit-entry-bytes", "limit-ratio", "limit-unpacked"):
            raise InputError("limit-workbook", {"part": (error.file or file).rpartition("/")[2], **error.values}, file=file) from None
        raise


def _is_text(data: bytes) -> bool:
    head = data[:4096]
    return b"\n" in head and any(sign in head for sign in (b",", b";", b"\t")) and min(head) >= ord("\t")


def _named(scan: Callable[[bytes, str], Sequence[Scan]], data: bytes, file: str) -> Sequence[Scan]:
    try:
        return scan(data, file)
    except InputError as error:
        error.file = error.file or file
        raise


def _tables(book: object, scans: Mapping[str, Scan] | Sequence[Scan], file: str, report: Report) -> dict[str, Table]:
    found: dict[str, Table] = {}
    read: list[tuple[str, bool, _Grid, Scan]] = []
    for at, about in enumerate(book.sheets_metadata):  # type: ignore[attr-defined]
        scan = scans.get(about.name) if isinstance(scans, Mapping) else scans[at] if at < len(scans) else None
        if scan is None or "WorkSheet" not in str(about.typ):
            continue
        grid = _grid(book.get_sheet_by_index(at), scan, f"{file}[{about.name}]")  # type: ignore[attr-defined]
        read.append((about.name, "Visible" not in str(about.visible).removeprefix("SheetVisibleEnum."), grid, scan))
    _count(read, file)
    filled = sum(bool(grid.rows) for _, _, grid, _ in read)
    for name, is_hidden, grid, scan in read:
        if grid.rows or headers.match_table(name):
            table = _one(name, grid, scan, file, report, alone=filled == 1)
            if table is not None and is_hidden:
                report(Finding(code="hidden-sheet", values={"sheet": name}, file=f"{file}[{name}]"))
            packages.put(found, table, report)
    if not found:
        raise InputError("no-tables", {"path": file}, file=file)
    return found


def _count(read: Sequence[tuple[str, bool, _Grid, Scan]], file: str) -> None:
    limits.check("limit-sheets", len(read), limits.SHEETS, file=file)
    limits.check("limit-cells", sum(len(row) - row.count("") for _, _, grid, _ in read for row in grid.rows), limits.SHEET_CELLS, file=file)


def _one(name: str, grid: _Grid, scan: Scan, file: str, report: Report, *, alone: bool) -> Table | None:
    """The table in a sheet: by the sheet's name, else by its headers where the name says nothing."""
    label = f"{file}[{name}]"
    wanted = headers.match_table(name)
    if wanted is None and not (alone or fullmatch(_UNNAMED, name.strip().casefold())):
        report(Finding(code="sheet-skipped", values={"sheet": name}, file=label))
        return None
    said: list[Finding] = []
    sheet = Sheet(
        name=name, label=label, blocks=_blocks(grid), uncalculated=frozenset(scan.formulas), percents=frozenset(scan.percents),
        merged=grid.merged, is_text=False,
    )  # fmt: skip
    table = grids.table(sheet, wanted, said.append)
    if table is None:
        if grid.rows:
            report(Finding(code="sheet-skipped", values={"sheet": name}, file=label))
        return None
    if wanted is None:
        report(Finding(code="table-guessed", values={"name": name, "table": table.name}, file=label))
    for finding in said:
        report(finding)
    if scan.hidden:
        report(Finding(code="hidden-rows", values={"count": scan.hidden}, file=label))
    _long(table, grid, label, report)
    return table


def _long(table: Table, grid: _Grid, label: str, report: Report) -> None:
    """Warn of long numbers where digits matter: an id or a credit code kept as a number has lost its last ones."""
    if not grid.long:
        return
    about = schema.tables()[table.name].columns if table.name in schema.tables() else {}
    at = {line: row for row, line in enumerate(table.lines)}
    for line, text in grid.long:
        row = at.get(line)
        for name, cells in table.columns.items() if row is not None else ():
            if row is not None and cells[row] == text and (name not in about or about[name].type not in NUMERIC):
                report(Finding(code="number-digits", values={"value": f"{float(text):.0f}"}, file=label, row=line, column=name))


def _blocks(grid: _Grid) -> Iterator[Block]:
    for start in range(0, len(grid.rows), BLOCK):
        yield Block(grid.lines[start : start + BLOCK], grid.rows[start : start + BLOCK])


def _grid(sheet: object, scan: Scan, file: str) -> _Grid:
    """The rows that hold anything, all equally long."""
    height, width = _size(sheet)
    limits.check("limit-rows", height, limits.ROWS, file=file)
    limits.check("limit-columns", width, limits.COLUMNS, file=file)
    odd = scan.errors | scan.formulas
    rows, long = list[list[str]](), list[tuple[int, str]]()
    for line, row in enumerate(_rows(sheet), start=1):
        rows.append([_text(cell) for cell in row])
        if max(map(len, rows[-1]), default=0) >= _KEPT_DIGITS:
            long += [(line, _text(cell)) for cell in row if isinstance(cell, (int, float)) and abs(cell) >= 10**_KEPT_DIGITS]
    for (line, at), text in odd.items():
        while len(rows) < line:
            rows.append([])
        row = rows[line - 1]
        row.extend([""] * (at + 1 - len(row)))
        row[at] = text
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    merged = _fill(rows, getattr(sheet, "merged_cell_ranges", None) or ())
    kept = [at for at, row in enumerate(rows) if row.count("") < len(row)]
    return _Grid([at + 1 for at in kept], [rows[at] for at in kept], merged, long)


def _size(sheet: object) -> tuple[int, int]:
    end = sheet.end  # type: ignore[attr-defined]
    return (end[0] + 1, end[1] + 1) if end else (0, 0)


def _rows(sheet: object) -> Iterator[Sequence[Cell]]:
    # From A1 on, so that the position in the list is the row in the sheet.
    if sheet.start is None:  # type: ignore[attr-defined]
        return iter(())
    return iter(sheet.to_python(skip_empty_area=False))  # type: ignore[attr-defined]


def _fill(rows: list[list[str]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[tuple[int, int, int]]:
    """Write the first cell of each merged range into the cells below it."""
    filled: list[tuple[int, int, int]] = []
    for (top, left), (bottom, _) in islice(ranges, limits.ROWS):
        if top >= len(rows) or left >= len(rows[top]) or bottom <= top or not rows[top][left]:
            continue
        last = min(bottom, len(rows) - 1)
        for row in range(top + 1, last + 1):
            rows[row][left] = rows[row][left] or rows[top][left]
        filled.append((top + 1, last + 1, left))
    return filled


def _text(cell: Cell) -> str:
    """A cell's value as its shortest exact text.

    >>> _text(60000.0), _text(0.1), _text(True), _text(date(2024, 5, 1))
    ('60000', '0.1', 'yes', '2024-05-01')
    """
    if isinstance(cell, str):
        text = cell.strip()
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
