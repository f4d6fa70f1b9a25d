"""Files → Tables. Owns: the way in for a folder, a CSV file, a workbook or a zip. Never: types, units, meaning.

A folder of CSV files is read here, within limits; workbooks and zips are read by a child process that may be killed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from liantu.errors import InputError
from liantu.io import child, headers, limits, packages, resources, uploads
from liantu.io.packages import Member
from liantu.model.findings import Finding, Findings
from liantu.model.tables import Table, Tables

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_DENIED = (errno.EACCES, errno.EPERM)
_NO_FILE = (errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.EISDIR, errno.EOPNOTSUPP)
Report = Callable[[Finding], None]


def read(source: str | os.PathLike[str]) -> Tables:
    """Read a chain package.

    Parameters
    ----------
    source : path
        A folder of CSV files (with ``datapackage.json`` or without), a .csv, an .xlsx or .xls workbook, or a .zip.

    Returns
    -------
    Tables
        Text cells under the schema's column names, with everything found on the way.

    Raises
    ------
    InputError
        If it cannot be read at all.
    """
    path = Path(source)
    found = Findings()
    if "\0" in str(path):
        raise InputError("file-absent", {"path": str(path).replace("\0", "␀")[:120]})
    with _told(path.name or str(path)):
        kind = path.stat().st_mode
        name = path.name or path.resolve().name
        tables = _folder(path, name, found.add) if stat.S_ISDIR(kind) else _file(path, name, found.add)
    return Tables(name=name, tables=tables, findings=found.shown())


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except OSError as error:
        raise _refusal(error, name) from error


def _refusal(error: OSError, name: str) -> InputError:
    if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
        return InputError("file-absent", {"path": name[:120]}, file=name[:120])
    code = "file-denied" if error.errno in _DENIED else "file-kind" if error.errno in _NO_FILE else "file-read"
    return InputError(code, {"path": name, "reason": error.strerror or str(error)}, file=name)


@dataclass(frozen=True, slots=True)
class _Disk:
    """The files of a folder; nothing outside it can be reached, not by a link either."""

    path: Path

    def names(self) -> Iterable[str]:
        """Names of the files at its top."""
        with os.scandir(self.path) as entries:
            return [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]

    def read(self, path: str, limit: int, code: str = "limit-bytes") -> bytes:
        """The bytes of one file."""
        with _told(path):
            *folders, name = path.split("/")
            handles = [os.open(self.path, _FLAGS | os.O_DIRECTORY)]
            try:
                for folder in folders:
                    handles.append(os.open(folder, _FLAGS | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handles[-1]))
                handles.append(os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=handles[-1]))
                return _bytes(handles[-1], path, limit, code)
            finally:
                for handle in handles:
                    os.close(handle)


def _bytes(handle: int, name: str, limit: int, code: str) -> bytes:
    _refuse_special(handle, name)
    with os.fdopen(handle, "rb", closefd=False) as file:
        data = file.read(limit + 1)
    limits.check_bytes(code, len(data), limit, file=name)
    return data


def _refuse_special(handle: int, name: str) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise InputError("file-kind", {"path": name}, file=name)


def _folder(path: Path, name: str, report: Report) -> dict[str, Table]:
    folder = _Disk(path)
    if packages.has_descriptor(folder):
        members = resources.members(folder, report)
        packages.unlisted(folder, members, report)
    else:
        members = packages.by_name(folder)
        packages.refuse_without_table(members, name)
    return packages.tables(folder, members, report)


def _file(path: Path, name: str, report: Report) -> dict[str, Table]:
    suffix = path.suffix.lower()
    if suffix in packages.TEXT_SUFFIXES:
        return _single(path, name, report)
    if suffix != ".zip" and not uploads.is_workbook(name):
        raise InputError("file-format", {"path": name}, file=name)
    handle = os.open(path, _FLAGS)
    try:
        _refuse_special(handle, name)
        limits.check_bytes("limit-bytes", os.fstat(handle).st_size, limits.FILE_BYTES, file=name)
        return child.read(handle, name, report)
    finally:
        os.close(handle)


def _single(path: Path, name: str, report: Report) -> dict[str, Table]:
    """One CSV file: the table its name says, else the one its headers say."""
    real = path.resolve(strict=True)
    if not real.is_file():
        raise InputError("file-kind", {"path": name}, file=name)
    table = packages.one(_Disk(real.parent), Member(path=real.name, table=headers.match_table(path.stem)), report)
    return {table.name: table}
