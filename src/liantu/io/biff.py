"""What an .xls file holds besides values. Owns: the walk over its records. Never: values of cells (calamine reads those).

Calamine gives a blank for an error value and for a formula that was never calculated; both are found here.
Sources: [MS-CFB] (the file system inside the file) and [MS-XLS] (the records).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from liantu.errors import InputError
from liantu.io import limits
from liantu.io.ooxml import Scan

_FREE = 0xFFFFFFFA
_BOF, _EOF, _BOUNDSHEET, _FORMULA, _BOOLERR, _STRING, _ROW, _COLINFO, _MULRK = 0x809, 0x0A, 0x85, 0x06, 0x205, 0x207, 0x208, 0x7D, 0xBD
_DIMENSIONS, _MOST = 0x200, 65_536 * 256
# LABELSST, LABEL, RSTRING, NUMBER, RK, FORMULA, BOOLERR begin with their row and column.
_CELLS = frozenset({0xFD, 0x204, 0xD6, 0x203, 0x27E, _FORMULA, _BOOLERR})
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_TEXT, _BOOLEAN, _ERROR, _BLANK = 0, 1, 2, 3


def scan(data: bytes, file: str) -> list[Scan]:
    """The scan of each sheet, in the order of the workbook.

    Raises
    ------
    InputError
        ``workbook-broken`` or ``workbook-order``.
    """
    try:
        stream = _stream(data)
        offsets = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]
        walks = [_Walk(file) for _ in offsets]
        for walk, offset in zip(walks, offsets, strict=True):
            walk.run(stream, offset)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise InputError("workbook-broken", {"reason": str(error)[:80]}, file=file) from None
    # Writers that cannot calculate leave every formula blank; Excel leaves some so, where the answer is "".
    if not any(walk.calculated for walk in walks):
        for walk in walks:
            walk.scan.formulas.update(walk.blank)
    return [walk.scan for walk in walks]


class _Walk:
    """The records of one sheet."""

    def __init__(self, file: str) -> None:
        self.scan, self.file = Scan(), file
        self.blank: dict[tuple[int, int], str] = {}
        self.calculated = self._widest = 0
        self._seen: set[tuple[int, int]] = set()

    def run(self, stream: bytes, offset: int) -> None:
        """Walk from the sheet's first record to its last; charts inside it are passed over."""
        for kind, body in _records(stream, offset):
            if kind in _CELLS:
                row, column = struct.unpack_from("<HH", body)
                self._once(row, column)
                if kind == _FORMULA:
                    self._formula((row + 1, column), body)
                elif kind == _BOOLERR and body[7]:
                    self.scan.errors[row + 1, column] = _ERRORS.get(body[6], "#N/A")
            elif kind == _MULRK:
                row, first = struct.unpack_from("<HH", body)
                for column in range(first, struct.unpack_from("<H", body, len(body) - 2)[0] + 1):
                    self._once(row, column)
            elif kind == _DIMENSIONS and math.prod(struct.unpack_from("<4xI2xH", body)) > _MOST:
                # Calamine makes room for what is claimed here.
                raise InputError("workbook-broken", {"reason": "DIMENSIONS"}, file=self.file)
            elif kind == _ROW:
                self.scan.hidden += bool(struct.unpack_from("<H", body, 12)[0] & 0x20)
            elif kind == _COLINFO:
                self.scan.hidden += struct.unpack_from("<H", body, 8)[0] & 1

    def _once(self, row: int, column: int) -> None:
        if (row, column) in self._seen:
            raise InputError("workbook-order", {"cell": f"R{row + 1}C{column + 1}"}, file=self.file)
        self._seen.add((row, column))
        if column >= self._widest:
            self._widest = column + 1
            limits.check("limit-columns", self._widest, limits.COLUMNS, file=self.file, row=row + 1)
        limits.check("limit-cells", (row + 1) * self._widest, limits.SHEET_AREA, file=self.file)

    def _formula(self, at: tuple[int, int], body: bytes) -> None:
        if body[12:14] != b"\xff\xff" or body[6] in (_TEXT, _BOOLEAN):
            self.calculated += 1
        elif body[6] == _ERROR:
            self.scan.errors[at] = _ERRORS.get(body[8], "#N/A")
        elif body[6] == _BLANK:
            self.blank[at] = "=…"


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream, those of substreams inside it left out."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        if offset + 4 + size > len(stream):
            raise IndexError("record")
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[offset + 4 : offset + 4 + size]
        if depth <= 0:
            return
        offset += 4 + size


def _stream(data: bytes) -> bytes:
    """The stream of the workbook in the file's own file system."""
    if len(data) < 512:
        raise IndexError("header")
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise IndexError("sector size")
    first, cutoff, small_first = struct.unpack_from("<I4xII", data, 48)
    size = 1 << shift
    table = _table(data, size)
    root, names = b"", dict[str, tuple[int, int]]()
    directory = _chain(data, table, first, size, size)
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        start, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root = _chain(data, table, start, size, size)[:length]
        names[name] = (start, length)
    if "EncryptedPackage" in names:
        raise InputError("workbook-password")
    start, length = names["Workbook"] if "Workbook" in names else names["Book"]
    if length >= cutoff:
        return _chain(data, table, start, size, size)[:length]
    small = _words(_chain(data, table, small_first, size, size))
    return _chain(root, small, start, 64, 0)[:length]


def _table(data: bytes, size: int) -> tuple[int, ...]:
    """The table of sectors, itself in sectors listed in the header and on."""
    more, count = struct.unpack_from("<II", data, 68)
    listed = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(count, len(data) // size)):
        if more >= _FREE:
            break
        words = struct.unpack_from(f"<{size // 4}I", data, size * (more + 1))
        listed, more = listed + list(words[:-1]), words[-1]
    return _words(b"".join(data[size * (at + 1) : size * (at + 2)] for at in listed if at < _FREE))


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(data: bytes, table: tuple[int, ...], at: int, size: int, offset: int) -> bytes:
    sectors, seen = list[bytes](), set[int]()
    while at < _FREE:
        if at in seen:
            raise IndexError("sector loop")
        seen.add(at)
        sectors.append(data[offset + at * size : offset + (at + 1) * size])
        at = table[at]
    return b"".join(sectors)
