"""Where a number comes from. Owns: Citation, cite. Never: files, units, judging a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from liantu.errors import CallError
from liantu.io.columns import split
from liantu.model import schema
from liantu.model.tables import Table, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRow:
    """One row that is, or speaks of, what was asked for: where it stands, its filled cells, its basis and sources."""

    table: str
    file: str
    line: int
    cells: Mapping[str, str]
    basis: str
    sources: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The row as plain values."""
        where = {"table": self.table, "file": self.file, "row": self.line}
        return {**where, "basis": self.basis, "sources": list(self.sources), "cells": dict(self.cells)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What stands behind an id.

    Attributes
    ----------
    source : mapping
        If the id is a source: its citation, year, url, licence and what else its row says; else empty.
    used : mapping of table to int
        How many rows of which tables cite that source.
    rows : tuple of CitedRow
        The row of that id in every other table, then the rows that refer to it.
    sources : mapping of str to str
        Citation of every source those rows name.
    """

    identifier: str
    source: Mapping[str, str]
    used: Mapping[str, int]
    rows: tuple[CitedRow, ...]
    sources: Mapping[str, str]

    def as_dict(self) -> dict[str, object]:
        """The citation as plain values."""
        return {
            "id": self.identifier,
            "source": dict(self.source),
            "used": dict(self.used),
            "rows": [row.as_dict() for row in self.rows],
            "sources": dict(self.sources),
        }


def cite(identifier: str, package: Tables) -> Citation:
    """Where a number comes from: for a source what it is and what uses it, for anything else its rows with their sources.

    Parameters
    ----------
    identifier : str
        Id of a source, material, process, plant, firm, site or any other row, or a name that only one id has.
    package : Tables
        The package with its base already merged in.

    Raises
    ------
    CallError
        ``cite-unknown`` if nothing has that id.
    """
    register = _register(package)
    identifier = _identified(identifier, package)
    source = register.get(identifier, {})
    own = [row for table in package for row in _own(table, identifier)]
    if not source and not own:
        raise CallError("cite-unknown", {"value": identifier[:80], "near": _near(identifier, package)})
    rows = (*own, *(row for table in package for row in _referring(table, identifier))) if own else ()
    cited = dict.fromkeys(name for row in rows for name in row.sources)
    return Citation(
        identifier=identifier,
        source=source,
        used=_used(identifier, package) if source else {},
        rows=rows,
        sources={name: register[name].get("citation", "") for name in cited if name in register},
    )


def _identified(text: str, package: Tables) -> str:
    """The id that has this name, where only one has; else the text itself."""
    named = {identifier for name, identifier in _names(package) if name == text}
    known = any(text in table.column(_key(table.name)) for table in package)
    return named.pop() if len(named) == 1 and not known else text


def _names(package: Tables) -> Iterator[tuple[str, str]]:
    for table in package:
        own = table.column(_key(table.name))
        for column in ("name_zh", "name_en"):
            yield from zip(table.columns.get(column, ()), own, strict=False)


def _register(package: Tables) -> dict[str, dict[str, str]]:
    table = package.get("sources")
    return {name: _cells(table, row) for row, name in enumerate(table.column("id"))} if table else {}


def _own(table: Table, identifier: str) -> Iterator[CitedRow]:
    if table.name == "sources":
        return
    for row, value in enumerate(table.column(_key(table.name))):
        if value == identifier:
            yield _cited(table, row)


def _referring(table: Table, identifier: str) -> Iterator[CitedRow]:
    """Rows that name the id in a column that joins another table; where the row is its own, it was given already."""
    columns = [table.column(name) for name in _joining(table)]
    own = table.column(_key(table.name))
    for row, values in enumerate(zip(*columns, strict=True) if columns else ()):
        if identifier in values and own[row] != identifier:
            yield _cited(table, row)


def _used(identifier: str, package: Tables) -> dict[str, int]:
    counts = {table.name: sum(identifier in split(text) for text in table.column("source")) for table in package}
    return {name: count for name, count in counts.items() if count}


def _cited(table: Table, row: int) -> CitedRow:
    cells = _cells(table, row)
    return CitedRow(
        table=table.name,
        file=table.file(row),
        line=table.lines[row],
        cells=cells,
        basis=cells.get("basis", ""),
        sources=split(cells.get("source", "")),
    )


def _cells(table: Table, row: int) -> dict[str, str]:
    return {name: _with_unit(cells[row], table.units.get(name, "")) for name, cells in table.columns.items() if cells[row]}


def _with_unit(cell: str, unit: str) -> str:
    """A number with the unit its header gives it."""
    return f"{cell} {unit}" if unit and cell[-1].isdigit() else cell


def _key(table: str) -> str:
    known = schema.tables().get(table)
    return next((column.name for column in known.columns.values() if column.type == "id"), "id") if known else "id"


def _joining(table: Table) -> list[str]:
    known = schema.tables().get(table.name)
    return [column.name for column in known.columns.values() if column.type == "ref" and column.name in table.columns] if known else []


def _near(identifier: str, package: Tables) -> str:
    every = {name for table in package for name in table.column(_key(table.name)) if name}
    every |= {name for name, _ in _names(package) if name}
    return ", ".join(get_close_matches(identifier, sorted(every), n=3)) or "–"
