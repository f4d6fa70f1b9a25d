"""Rows of text → a Table. Owns: finding the header, what is no data row, cells no table may hold. Never: files, types.

Rows come in blocks and leave as columns whose repeated words are one string. Cells are looked at through the set of
different words, so that a clean table of 200,000 rows costs no Python call per cell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from liantu.errors import InputError
from liantu.io import heads, limits, oddities
from liantu.io.cells import PLAIN
from liantu.io.csvs import Block, refuse_if_wide
from liantu.io.files import bare_cell
from liantu.io.heads import Head
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.model.schema import NUMERIC, Column
from liantu.model.tables import Table
from liantu.words import Value

_NEW_WORDS = 400_000
_REPEATING = 0.5
Report = Callable[[Finding], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows as they stand in a file, before anything is known of them.

    Attributes
    ----------
    uncalculated, percents : set of (line, position)
        Formula cells without a value; numbers shown as per cent.
    merged : sequence of (first line, last line, position)
        Cells that were filled down from the first of them.
    blanks : set of str
        Words that stand for a blank cell, besides the blank.
    is_text : bool
        Whether an apostrophe before a formula is to be taken off (CSV).
    """

    name: str
    label: str
    blocks: Iterator[Block]
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    percents: frozenset[tuple[int, int]] = frozenset()
    merged: Sequence[tuple[int, int, int]] = ()
    blanks: frozenset[str] = frozenset()
    is_text: bool = True
    fields: Sequence[str] = ()


@dataclass(slots=True)
class _Body:
    """The columns as they grow, and the odd words met in them."""

    width: int
    columns: list[list[str]]
    watched: str
    lines: list[int] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)
    repeats: dict[int, bool] = field(default_factory=dict)
    short: list[tuple[int, int]] = field(default_factory=list)


def table(sheet: Sheet, name: str | None, report: Report) -> Table | None:
    """The table in a sheet; without a name, the one its headers belong to.

    Returns
    -------
    Table or None
        None if there is no row at all, or no table has such headers.

    Raises
    ------
    InputError
        ``limit-columns``.
    """
    first = next(sheet.blocks, Block([], []))
    refuse_if_wide(first, sheet.label)
    looked = Block(first.lines, [[_tidy(cell) for cell in row] for row in first.rows[: heads.LOOK]] + first.rows[heads.LOOK :])
    head = heads.given(sheet.fields, name) if sheet.fields else heads.find(looked, name)
    if head is None:
        return None
    for finding in heads.inspect(head, sheet.label):
        report(finding)
    rest = Block(first.lines[head.rows :], first.rows[head.rows :])
    body = _Body(width=len(head.texts), columns=[[] for _ in head.texts], watched=next(filter(None, head.texts), ""))
    _take(body, rest, sheet, report)
    for block in sheet.blocks:
        refuse_if_wide(block, sheet.label)
        _take(body, block, sheet, report)
    return _finish(body, head, sheet, report)


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", bare_cell(cell.strip()))


def _take(body: _Body, block: Block, sheet: Sheet, report: Report) -> None:
    lines, rows = block.lines, block.rows
    if set(map(len, rows)) - {body.width}:
        lines, rows = _squared(body, block, sheet.label, report)
    body.lines += lines
    for at, cells in enumerate(zip(*rows, strict=True)):
        plain = list(map(str.strip, cells))
        repeats = body.repeats.setdefault(at, len(set(plain)) < _REPEATING * len(plain))
        if repeats:
            body.columns[at].extend(map(body.words.setdefault, plain, plain))
        else:
            # Words that do not come again are not worth looking up.
            body.columns[at] += plain
            _note_odd(body, plain)
    if len(body.words) > _NEW_WORDS:
        _sift(body)


def _sift(body: _Body) -> None:
    """Keep the odd words, forget the others: a table may have millions of different ones."""
    _note_odd(body, body.words)
    body.words.clear()


def _note_odd(body: _Body, words: Collection[str]) -> None:
    body.odd |= oddities.odd(words)
    if body.watched in words:
        body.odd.add(body.watched)


def _squared(body: _Body, block: Block, file: str, report: Report) -> tuple[list[int], list[list[str]]]:
    """Rows as long as the header: blank ones left out, short ones filled up, cells too many reported."""
    lines, rows, width = list[int](), list[list[str]](), body.width
    for line, row in zip(block.lines, block.rows, strict=True):
        beyond = [cell for cell in row[width:] if cell.strip()]
        if beyond:
            report(Finding(code="csv-wide", values={"got": len(row), "want": width, "value": beyond[0].strip()[:40]}, file=file, row=line))
        if len(row) < width and any(row):
            body.short.append((line, len(row)))
        if any(row):
            lines.append(line)
            rows.append(row[:width] + [""] * (width - len(row)))
    return lines, rows


def _finish(body: _Body, head: Head, sheet: Sheet, report: Report) -> Table:
    _sift(body)
    if body.short:
        line, got = body.short[0]
        report(Finding(code="csv-short", values={"count": len(body.short), "got": got, "want": body.width}, file=sheet.label, row=line))
    _drop(body, _no_data(body, head, sheet, report))
    _cells(body, head, sheet, report)
    _merged(body, head, sheet, report)
    _percents(body, head, sheet, report)
    named = [at for at in range(body.width) if head.keys[at]]
    _unnamed(body, head, sheet, report)
    columns = {head.keys[at]: body.columns[at] for at in named}
    return Table(
        name=head.table or sheet.name, columns=columns, lines=body.lines, files=(sheet.label,), units=head.units,
        headers={head.keys[at]: head.texts[at] for at in named if head.texts[at] != head.keys[at]},
    )  # fmt: skip


def _no_data(body: _Body, head: Head, sheet: Sheet, report: Report) -> set[int]:
    """Rows that are blank, a total, the header once more, or a remark below the table."""
    dropped = set[int]()
    for row in sorted(_candidates(body)):
        cells = [column[row] for column in body.columns]
        code = oddities.no_data(cells, head)
        if code is None:
            continue
        dropped.add(row)
        if code:
            said: dict[str, Value] = {"text": next(filter(None, cells))[:40]}
            report(Finding(code=code, values=said, file=sheet.label, row=body.lines[row]))
    return dropped


def _candidates(body: _Body) -> set[int]:
    told = {word for word in body.odd if word == body.watched or oddities.may_be_no_data(word)}
    rows = {row for row, cell in enumerate(body.columns[0]) if not cell}
    for column in body.columns if told else ():
        rows.update(row for row, cell in enumerate(column) if cell in told)
    return rows


def _drop(body: _Body, rows: set[int]) -> None:
    if rows:
        kept = [row for row in range(len(body.lines)) if row not in rows]
        body.lines = [body.lines[row] for row in kept]
        body.columns = [[column[row] for row in kept] for column in body.columns]


def _cells(body: _Body, head: Head, sheet: Sheet, report: Report) -> None:
    """Formulas, error values and signs of lost text; then words of the file's own for a blank."""
    wrong = {word: code for word in body.odd if (code := oddities.wrong_cell(word))}
    mended = _mending(body.odd, sheet)
    for at, column in enumerate(body.columns):
        for row in [row for row, cell in enumerate(column) if cell in wrong] if wrong else ():
            line, word = body.lines[row], column[row]
            code = "formula-uncalculated" if (line, at) in sheet.uncalculated else wrong[word]
            report(Finding(code=code, values={"value": word[:60]}, file=sheet.label, row=line, column=head.keys[at] or None))
        if mended:
            body.columns[at] = [mended.get(cell, cell) for cell in column]


def _mending(odd: Iterable[str], sheet: Sheet) -> Mapping[str, str]:
    mended = {word: unicodedata.normalize("NFC", word) for word in odd if not unicodedata.is_normalized("NFC", word)}
    if sheet.is_text:
        mended |= {word: bare_cell(mended.get(word, word)) for word in odd if word.startswith("'")}
    return {word: new for word, new in mended.items() if word != new} | dict.fromkeys(sheet.blanks, "")


def _merged(body: _Body, head: Head, sheet: Sheet, report: Report) -> None:
    kept = set(body.lines)
    spans = [(first, last, at) for first, last, at in sheet.merged if first in kept and at < body.width]
    if not spans:
        return
    report(Finding(code="merged-filled", values={"count": len(spans), "last": spans[0][1]}, file=sheet.label, row=spans[0][0]))
    columns = schema.table(head.table).columns if head.table in schema.tables() else {}
    for first, last, at in spans:
        about = columns.get(head.keys[at])
        if about and about.type in NUMERIC and about.type != "year":
            report(Finding(code="merged-number", values={"last": last}, file=sheet.label, row=first, column=about.name))


def _percents(body: _Body, head: Head, sheet: Sheet, report: Report) -> None:
    """A workbook keeps 10% as 0.1, which is right for a share and wrong for any other number."""
    columns = schema.table(head.table).columns if sheet.percents and head.table in schema.tables() else {}
    rows = {line: row for row, line in enumerate(body.lines)} if columns else {}
    for line, at in sorted(sheet.percents):
        about = columns.get(head.keys[at]) if at < body.width else None
        if not about or line not in rows or about.type not in NUMERIC or not (cell := body.columns[at][rows[line]]):
            continue
        if about.type == "share" or (about.unit_column and about.type == "number"):
            if PLAIN.fullmatch(cell) and _says_percent(body, head, about, rows[line]):
                # The header or the unit beside says per cent once more: the cell must say it itself.
                body.columns[at][rows[line]] = f"{Decimal(cell).scaleb(2):f}%"
        else:
            report(Finding(code="percent-shown", values={"value": cell}, file=sheet.label, row=line, column=about.name))


def _says_percent(body: _Body, head: Head, about: Column, row: int) -> bool:
    beside = head.keys.index(about.unit_column) if about.unit_column in head.keys else None
    return about.name in head.units or (beside is not None and bool(body.columns[beside][row]))


def _unnamed(body: _Body, head: Head, sheet: Sheet, report: Report) -> None:
    for at, column in enumerate(body.columns):
        if not head.keys[at] and not head.texts[at] and any(column):
            row = next(row for row, cell in enumerate(column) if cell)
            said: dict[str, Value] = {"letter": heads.letter(at), "value": column[row][:40]}
            report(Finding(code="header-blank", values=said, file=sheet.label, row=body.lines[row]))


def total_cells(tables: Iterable[Table], file: str) -> None:
    """Refuse a package with more cells than fit."""
    cells = sum(len(one) * len(one.columns) for one in tables)
    if cells > limits.PACKAGE_CELLS:
        raise InputError("limit-cells", {"value": cells, "limit": limits.PACKAGE_CELLS}, file=file)
