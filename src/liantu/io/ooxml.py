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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from liantu.errors import InputError
from liantu.io import archives, limits

WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_PARTS = frozenset({"[Content_Types].xml", "_rels/.rels", WORKBOOK, _RELATIONS, STRINGS, STYLES})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_COLUMNS = 16_384


@dataclass(slots=True)
class Scan:
    """One sheet: formulas without a value by (row, position), error values, hidden rows and columns, percentages."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
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
    _Xml(file).parse(parts.get(STYLES, b"<styleSheet/>"))
    sheets, cells = dict[str, Scan](), 0
    for name, relation in book.sheets.items():
        part = targets.parts.get(relation, "")
        if part in parts:
            sheet = _Sheet(f"{file}[{name}]", strings.count, recalculates=book.recalculates, cells=cells)
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
    """Walks one part: ``start`` and ``end`` by local name, ``text`` where ``keep`` is set."""

    def __init__(self, file: str) -> None:
        self.file, self.keep, self.text = file, False, list[str]()
        self._local: dict[str, str] = {}

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        local: Callable[[str], str] = self._name
        parser.StartElementHandler = lambda name, attributes: self.start(local(name), attributes)
        parser.EndElementHandler = lambda name: self.end(local(name))
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

    def _name(self, name: str) -> str:
        found = self._local.get(name)
        return found if found is not None else self._local.setdefault(name, name.rpartition(":")[2])

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
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            label = attributes.get("name", "")
            if label in self.sheets:
                raise InputError("workbook-broken", {"reason": f"{label[:40]} × 2"}, file=self.file)
            self.sheets[label] = relation
        elif name == "calcPr":
            self.recalculates = attributes.get("fullCalcOnLoad") in ("1", "true")


class _Relations(_Xml):
    """Which part each sheet is in."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.parts: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.parts[attributes.get("Id", "")] = path


class _Strings(_Xml):
    """How many shared texts there are; none of them too long."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.count = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            self.count, self.keep = self.count + 1, True
            self.text.clear()

    def end(self, name: str) -> None:
        if name == "si":
            self.keep = False
            limits.check("limit-cell-text", sum(map(len, self.text)), limits.SHEET_TEXT, file=self.file)


class _Sheet(_Xml):
    """The cells of a sheet, in order, each once, each with a value that is one."""

    def __init__(self, file: str, strings: int, *, recalculates: bool, cells: int) -> None:
        super().__init__(file)
        self.scan, self.cells = Scan(), cells
        self._strings, self._recalculates = strings, recalculates
        self._row = self._column = self._widest = 0
        self._kind, self._formula, self._value = "", None, None  # type: str, str | None, str | None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._place(attributes.get("r"))
            self._kind, self._formula, self._value = attributes.get("t", "n"), None, None
        elif name in ("v", "f", "is"):
            self.keep = True
            self.text.clear()
        elif name == "row":
            self._next_row(attributes)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.scan.hidden += 1

    def end(self, name: str) -> None:
        if name == "c":
            self._cell()
        elif name in ("v", "f", "is"):
            self.keep, text = False, "".join(self.text)
            if name == "f":
                self._formula = text
            else:
                self._value = text

    def _next_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r", str(self._row + 1))
        if not given.isdecimal() or int(given) <= self._row:
            raise InputError("workbook-order", {"cell": f"A{given[:10]}"}, file=self.file)
        self._row, self._column = int(given), 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden += 1

    def _place(self, reference: str | None) -> None:
        """Positions must rise; a cell without one stands next to the one before."""
        column = self._column + 1
        if reference is not None:
            found = _REFERENCE.fullmatch(reference)
            column = _number(found[1]) if found else 0
            if not found or int(found[2]) != self._row or not self._column < column <= _MAX_COLUMNS:
                raise InputError("workbook-order", {"cell": reference[:20]}, file=self.file)
        self._column = column

    def _cell(self) -> None:
        at, value, kind = (self._row, self._column - 1), self._value, self._kind
        if value is None and self._formula is None:
            return
        self._count()
        uncalculated = not value and kind != "str"
        # Writers that cannot calculate leave 0 and ask the spreadsheet to calculate on opening.
        if self._formula is not None and (value is None or uncalculated or (self._recalculates and value == "0")):
            self.scan.formulas[at] = f"={self._formula}"
        elif kind == "e":
            self.scan.errors[at] = value or "#N/A"
        elif kind == "s":
            self._shared(value or "")
        elif kind == "n" and value and not _is_number(value):
            raise InputError("workbook-number", {"cell": self._where(), "value": value[:40]}, file=self.file)
        if value is not None:
            limits.check("limit-cell-text", len(value), limits.SHEET_TEXT, file=self.file, row=self._row)

    def _count(self) -> None:
        self.cells += 1
        self._widest = max(self._widest, self._column)
        limits.check("limit-rows", self._row, limits.ROWS, file=self.file)
        limits.check("limit-columns", self._column, limits.COLUMNS, file=self.file, row=self._row)
        limits.check("limit-cells", self.cells, limits.SHEET_CELLS, file=self.file)
        limits.check("limit-cells", self._row * self._widest, limits.SHEET_AREA, file=self.file)

    def _shared(self, value: str) -> None:
        if not value.strip().isdecimal() or not value.isascii() or int(value) >= self._strings:
            raise InputError("workbook-string", {"cell": self._where(), "value": value[:20]}, file=self.file)

    def _where(self) -> str:
        return f"{_letters(self._column)}{self._row}"


def _is_number(value: str) -> bool:
    text = value.strip()
    return bool(_NUMBER.fullmatch(text)) and abs(float(text)) < float("inf")


def _number(letters: str) -> int:
    total = 0
    for sign in letters:
        total = total * 26 + ord(sign) - 64
    return total


def _letters(column: int) -> str:
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)
