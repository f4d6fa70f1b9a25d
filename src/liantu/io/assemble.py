"""Tables → Chain: types, units, names joined, all findings at once. Owns: the order in which a chain comes together.
Never: files, solving, words.

Validate once, convert units once, number once: what leaves here is in base units and needs no second look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from liantu.errors import InputError
from liantu.io import columns as read
from liantu.io.cells import is_blank
from liantu.io.changes import scenarios
from liantu.io.columns import Index, Sink
from liantu.io.headers import match_table
from liantu.io.measures import Money, Target, fixed, goals, prices, quantities
from liantu.model import schema
from liantu.model.chain import RECORDS, Chain
from liantu.model.checks import inspect
from liantu.model.elements import composition_fractions, formula_fractions
from liantu.model.findings import Finding, Findings
from liantu.model.records import Exchanges, Materials, Processes
from liantu.model.rows import Bools, Floats, Ints, Rows, Texts
from liantu.model.schema import Column, TableSchema
from liantu.model.tables import Table, Tables
from liantu.units import factor, is_unit


def assemble(tables: Tables) -> tuple[Chain | None, Findings]:
    """Make a chain of tables.

    Returns
    -------
    Chain or None
        The chain; None if anything in the tables is wrong.
    Findings
        Everything wrong, doubtful or worth knowing, reading included.
    """
    found = Findings(tables.findings)
    _presence(tables, found)
    work = _Work(tables, found)
    records = {name: work.rows(name) for name in RECORDS}
    chain = _chain(tables, records, found)
    found.extend(inspect(chain))
    scenarios(chain, found)
    return (None if found.has_errors else chain), found


def _presence(tables: Tables, found: Findings) -> None:
    known = schema.tables()
    # A file that could not be read is not missing: what is wrong with it was said.
    refused = {match_table(Path(one.file).stem) for one in tables.findings if one.level == "error" and one.file}
    for name, one in known.items():
        table = tables.get(name)
        if one.required and not (table is None and name in refused) and (table is None or not len(table)):
            found.add(Finding(code="table-absent" if table is None else "table-empty", values={"table": name}, file=tables.name))
    for table in tables:
        if table.name not in known:
            found.add(Finding(code="table-unknown", values={"table": table.name}, file=table.file(0) or tables.name))
            continue
        for column in table.columns:
            if column not in known[table.name].columns:
                found.add(Finding(code="column-unknown", values={"column": column, "table": table.name}, file=table.file(0), column=column))


class _Work:
    """The tables being read, each once, those they refer to first."""

    def __init__(self, tables: Tables, found: Findings) -> None:
        self._tables, self._found = tables, found
        self._done: dict[str, Rows] = {}
        self._index: dict[str, Index | None] = {}

    def rows(self, name: str) -> Rows:
        """The rows of a table; of an absent table, none."""
        if name not in self._done:
            table = self._tables.get(name) or Table(name=name, columns={}, lines=(), files=())
            sink = Sink(table, self._found)
            fields = self._fields(sink, schema.table(name))
            sink.flush()
            line = np.fromiter(table.lines, dtype=np.intp, count=len(table))
            self._done[name] = cast(Rows, RECORDS[name](line=line, file=tuple(table.files), **fields))
        return self._done[name]

    def index(self, name: str) -> Index | None:
        """The numbers of a table's rows; None if the table was not given."""
        if name not in self._index:
            self._index[name] = self._number(name)
        return self._index[name]

    def _number(self, name: str) -> Index | None:
        table = self._tables.get(name)
        if table is None:
            return None
        # Sites and their parents: a table may refer to itself, so it is numbered before it is read.
        names = [tuple(table.column(column)) for column in ("name_zh", "name_en") if column in table.columns]
        return read.index(tuple(table.column("id")), *names)

    def _fields(self, sink: Sink, one: TableSchema) -> dict[str, object]:
        _required(sink, one)
        fields: dict[str, object] = {}
        money = Money(codes=("",) * len(sink.table), times=np.ones(len(sink.table)))
        for column in one.columns.values():
            if column.type == "currency":
                money = Money(*read.currencies(sink, column))
                fields[column.name] = money.codes
        for column in one.columns.values():
            if column.name not in fields:
                fields[column.name] = self._column(sink, column, fields, money)
        return fields

    def _column(self, sink: Sink, column: Column, fields: dict[str, object], money: Money) -> object:
        match column.type:
            case "id":
                return read.ids(sink, column)
            case "ref":
                return read.refs(sink, column, self.index(column.refers))
            case "sources":
                return self._sources(sink, column)
            case "unit":
                return _units(sink, column)
            case "number" if column.unit_column:
                values, fields[column.unit_column] = goals(sink, column, read.numbers(sink, column))
                return values
            case "number":
                return fixed(sink, column, read.numbers(sink, column))
            case "share" | "year":
                return read.numbers(sink, column).values
            case "quantity":
                return quantities(sink, column, read.numbers(sink, column), self._target(sink, column, fields))
            case "price":
                return prices(sink, column, read.numbers(sink, column), self._target(sink, column, fields), money)
            case _:
                return read.plain(sink, column)

    def _target(self, sink: Sink, column: Column, fields: Mapping[str, object]) -> Target:
        materials = cast(Materials, self.rows("materials"))
        at = cast(Ints, fields[column.measures])
        if schema.table(sink.table.name).columns[column.measures].refers == "processes":
            products = cast(Processes, self.rows("processes")).product
            at = np.where(at >= 0, products[at] if len(products) else at, -1)
        return Target(materials.unit, masses(materials), at)

    def _sources(self, sink: Sink, column: Column) -> Texts:
        given = sink.table.column(column.name)
        joined = self.index("sources")
        known: dict[str, tuple[str, ...]] = {text: read.split(text) for text in set(given)}
        if joined is None:
            if any(known.values()):
                said = {"table": "sources", "column": f"{sink.table.name}.{column.name}"}
                self._found.add(Finding(code="missing-table", values=said, file=sink.table.file(0), column=column.name))
            return tuple(given)
        wrong = {text: next((part for part in parts if part not in joined.ids), "") for text, parts in known.items()}
        for row, text in enumerate(given) if any(wrong.values()) else ():
            if wrong[text]:
                sink.at(row, column.name, "unknown", {"value": wrong[text][:80], "table": "sources"})
        return tuple(given)


def _required(sink: Sink, one: TableSchema) -> None:
    """A required column must be there and filled; the unit of an amount is asked for where the amount is read."""
    table = sink.table
    serving = {column.unit_column for column in one.columns.values()}
    for column in one.columns.values():
        if not column.required or not len(table):
            continue
        if column.name not in table.columns:
            owners = [other.name for other in one.columns.values() if other.unit_column == column.name]
            if not any(owner in table.units for owner in owners):
                sink.found.add(
                    Finding(code="column-absent", values={"column": column.name, "table": table.name, "zh": column.zh}, file=table.file(0))
                )
        elif column.name not in serving and not column.default:
            for row, text in enumerate(table.columns[column.name]):
                if is_blank(text):
                    sink.at(row, column.name, "missing-value", {"column": column.name})


def _units(sink: Sink, column: Column) -> Texts:
    """The unit column; a material's own unit must be one of the table of units."""
    given = tuple(sink.table.column(column.name))
    if sink.table.name == "materials":
        for row, text in enumerate(given):
            if text and not is_unit(text):
                sink.at(row, column.name, "unit", {"value": text[:40]})
    return given


def masses(materials: Materials) -> Floats:
    """Kilograms in one unit of each material: as given, else from the unit where that is a mass; NaN without mass."""
    kg = materials.kg_per_unit.copy()
    for row in np.flatnonzero(np.isnan(kg)):
        try:
            kg[row] = factor(materials.unit[row], "kg")
        except InputError:
            continue
    return kg


def _chain(tables: Tables, records: Mapping[str, Rows], found: Findings) -> Chain:
    materials = cast(Materials, records["materials"])
    exchanges = cast(Exchanges, records["exchanges"])
    processes = cast(Processes, records["processes"])
    kg = masses(materials)
    sink = Sink(tables.get("materials") or Table(name="materials", columns={}, lines=(), files=()), found)
    elements, content, in_balance = _content(sink, materials, kg)
    sign = np.where(exchanges.direction == "out", 1.0, -1.0) if len(exchanges) else np.empty(0)
    with_mass = {**records, "materials": replace(materials, kg_per_unit=kg)}
    return Chain(
        name=tables.name, digest=tables.digest(), **with_mass,  # type: ignore[arg-type]
        elements=elements, content=content, in_balance=in_balance,
        sign=sign, treats=_treats(processes, exchanges, sign),
    )  # fmt: skip


def _content(sink: Sink, materials: Materials, kg: Floats) -> tuple[tuple[str, ...], Floats, Bools]:
    """Tonnes of each element in one unit of each material, read from its composition or else its formula."""
    fractions: list[Mapping[str, float]] = []
    for row, (composition, formula) in enumerate(zip(materials.composition, materials.formula, strict=True)):
        try:
            fractions.append(composition_fractions(composition) if composition else formula_fractions(formula) if formula else {})
        except InputError as error:
            sink.refuse(row, "composition" if composition else "formula", error)
            fractions.append({})
    elements = tuple(sorted({symbol for one in fractions for symbol in one}))
    at = {symbol: place for place, symbol in enumerate(elements)}
    content = np.zeros((len(fractions), len(elements)))
    for row, one in enumerate(fractions):
        content[row, [at[symbol] for symbol in one]] = list(one.values())
    in_balance = materials.in_element_balance & np.fromiter((bool(one) for one in fractions), dtype=bool, count=len(fractions))
    for row in sink.rows(in_balance & np.isnan(kg)):
        sink.at(row, "kg_per_unit", "mass-absent", {"material": materials.id[row], "unit": materials.unit[row]})
    counted = in_balance & ~np.isnan(kg)
    return elements, np.where(counted[:, None], content * np.nan_to_num(kg)[:, None] / 1000, 0.0), counted


def _treats(processes: Processes, exchanges: Exchanges, sign: Floats) -> Bools:
    """Processes that take their reference product and never make it."""
    if not len(processes) or not len(exchanges):
        return np.zeros(len(processes), dtype=np.bool_)
    known = (exchanges.process >= 0) & (exchanges.material >= 0)
    own = known & (processes.product[exchanges.process] == exchanges.material)
    made = np.bincount(exchanges.process[own & (sign > 0)], minlength=len(processes)) > 0
    taken = np.bincount(exchanges.process[own & (sign < 0)], minlength=len(processes)) > 0
    return taken & ~made
