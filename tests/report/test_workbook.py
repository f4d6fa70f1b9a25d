"""The workbook and the folder: the same tables as the page, nothing live in them, whole or absent."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from liantu.errors import CallError, InputError
from liantu.report import Report, render_workbook, report, summary, write, write_workbook
from liantu.words import LANGUAGES, say
from tests.report.cast import TABLES, asked, reported

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", '=HYPERLINK("https://example.org")')


def opened(made: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(made)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_page_is_a_sheet_with_all_its_rows(lang: str) -> None:
    made = reported(lang)
    sheets = opened(made).worksheets[1:]
    tables = [table for table in made.page.tables() if table.key != "sources"]
    assert [table.title[:31].replace(":", "_") for table in tables] == [sheet.title for sheet in sheets]
    for table, sheet in zip(tables, sheets, strict=True):
        columns = [at for at, column in enumerate(table.columns) if column.kind != "bar"]
        assert [table.columns[at].title for at in columns] == [cell.value for cell in sheet[1]]
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(table.rows) == len(rows)
        for row, shown in zip(table.rows, rows, strict=True):
            cells = [row[at] for at in columns]
            assert [cell.text or None for cell in cells if cell.value is None] == [
                value for cell, value in zip(cells, shown, strict=True) if cell.value is None
            ]
            assert [cell.value for cell in cells if cell.value is not None] == pytest.approx(
                [value for cell, value in zip(cells, shown, strict=True) if cell.value is not None]
            )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_sheet_has_conclusion_run_line_and_sources(lang: str) -> None:
    made = reported(lang)
    sheet = opened(made).worksheets[0]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert say("report.sheet-summary", lang) == sheet.title
    assert {made.title, made.conclusion, *made.page.foot, "A hand-made example"} <= set(said)


def test_numbers_are_numbers_in_the_unit_of_their_row() -> None:
    sheet = opened(reported("en"))["Need against capacity"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Cell")
    assert ("MWh", "Short", 80, 100, -20) == (row[1], *row[3:7])


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_formula_in_a_name_stays_text(payload: str) -> None:
    chain, balance, require = asked()
    object.__setattr__(chain.materials, "name_en", tuple(payload for _ in chain.materials.name_en))
    object.__setattr__(chain.sources, "citation", tuple(payload for _ in chain.sources.citation))
    content = render_workbook(report(chain, balance, require, lang="en"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet]


def test_headers_stay_in_sight() -> None:
    assert {"B2"} == {sheet.freeze_panes for sheet in opened(reported()).worksheets[1:]}


def test_equal_input_gives_equal_bytes() -> None:
    assert render_workbook(reported()) == render_workbook(reported())


def test_both_files_are_written_and_named(tmp_path: Path) -> None:
    paths = write(reported(), tmp_path / "new" / "报告 1")
    assert ["report.html", "report.xlsx"] == [path.name for path in paths]
    assert all(path.stat().st_size > 5000 for path in paths)


def test_a_folder_that_cannot_be_made_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        write(reported(), tmp_path / "file" / "inside")
    assert caught.value.code.startswith("write-")
    assert ["file"] == [path.name for path in tmp_path.iterdir()]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="report format"):
        write(reported(), tmp_path, formats=("html", "odt"))
    assert [] == list(tmp_path.iterdir())


def test_a_workbook_can_be_written_alone(tmp_path: Path) -> None:
    write_workbook(reported(), tmp_path / "alone.xlsx")
    assert render_workbook(reported()) == (tmp_path / "alone.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("en", ("Missing 1: Cathode", "Short 1: Cell", "Long 2: Ore, Salt", "Residue use: 0 %, target ≥ 80 % (80 points short)")),
        ("zh", ("缺 1：正极", "短 1：电芯", "长 2：矿石、盐", "残渣利用率：0 %，目标 ≥ 80 %（差 80 个百分点）")),
    ],
)
def test_the_summary_names_links_by_state_targets_and_weak_data(lang: str, lines: tuple[str, ...]) -> None:
    said = summary(reported(lang))
    assert set(lines) <= set(said)
    assert any("40 %" in line for line in said)
    assert ("Ore in Refining" if lang == "en" else "冶炼的矿石") in said[-1]


def test_a_recovery_above_what_was_mined_meets_no_target() -> None:
    """Bought cathode lets 15 t of lithium leave where 10 t were mined."""
    line = next(line for line in summary(reported("en")) if line.startswith("Lithium recovery"))
    assert "bought material" in line
    assert "met" not in line


def test_a_recovery_that_nothing_was_mined_for_is_named_and_not_judged() -> None:
    plants = TABLES["plants"].replace("m1,acme,mine,east,500,t/a,operating,2020", "m1,acme,mine,east,500,t/a,planned,2030")
    said = summary(report(*asked({"plants": plants}), lang="en"))
    assert any(line.startswith("Nothing to measure this year") and "Lithium recovery" in line for line in said)
