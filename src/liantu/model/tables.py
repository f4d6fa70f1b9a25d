"""Rows as given. Owns: Table, Tables and where each row came from. Never: types, units, meaning.

A reader leaves text cells under the schema's column names; what it met on the way (a title row passed over, a
total dropped) is a finding. A number cell of a workbook is its shortest exact text, a date its ISO form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from liantu.model.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: text cells by column, all columns equally long.

    Attributes
    ----------
    columns : mapping of str to sequence of str
        Cells as text, blank cells as ``""``; names are the schema's where it knows them, else as written.
    lines : sequence of int
        Line in the file (or row of the sheet) of each row, the first being 1.
    files : sequence of str
        File (with its sheet, ``book.xlsx[plants]``) of each row; one entry serves all rows.
    units : mapping of str to str
        Unit written in the header of a column: ``产能（万吨/年）``.
    headers : mapping of str to str
        The header as written, where it differs from the column's name.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    files: Sequence[str]
    units: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def file(self, row: int) -> str:
        """File of the row at this position."""
        return self.files[row if len(self.files) > 1 else 0] if self.files else ""

    def column(self, name: str) -> Sequence[str]:
        """Cells of a column; blanks where the table does not have it."""
        return self.columns.get(name) or [""] * len(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables of one package, with what reading them found; ``name`` is what was asked for (``chenzhou``, ``桂阳.xlsx``)."""

    name: str
    tables: Mapping[str, Table]
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    def get(self, name: str) -> Table | None:
        """The table of that name, if it was given."""
        return self.tables.get(name)

    def setting(self, key: str) -> str:
        """A value of the settings table, blank if it is not there."""
        settings = self.get("settings")
        return dict(zip(settings.column("key"), settings.column("value"), strict=True)).get(key, "") if settings else ""

    def digest(self) -> str:
        """SHA-256 of what the tables say, whatever file they came in.

        Numbers count by value: ``60000`` in a CSV file and ``6e4`` in a workbook are the same.
        """
        whole = hashlib.sha256()
        for name in sorted(self.tables):
            table = self.tables[name]
            if not len(table):
                continue
            whole.update(f"\x1d{name}".encode())
            for column in sorted(table.columns):
                cells = table.columns[column]
                if not any(cells):
                    continue
                seen: dict[str, str] = {}
                text = "\x1f".join(seen[cell] if cell in seen else seen.setdefault(cell, _canonical(cell)) for cell in cells)
                whole.update(f"\x1e{column}\x1f{table.units.get(column, '')}\x1f{text}".encode("utf-8", "surrogatepass"))
        return whole.hexdigest()


def placed(findings: Iterable[Finding], tables: Tables) -> tuple[Finding, ...]:
    """Findings with the table they speak of, and their column as its file writes it."""
    found = tuple(findings)
    at = {file: table for table in tables for file in set(table.files)} if found else {}
    return tuple(_placed(one, at[one.file]) if one.file in at else one for one in found)


def _placed(finding: Finding, table: Table) -> Finding:
    column = finding.column or ""
    # A header of two lines has the name in its other language below.
    header = table.headers.get(column, column if column in table.columns else "").partition("\n")[0].strip()
    return replace(finding, table=table.name, header=header)


# What tells the rows of a table apart where it is not "id".
_KEYS = {"exchanges": "process", "technologies": "process", "lifetimes": "application", "scenarios": "scenario", "settings": "key"}


def merge(base: Tables, own: Tables) -> Tables:
    """``own`` upon ``base``: a row of ``own`` replaces the base's row of the same id; a process with exchanges of its
    own takes none from the base; all other rows of the base are kept."""
    merged = dict(base.tables)
    for name, table in own.tables.items():
        merged[name] = _upon(base.tables[name], table, _KEYS.get(name, "id")) if name in base.tables else table
    return replace(own, tables=merged, findings=base.findings + own.findings)


def _upon(base: Table, own: Table, key: str) -> Table:
    taken = set(own.column(key)) - {""} if key in own.columns and key in base.columns else set[str]()
    kept = [row for row, value in enumerate(base.column(key)) if value not in taken]
    names = list(dict.fromkeys((*base.columns, *own.columns)))
    lower, upper = _with_units(base), _with_units(own)
    return Table(
        name=own.name,
        columns={name: [lower.column(name)[row] for row in kept] + list(upper.column(name)) for name in names},
        lines=[base.lines[row] for row in kept] + list(own.lines),
        files=[base.file(row) for row in kept] + [own.file(row) for row in range(len(own))],
        headers=dict(own.headers),
    )


def _with_units(table: Table) -> Table:
    """The units of the headers written into the cells: rows of two tables cannot share one header."""
    columns = dict(table.columns)
    for name, unit in table.units.items():
        columns[name] = [f"{cell}{unit}" if cell and cell[-1] in "0123456789." else cell for cell in table.columns[name]]
    return replace(table, columns=columns, units={})


def _canonical(cell: str) -> str:
    text = cell.strip()
    if text[:1] in "+-.0123456789" and text:
        try:
            return repr(float(text))
        except ValueError:
            return text
    return text
