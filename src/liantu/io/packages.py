"""A folder of CSV files → tables. Owns: which files are tables, with or without a descriptor. Never: bytes of one file, workbooks.

The folder may lie on disk or in an unpacked archive. What one file has wrong is a finding, so that all files are
heard; only a folder without any table, or with a descriptor nobody can read, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol

from liantu.errors import InputError
from liantu.io import csvs, grids, headers, limits
from liantu.io.csvs import Dialect
from liantu.io.encodings import decodable
from liantu.io.files import DESCRIPTOR
from liantu.model import schema
from liantu.model.findings import Finding, finding_of
from liantu.model.tables import Table

TEXT_SUFFIXES = (".csv", ".tsv")
Report = Callable[[Finding], None]


class Folder(Protocol):
    """Where the files of a package lie."""

    def names(self) -> Iterable[str]:
        """Names of the files at its top."""

    def read(self, path: str, limit: int, code: str = "limit-bytes") -> bytes:
        """The bytes of one file; an InputError with the code if there are more than the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of the package, the table it should be (None: to be found from its headers), and how it is written."""

    path: str
    table: str | None
    dialect: Dialect = field(default_factory=Dialect)
    encoding: str = ""
    blanks: frozenset[str] = frozenset()
    fields: Sequence[str] = ()


def is_text(name: str) -> bool:
    """Whether a file is a CSV file by its name."""
    return PurePosixPath(name).suffix.lower() in TEXT_SUFFIXES and not name.startswith((".", "~"))


def by_name(folder: Folder) -> list[Member]:
    """The tables of a folder without a descriptor: the name of a CSV file is its table."""
    names = sorted(filter(is_text, folder.names()))
    return [Member(path=name, table=headers.match_table(PurePosixPath(name).stem) or PurePosixPath(name).stem) for name in names]


def unlisted(folder: Folder, members: Iterable[Member], report: Report) -> None:
    """Warn of files that look like tables and are not in the descriptor."""
    listed = {member.path for member in members}
    for name in sorted(filter(is_text, folder.names())):
        if name not in listed and headers.match_table(PurePosixPath(name).stem):
            report(Finding(code="file-unlisted", file=name))


def tables(folder: Folder, members: Iterable[Member], report: Report) -> dict[str, Table]:
    """Read each member; what is wrong with one is reported and the next is read."""
    found: dict[str, Table] = {}
    for member in members:
        try:
            table = one(folder, member, report)
        except InputError as error:
            report(finding_of(error))
            continue
        put(found, table, report)
    return found


def put(found: dict[str, Table], table: Table | None, report: Report) -> None:
    """Add a table; a second one of the same name is an error."""
    if table is None:
        return
    if table.name in found:
        said = {"table": table.name, "first": found[table.name].file(0), "second": table.file(0)}
        report(Finding(code="table-twice", values=said, file=table.file(0)))
        return
    found[table.name] = table
    grids.total_cells(found.values(), table.file(0))


def one(folder: Folder, member: Member, report: Report) -> Table:
    """Read one CSV file.

    Raises
    ------
    InputError
        If it cannot be read, is empty, or is no table at all.
    """
    text = decodable(folder.read(member.path, limits.FILE_BYTES), member.path, member.encoding)
    for finding in text.findings:
        report(finding)
    stem = PurePosixPath(member.path).stem
    sheet = grids.Sheet(
        name=member.table or stem, label=member.path, blocks=csvs.blocks(text, member.path, member.dialect, report),
        blanks=member.blanks, fields=member.fields,
    )  # fmt: skip
    table = grids.table(sheet, member.table, report)
    if table is None:
        raise InputError("file-empty" if member.table else "no-tables", {"path": member.path}, file=member.path)
    if member.table is None:
        report(Finding(code="table-guessed", values={"name": stem, "table": table.name}, file=member.path))
    return table


def refuse_without_table(members: Iterable[Member], path: str) -> None:
    """Refuse a package that holds no table of the contract."""
    if not any(member.table in schema.tables() for member in members):
        raise InputError("no-tables", {"path": path}, file=path)


def has_descriptor(folder: Folder) -> bool:
    """Whether the folder says what is in it."""
    return DESCRIPTOR in folder.names()
