"""The report as a Word file in the manner of official papers. Owns: its paragraphs, tables and pictures. Never: what is said.

Margins, sizes and headings follow GB/T 9704-2012. The typefaces it asks for are not free: they are named, not embedded, and
stand in the reader's own Office.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from liantu.report.page import Cell, Column, Page, Report, Section, Table
from liantu.report.paper import on_paper, ordinal, pictured, plain
from liantu.report.pictures import FONTS
from liantu.words import say

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# Typefaces of the standard: title, body, first and second heading; figures in a Latin face.
_TITLE, _BODY, _FIRST, _SECOND, _LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
_LINE_PT, _BODY_PT, _TITLE_PT, _TABLE_PT, _SMALL_PT = 28.8, 16, 22, 9, 9
_WIDTH_MM = 210 - 28 - 26
_PIXELS = 1560
# Beside the text of a cell, in twentieths of a point.
_BESIDE = 57
_INK = {"long": "5B3F96", "short": "9A4A00", "missing": "7F3B08", "red": "B42318", "yellow": "7A5600", "green": "17663C"}


def render_word(report: Report) -> bytes:
    """The report in its own language as a .docx file."""
    import docx

    document = docx.Document()
    _set_up(document, report.page)
    _head(document, report.page)
    for place, section in enumerate(report.page.sections, start=1):
        _section(document, report.page, place, section)
    for line in report.page.foot:
        _paragraph(document, line, _BODY, _SMALL_PT, line_pt=14)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _set_up(document: Document, page: Page) -> None:
    from docx.shared import Mm

    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _faced(document.styles["Normal"].element, _BODY, "zh-CN" if page.lang == "zh" else "en-GB")
    document.core_properties.title = page.title
    document.core_properties.author = "Liantu"
    _numbered(sheet.footer.paragraphs[0])


def _faced(style: object, face: str, lang: str) -> None:
    """Asks for the Chinese typeface and glyphs: without both a reader falls back to Japanese ones."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    settings = style.get_or_add_rPr()  # type: ignore[attr-defined]
    fonts = settings.get_or_add_rFonts()
    for name, value in (("w:ascii", _LATIN), ("w:hAnsi", _LATIN), ("w:eastAsia", face)):
        fonts.set(qn(name), value)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), lang)
    settings.append(spoken)


def _numbered(paragraph: Paragraph) -> None:
    """— 1 —"""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", "宋体", 14)
    run = _run(paragraph, "", "宋体", 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001 - python-docx has no fields of its own
    _run(paragraph, " —", "宋体", 14)


def _head(document: Document, page: Page) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = _paragraph(document, page.title, _TITLE, _TITLE_PT, line_pt=36)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = _paragraph(document, " · ".join((*page.dateline, *page.badges)), _SECOND, 12, line_pt=22)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, plain(page.conclusion), _BODY, _BODY_PT, indent=True, bold=True)
    _paragraph(document, page.reckoned, _BODY, _BODY_PT, indent=True)
    for figure in page.figures:
        said = say("report.paper-figure", page.lang, {
            "label": figure.label, "value": f"{figure.value} {figure.unit}".strip(), "meaning": figure.meaning})  # fmt: skip
        _paragraph(document, said, _BODY, _BODY_PT, indent=True)


def _section(document: Document, page: Page, place: int, section: Section) -> None:
    heading = _paragraph(
        document, ordinal(place, page.lang) + section.title, _FIRST, _BODY_PT, indent=page.lang == "zh", bold=page.lang == "en", heading=1
    )
    heading.paragraph_format.keep_with_next = True
    for text, bold in ((plain(section.lead), True), (section.undrawn or section.hint, False)):
        if text:
            _paragraph(document, text, _BODY, _BODY_PT, indent=True, bold=bold).paragraph_format.keep_with_next = True
    for title, svg in pictured(section, page.lang):
        _picture(document, title, svg)
    for target in section.targets:
        said = say("report.paper-target", page.lang, {
            "name": target.name, "value": target.value, "target": target.target, "verdict": target.verdict})  # fmt: skip
        _paragraph(document, said, _BODY, _BODY_PT, indent=True)
    if section.spotlight:
        _paragraph(document, section.spotlight.why, _BODY, _BODY_PT, indent=True)
    for table in _tables(section):
        _table(document, table)
    for note in section.notes:
        _paragraph(document, note, _BODY, 10.5, line_pt=16)


def _tables(section: Section) -> Iterator[Table]:
    yield from section.tables
    yield from (sankey.ends for sankey in section.sankeys[:2])


def _picture(document: Document, title: str, svg: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Mm
    from resvg_py import svg_to_bytes

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    # Exact spacing would cut the picture to one line.
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    drawn = bytes(svg_to_bytes(svg_string=svg, width=_PIXELS, background="white", font_family=FONTS.split(",")[0]))
    picture = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(_WIDTH_MM))
    for side in "TBLR":
        # Where it is not said, LibreOffice takes an eighth of an inch.
        picture._inline.set(f"dist{side}", "0")  # noqa: SLF001 - not in python-docx
    caption = _paragraph(document, title, _SECOND, 10.5, line_pt=16)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(document: Document, table: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    if not table.rows:
        _paragraph(document, table.empty, _BODY, 10.5, line_pt=16)
        return
    title = _paragraph(document, table.title, _SECOND, 12, line_pt=22)
    title.paragraph_format.keep_with_next = True
    laid = on_paper(table)
    made = document.add_table(rows=1, cols=len(laid.columns))
    made.autofit = False
    for column, width in zip(made.columns, laid.widths, strict=True):
        column.width = Mm(_WIDTH_MM * width / sum(laid.widths))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _narrow(made)
    _whole(made.rows[0])
    _repeated(made.rows[0])
    _row(made.rows[0].cells, [(Cell(text=column.title), "") for column in laid.columns], laid.columns, _FIRST)
    for row in laid.rows:
        added = made.add_row()
        _whole(added)
        _row(added.cells, row, laid.columns, _BODY)
    if table.cut:
        _paragraph(document, table.cut, _BODY, _SMALL_PT, line_pt=14)
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _narrow(table: object) -> None:
    """Little room beside the text of a cell, or short words break."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(_BESIDE))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    settings = table._tbl.tblPr  # type: ignore[attr-defined]  # noqa: SLF001 - not in python-docx
    # The order within is fixed: before tblLook, which is last.
    settings.insert(len(settings) - 1 if settings[-1].tag == qn("w:tblLook") else len(settings), margins)


def _repeated(row: object) -> None:
    """The head stands on every sheet."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[attr-defined]  # noqa: SLF001 - not in python-docx


def _whole(row: object) -> None:
    """A row stands whole on one sheet."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]  # noqa: SLF001 - not in python-docx


def _row(into: Sequence[object], cells: Iterable[tuple[Cell, str]], columns: Iterable[Column], face: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    for box, (cell, below), column in zip(into, cells, columns, strict=True):
        paragraph = box.paragraphs[0]  # type: ignore[attr-defined]
        paragraph.paragraph_format.line_spacing = Pt(13)
        if column.kind == "number":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = _run(paragraph, cell.text, face, _TABLE_PT, bold=column.kind == "name")
        if cell.tone in _INK:
            run.font.color.rgb = RGBColor.from_string(_INK[cell.tone])
        if below:
            run.add_break()
            _run(paragraph, below, face, _TABLE_PT - 1.5)


def _paragraph(
    document: Document, text: str, face: str, size: float, *, line_pt: float = _LINE_PT, indent: bool = False, bold: bool = False,
    heading: int = 0,
) -> Paragraph:  # fmt: skip
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    look = paragraph.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing = Pt(line_pt)
    if indent:
        look.first_line_indent = Pt(2 * size)
    if heading:
        _outlined(paragraph, heading)
    _run(paragraph, text, face, size, bold=bold)
    return paragraph


def _outlined(paragraph: Paragraph, level: int) -> None:
    """Gives a heading its place in the outline, without the look of Word's own headings."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    paragraph._p.get_or_add_pPr().append(outline)  # noqa: SLF001 - python-docx has no outline of its own


def _run(paragraph: Paragraph, text: str, face: str, size: float, *, bold: bool = False) -> Run:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # noqa: SLF001 - python-docx knows Latin faces only
    return run
