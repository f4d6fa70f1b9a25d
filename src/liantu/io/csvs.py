"""CSV bytes → rows of text with their lines. Owns: separators, quotes, line numbers. Never: headers, tables.

The csv module is kept strict and fed line by line, so that a quotation mark that is never closed, or a file that is
one endless line, ends at once with the line where it began.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from liantu.errors import InputError
from liantu.io import headers, limits
from liantu.io.encodings import Text
from liantu.model.findings import Finding

BLOCK = 4096
SEPARATORS = (",", ";", "\t")
_LOOK = 30


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file: their lines and their cells."""

    lines: list[int]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a CSV file is written; without a separator it is found from the header."""

    delimiter: str = ""
    quotechar: str = '"'
    escapechar: str | None = None
    doublequote: bool = True
    skipinitialspace: bool = False

    @property
    def quoting(self) -> Literal[0, 3]:
        """Without a quotation mark, none is special."""
        return csv.QUOTE_MINIMAL if self.quotechar else csv.QUOTE_NONE


@dataclass(slots=True)
class _Lines:
    """Lines of a file, with a limit on what one row may take."""

    stream: io.TextIOBase
    pending: int = 0
    ended: bool = field(default=False)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.stream.readline(limits.RECORD)
        if not line:
            self.ended = True
            raise StopIteration
        self.pending += len(line)
        if self.pending >= limits.RECORD:
            raise _TooLongError
        return line


class _TooLongError(Exception):
    """One row goes on and on."""


def blocks(text: Text, file: str, dialect: Dialect, found: Callable[[Finding], None]) -> Iterator[Block]:
    """The rows of a file in blocks; what ends the reading early is a finding.

    Raises
    ------
    InputError
        ``limit-lines`` before anything is read.
    """
    limits.check("limit-lines", text.data.count(b"\n"), limits.LINES, file=file)
    with io.TextIOWrapper(io.BytesIO(text.data), text.encoding, newline="") as stream:
        skipped, separator = _said(text)
        for _ in range(skipped):
            stream.readline()
        chosen = dialect.delimiter or separator or sniff(text, dialect)
        lines = _Lines(stream)
        rows = csv.reader(
            lines, delimiter=chosen, quotechar=dialect.quotechar or None, escapechar=dialect.escapechar,
            doublequote=dialect.doublequote, skipinitialspace=dialect.skipinitialspace, strict=True,
            quoting=dialect.quoting,
        )  # fmt: skip
        start = skipped + 1
        while True:
            block = Block([], [])
            try:
                for row in islice(rows, BLOCK):
                    # csv's own limit belongs to the whole process, where any library may have raised it.
                    if lines.pending > limits.FIELD and max(map(len, row)) > limits.FIELD:
                        raise _TooLongError
                    block.lines.append(start)
                    block.rows.append(row)
                    start, lines.pending = skipped + rows.line_num + 1, 0
            except (csv.Error, _TooLongError) as error:
                yield block
                found(_broken(error, lines, file, start))
                return
            if not block.rows:
                return
            yield block


def _broken(error: Exception, lines: _Lines, file: str, row: int) -> Finding:
    if "field limit" in str(error) or isinstance(error, _TooLongError) or lines.pending > limits.FIELD:
        return Finding(code="csv-long", values={"limit": limits.FIELD}, file=file, row=row)
    return Finding(code="csv-quote-open" if lines.ended else "csv-quote", file=file, row=row)


def _said(text: Text) -> tuple[int, str]:
    """Excel's own first line ``sep=;``: how many lines it takes and the separator it names."""
    first = text.data[:64].decode(text.encoding, "ignore").split("\n", 1)[0].strip().strip('"')
    return (1, first[4]) if first[:4].lower() == "sep=" and first[4:] in SEPARATORS else (0, "")


def sniff(text: Text, dialect: Dialect | None = None) -> str:
    """The separator under which the first rows hold the most known headers, else the most cells."""
    head = text.data[:65536].decode(text.encoding, "ignore")
    sample = head.splitlines(keepends=True)[:_LOOK]
    first = next((line for line in sample if line.strip()), "")
    sure = [separator for separator in SEPARATORS if all(map(headers.is_header, first.split(separator)))]
    return sure[0] if sure else max(SEPARATORS, key=lambda separator: _fit(_split(sample, separator, dialect or Dialect())))


def _split(sample: Sequence[str], separator: str, dialect: Dialect) -> list[list[str]]:
    try:
        return list(csv.reader(sample, delimiter=separator, quotechar=dialect.quotechar or None, quoting=dialect.quoting))
    except csv.Error:
        return []


def _fit(rows: list[list[str]]) -> tuple[int, int]:
    known = max((sum(map(headers.is_header, row[: limits.COLUMNS])) for row in rows), default=0)
    return known, len(next(filter(None, rows), ()))


def refuse_if_wide(block: Block, file: str) -> None:
    """Refuse rows with more columns than a table may have."""
    widest = max(map(len, block.rows), default=0)
    if widest > limits.COLUMNS:
        row = next(line for line, cells in zip(block.lines, block.rows, strict=True) if len(cells) == widest)
        raise InputError("limit-columns", {"value": widest, "limit": limits.COLUMNS}, file=file, row=row)
