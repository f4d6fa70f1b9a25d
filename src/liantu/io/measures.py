"""Amounts into base units. Owns: which unit counts (cell, row, header, the material's own) and converting columns once.
Never: reading text, arithmetic between materials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liantu.errors import InputError
from liantu.io import cells
from liantu.io.columns import Numbers, Sink
from liantu.model import schema
from liantu.model.rows import Floats, Ints
from liantu.model.schema import Column
from liantu.units import factor, parse_unit

# What an amount of no material in particular is counted in.
ANY = "t"


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


def quantities(sink: Sink, column: Column, read: Numbers, target: Target) -> Floats:
    """Amounts in the unit of the material (or of the process's product) of each row."""
    factors = _factors(sink, column, read, target, price=False)
    return read.values * factors


def prices(sink: Sink, column: Column, read: Numbers, target: Target, money: Floats) -> Floats:
    """Prices per unit of the material; ``money`` is what one written unit of the currency column is worth."""
    return read.values * money / _factors(sink, column, read, target, price=True)


def _factors(sink: Sink, column: Column, read: Numbers, target: Target, *, price: bool) -> Floats:
    """The factor of each row; rows of the same written and target unit are converted together."""
    codes, texts = _written(sink, column, read)
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
        _convert(sink, column, (rows, written or unit, unit), factors, target, price=price)
    return factors


def _convert(sink: Sink, column: Column, group: tuple[Ints, str, str], factors: Floats, target: Target, *, price: bool) -> None:
    rows, written, unit = group
    yearly = sink.table.name != "exchanges"
    times, per = _money(written) if price else (1.0, _goods(written) if yearly else written)
    try:
        factors[rows] = factor(per, unit, yearly=yearly) / times
    except InputError:
        # Two different measures: only a material's own mass can join them, row by row.
        for row in rows:
            kg = float(target.kg[target.at[row]]) if target.at[row] >= 0 else np.nan
            try:
                factors[row] = factor(per, unit, kg_per_unit=None if np.isnan(kg) else kg, yearly=yearly) / times
            except InputError as error:
                sink.refuse(int(row), column.unit_column, error)


def _written(sink: Sink, column: Column, read: Numbers) -> tuple[Ints, list[str | None]]:
    """Code of the written unit of each row and the texts; "" is the target's own, None was refused already."""
    row_units = sink.table.column(column.unit_column)
    header = sink.table.units.get(column.name, "")
    texts: dict[str | None, int] = {"": 0, None: 1}
    codes = np.fromiter(
        (texts.setdefault("" if cells.is_blank(text) else text, len(texts)) for text in row_units), dtype=np.intp, count=len(row_units)
    )
    if header:
        _with_header(sink, column, header, codes, texts)
    for row, text in read.units.items():
        beside = row_units[row]
        if not cells.is_blank(beside) and not _same(text, beside):
            sink.note(row, column.name, "read-unit", {"value": text, "unit": beside})
        codes[row] = texts.setdefault(text, len(texts))
    if schema.table(sink.table.name).columns[column.unit_column].required:
        for row in sink.rows((codes == 0) & ~np.isnan(read.values)):
            sink.at(row, column.unit_column, "missing-value", {"column": column.unit_column})
            codes[row] = 1
    return codes, list(texts)


def _with_header(sink: Sink, column: Column, header: str, codes: Ints, texts: dict[str | None, int]) -> None:
    """A unit in the header serves the rows without one; where a row has one, the two must agree."""
    mine = texts.setdefault(header, len(texts))
    for text, code in list(texts.items()):
        if text and text != header and not _same(text, header):
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


def _money(text: str) -> tuple[float, str]:
    """``万元/吨`` → (1e-4, 吨): what divides the factor so that the price comes out in plain money."""
    left, slash, right = text.replace("／", "/").partition("/")
    if not slash:
        return 1.0, text
    try:
        unit = parse_unit(left)
    except InputError:
        return 1.0, text
    is_money = len(unit.over) == 1 and unit.over[0].startswith("money ") and not unit.under
    return (unit.factor, right) if is_money else (1.0, text)


def _goods(text: str) -> str:
    """The unit of the goods where a price's unit serves a limit as well: CNY/t → t."""
    return _money(text)[1]
