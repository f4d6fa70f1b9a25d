"""Rows of a list as a file. Owns: how much is written, in which pieces. Never: formats (runs), which rows (lists)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from liantu import runs
from liantu.errors import CallError
from liantu.model.tables import Table, Tables
from liantu.web.registry import shown
from liantu.web.registry.models import Record
from liantu.words import Lang

MOST = {"csv": 250_000, "xlsx": 50_000}
_PIECE = 2_000


def content(rows: QuerySet[Record], table: str, hidden: frozenset[str], kind: str, lang: Lang) -> Iterable[bytes]:
    """The rows as CSV piece by piece, or as one workbook.

    Raises
    ------
    CallError
        ``export-too-big`` for more than is written at once.
    """
    total = rows.count()
    if total > MOST[kind]:
        raise CallError("export-too-big", {"count": total, "limit": MOST[kind], "kind": kind})
    names = [column.name for column in shown.columns(table, hidden)]
    held = rows.order_by("pk").values_list(*(f"c_{name}" for name in names))
    if kind == "csv":
        return _pieces(held.iterator(chunk_size=_PIECE), table, names, lang)
    return [runs.written(_tables(table, names, list(held)), ".xlsx", lang=lang)]


def _pieces(rows: Iterator[tuple[str, ...]], table: str, names: list[str], lang: Lang) -> Iterator[bytes]:
    """The header once, then so many rows at a time."""
    whole = runs.written(_tables(table, names, []), ".csv", lang=lang)
    yield b"\xef\xbb\xbf" + whole  # a spreadsheet knows UTF-8 by this mark
    piece: list[tuple[str, ...]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == _PIECE:
            yield _body(piece, table, names, lang)
            piece = []
    if piece:
        yield _body(piece, table, names, lang)


def _body(rows: list[tuple[str, ...]], table: str, names: list[str], lang: Lang) -> bytes:
    return runs.written(_tables(table, names, rows), ".csv", lang=lang).partition(b"\n")[2]


def _tables(table: str, names: list[str], rows: list[tuple[str, ...]]) -> Tables:
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    one = Table(name=table, columns=columns, lines=range(2, len(rows) + 2), files=(table,))
    return Tables(name=table, tables={table: one})
