"""Marks in a workbook: tinted cells, comments and the list of findings. Owns: Mark, marked. Never: reading tables, files on disk.

Runs where the readers of foreign workbooks run, because openpyxl loads the whole of one. Marks of an earlier check
are taken off first, so that a workbook can go back and forth.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from liantu.errors import InputError
from liantu.io import limits
from liantu.io.files import is_live
from liantu.io.headers import match_header
from liantu.io.workbook import BRAND, FONT, LINE, MAX_CELL, RED, RED_TINT, SUNKEN, TEXT_2, TEXT_3, YELLOW, YELLOW_TINT
from liantu.model.findings import Level
from liantu.words import LANGUAGES, Lang, say

AUTHOR, SIGNED = "Liantu", "【链图 Liantu】"
_TINTS: Mapping[Level, tuple[str, str]] = {"error": (RED_TINT, RED), "warning": (YELLOW_TINT, YELLOW)}
_RANK: Mapping[Level, int] = {"error": 0, "warning": 1, "note": 2}
_HEADS = ("mark-level", "mark-where", "mark-column", "mark-message", "mark-hint", "mark-code")
_WIDTHS = (12, 36, 20, 70, 70, 20)
_HEADER_ROWS, _LAST_ROW, _MAX_LISTED = 60, 1_048_576, 5000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")

Sheet = Any
Cell = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One finding on its way into a workbook; ``sheet`` is blank where it has none, ``header`` as the file wrote it."""

    level: Level
    code: str
    file: str
    where: str
    sheet: str
    row: int | None
    table: str
    column: str
    header: str
    message: str
    hint: str


def marked(data: bytes, marks: Sequence[Mark], lang: Lang, said: Sequence[str] = ()) -> bytes:
    """A workbook with its cells marked and a first sheet that lists all findings; ``said`` stands above the list.

    Raises
    ------
    InputError
        ``mark-unable`` if openpyxl cannot load or save the workbook.
    """
    out = BytesIO()
    with warnings.catch_warnings():
        # openpyxl warns of every extension it does not keep.
        warnings.simplefilter("ignore")
        try:
            book = _load(data)
            _clean(book)
            places = _place(book, marks)
            _list(book, marks, places, lang, said)
            book.save(out)
        except InputError:
            raise
        except Exception as error:
            raise InputError("mark-unable", {"reason": f"{type(error).__name__}: {error}"[:200]}) from error
    return out.getvalue()


def _load(data: bytes) -> Any:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    return load_workbook(BytesIO(data), rich_text=True)


def _clean(book: Any) -> None:
    """Take off what an earlier check marked: its list says where."""
    old = [sheet for sheet in book.worksheets if _is_list(sheet)]
    for sheet in old:
        for row in sheet.iter_rows(max_row=min(sheet.max_row, _MAX_LISTED), min_col=2, max_col=2):
            link = row[0].hyperlink
            if link is not None and link.location:
                _unmark(book, link.location)
        book.remove(sheet)


def _is_list(sheet: Sheet) -> bool:
    names = {say("workbook.findings", lang) for lang in LANGUAGES}
    return sheet.title in names and sheet["A1"].value in names and sheet["F1"].value == AUTHOR


def _unmark(book: Any, location: str) -> None:
    from openpyxl.styles import Border, PatternFill  # type: ignore[import-untyped]

    found = re.fullmatch(r"'(.+)'!([A-Z]{1,3}[0-9]{1,7})", location)
    if not found or found[1].replace("''", "'") not in book.sheetnames:
        return
    cell = book[found[1].replace("''", "'")][found[2]]
    if (cell.fill.fgColor.rgb or "") in [_argb(tint) for tint, _ in _TINTS.values()]:
        cell.fill, cell.border = PatternFill(), Border()
    if cell.comment is not None:
        kept = cell.comment.text.partition(SIGNED)[0].rstrip()
        _comment(cell, kept, cell.comment.author)


def _place(book: Any, marks: Sequence[Mark]) -> list[Cell | None]:
    """The cell of every mark, tinted and commented; None for a finding about no cell of this workbook."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    wanted = {(mark.sheet, mark.table) for mark in marks if mark.sheet in sheets}
    headers = {(sheet, table): _headers(sheets[sheet], table) for sheet, table in wanted}
    places = [_cell(sheets[mark.sheet], mark, headers[mark.sheet, mark.table]) if mark.sheet in sheets else None for mark in marks]
    by_cell: dict[tuple[str, str], list[tuple[Cell, Mark]]] = {}
    for cell, mark in zip(places, marks, strict=True):
        if cell is not None and mark.row:
            by_cell.setdefault((cell.parent.title, cell.coordinate), []).append((cell, mark))
    for together in by_cell.values():
        _tint(together[0][0], [mark for _, mark in together])
    return places


def _cell(sheet: Sheet, mark: Mark, headers: Mapping[str, int]) -> Cell:
    row = mark.row if mark.row and mark.row <= _LAST_ROW else 1
    at = headers.get(_squeezed(mark.header)) or headers.get(f"\0{mark.column}") or 1
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= at <= area.max_col:
            return sheet.cell(area.min_row, area.min_col)
    return sheet.cell(row, at)


def _headers(sheet: Sheet, table: str) -> Mapping[str, int]:
    """Column numbers by header as written, and by ``\\0name`` for the schema's; the row that matches best counts first."""
    size = {"max_row": min(sheet.max_row, _HEADER_ROWS), "max_col": min(sheet.max_column, limits.COLUMNS)}
    rows = [["" if text is None else str(text) for text in row] for row in sheet.iter_rows(values_only=True, **size)]
    meant = [{at: column for at, text in enumerate(row, 1) if text and (column := match_header(text, table)[0])} for row in rows]
    best = max(range(len(rows)), key=lambda row: len(set(meant[row].values())), default=0)
    found: dict[str, int] = {}
    # A header of two rows has its group above and its columns below.
    for row in (best, best + 1, best - 1):
        if 0 <= row < len(rows):
            for at, text in enumerate(rows[row], 1):
                if text:
                    found.setdefault(_squeezed(text), at)
                if at in meant[row]:
                    found.setdefault(f"\0{meant[row][at]}", at)
    return found


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text).casefold()


def _tint(cell: Cell, marks: Sequence[Mark]) -> None:
    from openpyxl.styles import Border, PatternFill, Side

    worst = min((mark.level for mark in marks), key=lambda level: _RANK[level])
    if worst in _TINTS:
        tint, edge = _TINTS[worst]
        side = Side(style="thin", color=_argb(edge))
        cell.fill = PatternFill("solid", fgColor=_argb(tint))
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    before = cell.comment.text if cell.comment is not None else ""
    text = "\n".join(f"{mark.message}\n→ {mark.hint}" if mark.hint else mark.message for mark in marks)
    _comment(cell, f"{before}\n{SIGNED}\n{text}".strip(), cell.comment.author if cell.comment is not None else AUTHOR)


def _comment(cell: Cell, text: str, author: str | None) -> None:
    from openpyxl.comments import Comment  # type: ignore[import-untyped]

    text = _clear(text)
    cell.comment = Comment(text, author or AUTHOR, width=340, height=60 + 18 * (text.count("\n") + len(text) // 40)) if text else None


def _list(book: Any, marks: Sequence[Mark], places: Sequence[Cell | None], lang: Lang, said: Sequence[str]) -> None:
    """The first sheet: every finding with a link to its cell."""
    from openpyxl.worksheet.properties import PageSetupProperties  # type: ignore[import-untyped]

    sheet = book.create_sheet(say("workbook.findings", lang), 0)
    counts = Counter(mark.level for mark in marks)
    summary = say("workbook.mark-counts", lang, {level: counts[level] for level in _RANK}) if marks else say("workbook.mark-none", lang)
    _put(sheet["A1"], say("workbook.findings", lang), size=15, bold=True, colour=BRAND)
    _put(sheet["F1"], AUTHOR, colour=TEXT_3)
    for row, text in enumerate((summary, *said), start=2):
        _put(sheet.cell(row, 1), text, colour=TEXT_2)
    head = 4 + len(said)
    for at, (key, wide) in enumerate(zip(_HEADS, _WIDTHS, strict=True), start=1):
        _put(sheet.cell(head, at), say(f"workbook.{key}", lang), bold=True, colour=TEXT_2, fill=SUNKEN)
        sheet.column_dimensions["ABCDEF"[at - 1]].width = wide
    for row, (mark, cell) in enumerate(zip(marks, places, strict=True), start=head + 1):
        _listed(sheet, row, mark, cell, lang)
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_properties.tabColor = _argb(RED if counts["error"] else BRAND)
    book.active = 0
    # Two selected sheets are edited together in Excel.
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _listed(sheet: Sheet, row: int, mark: Mark, cell: Cell | None, lang: Lang) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink  # type: ignore[import-untyped]

    tint = _TINTS[mark.level][0] if mark.level in _TINTS else ""
    texts = (say(f"workbook.level-{mark.level}", lang), mark.where, mark.header, mark.message, mark.hint, mark.code)
    for at, text in enumerate(texts, start=1):
        _put(sheet.cell(row, at), text, fill=tint if at == 1 else "", colour=BRAND if at == 2 and cell is not None else "", bold=at == 1)
    if cell is not None:
        title = cell.parent.title.replace("'", "''")
        sheet.cell(row, 2).hyperlink = Hyperlink(ref="", location=f"'{title}'!{cell.coordinate}")


def _put(cell: Cell, text: str, *, size: int = 10, bold: bool = False, colour: str = "", fill: str = "") -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.value = _clear(text)
    # Text it is, whatever it begins with.
    cell.data_type = "s"
    cell.quotePrefix = is_live(text)
    cell.font = Font(name=FONT, size=size, bold=bold, color=_argb(colour) if colour else None)
    cell.alignment = Alignment(vertical="top", wrap_text=cell.column in (4, 5))
    cell.border = Border(bottom=Side(style="hair", color=_argb(LINE))) if size == 10 else Border()
    if fill:
        cell.fill = PatternFill("solid", fgColor=_argb(fill))


def _clear(text: str) -> str:
    """Text that XML can hold."""
    return _CONTROL.sub("\ufffd", text)[:MAX_CELL]


def _argb(colour: str) -> str:
    return f"FF{colour[1:]}"
