"""Where the header is and what its columns are. Owns: Head, finding it below titles and over two rows. Never: data rows.

Offices put a title, a unit line and merged group headers above the columns; the row that names the most columns of
the table is the header, together with the row above or below it where the two name more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from liantu.io import headers
from liantu.io.csvs import Block
from liantu.io.headers import Match
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.model.schema import NUMERIC

LOOK = 30
_ENOUGH = 2
_SHARE = 0.6
_NO_FIT = (False, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The header of a table.

    Attributes
    ----------
    table : str
        Table the columns belong to; blank for one outside the contract.
    rows : int
        How many rows of the sheet it ends.
    texts, keys : sequence of str
        Each header as written, and the column it means: the schema's name, else as written; blank for none.
    """

    table: str
    rows: int
    line: int
    texts: Sequence[str]
    keys: Sequence[str]
    units: Mapping[str, str] = field(default_factory=dict)
    matches: Sequence[Match] = ()
    titles: int = 0


@dataclass(frozen=True, slots=True)
class _Try:
    """One reading of some rows as a header."""

    texts: Sequence[str]
    last: int
    first: int


def find(block: Block, name: str | None) -> Head | None:
    """The header of table ``name``, or of the table it fits best; None if there is none."""
    rows = block.rows[:LOOK]
    filled = [at for at, row in enumerate(block.rows) if any(row)]
    if not filled:
        return None
    if name is not None and name in schema.tables() and _names_all(block.rows[filled[0]], name):
        rows = rows[: filled[0] + 2]
    tries = list(_tries(rows)) or [_Try(block.rows[filled[0]], filled[0], filled[0])]
    table = _guess(tries) if name is None else name
    if table is None:
        return None
    if table not in schema.tables():
        return _head(tries[0], table, block, filled[0])
    best = max(tries, key=lambda one: (_score(one.texts, table), one.first == one.last, -one.last))
    return _head(best if _score(best.texts, table) else tries[0], table, block, filled[0])


def _names_all(texts: Sequence[str], table: str) -> bool:
    """Whether each cell names a column: no other row can be a better header, unless one with units below."""
    return all(text and headers.read_header(text, table).column for text in texts)


def given(fields: Sequence[str], name: str | None) -> Head:
    """The header a descriptor gives for a file that has none."""
    return _head(_Try([text.strip() for text in fields], -1, -1), name or "", Block([], []), 0)


def _tries(rows: Sequence[Sequence[str]]) -> Iterator[_Try]:
    for at, row in enumerate(rows):
        if any(row):
            yield _Try(row, at, at)
            below = rows[at + 1] if at + 1 < len(rows) else ()
            if pair := _pair(row, below):
                yield _Try(pair, at + 1, at)


def _pair(above: Sequence[str], below: Sequence[str]) -> Sequence[str] | None:
    """Two rows as one header: the lower cell, the upper where that is blank, both where the lower is a unit."""
    if not any(below) or any(cell.replace(".", "").isdigit() for cell in below):
        return None
    width = max(len(above), len(below))
    uppers = [*above, *[""] * (width - len(above))]
    lowers = [*below, *[""] * (width - len(below))]
    return [_both(upper, lower) for upper, lower in zip(uppers, lowers, strict=True)]


def _both(upper: str, lower: str) -> str:
    if upper and lower and headers.is_unit_cell(lower):
        return f"{upper}（{lower.strip('()（）[]【】')}）"
    return lower or upper


def _score(texts: Sequence[str], table: str) -> int:
    """How many different columns the texts name, those that carry a unit a little more."""
    found = {match.column: match.unit for text in texts if text and (match := headers.read_header(text, table)).column}
    return 4 * len(found) + min(3, sum(unit is not None for unit in found.values()))


def _guess(tries: Sequence[_Try]) -> str | None:
    """The one table whose columns the headers name best."""
    ranked = sorted(((max(_fit(one.texts, name) for one in tries), name) for name in schema.tables()), reverse=True)
    (best, name), (second, _) = ranked[:2]
    return name if best > second and best > _NO_FIT else None


def _fit(texts: Sequence[str], table: str) -> tuple[bool, int, int]:
    """Whether all required columns are there, how many are in all, how many of them required; a unit may stand in a header.

    Nothing below two columns, or below most of the headers.
    """
    matches = [headers.read_header(text, table) for text in texts if text]
    found = {match.column for match in matches if match.column}
    if "unit" in schema.table(table).columns and any(match.column and match.unit for match in matches):
        found.add("unit")
    needed = {column.name for column in schema.table(table).columns.values() if column.required}
    if len(found) < _ENOUGH or (not needed <= found and len(found) < _SHARE * sum(map(bool, texts))):
        return _NO_FIT
    return needed <= found, len(found), len(needed & found)


def _head(one: _Try, table: str, block: Block, first_filled: int) -> Head:
    matches = [headers.read_header(text, table) if text else Match(None) for text in one.texts]
    keys = _keys(one.texts, matches)
    units = {key: match.unit for key, match in zip(keys, matches, strict=True) if key and match.unit and match.column == key}
    titles = sum(any(row) for row in block.rows[first_filled : max(one.first, 0)])
    line = block.lines[one.last] if block.lines else 0
    return Head(table=table, rows=one.last + 1, line=line, texts=tuple(one.texts), keys=keys, units=units, matches=matches, titles=titles)


def _keys(texts: Sequence[str], matches: Sequence[Match]) -> list[str]:
    """The column of each header; of two that mean the same, the one with the schema's own name."""
    keys: list[str] = []
    exact = {match.column for text, match in zip(texts, matches, strict=True) if match.column and _is_exact(text, match.column)}
    for text, match in zip(texts, matches, strict=True):
        key = match.column or text
        if match.column in exact and not _is_exact(text, key):
            key = text
        keys.append("" if key in keys else key)
    return keys


def _is_exact(text: str, column: str) -> bool:
    return headers.plain(text) == headers.plain(column)


def inspect(head: Head, file: str) -> Iterator[Finding]:
    """What had to be said about the header."""
    if head.titles:
        yield Finding(code="title-rows", values={"count": head.titles, "row": head.line}, file=file, row=head.line)
    for at, (text, key, match) in enumerate(zip(head.texts, head.keys, head.matches, strict=True)):
        if text and not key:
            column = match.column or text
            other = next(place for place in range(at) if head.keys[place] == column)
            said = {"column": column, "first": f"{letter(other)} {head.texts[other]}"[:60], "second": f"{letter(at)} {text}"[:60]}
            yield Finding(code="header-twice", values=said, file=file, row=head.line, column=column)
        if match.unread and match.column == key:
            numeric = schema.table(head.table).columns[key].type in NUMERIC
            code = "header-unit" if numeric and match.is_unread_unit else "header-words"
            yield Finding(code=code, values={"words": match.unread[:40], "header": text[:60]}, file=file, row=head.line, column=key)


def letter(at: int) -> str:
    """The letters of a column by its position.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
