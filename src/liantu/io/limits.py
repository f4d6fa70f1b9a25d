"""How much a reader takes. Owns: the limits on files and what is said when one is passed. Never: reading.

Each limit has a finding that names it and what was got, so that nobody has to guess which one was met.
"""

from __future__ import annotations

from liantu.errors import InputError

MB = 1 << 20

FILE_BYTES = 200 * MB
DESCRIPTOR_BYTES, DESCRIPTOR_DEPTH = MB, 32
LINES, FIELD, RECORD = 1_000_000, 131_072, 4 * MB

COLUMNS, ROWS = 300, 500_000
SHEETS, SHEET_CELLS, SHEET_AREA, SHEET_TEXT, STYLE_BYTES = 100, 2_000_000, 10_000_000, 32_767, 5 * MB
PACKAGE_CELLS = 10_000_000

ENTRIES, ENTRY_NAME = 1_000, 200
ENTRY_BYTES, UNPACKED_BYTES = 100 * MB, 200 * MB
RATIO, RATIO_FROM = 100, 10 * MB

CPU_S, WALL_S, MEMORY_BYTES = 30, 60, 2048 * MB


def check(code: str, value: int, limit: int, *, file: str | None = None, row: int | None = None) -> None:
    """Refuse more than the limit.

    Raises
    ------
    InputError
        The limit's own code, with value and limit.
    """
    if value > limit:
        raise InputError(code, {"value": value, "limit": limit}, file=file, row=row)


def check_bytes(code: str, value: int, limit: int, *, file: str | None = None) -> None:
    """Refuse more bytes than the limit; said in MB."""
    if value > limit:
        raise InputError(code, {"value": round(value / MB, 1), "limit": limit // MB}, file=file)
