"""Packages in and out as files: convert, template, marked workbook, uploads and downloads. Owns: the order of calls. Never: formats."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from liantu.errors import CallError, InputError
from liantu.io.headers import read_header
from liantu.io.readers import read
from liantu.model.findings import Finding
from liantu.model.tables import Table, Tables, placed
from liantu.runs.door import Source, locate, prepare
from liantu.words import Lang


def convert(source: Source, target: Path, *, lang: Lang, base: str = "") -> tuple[str, tuple[Finding, ...]]:
    """Write a package anew as a folder, workbook or zip; rows of its base become its own.

    Nothing is written if anything in the package is wrong.

    Returns
    -------
    str
        Digest of the package.
    tuple of Finding
        What was found.
    """
    from liantu.io.writers import write

    ready = prepare(source, base=base)
    if ready.chain is not None:
        write(ready.tables, target, lang=lang)
    return ready.digest, placed(ready.findings.shown(), ready.tables)


def template(target: Path, *, lang: Lang, only: Sequence[str] = ()) -> None:
    """Write an empty workbook to fill in, with all tables of the contract or only some; never over one that is filled in.

    Raises
    ------
    CallError
        ``write-filled`` if the target holds rows already.
    """
    from liantu.io.template import write_template

    if _is_filled(target):
        raise CallError("write-filled", {"path": str(target)}, file=target.name)
    write_template(target, lang, only=only)


def _is_filled(target: Path) -> bool:
    """Whether a file is there that somebody would miss."""
    if not target.is_file() or not target.stat().st_size:
        return False
    try:
        return any(len(table) for table in read(target))
    except InputError:
        return True


def mark(source: str, findings: Sequence[Finding], target: Path, *, lang: Lang) -> None:
    """Write the user's own workbook back with the cells that findings speak of marked and explained.

    Raises
    ------
    CallError
        ``write-itself`` if the target is the workbook itself.
    """
    from liantu.io.marked import write_marked

    given = locate(source)
    if given.is_file() and target.exists() and target.samefile(given):
        raise CallError("write-itself", {"path": str(target)}, file=target.name)
    write_marked(given, findings, target, lang)


def received(data: bytes, name: str) -> Tables:
    """Read a file that was sent, by the name it was sent under.

    Raises
    ------
    InputError
        If it cannot be read at all.
    """
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        return read(_laid(data, name, folder))


def mark_received(data: bytes, name: str, findings: Sequence[Finding], *, lang: Lang) -> bytes:
    """The file that was sent as a workbook with its findings marked."""
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        target = Path(folder) / "marked-.xlsx"
        mark(str(_laid(data, name, folder)), findings, target, lang=lang)
        return target.read_bytes()


def _laid(data: bytes, name: str, folder: str) -> Path:
    plain = re.sub(r"[/\\\x00-\x1f]", "_", name).strip(". ")
    path = Path(folder) / f"{Path(plain).stem[:60]}{Path(plain).suffix[:8]}"
    path.write_bytes(data)
    return path


def renamed(table: Table, columns: Mapping[str, str]) -> Table:
    """A table with some of its columns under other names, blank taking one away; units in the headers are read anew.

    >>> wide = Table(name="plants", columns={"规模（万吨/年）": ["2"]}, lines=[2], files=("a.csv",))
    >>> renamed(wide, {"规模（万吨/年）": "capacity"}).units
    {'capacity': '万吨/年'}
    """
    kept = {name: columns.get(name, name) for name in table.columns}
    units = {kept[name]: unit for name, unit in table.units.items() if kept[name]}
    for name, into in kept.items():
        aside = re.search(r"[(（\[【].*", name)
        if into != name and into and aside and (unit := read_header(f"{into}{aside[0]}", table.name).unit):
            units[into] = unit
    headers = {into: table.headers.get(name, name) for name, into in kept.items() if into}
    return replace(table, columns={into: table.columns[name] for name, into in kept.items() if into}, units=units, headers=headers)


def taken_for(table: Table, name: str) -> Table:
    """A table taken for another of the contract: its headers, as they were written, are matched anew.

    >>> told = Table(name="projects", columns={"capacity": ["2"]}, lines=[2], files=("a.csv",), headers={"capacity": "产能（万吨/年）"})
    >>> taken_for(told, "plants").units
    {'capacity': '万吨/年'}
    """
    columns, units, headers = {}, {}, {}
    for held, cells in table.columns.items():
        header = table.headers.get(held, held)
        meant = read_header(header, name)
        into = meant.column if meant.column and meant.column not in columns else header
        columns[into], headers[into] = cells, header
        if meant.unit and into == meant.column:
            units[into] = meant.unit
    return replace(table, name=name, columns=columns, units=units, headers=headers)


def written(tables: Tables, suffix: str, *, lang: Lang) -> bytes:
    """Tables as the bytes of a file: ``.xlsx``, a package as ``.zip``, or the only table as ``.csv``; no cell runs in a spreadsheet."""
    from liantu.io import writers

    if suffix == ".xlsx":
        return writers.workbook(tables, lang)
    if suffix == ".zip":
        return writers.zipped(writers.package_files(tables))
    return b"".join(map(writers.csv_bytes, tables))
