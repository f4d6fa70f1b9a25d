"""The bytes of one workbook or archive → tables. Owns: what a zip holds. Never: the disk, limits of the process.

Runs in the reader's child process only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from liantu.errors import InputError
from liantu.io import archives, limits, packages, resources, sheets
from liantu.io.files import DESCRIPTOR
from liantu.model.findings import Finding
from liantu.model.tables import Table

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
Report = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files of an archive under one of its folders."""

    files: Mapping[str, bytes]
    file: str

    def names(self) -> Iterable[str]:
        """Names of the files at its top."""
        return [name for name in self.files if "/" not in name]

    def read(self, path: str, limit: int, code: str = "limit-bytes") -> bytes:
        """The bytes of one file."""
        if path not in self.files:
            raise InputError("descriptor-absent", {"path": path}, file=DESCRIPTOR)
        data = self.files[path]
        limits.check_bytes(code, len(data), limit, file=path)
        return data


def tables(data: bytes, file: str, report: Report) -> dict[str, Table]:
    """The tables of a workbook, or of the package in a zip."""
    if is_workbook(file):
        return sheets.tables(data, file, report)
    unpacked = archives.unpack(data, file, _is_wanted)
    folder = Unpacked(_top(unpacked), file)
    if packages.has_descriptor(folder):
        members = resources.members(folder, report)
        packages.unlisted(folder, members, report)
        return packages.tables(folder, members, report)
    members = packages.by_name(folder)
    books = [name for name in folder.names() if is_workbook(name)]
    if not members and books:
        if len(books) > 1:
            raise InputError("zip-many", {"count": len(books), "path": file}, file=file)
        return sheets.tables(folder.files[books[0]], books[0], report)
    packages.refuse_without_table(members, file)
    return packages.tables(folder, members, report)


def is_workbook(name: str) -> bool:
    """Whether a file is a workbook by its name."""
    return PurePosixPath(name).suffix.lower() in WORKBOOKS and not PurePosixPath(name).name.startswith(("~$", "."))


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    is_system = path.parts[0] == "__MACOSX" or path.name.startswith(".")
    return not is_system and (path.name == DESCRIPTOR or packages.is_text(path.name) or is_workbook(path.name))


def _top(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files below the folder of the descriptor, or below the one folder that holds them all."""
    described = sorted((name for name in files if PurePosixPath(name).name == DESCRIPTOR), key=lambda name: name.count("/"))
    folder = described[0].removesuffix(DESCRIPTOR) if described else _common(files)
    return {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}


def _common(files: Iterable[str]) -> str:
    parents = {name.rpartition("/")[0] for name in files}
    shortest = min(parents, key=lambda parent: parent.count("/") + bool(parent), default="")
    return f"{shortest}/" if shortest and all(f"{one}/".startswith(f"{shortest}/") for one in parents) else ""
