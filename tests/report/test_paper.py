"""Word and PDF: the same words as the page, on A4 with the margins of an official paper, nothing in them an instruction."""

from __future__ import annotations

import io
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from liantu.errors import CallError
from liantu.report import FORMATS, Report, pictures, rendered, report
from liantu.report.page import Bar, ChainMap, Curve, Node, Stage, Tile, TileMap
from liantu.report.paper import on_paper, ordinal
from liantu.report.word import render_word
from liantu.words import LANGUAGES, Lang
from tests.report.cast import TABLES, asked, reported
from tests.report.outlook import foreseen, plan

PAYLOADS = ("#sys.version", "#let x = 1; $x$ *b* _i_ \\", "<w:t>x</w:t>", "{{ 7 * 7 }}", "</text><script>1</script>")


def opened(made: Report) -> docx.document.Document:
    return docx.Document(io.BytesIO(render_word(made)))


def texts(made: Report) -> list[str]:
    return [paragraph.text for paragraph in opened(made).paragraphs]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_says_what_the_page_says(lang: str) -> None:
    made = foreseen(lang, (plan(),))
    said = texts(made)

    assert made.title == said[0]
    assert made.conclusion in said
    for place, section in enumerate(made.sections, start=1):
        assert ordinal(place, made.lang) + section.title in said


def test_word_has_every_table_of_the_page_with_the_rows_it_shows() -> None:
    made = foreseen("zh", (plan(),))
    expected = [
        [laid.columns[0].title, *(row[0][0].text for row in laid.rows)]
        for section in made.sections
        for table in (*section.tables, *(sankey.ends for sankey in section.sankeys[:2]))
        if table.rows
        for laid in [on_paper(table)]
    ]

    assert expected == [
        [row.cells[0].text.splitlines()[0] if row.cells[0].text else "" for row in table.rows] for table in opened(made).tables
    ]


def test_word_cuts_no_row_between_pages_and_sets_headings_beside_what_follows() -> None:
    document = opened(reported("en"))
    rows = [row for table in document.tables for row in table.rows]
    assert rows and all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    headed = [one for one in document.paragraphs if one._p.pPr is not None and one._p.pPr.find(qn("w:outlineLvl")) is not None]
    assert headed and all(one.paragraph_format.keep_with_next for one in headed)


@pytest.mark.parametrize(
    ("lang", "absent", "left"), [("en", ("width is", "own scale"), "worst first"), ("zh", ("宽度 =", "满格"), "最缺的在前")]
)
def test_paper_says_nothing_of_drawings_it_leaves_out(lang: Lang, absent: tuple[str, ...], left: str) -> None:
    made = reported(lang)
    said = texts(made)
    assert left in said and not [text for text in said for word in absent if word in text]
    assert all(any(word in section.hint for section in made.page.sections) for word in absent)


def test_word_keeps_the_margins_of_gb_t_9704() -> None:
    sheet = opened(reported("zh")).sections[0]

    wanted = (Mm(210), Mm(297), Mm(37), Mm(35), Mm(28), Mm(26))
    got = (sheet.page_width, sheet.page_height, sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin)
    # Word counts in twentieths of a point: 635 of its units.
    assert all(abs(one - other) <= 635 for one, other in zip(wanted, got, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_is_the_same_bytes_twice(lang: str) -> None:
    made = foreseen(lang, (plan(),))
    first = rendered(made, "pdf")

    assert first == rendered(made, "pdf")
    assert first.startswith(b"%PDF-")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_chain_is_an_instruction_to_the_typesetter(payload: str) -> None:
    quoted = payload.replace('"', '""')
    materials = TABLES["materials"].replace("Cathode,正极", f'"{quoted}","{quoted}"')
    made = report(*asked({"materials": materials}), lang="zh")

    assert rendered(made, "pdf").startswith(b"%PDF-")
    assert any(payload in cell.text for table in opened(made).tables for row in table.rows for cell in row.cells)


@pytest.mark.parametrize(("form", "package"), [("pdf", "typst"), ("docx", "docx")])
def test_what_is_not_installed_is_named_with_the_way_out(form: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(CallError) as caught:
        rendered(reported("en"), form)
    assert "report-no-writer" == caught.value.code
    assert "liantu[web]" in caught.value.hint("en")


def test_every_format_is_offered_on_the_command_line() -> None:
    from liantu.cli.report import FORMATS as OFFERED

    assert tuple(FORMATS) == OFFERED


NODE = Node(
    name="<b>&", unit="t", figures="1 / 2", state="short", word="短", bar=Bar(running=40, building=20, planned=10, need=70), load=""
)
DRAWN: list[Callable[[], str]] = [
    lambda: pictures.chain_svg(ChainMap(main=(Stage(name="<i>", key="salts", nodes=(NODE,) * 9),), back=(Stage(name="b", key="return", nodes=(NODE,)),), counts=()), "lane"),
    lambda: pictures.tiles_svg(TileMap(title="t", hint="", caption="<c>", tiles=(Tile(row=2, column=5, name="<n>", figure="1", word="w", siting="best"),), legend=(("best", "b"),))),
    lambda: pictures.curve_svg(Curve(box=(400, 200), line=((40, 180), (300, 20)), zero=180, step=(60, 160), useful=300, label="l", across=((40, "0"),), up=((180, "0"),), unit="<u>")),
]  # fmt: skip


@pytest.mark.parametrize("draw", DRAWN)
def test_a_drawing_is_whole_xml_and_inside_its_box(draw: Callable[[], str]) -> None:
    root = ET.fromstring(draw())
    width, height = (float(root.attrib[name]) for name in ("width", "height"))

    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        if "x" in box.attrib:
            assert float(box.attrib["x"]) + float(box.attrib["width"]) <= width + 1
            assert -3 <= float(box.attrib["y"]) and float(box.attrib["y"]) + float(box.attrib["height"]) <= height + 3


def test_a_stage_has_the_colour_of_the_page() -> None:
    drawn = pictures.chain_svg(ChainMap(main=(Stage(key="salts", name="s", nodes=(NODE,)),), back=(), counts=()), "lane")

    assert '<rect x="0" y="0" width="142" height="3" fill="#35507A"/>' in drawn


def test_a_bar_is_as_long_as_its_shares() -> None:
    root = ET.fromstring(pictures.chain_svg(ChainMap(main=(Stage(name="s", key="salts", nodes=(NODE,)),), back=(), counts=()), "lane"))
    widths = [float(box.attrib["width"]) for box in root.iter("{http://www.w3.org/2000/svg}rect") if box.attrib.get("height") == "7"]

    # 128 wide in all: 40 per cent run, 10 are planned; the hatch of what is building is a stroke.
    assert [128.0, 51.2, 12.8] == pytest.approx(widths)
