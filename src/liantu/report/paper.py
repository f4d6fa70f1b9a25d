"""The report as a PDF in the manner of official papers, set by Typst. Owns: what of a page goes on paper. Never: what is said.

The page is handed over as data and the template is fixed, so nothing in a chain can become an instruction to the typesetter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from liantu.errors import CallError
from liantu.report.page import DRAWN, Cell, Column, Page, Phrase, Report, Section, Table
from liantu.report.pictures import chain_svg, curve_svg, length, tiles_svg
from liantu.words import Lang, say

_NUMERALS = "一二三四五六七八九十"
# The most that a column asks for, and one of long sentences.
_MOST = (16.0, 24.0)
# The first of each that the machine has; paper needs Chinese glyphs even in English, for names.
_SERIF = ("FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Noto Sans CJK SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "Microsoft YaHei", "WenQuanYi Micro Hei")
_BODY = ("FangSong_GB2312", "FangSong", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Noto Sans CJK SC")


def render_pdf(report: Report) -> bytes:
    """The report in its own language as a PDF file; the same report gives the same bytes.

    Raises
    ------
    CallError
        ``report-no-typeface`` if the machine has no typeface with Chinese characters.
    """
    import typst

    known = set(typst.Fonts().families())
    faces = {
        name: next((face for face in wanted if face in known), "") for name, wanted in (("serif", _SERIF), ("sans", _SANS), ("body", _BODY))
    }
    if not all(faces.values()):
        raise CallError("report-no-typeface", {"names": ", ".join(_SANS[:2])})
    template = files("liantu.report").joinpath("templates/report.typ").read_bytes()
    data = json.dumps({**_page(report.page), "faces": faces}, ensure_ascii=False, allow_nan=False)
    return bytes(typst.compile(template, sys_inputs={"page": data}))


def _page(page: Page) -> dict[str, object]:
    return {
        "lang": page.lang,
        "title": page.title,
        "dateline": " · ".join((*page.dateline, *page.badges)),
        "conclusion": plain(page.conclusion),
        "reckoned": page.reckoned,
        "figures": [[figure.label, figure.value, figure.unit, figure.meaning] for figure in page.figures],
        "sections": [_section(place, section, page.lang) for place, section in enumerate(page.sections, start=1)],
        "foot": list(page.foot),
    }


def _section(place: int, section: Section, lang: Lang) -> dict[str, object]:
    return {
        "title": ordinal(place, lang) + section.title,
        "hint": section.undrawn or section.hint,
        "lead": plain(section.lead),
        "pictures": [[title, svg] for title, svg in pictured(section, lang)],
        "targets": [[target.name, target.value, target.target, target.verdict] for target in section.targets],
        "why": section.spotlight.why if section.spotlight else "",
        "tables": [_table(table) for table in (*section.tables, *(sankey.ends for sankey in section.sankeys[:2]))],
        "notes": list(section.notes),
    }


def _table(table: Table) -> dict[str, object]:
    laid = on_paper(table)
    return {
        "title": table.title,
        "columns": [[column.title, column.kind, width] for column, width in zip(laid.columns, laid.widths, strict=True)],
        "rows": [[[cell.text, cell.tone, below] for cell, below in row] for row in laid.rows],
        "cut": table.cut or ("" if table.rows else table.empty),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A table as it stands on paper: its columns, their shares of the width, its cells each with what stands beneath it."""

    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[tuple[Cell, str], ...], ...]


def on_paper(table: Table) -> Laid:
    """What of a table goes on paper: no bars, no columns a phone leaves out either; reasons beneath the names."""
    kept = [place for place, column in enumerate(table.columns) if column.kind not in (*DRAWN, "under") and not column.minor]
    under = [place for place, column in enumerate(table.columns) if column.kind == "under"]
    rows = tuple(
        tuple((row[place], row[under[0]].text if under and table.columns[place].kind == "name" else "") for place in kept)
        for row in table.rows[: table.shown]
    )
    columns = tuple(table.columns[place] for place in kept)
    return Laid(columns=columns, rows=rows, widths=tuple(_wanted(column, [row[at] for row in rows]) for at, column in enumerate(columns)))


def _wanted(column: Column, cells: Sequence[tuple[Cell, str]]) -> float:
    """How much of the width a column asks for: its longest text, within reason; a head may stand in two lines, no word or figure in two."""
    texts = [cell.text for cell, _ in cells]
    longest = max((max(length(cell.text), 0.4 * length(below)) for cell, below in cells), default=0.0)
    # A head in Chinese may break anywhere, an address at its strokes.
    words = column.title.split() if column.title.isascii() else []
    unbroken = max((length(word) for word in (*words, *(texts if column.kind in ("number", "unit") else ()))), default=0.0)
    return max(min(longest + 1.6, _MOST[column.kind == "text" and longest > 40]), unbroken + 1.8, 3.4, 0.62 * length(column.title))


def pictured(section: Section, lang: Lang) -> Iterator[tuple[str, str]]:
    """The drawings of a section, each under its title, as SVG."""
    if section.chain:
        yield section.title, chain_svg(section.chain, say("report.lane-return", lang))
    if section.tiles:
        titled = say("report.paper-caption", lang, {"title": section.tiles.title, "hint": section.tiles.hint})
        yield titled if section.tiles.hint else section.tiles.title, tiles_svg(section.tiles)
    if section.spotlight and section.spotlight.curve:
        yield section.spotlight.title, curve_svg(section.spotlight.curve)


def plain(phrases: Iterable[Phrase]) -> str:
    """A sentence without its colours."""
    return "".join(phrase.text for phrase in phrases)


def ordinal(place: int, lang: Lang) -> str:
    """一、 or 1. before a heading."""
    if lang != "zh":
        return f"{place}. "
    tens, ones = divmod(place, 10)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "") + "、"
