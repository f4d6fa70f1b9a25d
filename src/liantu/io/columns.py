"""One column of text cells → one array, every doubt a finding. Owns: reading a column by its schema type.
Never: joining tables together, checks across rows of different tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from liantu.errors import InputError
from liantu.io import cells
from liantu.model import schema
from liantu.model.findings import Finding, Findings
from liantu.model.rows import Bools, Floats, Ints, Lists, Strings, Texts
from liantu.model.schema import Column
from liantu.model.tables import Table
from liantu.units import convert, parse_unit
from liantu.words import Value

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_YES = frozenset({"yes", "true", "1", "y", "是", "√"})
_NO = frozenset({"no", "false", "0", "n", "否", "×"})
_CURRENCY = re.compile(r"[A-Z]{3}[0-9]{0,4}")
MAX_NAME, MAX_TEXT = 200, 5000
MAX_LIST_FOR_GUESS = 2000


@dataclass(slots=True)
class Sink:
    """Where findings about one table go; notes of one kind in one column become a single note with their count."""

    table: Table
    found: Findings
    notes: dict[tuple[str, str], tuple[int, int, dict[str, Value]]] = field(default_factory=dict)
    refused: set[tuple[int, str, str]] = field(default_factory=set)

    def at(self, row: int, column: str, code: str, values: Mapping[str, Value] | None = None) -> None:
        """A finding in one cell."""
        self.found.add(Finding(code=code, values=values or {}, file=self.table.file(row), row=int(self.table.lines[row]), column=column))

    def refuse(self, row: int, column: str, error: InputError) -> None:
        """An error met while reading one cell; the unit that serves three columns is refused once."""
        if (row, column, error.code) not in self.refused:
            self.refused.add((row, column, error.code))
            self.at(row, column, error.code, error.values)

    def note(self, row: int, column: str, code: str, values: Mapping[str, Value]) -> None:
        """A note that may come thousands of times in a column."""
        count, first, kept = self.notes.get((code, column), (0, row, dict(values)))
        self.notes[code, column] = (count + 1, first, kept)

    def flush(self) -> None:
        """Write the collected notes."""
        for (code, column), (count, row, values) in self.notes.items():
            self.at(row, column, code, {**values, "count": count})
        self.notes.clear()

    def rows(self, mask: Bools) -> Iterable[int]:
        """Positions where the mask is true, as plain integers."""
        return (int(row) for row in np.flatnonzero(mask))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Values of a column (NaN: blank or refused) and the units that stood in its cells."""

    values: Floats
    units: Mapping[int, str]


Reader = Callable[[str], cells.Read]
READERS: Mapping[str, Reader] = {
    "number": cells.number,
    "quantity": cells.number,
    "price": cells.number,
    "share": cells.share,
    "year": cells.year,
}


def numbers(sink: Sink, column: Column) -> Numbers:
    """Read a numeric column; the clean case (digits only) is done in one sweep."""
    texts = sink.table.column(column.name)
    header = sink.table.units.get(column.name, "")
    read = _under(header) if column.type == "share" and header else READERS[column.type]
    values = _sweep(texts) if column.type not in ("share", "year") else None
    units: dict[int, str] = {}
    if values is None:
        values = np.full(len(texts), np.nan)
        known: dict[str, cells.Read] = {}
        for row, text in enumerate(texts):
            if text and not cells.is_blank(text):
                _one(sink, column.name, row, text, read, known, values, units)
            elif text:
                sink.note(row, column.name, "read-blank", {"value": text})
    if column.default:
        blank = np.fromiter((cells.is_blank(text) for text in texts), dtype=bool, count=len(texts))
        values = np.where(blank, float(column.default), values)
    _bounds(sink, column, values)
    return Numbers(values, units)


def _under(header: str) -> Reader:
    """Shares under a header that says in what: of 产能利用率（%）, 62 is 0.62; a cell's own sign counts before the header's."""

    def read(text: str) -> cells.Read:
        got = cells.number(text)
        if got.unit:
            return cells.share(text)
        try:
            value = convert(got.value, header, "fraction")
        except InputError:
            raise InputError("unit-unexpected", {"value": header, "target": "%"}) from None
        if value > 1:
            raise InputError("share-above-one", {"value": f"{text} {header}"})
        return cells.Read(value, "", got.note)

    return read


def _sweep(texts: Sequence[str]) -> Floats | None:
    filled = [text for text in texts if text]
    plain = cells.PLAIN.fullmatch
    if not all(plain(text) and len(text) < 30 for text in filled):
        return None
    values = np.fromiter((float(text) if text else np.nan for text in texts), dtype=np.float64, count=len(texts))
    # 1e400 became infinite and 1e-400 zero: leave those to the slow and exact way.
    odd = np.isinf(values) | ((values == 0) & np.fromiter(("e" in text or "E" in text for text in texts), dtype=bool, count=len(texts)))
    return None if odd.any() else values


def _one(
    sink: Sink, name: str, row: int, text: str, read: Reader, known: dict[str, cells.Read], values: Floats, units: dict[int, str]
) -> None:
    try:
        got = known.get(text) or known.setdefault(text, read(text))
    except InputError as error:
        sink.refuse(row, name, error)
        return
    values[row] = got.value
    if got.unit:
        units[row] = got.unit
    if got.note:
        sink.note(row, name, got.note, {"value": text, "read": f"{got.value:.10g}"})


def _bounds(sink: Sink, column: Column, values: Floats) -> None:
    for row in sink.rows(values < column.low):
        sink.at(row, column.name, "below", {"value": float(values[row]), "low": column.low})
    for row in sink.rows(values > column.high):
        sink.at(row, column.name, "above", {"value": float(values[row]), "high": column.high})
    values[(values < column.low) | (values > column.high)] = np.nan


def texts(sink: Sink, column: Column) -> Texts:
    """Read free text; characters that hide or reorder text are refused."""
    given = sink.table.column(column.name)
    limit = MAX_NAME if column.name.startswith("name") else MAX_TEXT
    if _CONTROL.search("\n".join(given)) or any(len(text) > limit for text in given):
        for row, text in enumerate(given):
            if found := _CONTROL.search(text):
                sink.at(row, column.name, "control", {"value": f"U+{ord(found.group()):04X}"})
            if len(text) > limit:
                sink.at(row, column.name, "too-long", {"length": len(text), "limit": limit})
    return tuple(given)


def dates(sink: Sink, column: Column) -> Texts:
    """Read dates as ISO text."""
    read: list[str] = []
    for row, text in enumerate(sink.table.column(column.name)):
        iso = ""
        if not cells.is_blank(text):
            try:
                iso, note = cells.date(text)
            except InputError as error:
                sink.refuse(row, column.name, error)
            else:
                if note:
                    sink.note(row, column.name, note, {"value": text, "read": iso})
        read.append(iso)
    return tuple(read)


def choices(sink: Sink, column: Column) -> Strings:
    """Read one of the column's values, in any of their spellings."""
    words = {**{word.casefold(): value for word, value in column.words.items()}, **{value: value for value in column.choices}}
    given = sink.table.column(column.name)
    known = {text: _choice(text, words, column) for text in set(given)}
    for row, text in enumerate(given) if None in known.values() else ():
        if known[text] is None:
            sink.at(row, column.name, "choice", {"value": text, "choices": ", ".join(column.choices)})
    return np.array([known[text] or "" for text in given], dtype=np.str_)


def _choice(text: str, words: Mapping[str, str], column: Column) -> str | None:
    if text in words:
        return words[text]
    return column.default if cells.is_blank(text) else words.get(text.casefold())


def flags(sink: Sink, column: Column) -> Bools:
    """Read yes or no; a blank is the column's default."""
    read = np.zeros(len(sink.table), dtype=np.bool_)
    for row, text in enumerate(sink.table.column(column.name)):
        word = (column.default if cells.is_blank(text) else text).casefold()
        if word not in _YES and word not in _NO:
            sink.at(row, column.name, "choice", {"value": text, "choices": "yes, no"})
        read[row] = word in _YES
    return read


def lists(sink: Sink, column: Column) -> Lists:
    """Read names separated by ; or 、."""
    return tuple(split(text) for text in sink.table.column(column.name))


def plain(sink: Sink, column: Column) -> Strings | Bools | Lists | Texts:
    """Read a column that has neither units nor references: a choice, flag, list, date or text."""
    match column.type:
        case "choice":
            return choices(sink, column)
        case "flag":
            return flags(sink, column)
        case "list":
            return lists(sink, column)
        case "date":
            return dates(sink, column)
        case _:
            return texts(sink, column)


def split(text: str) -> tuple[str, ...]:
    """Names of a list cell."""
    return tuple(part for part in (part.strip() for part in re.split(r"[;；,，、|]", text)) if part)


def ids(sink: Sink, column: Column) -> Texts:
    """Read ids: none missing, none twice, none that hides a character; look-alikes are reported."""
    given = sink.table.column(column.name)
    first: dict[str, int] = {}
    looks: dict[str, int] = {}
    for row, text in enumerate(given):
        if not text:
            continue
        if why := cells.bad_id(text):
            sink.at(row, column.name, "id", {"value": text[:80], "why": why})
        if text in first:
            before = first[text]
            sink.at(row, column.name, "id-twice", {"value": text, "before": f"{sink.table.file(before)}:{sink.table.lines[before]}"})
            continue
        first[text] = row
        look = cells.alike(text)
        if look in looks:
            sink.at(row, column.name, "id-alike", {"value": text, "other": given[looks[look]]})
        looks.setdefault(look, row)
    return tuple(given)


@dataclass(frozen=True, slots=True)
class Index:
    """Ids of a table and, for offices that write names, its names where they are unique."""

    ids: Mapping[str, int]
    names: Mapping[str, int]


def index(ids_: Texts, *names: Texts) -> Index:
    """Number a table once."""
    positions: dict[str, int] = {}
    for row, name in enumerate(ids_):
        positions.setdefault(name, row)
    named: dict[str, int] = {}
    for column in names:
        for row, name in enumerate(column):
            if name and name not in positions:
                named[name] = row if named.get(name, row) == row else -1
    positions.pop("", None)
    return Index(positions, named)


def refs(sink: Sink, column: Column, joined: Index | None) -> Ints:
    """Positions of the named rows (−1: blank or unknown); a unique name stands for its id, with a note."""
    given = sink.table.column(column.name)
    if joined is None:
        # That a required table is missing is said once, for all that refer to it.
        if not schema.table(column.refers).required and any(not cells.is_blank(text) for text in given):
            said = {"table": column.refers, "column": f"{sink.table.name}.{column.name}"}
            sink.found.add(Finding(code="missing-table", values=said, file=sink.table.file(0), column=column.name))
        return np.full(len(given), -1, dtype=np.intp)
    at = np.fromiter((joined.ids.get(text, -2) for text in given), dtype=np.intp, count=len(given))
    for row in sink.rows(at == -2):
        at[row] = _by_name(sink, column, joined, row, given[row])
    return at


def _by_name(sink: Sink, column: Column, joined: Index, row: int, text: str) -> int:
    if cells.is_blank(text):
        return -1
    named = joined.names.get(text)
    if named is None:
        near = get_close_matches(text, (*joined.ids, *joined.names), 1) if len(joined.ids) <= MAX_LIST_FOR_GUESS else []
        sink.at(
            row, column.name, "unknown-near" if near else "unknown", {"value": text[:80], "table": column.refers, "near": "".join(near)}
        )
        return -1
    if named < 0:
        sink.at(row, column.name, "name-twice", {"value": text, "table": column.refers})
        return -1
    sink.note(row, column.name, "read-name", {"value": text})
    return named


def currencies(sink: Sink, column: Column) -> tuple[Texts, Floats]:
    """Currency codes and what one written unit of money is in them (万元: 10,000 CNY)."""
    given = sink.table.column(column.name)
    known = {text: _currency(text) for text in set(given)}
    for row, text in enumerate(given) if None in known.values() else ():
        if known[text] is None:
            sink.at(row, column.name, "currency", {"value": text[:40]})
    read = [known[text] or ("", 1.0) for text in given]
    return tuple(code for code, _ in read), np.array([times for _, times in read], dtype=np.float64)


def _currency(text: str) -> tuple[str, float] | None:
    if cells.is_blank(text):
        return "", 1.0
    try:
        unit = parse_unit(text)
    except InputError:
        return (text.upper(), 1.0) if _CURRENCY.fullmatch(text.upper()) else None
    if unit.under or len(unit.over) != 1 or not unit.over[0].startswith("money "):
        return None
    return unit.over[0].removeprefix("money "), unit.factor
