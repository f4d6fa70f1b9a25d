"""What an .xlsx file holds besides values, and what makes it unsafe to read. Owns: the scan of its XML parts.
Never: values of cells (calamine reads those), tables.

Each sheet is walked once by expat before any other parser sees it. A cell given twice, a text that is not there, a
number that is none, or an entity: other programs take all of them without a word, so they are refused here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from liantu.errors import InputError
from liantu.io import archives, limits

WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_PARTS = frozenset({"[Content_Types].xml", "_rels/.rels", WORKBOOK, _RELATIONS, STRINGS, STYLES})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE, _COLUMN = re.compile(r"[0-9]{1,9}"), re.compile(r"[A-Z]{1,3}")
# A number this short has an exponent of two digits at most and is finite.
_SHORT = 5
_HELD = frozenset({"v", "f", "is"})
_MAX_COLUMNS = 16_384


@dataclass(slots=True)
class Scan:
    """One sheet: formulas without a value by (row, position), error values, numbers shown as per cent, hidden rows and columns."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that passed: a clean copy of the parts that were looked at, and the scan of each sheet by name."""

    data: bytes
    sheets: Mapping[str, Scan]


def scan(data: bytes, file: str) -> Workbook:
    """Look through a workbook and repack what was looked at, so that the next parser sees nothing else.

    Raises
    ------
    InputError
        ``zip-…``, ``limit-…`` or ``workbook-…``.
    """
    parts = archives.unpack(data, file, lambda name: name in _PARTS or name.startswith("xl/worksheets/"))
    if WORKBOOK not in parts or _RELATIONS not in parts:
        raise InputError("workbook-broken", {"reason": WORKBOOK}, file=file)
    limits.check_bytes("limit-styles", len(parts.get(STYLES, b"")), limits.STYLE_BYTES, file=file)
    book = _Book(file)
    book.parse(parts[WORKBOOK])
    limits.check("limit-sheets", len(book.sheets), limits.SHEETS, file=file)
    targets = _Relations(file)
    targets.parse(parts[_RELATIONS])
    strings = _Strings(file)
    strings.parse(parts.get(STRINGS, b"<sst/>"))
    styles = _Styles(file)
    styles.parse(parts.get(STYLES, b"<styleSheet/>"))
    sheets, cells = dict[str, Scan](), 0
    for name, relation in book.sheets.items():
        part = targets.parts.get(relation, "")
        if part in parts:
            sheet = _Sheet(f"{file}[{name}]", strings.count, styles.percents, recalculates=book.recalculates, cells=cells)
            sheet.parse(parts[part])
            sheets[name], cells = sheet.scan, sheet.cells
    return Workbook(_repacked(parts), sheets)


def _repacked(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


class _Xml:
    """Walks one part: ``start`` and ``end`` by the name as written, ``text`` where ``keep`` is set."""

    def __init__(self, file: str) -> None:
        self.file, self.keep, self.text = file, False, list[str]()

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise InputError("workbook-broken", {"reason": expat.ErrorString(error.code)}, file=self.file) from None
        except (ValueError, LookupError) as error:
            raise InputError("workbook-broken", {"reason": str(error)[:80]}, file=self.file) from None

    def start(self, name: str, attributes: Mapping[str, str], /) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def _doctype(self, *_: object) -> None:
        raise InputError("workbook-doctype", file=self.file)

    def _characters(self, text: str) -> None:
        if self.keep:
            self.text.append(text)


class _Book(_Xml):
    """Names of the sheets, and whether the file asks to be calculated on opening."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.sheets: dict[str, str] = {}
        self.recalculates = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            label = attributes.get("name", "")
            if label in self.sheets:
                raise InputError("workbook-broken", {"reason": f"{label[:40]} × 2"}, file=self.file)
            self.sheets[label] = relation
        elif _local(name) == "calcPr":
            self.recalculates = attributes.get("fullCalcOnLoad") in ("1", "true")


class _Relations(_Xml):
    """Which part each sheet is in."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.parts: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.parts[attributes.get("Id", "")] = path


class _Strings(_Xml):
    """How many shared texts there are; none of them too long."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.count = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if _local(name) == "si":
            self.count, self.keep = self.count + 1, True
            self.text.clear()

    def end(self, name: str) -> None:
        if _local(name) == "si":
            self.keep = False
            limits.check("limit-cell-text", sum(map(len, self.text)), limits.SHEET_TEXT, file=self.file)


class _Styles(_Xml):
    """Which cell styles show a number as per cent."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.percents: set[str] = set()
        self._formats = {"9", "10"}
        self._next: int | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match _local(name):
            case "numFmt":
                if "%" in re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", "")):
                    self._formats.add(attributes.get("numFmtId", ""))
            case "cellXfs":
                self._next = 0
            case "xf" if self._next is not None:
                if attributes.get("numFmtId") in self._formats:
                    self.percents.add(str(self._next))
                self._next += 1

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._next = None


class _Sheet(_Xml):
    """The cells of a sheet, in order, each once, each with a value that is one.

    Two million cells pass here: what is asked of each of them stands in as few calls as can be.
    """

    def __init__(self, file: str, strings: int, percents: set[str], *, recalculates: bool, cells: int) -> None:
        super().__init__(file)
        self.scan, self.cells = Scan(), cells
        self._strings, self._percents, self._recalculates = strings, percents, recalculates
        self._row = self._column = self._widest = 0
        self._row_text = "0"
        self._kind: str = "n"
        self._formula: str | None = None
        self._value: str | None = None
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._place(attributes.get("r"))
            self._kind, self._formula, self._value = attributes.get("t", "n"), None, None
            if self._percents and self._kind == "n" and attributes.get("s") in self._percents:
                self.scan.percents.add((self._row, self._column - 1))
        elif name in _HELD:
            self.keep = True
            self.text.clear()
        elif name == "row":
            self._next_row(attributes)
        elif name == "col":
            self.scan.hidden += attributes.get("hidden") in ("1", "true")
        elif ":" in name:
            self.start(_local(name), attributes)

    def end(self, name: str) -> None:
        if name == "c":
            if self._value is not None or self._formula is not None:
                self._cell(self._value)
        elif name in _HELD:
            self.keep = False
            if name == "f":
                self._formula = "".join(self.text)
            else:
                self._value = "".join(self.text)
        elif ":" in name:
            self.end(_local(name))

    def _next_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r", str(self._row + 1))
        if not _WHOLE.fullmatch(given) or int(given) <= self._row:
            raise InputError("workbook-order", {"cell": f"A{given[:10]}"}, file=self.file)
        self._row, self._row_text, self._column = int(given), given, 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden += 1

    def _place(self, reference: str | None) -> None:
        """Positions must rise; a cell without one stands next to the one before."""
        if reference is None:
            self._column += 1
            return
        letters = reference.removesuffix(self._row_text)
        column = self._columns.get(letters) or self._columns.setdefault(letters, _number(letters))
        if len(letters) + len(self._row_text) != len(reference) or not self._column < column <= _MAX_COLUMNS:
            raise InputError("workbook-order", {"cell": reference[:20]}, file=self.file)
        self._column = column

    def _cell(self, value: str | None) -> None:
        self.cells += 1
        if self._column > self._widest or self.cells > limits.SHEET_CELLS or self._row * self._widest > limits.SHEET_AREA:
            self._measure()
        kind = self._kind
        if self._formula is not None and self._is_uncalculated(value):
            self.scan.formulas[self._row, self._column - 1] = f"={self._formula}"
        elif kind == "n":
            if value and not _is_number(value):
                raise InputError("workbook-number", {"cell": self._where(), "value": value[:40]}, file=self.file)
        elif kind == "s":
            if not value or not _WHOLE.fullmatch(value) or int(value) >= self._strings:
                raise InputError("workbook-string", {"cell": self._where(), "value": (value or "")[:20]}, file=self.file)
        elif kind == "e":
            self.scan.errors[self._row, self._column - 1] = value or "#N/A"
        elif value and len(value) > limits.SHEET_TEXT:
            limits.check("limit-cell-text", len(value), limits.SHEET_TEXT, file=self.file, row=self._row)

    def _is_uncalculated(self, value: str | None) -> bool:
        # Writers that cannot calculate leave 0 and ask the spreadsheet to calculate on opening.
        return value is None or (not value and self._kind != "str") or (self._recalculates and value == "0")

    def _measure(self) -> None:
        self._widest = max(self._widest, self._column)
        limits.check("limit-rows", self._row, limits.ROWS, file=self.file)
        limits.check("limit-columns", self._column, limits.COLUMNS, file=self.file, row=self._row)
        limits.check("limit-cells", self.cells, limits.SHEET_CELLS, file=self.file)
        limits.check("limit-cells", self._row * self._widest, limits.SHEET_AREA, file=self.file)

    def _where(self) -> str:
        return f"{_letters(self._column)}{self._row}"


def _local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2]


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and (len(value) < _SHORT or abs(float(value)) < float("inf"))


def _number(letters: str) -> int:
    """The number of a column by its letters; 0 for what are none."""
    total = 0
    if not _COLUMN.fullmatch(letters):
        return total
    for sign in letters:
        total = total * 26 + ord(sign) - 64
    return total


def _letters(column: int) -> str:
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)
