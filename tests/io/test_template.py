"""The template: a sheet a table, drop-downs and help, and it reads back."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from liantu.errors import CallError
from liantu.io import cells
from liantu.io.headers import match_header, match_table
from liantu.io.readers import read
from liantu.io.template import template, write_template
from liantu.model import schema
from liantu.model.schema import Column
from liantu.model.tables import Table, Tables
from liantu.units import is_unit
from liantu.words import LANGUAGES, say

COLUMNS = [(table.name, column) for table in schema.tables().values() for column in table.columns.values()]


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request):
    return request.param, load_workbook(BytesIO(template(request.param)))


def _rules(sheet, column: str) -> list[object]:
    return [rule for rule in sheet.data_validations.dataValidation if f"{column}2:" in str(rule.sqref)]


def _letter(sheet, name: str, table: str) -> str:
    return next(cell.column_letter for cell in sheet[1] if match_header(str(cell.value), table)[0] == name)


def test_every_table_has_a_sheet_after_the_read_me(book):
    lang, workbook = book
    assert say("workbook.readme", lang) == workbook.sheetnames[0]
    assert list(schema.tables()) == [match_table(name) for name in workbook.sheetnames[1:]]
    assert match_table(workbook.sheetnames[0]) is None


def test_every_header_reads_as_its_column_and_names_both_languages(book):
    _, workbook = book
    for sheet in workbook.worksheets[1:]:
        table = schema.table(match_table(sheet.title))
        assert [(name, None) for name in table.columns] == [match_header(cell.value, table.name) for cell in sheet[1]]
        for cell, column in zip(sheet[1], table.columns.values(), strict=True):
            assert "km" == column.name or (column.zh in cell.value and column.name in cell.value)
            assert column.required == cell.value.endswith("*")


def test_every_header_has_help_and_required_ones_are_tinted(book):
    lang, workbook = book
    sheet = workbook[schema.table("plants").label(lang)]
    for cell, column in zip(sheet[1], schema.table("plants").columns.values(), strict=True):
        assert column.help(lang) in cell.comment.text
        assert ("FFE8EFF8" if column.required else "FFEDF0F4") == cell.fill.fgColor.rgb
    assert "B2" == sheet.freeze_panes


def test_the_help_says_unit_range_and_example(book):
    lang, workbook = book
    sheet = workbook[schema.table("plants").label(lang)]
    said = [sheet[f"{_letter(sheet, name, 'plants')}1"].comment.text for name in ("capacity", "utilisation", "start")]
    words = {"zh": ("单位：见“单位”列", "范围：0 到 1", "示例：2025"), "en": ("Unit: as in column unit", "From 0 to 1", "Example: 2025")}
    assert [True] * 3 == [word in text for word, text in zip(words[lang], said, strict=True)]


def test_choices_are_offered_in_the_language(book):
    lang, workbook = book
    sheet = workbook[schema.table("plants").label(lang)]
    (rule,) = _rules(sheet, _letter(sheet, "status", "plants"))
    words = {"zh": "在产,在建,拟建,关停", "en": "operating,building,planned,closed"}
    assert ("list", f'"{words[lang]}"', "warning") == (rule.type, rule.formula1, rule.errorStyle)


def test_references_point_to_the_ids_of_their_sheet(book):
    lang, workbook = book
    sheet = workbook[schema.table("exchanges").label(lang)]
    (rule,) = _rules(sheet, _letter(sheet, "material", "exchanges"))
    assert (f"'{schema.table('materials').label(lang)}'!$A$2:$A$2000", False) == (rule.formula1, bool(rule.showErrorMessage))
    assert {"id"} == {next(iter(table.columns)) for table in schema.tables().values() if "id" in table.columns}


def test_amounts_are_asked_to_be_numbers_and_never_forced(book):
    lang, workbook = book
    sheet = workbook[schema.table("plants").label(lang)]
    (capacity,), (share,), (year,) = (_rules(sheet, _letter(sheet, name, "plants")) for name in ("capacity", "utilisation", "start"))
    assert ("decimal", "greaterThanOrEqual", "0", "warning") == (capacity.type, capacity.operator, capacity.formula1, capacity.errorStyle)
    assert ("decimal", "0", "1") == (share.type, share.formula1, share.formula2)
    assert ("whole", "1900", "2200") == (year.type, year.formula1, year.formula2)


def test_ids_are_kept_as_text_and_amounts_as_numbers(book):
    lang, workbook = book
    sheet = workbook[schema.table("plants").label(lang)]
    assert ("@", "General") == (
        sheet.column_dimensions[_letter(sheet, "id", "plants")].number_format,
        sheet.column_dimensions[_letter(sheet, "capacity", "plants")].number_format,
    )


def test_the_read_me_explains_every_table_and_column(book):
    lang, workbook = book
    text = {str(cell) for row in workbook.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None}
    assert {table.label(lang) for table in schema.tables().values()} <= text
    assert {column.help_en for _, column in COLUMNS} | {column.help_zh for _, column in COLUMNS} <= text
    assert any(say("workbook.how-4", one) in line for one in LANGUAGES for line in text)


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column.name}" for table, column in COLUMNS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_offered_choice_is_one_the_schema_takes(table: str, column: Column, lang):
    words = column.spelled(lang)
    assert list(column.choices) == [column.words.get(word, word) for word in words]
    assert len(",".join(words)) <= 255


@pytest.mark.parametrize("key", ["units", "units-yearly", "example-unit", "example-unit-yearly"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_offered_unit_is_in_the_table_of_units(key, lang):
    assert [] == [unit for unit in say(f"workbook.{key}", lang).split(",") if not is_unit(unit)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_can_be_read(lang):
    assert 12.5 == cells.number(say("workbook.example-number", lang)).value
    assert 0.85 == cells.share(say("workbook.example-share", lang)).value
    assert 2025 == cells.year(say("workbook.example-year", lang)).value
    assert ("2025-06-30", "") == cells.date(say("workbook.example-date", lang))


def test_a_blank_template_reads_as_no_rows_and_no_error(tmp_path):
    write_template(tmp_path / "t.xlsx", "zh")
    got = read(tmp_path / "t.xlsx")
    assert ([], 0) == ([one.code for one in got.findings if one.level == "error"], sum(map(len, got)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_reads_back(tmp_path, lang):
    rows = {"id": ["a", "001"], "unit": ["t", "t"], "kind": ["产品", "good"], "kg_per_unit": ["1000", ""], "备用": ["x", ""]}
    plants = {"id": ["k"], "capacity": ["3.5"], "start": ["2021"], "note": ["=1+1 见注"]}
    given = Tables(
        name="x",
        tables={
            "materials": Table(name="materials", columns=rows, lines=[2, 3], files=["x"]),
            "plants": Table(name="plants", columns=plants, lines=[2], files=["x"], units={"capacity": "万吨/年"}),
        },
    )
    write_template(tmp_path / "t.xlsx", lang, tables=given)
    got = read(tmp_path / "t.xlsx")
    for table in given:
        assert table.units == got.tables[table.name].units
        for name, cells_ in table.columns.items():
            assert list(cells_) == list(got.tables[table.name].columns[name])


def test_only_the_tables_asked_for_get_a_sheet(tmp_path):
    write_template(tmp_path / "t.xlsx", "zh", only=["装置产能", "materials"])
    assert ["填写说明", "物料", "装置产能"] == load_workbook(tmp_path / "t.xlsx").sheetnames
    with pytest.raises(CallError) as caught:
        write_template(tmp_path / "u.xlsx", "zh", only=["电话"])
    assert "table-no-such" == caught.value.code


def test_a_template_is_a_workbook_and_the_same_each_time(tmp_path):
    with pytest.raises(CallError) as caught:
        write_template(tmp_path / "t.csv", "zh")
    assert "write-workbook" == caught.value.code
    assert template("zh") == template("zh")
