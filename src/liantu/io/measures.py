"""Amounts into base units. Owns: which unit counts (cell, row, header, the material's own) and converting columns once.
Never: reading text, arithmetic between materials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from liantu.errors import InputError
from liantu.io import cells
from liantu.io.columns import Numbers, Sink
from liantu.model import schema
from liantu.model.rows import Bools, Floats, Ints, Texts
from liantu.model.schema import Column
from liantu.units import factor, parse_unit
from liantu.words import Value

# What an amount of no material in particular is counted in.
ANY = "t"
FRACTION = "fraction"
# Code of the written unit of each row, and the texts by code: "" is the target's own, None was refused already.
Written = tuple[Ints, list[str | None]]


@dataclass(frozen=True, slots=True)
class Money:
    """What the currency column says: the code of each row (blank: none) and what one written unit is in it (万元: 10,000)."""

    codes: Texts
    times: Floats


@dataclass(frozen=True, slots=True)
class Target:
    """What a column is converted to: for each row a position in ``units`` (−1: no material, tonnes), and kg per such unit."""

    units: Sequence[str]
    kg: Floats
    at: Ints


def fixed(sink: Sink, column: Column, read: Numbers) -> Floats:
    """A number whose unit the schema fixes (land_mu: 亩); without one it is a plain count."""
    header = sink.table.units.get(column.name, "")
    values = read.values.copy()
    if not header and not read.units:
        return values
    for row in sink.rows(~np.isnan(values)):
        written = read.units.get(row, header)
        if written and written != column.unit:
            try:
                values[row] *= factor(written, column.unit or "1")
            except InputError:
                sink.at(row, column.name, "unit-unexpected", {"value": written, "target": column.unit or "1"})
                values[row] = np.nan
    return values


def goals(sink: Sink, column: Column, read: Numbers) -> tuple[Floats, Texts]:
    """Numbers with a unit beside them, and those units; shares written in per cent become fractions, others stay as they are."""
    values, beside = read.values.copy(), list(sink.table.column(column.unit_column))
    header = sink.table.units.get(column.name, "")
    for row in sink.rows(~np.isnan(values)):
        written = read.units.get(row) or header or beside[row]
        if _is_share(written) and (cells.is_blank(beside[row]) or _is_share(beside[row])):
            values[row], beside[row] = values[row] * factor(written, FRACTION), FRACTION
        elif written != beside[row]:
            sink.at(row, column.name, "unit-unexpected", {"value": written, "target": beside[row] or "1"})
    return values, tuple(beside)


def _is_share(text: str) -> bool:
    try:
        return parse_unit(text).over == ("share",)
    except InputError:
        return False


def quantities(sink: Sink, column: Column, read: Numbers, target: Target) -> Floats:
    """Amounts in the unit of the material (or of the process's product) of each row."""
    return read.values * _factors(sink, column, read, target, _written(sink, column, read))


def prices(sink: Sink, column: Column, read: Numbers, target: Target, money: Money) -> Floats:
    """Prices per unit of the material, in plain money of their currency."""
    written = _written(sink, column, read)
    times = _times(sink, column, written, money, ~np.isnan(read.values))
    return read.values * times / _factors(sink, column, read, target, written)


def _times(sink: Sink, column: Column, written: Written, money: Money, filled: Bools) -> Floats:
    """What one written unit of money is in each row: said by the unit (万元/吨) or by the currency column, never both times."""
    codes, texts = written
    times = money.times.copy()
    for code, text in enumerate(texts):
        if not text or not (said := _money(text)):
            continue
        mine = filled & (codes == code)
        for row in sink.rows(mine):
            if money.codes[row] not in ("", said.code) or money.times[row] not in (1, said.times):
                said_twice: dict[str, Value] = {"value": text, "currency": sink.table.column("currency")[row]}
                sink.at(row, column.unit_column or column.name, "currency-twice", said_twice)
        times[mine] = said.times
    return times


def _factors(sink: Sink, column: Column, read: Numbers, target: Target, how: Written) -> Floats:
    """The factor of each row; rows of the same written and target unit are converted together."""
    codes, texts = how
    factors = np.full(len(codes), np.nan)
    names = {name: code for code, name in enumerate(dict.fromkeys((*target.units, ANY)))}
    # A last entry serves the rows that name no material (−1): a route for all of them.
    kinds = np.fromiter((names[name] for name in (*target.units, ANY)), dtype=np.intp, count=len(target.units) + 1)
    may_be_blank = not schema.table(sink.table.name).columns[column.measures].required
    wanted = ~np.isnan(read.values) & ((target.at >= 0) | may_be_blank)
    plain = list(names)
    pair = codes * len(plain) + kinds[target.at]
    for one in np.unique(pair[wanted]):
        rows = np.flatnonzero(wanted & (pair == one))
        written, unit = texts[int(one) // len(plain)], plain[int(one) % len(plain)]
        if written is None:
            continue
        _convert(sink, column, (rows, written or unit, unit), factors, target)
    return factors


def _convert(sink: Sink, column: Column, group: tuple[Ints, str, str], factors: Floats, target: Target) -> None:
    rows, written, unit = group
    yearly = sink.table.name != "exchanges"
    per = _goods(written) or (unit if column.type == "price" else written)
    per = per if yearly else written
    try:
        factors[rows] = factor(per, unit, yearly=yearly)
    except InputError:
        # Two different measures: only a material's own mass can join them, row by row.
        for row in rows:
            kg = float(target.kg[target.at[row]]) if target.at[row] >= 0 else np.nan
            try:
                factors[row] = factor(per, unit, kg_per_unit=None if np.isnan(kg) else kg, yearly=yearly)
            except InputError as error:
                sink.refuse(int(row), column.unit_column or column.name, error)


def _written(sink: Sink, column: Column, read: Numbers) -> Written:
    """The unit that counts in each row: its cell's own, its unit column's, the header's, else the target's."""
    row_units = sink.table.column(column.unit_column)
    header = sink.table.units.get(column.name, "")
    texts: dict[str | None, int] = {"": 0, None: 1}
    codes = np.fromiter(
        (texts.setdefault("" if cells.is_blank(text) else text, len(texts)) for text in row_units), dtype=np.intp, count=len(row_units)
    )
    if header:
        _with_header(sink, column, header, codes, texts)
    written = list(texts)
    for row, own in read.units.items():
        beside = row_units[row]
        text = _per(own, beside if cells.is_blank(beside) is False else written[codes[row]] or "") if column.type == "price" else own
        if not cells.is_blank(beside) and not _same(text, beside):
            sink.note(row, column.name, "read-unit", {"value": text, "unit": beside})
        codes[row] = texts.setdefault(text, len(texts))
    if column.unit_column and schema.table(sink.table.name).columns[column.unit_column].required:
        for row in sink.rows((codes == 0) & ~np.isnan(read.values)):
            sink.at(row, column.unit_column, "missing-value", {"column": column.unit_column})
            codes[row] = 1
    return codes, list(texts)


def _with_header(sink: Sink, column: Column, header: str, codes: Ints, texts: dict[str | None, int]) -> None:
    """A unit in the header serves the rows without one; where a row has one, the two must agree."""
    mine = texts.setdefault(header, len(texts))
    for text, code in list(texts.items()):
        if text and column.type == "price" and (whole := _per(header, text)) != header:
            codes[codes == code] = texts.setdefault(whole, len(texts))
        elif text and text != header and not _same(text, header):
            for row in sink.rows(codes == code):
                sink.at(row, column.unit_column, "unit-twice", {"value": text, "header": header})
            codes[codes == code] = 1
    codes[codes == 0] = mine


def _same(one: str, other: str) -> bool:
    try:
        return abs(factor(_goods(one), _goods(other), yearly=True) - 1) < 1e-12
    except InputError:
        try:
            return abs(factor(_goods(other), _goods(one), yearly=True) - 1) < 1e-12
        except InputError:
            return False


@dataclass(frozen=True, slots=True)
class _Said:
    """A unit of price in parts: currency, how many of it, and per what: ``万元/吨`` → CNY, 1e4, 吨; ``万元`` is per nothing said."""

    code: str
    times: float
    goods: str


@cache
def _money(text: str) -> _Said | None:
    """The parts of a unit of price; None of a unit without money."""
    left, _, goods = text.replace("／", "/").partition("/")
    try:
        unit = parse_unit(left)
    except InputError:
        return None
    is_money = len(unit.over) == 1 and unit.over[0].startswith("money ") and not unit.under
    return _Said(unit.over[0].removeprefix("money "), unit.factor, goods) if is_money else None


def _goods(text: str) -> str:
    """The unit of the goods where a price's unit serves a limit as well: CNY/t → t."""
    said = _money(text)
    return said.goods if said else text


def _per(money: str, goods: str) -> str:
    """Bare money per the goods beside it: 万元 and 吨 → 万元/吨; anything else is left as it stands."""
    said = _money(money)
    return f"{money}/{goods}" if said and not said.goods and goods and not _money(goods) else money
