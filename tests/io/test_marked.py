"""The user's own workbook back: bad cells marked and explained, all else as it was."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from liantu.errors import CallError
from liantu.io import limits, marked, marks
from liantu.io.assemble import assemble
from liantu.io.marked import write_marked
from liantu.io.readers import read
from liantu.io.template import write_template
from liantu.io.writers import write
from liantu.model.findings import Finding
from liantu.model.tables import Table, Tables

RED, YELLOW, RED_EDGE, YELLOW_EDGE = "FFFDECEA", "FFFFF5D6", "FFB42318", "FFE3A400"
NAME = "桂阳 表.xlsx"


@pytest.fixture(autouse=True)
def _in_this_process(request, monkeypatch):
    """A process for each test would cost a second each; those named ``…child…`` and ``…ended…`` start one."""
    if "child" not in request.node.name and "ended" not in request.node.name:
        monkeypatch.setattr(marked, "mark", marks.marked)


def _finding(code: str, row: int | None, column: str | None, file: str = f"{NAME}[装置产能]", **values: str | int) -> Finding:
    return Finding(code=code, values=values, file=file, row=row, column=column)


@pytest.fixture
def source(tmp_path) -> Path:
    """An office's own table: a title over three columns, a header in row 3, a formula, a date, a comment, formats."""
    book = Workbook()
    sheet = book.active
    sheet.title = "装置产能"
    sheet["A1"] = "桂阳县产能调度表"
    sheet.merge_cells("A1:C1")
    sheet["A1"].font = Font(bold=True, size=16)
    for at, text in enumerate(("编号", "产能（万吨/年）", "状态", "合计"), start=1):
        sheet.cell(3, at, text)
    for row, (name, amount, status) in enumerate((("p1", 3, "在产"), ("p2", "很多", "在产"), ("p3", 5, "不知道")), start=4):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, amount)
        sheet.cell(row, 3, status)
        sheet.cell(row, 4, f"=B{row}*2")
    sheet["B4"].number_format = "#,##0.00"
    sheet["A5"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["C6"].comment = Comment("老王：待核", "老王")
    sheet["E4"] = date(2024, 5, 18)
    sheet["E5"] = "=cmd|' /C calc'!A0"
    sheet["E5"].data_type = "s"
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("备注")["A1"] = "原样"
    path = tmp_path / NAME
    book.save(path)
    return path


@pytest.fixture
def tables() -> Tables:
    return Tables(
        name=NAME,
        tables={
            "plants": Table(
                name="plants",
                columns={"id": ["p1", "p2", "p3"], "capacity": ["3", "很多", "5"], "status": ["在产", "在产", "不知道"]},
                lines=[4, 5, 6],
                files=[f"{NAME}[装置产能]"],
                headers={"id": "编号", "capacity": "产能（万吨/年）", "status": "状态"},
            )
        },
    )


FINDINGS = (
    _finding("number", 5, "capacity", value="很多"),
    _finding("unit", 5, "capacity", value="堆"),
    _finding("currency", 6, "status", value="不知道"),
    _finding("unit", None, None, value="箱"),
)


def _marked(source, findings, tmp_path, lang="zh", tables=None):
    out = tmp_path / "标红.xlsx"
    write_marked(source, findings, out, lang, tables=tables)
    return load_workbook(out)


def test_a_wrong_cell_is_red_and_says_what_and_what_to_do(source, tables, tmp_path):
    cell = _marked(source, FINDINGS, tmp_path, tables=tables)["装置产能"]["B5"]
    assert (RED, RED_EDGE, RED_EDGE) == (cell.fill.fgColor.rgb, cell.border.left.color.rgb, cell.border.bottom.color.rgb)
    for finding in FINDINGS[:2]:
        assert finding.message("zh") in cell.comment.text
        assert finding.hint("zh") in cell.comment.text


def test_a_doubtful_cell_is_yellow_and_a_note_only_has_its_comment(source, tables, tmp_path, a_warning, a_note):
    findings = [_finding(a_warning, 4, "capacity"), _finding(a_note, 4, "status")]
    sheet = _marked(source, findings, tmp_path, tables=tables)["装置产能"]
    assert (YELLOW, YELLOW_EDGE) == (sheet["B4"].fill.fgColor.rgb, sheet["B4"].border.top.color.rgb)
    assert (None, True) == (sheet["C4"].fill.fill_type, sheet["C4"].comment is not None)


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


@pytest.fixture
def a_warning(monkeypatch):
    monkeypatch.setattr(Finding, "level", property(lambda self: "warning" if self.code == "currency" else "note"))
    monkeypatch.setattr(Finding, "message", lambda self, lang: f"{self.code} {lang}")
    return "currency"


@pytest.fixture
def a_note(a_warning):
    return "read-name"


def test_everything_else_stays_as_it_was(source, tables, tmp_path):
    sheet, before = _marked(source, FINDINGS, tmp_path, tables=tables)["装置产能"], load_workbook(source)["装置产能"]
    kept = [(cell.coordinate, cell.value) for row in before.iter_rows() for cell in row]
    assert kept == [(cell.coordinate, cell.value) for row in sheet.iter_rows() for cell in row]
    assert (["A1:C1"], 33, "#,##0.00") == (
        [str(area) for area in sheet.merged_cells.ranges], sheet.column_dimensions["A"].width, sheet["B4"].number_format,
    )  # fmt: skip
    assert ("f", "s", "FF00FF00") == (sheet["D4"].data_type, sheet["E5"].data_type, sheet["A5"].fill.fgColor.rgb)


def test_the_user_s_comment_is_kept_above_ours(source, tables, tmp_path):
    comment = _marked(source, FINDINGS, tmp_path, tables=tables)["装置产能"]["C6"].comment
    assert ("老王", True) == (comment.author, comment.text.startswith("老王：待核"))
    assert FINDINGS[2].message("zh") in comment.text


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell(source, tables, tmp_path, lang):
    book = _marked(source, FINDINGS, tmp_path, lang, tables)
    assert [{"zh": "检查结果", "en": "Findings"}[lang], "装置产能", "备注"] == book.sheetnames
    rows = list(book.worksheets[0].iter_rows(min_row=5, max_col=6))
    assert [finding.message(lang) for finding in FINDINGS] == [row[3].value for row in rows]
    assert [finding.hint(lang) for finding in FINDINGS] == [row[4].value for row in rows]
    assert ["'装置产能'!B5", "'装置产能'!B5", "'装置产能'!C6", "'装置产能'!A1"] == [row[1].hyperlink.location for row in rows]
    assert [True, False, False] == [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets]


def test_checking_a_marked_workbook_again_takes_the_old_marks_off(source, tables, tmp_path):
    write_marked(source, FINDINGS, source, "zh", tables=tables)
    book = _marked(source, [], tmp_path, "en", tables)
    sheet = book["装置产能"]
    assert (None, None, "老王：待核") == (sheet["B5"].fill.fill_type, sheet["B5"].comment, sheet["C6"].comment.text)
    assert ["Findings", "装置产能", "备注"] == book.sheetnames


def test_a_finding_is_placed_without_the_tables_by_the_header_it_means(source, tmp_path):
    sheet = _marked(source, FINDINGS, tmp_path)["装置产能"]
    assert (RED, RED) == (sheet["B5"].fill.fgColor.rgb, sheet["C6"].fill.fgColor.rgb)


def test_a_finding_in_a_merged_cell_marks_the_cell_that_shows(source, tables, tmp_path):
    sheet = _marked(source, [_finding("unit", 1, "capacity", value="x")], tmp_path, tables=tables)["装置产能"]
    assert RED == sheet["A1"].fill.fgColor.rgb


def test_text_in_a_message_is_never_a_formula(source, tables, tmp_path):
    out = tmp_path / "out.xlsx"
    findings = [_finding("unit", 5, "=1+1", value="=1+1"), _finding("unit", 5, "capacity", value="\x01\x0b")]
    write_marked(source, findings, out, "zh", tables=tables)
    with zipfile.ZipFile(out) as archive:
        listed = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]", listed)


def test_a_csv_file_comes_back_as_a_workbook_with_its_own_line_numbers(tmp_path):
    table = Table(
        name="plants",
        columns={"id": ["001", "b"], "capacity": ["1", "=1+1"]},
        lines=[2, 5],
        files=["plants.csv"],
        headers={"capacity": "产能"},
    )
    (tmp_path / "plants.csv").write_text("")
    given = Tables(name="plants.csv", tables={"plants": table})
    sheet = _marked(tmp_path / "plants.csv", [_finding("number", 5, "capacity", "plants.csv", value="x")], tmp_path, tables=given)["plants"]
    assert [("id", "产能"), ("001", 1), (None, None), (None, None), ("b", "=1+1")] == list(sheet.iter_rows(values_only=True))
    assert (RED, "s") == (sheet["B5"].fill.fgColor.rgb, sheet["B5"].data_type)


@pytest.mark.parametrize("name", ["pkg", "pkg.zip"])
def test_a_folder_and_a_zip_come_back_as_a_workbook_too(tmp_path, name):
    columns = {"id": ["a", "b"], "unit": ["t", "箱子"]}
    table = Table(name="materials", columns=columns, lines=[2, 3], files=["materials.csv"])
    write(Tables(name="x", tables={"materials": table}), tmp_path / name)
    given = read(tmp_path / name)
    finding = _finding("unit", 3, "unit", given.tables["materials"].file(1), value="箱子")
    sheet = _marked(tmp_path / name, [finding], tmp_path)["materials"]
    assert (RED, "箱子") == (sheet["B3"].fill.fgColor.rgb, sheet["B3"].value)


def test_what_the_checks_find_is_marked_in_the_template_that_was_filled_in(tmp_path):
    columns = {"id": ["a", "b"], "unit": ["t", "箱子"], "kg_per_unit": ["很多", ""]}
    table = Table(name="materials", columns=columns, lines=[2, 3], files=["x"])
    write_template(tmp_path / "填好.xlsx", "zh", tables=Tables(name="x", tables={"materials": table}))
    _, found = assemble(read(tmp_path / "填好.xlsx"))
    sheet = _marked(tmp_path / "填好.xlsx", found.shown(), tmp_path)["物料"]
    red = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == RED}
    assert {"箱子", "很多"} <= red


def test_of_a_large_table_only_the_rows_with_findings_are_shown_and_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(marked, "MAX_SHOWN_CELLS", 10)
    table = Table(name="plants", columns={"id": [str(row) for row in range(50)]}, lines=range(2, 52), files=["plants.csv"])
    given = Tables(name="x", tables={"plants": table})
    book = _marked(tmp_path, [_finding("unit", 30, "id", "plants.csv", value="x")], tmp_path, tables=given)
    assert [(1, "id"), (30, "28")] == [(cell.row, cell.value) for cell in book["plants"]["A"] if cell.value]
    assert "大表只列有问题的行。" == book.worksheets[0]["A3"].value


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_a_workbook_that_cannot_be_kept_gives_the_findings_in_a_new_one(tmp_path, data):
    (tmp_path / "bad.xlsx").write_bytes(data)
    book = _marked(tmp_path / "bad.xlsx", [_finding("unit", None, None, "bad.xlsx", value="x")], tmp_path)
    assert "原工作簿无法原样保留" in book.worksheets[0]["A3"].value
    assert "要改" == book.worksheets[0]["A6"].value


def test_a_workbook_too_large_to_load_is_not_loaded(source, tables, tmp_path, monkeypatch):
    monkeypatch.setattr(marked, "MAX_SHEET_BYTES", 10)
    book = _marked(source, FINDINGS, tmp_path, tables=tables)
    assert (RED, "产能（万吨/年）") == (book["装置产能"]["B5"].fill.fgColor.rgb, book["装置产能"]["B3"].value)


def test_a_child_marks_the_same_as_we_would(source, tables, tmp_path):
    sheet = _marked(source, FINDINGS, tmp_path, tables=tables)["装置产能"]
    assert (RED, True) == (sheet["B5"].fill.fgColor.rgb, FINDINGS[0].message("zh") in sheet["B5"].comment.text)


def test_a_workbook_that_would_fill_the_memory_is_ended_and_its_findings_still_come(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "CPU_S", 1)
    book, data = Workbook(), BytesIO()
    book.active.merge_cells("A1:B2")
    book.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bomb:
        for name in old.namelist():
            bomb.writestr(name, old.read(name).replace(b"A1:B2", b"A1:XFD1048576"))
    out = _marked(tmp_path / "bomb.xlsx", [_finding("unit", None, None, "bomb.xlsx", value="x")], tmp_path)
    assert "> 1 s" in out.worksheets[0]["A3"].value


def test_what_the_copy_leaves_out_is_said(source, tables, tmp_path):
    book = load_workbook(source)
    chart = BarChart()
    chart.add_data(Reference(book["装置产能"], min_col=2, min_row=4, max_row=6))
    book["备注"].add_chart(chart, "B2")
    book.save(source)
    assert "不在此副本中" in _marked(source, FINDINGS, tmp_path, tables=tables).worksheets[0]["A3"].value


def test_nothing_found_is_said(source, tables, tmp_path):
    assert "没有要改的：检查无发现。" == _marked(source, [], tmp_path, tables=tables).worksheets[0]["A2"].value


def test_the_marked_workbook_must_be_called_one(source, tmp_path):
    with pytest.raises(CallError) as caught:
        write_marked(source, [], tmp_path / "out.csv", "zh")
    assert ("write-workbook", [NAME]) == (caught.value.code, [entry.name for entry in tmp_path.iterdir()])


def test_a_sheet_the_user_called_findings_is_kept(tmp_path):
    book = Workbook()
    book.active.title = "检查结果"
    book.active["A1"] = "我的"
    data = BytesIO()
    book.save(data)
    (tmp_path / "x.xlsx").write_bytes(data.getvalue())
    got = _marked(tmp_path / "x.xlsx", [], tmp_path)
    assert ["我的"] == [got[name]["A1"].value for name in got.sheetnames[1:]]
