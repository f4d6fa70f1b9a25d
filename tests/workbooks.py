"""Workbooks and archives built for a test, good ones and ones that no program should write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

MATERIALS = [["id", "unit"], ["ore", "t"], ["metal", "t"]]
PROCESSES = [["id", "stage", "product"], ["smelt", "smelting", "metal"]]
EXCHANGES = [
    ["process", "material", "direction", "amount", "unit", "source"], ["smelt", "ore", "in", "2", "t", "s"], ["smelt", "metal", "out", "1", "t", "s"],
]  # fmt: skip
PACKAGE_TABLES = {"materials": MATERIALS, "processes": PROCESSES, "exchanges": EXCHANGES}


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as plain CSV."""
    return "".join(",".join(row) + "\n" for row in rows)


def folder(path: Path, **tables: Sequence[Sequence[str]] | bytes | str) -> Path:
    """A folder of CSV files, the small good package overlaid by ``tables``."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in {**PACKAGE_TABLES, **tables}.items():
        content = rows if isinstance(rows, bytes) else rows.encode() if isinstance(rows, str) else csv_text(rows).encode()
        (path / f"{name}.csv").write_bytes(content)
    return path


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], **options: Any) -> Path:
    """A workbook with these cells, written by xlsxwriter."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **options}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and not options.get("strings_to_formulas"):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path


def parts(sheet: str, *, strings: str = "", name: str = "materials", extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The parts of a workbook with one sheet whose XML is given."""
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"), ("sharedStrings.xml", "sharedStrings"))
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{DOCUMENT}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{DOCUMENT}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        **(extra or {}),
    }


def zipped(
    files: Mapping[str, str | bytes] | Sequence[tuple[str | zipfile.ZipInfo, str | bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An archive of these files, which may share a name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, content)
    return out.getvalue()


HEADER = "".join(
    f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>' for cell, text in (("A1", "id"), ("B1", "unit"), ("C1", "kg_per_unit"))
)


def row(number: int, *cells: str) -> str:
    """A row of a sheet's XML."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def raw_book(path: Path, *rows: str, strings: str = "") -> Path:
    """A workbook whose materials sheet has the header id, unit, kg_per_unit in row 1 and these rows in XML."""
    path.write_bytes(zipped(parts(row(1, HEADER) + "".join(rows), strings=strings)))
    return path


def text(cell: str, words: str) -> str:
    """A text cell of a sheet's XML."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{words}</t></is></c>'
