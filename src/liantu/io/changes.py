"""The scenarios table → scenarios: rows found, values read and converted, every doubt a finding at its own line.

Owns: which cells a change may touch, which rows it means, what its value is. Never: applying it, solving.

A value is read by the readers of the column it changes: what the column accepts, a scenario may set, in the same units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import cast

import numpy as np

from liantu.errors import InputError, nearest
from liantu.io import cells
from liantu.io import columns as read
from liantu.io.columns import Numbers, Sink
from liantu.io.headers import match_header, match_table
from liantu.io.measures import Money, Target, fixed, goals, prices, quantities
from liantu.model import schema
from liantu.model.chain import Chain
from liantu.model.checks import inspect
from liantu.model.findings import Finding, Findings
from liantu.model.rows import Bools, Ints, Rows, Texts
from liantu.model.scenario import BASE, Change, Operation, Scenario, apply
from liantu.model.schema import NUMERIC, Column
from liantu.model.tables import Table
from liantu.units import parse_unit

# What a chain is built on: a change there would leave derived figures (element contents, signs) behind.
_FIXED_TABLES = frozenset({"materials", "processes", "sources", "settings", "scenarios"})
_FIXED_TYPES = frozenset({"id", "unit", "currency", "sources", "composition", "formula"})
_FIXED_COLUMNS = frozenset({("exchanges", "direction"), ("exchanges", "process"), ("exchanges", "material")})
_ALL = frozenset({"*", "all", "全部", "所有"})
# So many ids are named where none is near.
TOLD = 5
_PER_CENT = ("%", "％")
Values = np.ndarray | tuple[object, ...]


def scenarios(chain: Chain, found: Findings) -> Mapping[str, Scenario]:
    """All scenarios of a chain; what is wrong in them is added to ``found``."""
    rows = chain.scenarios
    named: dict[str, list[int]] = {}
    for row, name in enumerate(rows.scenario):
        named.setdefault(name.strip(), []).append(row)
    was_wrong = found.has_errors
    made = {name: _scenario(chain, name, of, found) for name, of in named.items()}
    for name, of in () if was_wrong or found.has_errors else named.items():
        found.extend(_broken(chain, made[name], of[0]))
    return made


def together(chain: Chain, names: Iterable[str], found: Findings) -> Scenario:
    """Several scenarios as one: the rows of each are read of the chain as those before it leave it."""
    called = tuple(names)
    of = [row for name in called for row, own in enumerate(chain.scenarios.scenario) if own.strip() == name]
    made = _scenario(chain, "+".join(called), of, found)
    if not found.has_errors:
        found.extend(_broken(chain, made, of[-1]))
    return made


def _scenario(chain: Chain, name: str, of: list[int], found: Findings) -> Scenario:
    changes: list[Change] = []
    now = chain
    for row in of:
        file, line = chain.scenarios.stands(row)
        try:
            if name.casefold() == BASE:
                raise InputError("scenario-base", {"value": name}, column="scenario")
            one = _change(now, row)
            now = apply(now, [one])
            _within(now, one)
        except InputError as error:
            found.add(Finding(code=error.code, values=error.values, file=file, row=line, column=error.column))
        else:
            changes.append(one)
    reasons = (dict.fromkeys(texts[row].strip() for row in of) for texts in (chain.scenarios.reason, chain.scenarios.reason_zh))
    reason, reason_zh = ("; ".join(filter(None, one)) for one in reasons)
    name_zh = next((chain.scenarios.name_zh[row].strip() for row in of if chain.scenarios.name_zh[row].strip()), "")
    return Scenario(name=name, name_zh=name_zh, reason=reason, reason_zh=reason_zh, changes=tuple(changes))


def _broken(chain: Chain, one: Scenario, row: int) -> Iterator[Finding]:
    """What the checks of a chain say of the changed one and did not say before."""
    before = {(finding.code, finding.where()) for finding in inspect(chain)}
    file, line = chain.scenarios.stands(row)
    for finding in inspect(apply(chain, one.changes)):
        if finding.level == "error" and (finding.code, finding.where()) not in before:
            values = {"scenario": one.name, "where": finding.where()}
            yield Finding(code="scenario-breaks", values=values, file=file, row=line, column="scenario")
            yield finding


def _change(chain: Chain, row: int) -> Change:
    given = chain.scenarios
    table = match_table(given.table[row])
    if table is None:
        raise InputError("scenario-table", {"value": given.table[row][:80]}, column="table")
    column = _column(table, given.column[row])
    rows = matching(chain, table, given.rows[row])
    operation = cast(Operation, str(given.operation[row]))
    if not operation:
        raise InputError("missing-value", {"column": "operation"}, column="operation")
    if operation != "set" and column.type not in NUMERIC:
        raise InputError("scenario-operation", {"operation": operation, "column": column.name}, column="operation")
    if operation == "times":
        values: Values = np.full(rows.size, _factor(given.value[row], given.unit[row]))
    else:
        values = _values(chain, table, column, rows, row)
    if operation != "set" and np.isnan(getattr(getattr(chain, table), column.name)[rows]).any():
        raise InputError("scenario-blank", {"column": column.name, "value": given.rows[row][:80]}, column="rows")
    return Change(table=table, column=column.name, rows=rows, operation=operation, values=values)  # type: ignore[arg-type]


def _column(table: str, text: str) -> Column:
    """The column that is meant, if a scenario may change it."""
    columns = schema.table(table).columns
    name, _ = match_header(text, table)
    if name is None:
        near = get_close_matches(text, columns, 1)
        raise InputError(
            "scenario-column", {"value": text[:80], "table": table, "near": "".join(near) or next(iter(columns))}, column="column"
        )
    column = columns[name]
    if table in _FIXED_TABLES or column.type in _FIXED_TYPES or (table, name) in _FIXED_COLUMNS:
        raise InputError("scenario-fixed", {"column": f"{table}.{name}"}, column="column")
    return column


def matching(chain: Chain, table: str, text: str) -> Ints:
    """The rows of a table that a text means: an id, ``column=value;process.stage=value``, or ``*``.

    Raises
    ------
    InputError
        ``scenario-row`` if there is none, ``scenario-several`` if a bare name means several rows, ``scenario-column``.
    """
    rows: Rows = getattr(chain, table)
    bare = text.strip()
    key = "id" if "id" in schema.table(table).columns else next(iter(schema.table(table).columns))
    found = np.ones(len(rows), dtype=np.bool_)
    names = _ids(rows)
    if bare in names or (bare and "=" not in bare and bare.casefold() not in _ALL):
        found = _holds(chain, table, key, bare)
        if found.sum() > 1:
            raise InputError("scenario-several", {"value": bare[:80], "table": table, "count": int(found.sum())}, column="rows")
    elif bare.casefold() not in _ALL:
        for part in re.split(r"[;；]", bare):
            left, equals, right = part.partition("=")
            where = _where(chain, table, left.strip(), right.strip()) if equals else None
            if where is None:
                raise InputError("scenario-key", {"value": part.strip()[:80], "table": table}, column="rows")
            found &= where
    if not found.any():
        near = _near(chain, table, bare) or ", ".join(names[:TOLD]) or "*"
        raise InputError("scenario-row", {"value": bare[:80], "table": table, "near": near}, column="rows")
    return np.flatnonzero(found)


def _near(chain: Chain, table: str, bare: str) -> str:
    """A row that may have been meant: an id, or a value of the column that was named."""
    left, equals, right = bare.partition("=")
    name, _ = match_header(left.strip(), table) if equals else (None, None)
    rows: Rows = getattr(chain, table)
    if name is None:
        return nearest(bare, _ids(rows), 1)
    refers = schema.table(table).columns[name].refers
    near = nearest(right, _ids(getattr(chain, refers)) if refers else map(str, getattr(rows, name)), 1)
    return f"{left}={near}" if near else ""


def _where(chain: Chain, table: str, text: str, value: str) -> Bools | None:
    """Where a column holds a value; ``process.stage`` asks it of the row that ``process`` refers to. None of no such column."""
    left, dot, further = text.partition(".")
    name, _ = match_header(left.strip(), table)
    if name is None or not dot:
        return None if name is None else _holds(chain, table, name, value)
    column = schema.table(table).columns[name]
    there = _where(chain, column.refers, further.strip(), value) if column.type == "ref" else None
    at: Ints = getattr(getattr(chain, table), name)
    return None if there is None else np.append(there, False)[at]


def _ids(rows: Rows) -> Texts:
    return cast(Texts, getattr(rows, "id", ()))


def _holds(chain: Chain, table: str, name: str, text: str) -> Bools:
    """Where a column holds a value; a name stands for its id if only one row has it."""
    column, rows = schema.table(table).columns[name], getattr(chain, table)
    values = getattr(rows, name)
    if column.type in ("ref", "id"):
        known = rows if column.type == "id" else getattr(chain, column.refers)
        at = read.index(_ids(known), *(getattr(known, field, ()) for field in ("name_zh", "name_en")))
        position = -1 if cells.is_blank(text) else at.ids.get(text, at.names.get(text, -2))
        return np.asarray((np.arange(len(rows)) if column.type == "id" else values) == position, dtype=np.bool_)
    if column.type in NUMERIC:
        try:
            return np.asarray(np.isnan(values) if cells.is_blank(text) else values == cells.number(text).value, dtype=np.bool_)
        except InputError as error:
            raise InputError(error.code, error.values, column="rows") from None
    if column.type == "choice":
        return np.asarray(values == column.words.get(text, text), dtype=np.bool_)
    if column.type == "list":
        return np.fromiter((text in value for value in values), dtype=np.bool_, count=len(rows))
    return np.fromiter((str(value) == text for value in values), dtype=np.bool_, count=len(rows))


def _factor(text: str, unit: str) -> float:
    """What to multiply by: a number or per cent."""
    try:
        got = cells.number(text.strip())
    except InputError as error:
        raise InputError(error.code, error.values, column="value") from None
    written = got.unit or unit.strip()
    if not cells.is_blank(written) and written not in _PER_CENT:
        raise InputError("unit-unexpected", {"value": written, "target": "%"}, column="unit")
    return got.value / 100 if written in _PER_CENT else got.value


def _values(chain: Chain, table: str, column: Column, rows: Ints, row: int) -> Values:
    """The value as the column's own reader reads it, one for each row that is changed."""
    given = chain.scenarios
    value, unit = given.value[row], given.unit[row]
    plus = str(given.operation[row]) == "plus"
    if cells.is_blank(value) and (plus or column.required):
        raise InputError("missing-value", {"column": "value"}, column="value")
    has_unit_column = bool(column.unit_column) and column.unit_column != column.name
    cut = {column.name: [value] * rows.size, **({column.unit_column: [unit] * rows.size} if has_unit_column else {})}
    stand_in = Table(name=table, columns=cut, lines=[0] * rows.size, files=("",))
    sink = Sink(stand_in, Findings())
    if not has_unit_column and not cells.is_blank(unit) and column.type != "number":
        raise InputError("unit-unexpected", {"value": unit, "target": column.unit or "1"}, column="unit")
    wide = replace(column, low=-np.inf, high=np.inf) if plus else column
    if plus and column.type in ("share", "year"):
        # A difference of shares or years is a plain number.
        wide = replace(wide, type="number", unit="fraction" if column.type == "share" else "a")
    values = _read(chain, sink, wide, rows, unit)
    for finding in sink.found:
        if finding.level == "error":
            raise InputError(finding.code, finding.values, column="value" if finding.column == column.name else "unit")
    return values


def _read(chain: Chain, sink: Sink, column: Column, rows: Ints, unit: str) -> Values:
    match column.type:
        case "number" if column.unit_column:
            return _goals(chain, sink, column, rows)
        case "number" | "share" | "year":
            got = read.numbers(sink, column)
            units = got.units or ({} if cells.is_blank(unit) else dict.fromkeys(range(rows.size), unit))
            return fixed(sink, column, Numbers(got.values, units)) if column.type == "number" else got.values
        case "quantity":
            return quantities(sink, column, read.numbers(sink, column), _target(chain, sink.table.name, column, rows))
        case "price":
            _same_money(chain, sink, column, rows, unit)
            target = _target(chain, sink.table.name, column, rows)
            return prices(sink, column, read.numbers(sink, column), target, Money(codes=("",) * rows.size, times=np.ones(rows.size)))
        case "ref":
            joined = getattr(chain, column.refers)
            names = (getattr(joined, field, ()) for field in ("name_zh", "name_en"))
            return read.refs(sink, column, read.index(joined.id, *names))
        case _:
            return read.plain(sink, column)


def _goals(chain: Chain, sink: Sink, column: Column, rows: Ints) -> Values:
    """A target in the unit it has, per cent counting as a share; a unit may be left out, not changed."""
    values, written = goals(sink, column, read.numbers(sink, column))
    units = getattr(getattr(chain, sink.table.name), column.unit_column)
    for row, at in enumerate(rows.tolist()):
        if not cells.is_blank(written[row]) and written[row] != units[at]:
            sink.at(row, column.unit_column, "unit-unexpected", {"value": written[row], "target": units[at] or "1"})
    return values


def _target(chain: Chain, table: str, column: Column, rows: Ints) -> Target:
    at = getattr(getattr(chain, table), column.measures)[rows]
    if schema.table(table).columns[column.measures].refers == "processes":
        at = np.where(at >= 0, chain.processes.product[at], -1)
    return Target(chain.materials.unit, chain.materials.kg_per_unit, at)


def _same_money(chain: Chain, sink: Sink, column: Column, rows: Ints, unit: str) -> None:
    """A price written in other money than the row's own is refused: there is no exchange rate here."""
    currency = getattr(getattr(chain, sink.table.name), "currency", None)
    try:
        over = parse_unit(unit.replace("／", "/").partition("/")[0]).over if "/" in unit.replace("／", "/") else ()
    except InputError:
        return
    money = [part.removeprefix("money ") for part in over if part.startswith("money ")]
    for own in {currency[row] for row in rows.tolist()} if money and currency else ():
        if own != money[0]:
            sink.at(0, column.unit_column, "scenario-money", {"value": unit, "currency": own})


def _within(chain: Chain, change: Change) -> None:
    """What comes out must lie within the bounds of the column."""
    column = schema.table(change.table).columns[change.column]
    if column.type not in NUMERIC or change.operation == "set":
        return
    now = getattr(getattr(chain, change.table), change.column)[change.rows]
    if (now < column.low).any():
        raise InputError("below", {"value": float(now.min()), "low": column.low}, column="value")
    if (now > column.high).any():
        raise InputError("above", {"value": float(now.max()), "high": column.high}, column="value")
