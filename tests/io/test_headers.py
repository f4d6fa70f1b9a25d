"""What names of tables and columns are taken for, and what is left alone."""

import pytest

from liantu.io.headers import match_header, match_table, read_header
from liantu.model import schema


@pytest.mark.parametrize("table", schema.tables())
def test_each_table_answers_to_all_its_names(table):
    about = schema.table(table)
    assert {match_table(name) for name in (table, table.upper(), about.zh, about.en, f" {about.zh}表 ", f"{table} {about.zh}")} == {table}


@pytest.mark.parametrize("table", schema.tables())
def test_each_column_answers_to_its_name_in_both_languages(table):
    for column in schema.table(table).columns.values():
        spellings = (column.name, column.name.upper(), f"{column.name} *", f"{column.zh} {column.name}", f"{column.name}\n{column.zh}")
        assert {match_header(text, table)[0] for text in spellings} == {column.name}


@pytest.mark.parametrize("table", schema.tables())
def test_no_two_columns_of_a_table_share_a_name(table):
    columns = schema.table(table).columns.values()
    assert [match_header(column.zh, table)[0] for column in columns] == [column.name for column in columns]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("1.企业", "firms"), ("附表2 装置产能", "plants"), ("01_plants", "plants"), ("企业名录（2025）", "firms"), ("说明", "settings"),
        ("Sheet1", None), ("填写说明/Read me", None), ("", None), ("表1", None), ("plants old", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_sheets_are_told_apart(name, table):
    assert match_table(name) == table


@pytest.mark.parametrize(
    ("text", "column", "unit"),
    [
        ("产能（万吨/年）", "capacity", "万吨/年"), ("产能(万吨/年)", "capacity", "万吨/年"), ("产 能\n（ 万吨/年 ）", "capacity", "万吨/年"),
        ("capacity (kt/a)", "capacity", "kt/a"), ("Capacity 产能 [kt/a]*", "capacity", "kt/a"), ("产能/万吨", "capacity", "万吨"),
        ("产能，万吨", "capacity", "万吨"), ("产能 万吨/年", "capacity", "万吨/年"), ("产能（单位：万吨）", "capacity", "万吨"),
        ("产能（设计）（万吨）", "capacity", "万吨"), ("利用率（%）", "utilisation", "%"), ("利用率%", "utilisation", "%"), ("产能（万）", "capacity", "万个"),
        ("投产年份（年）", "start", None), ("编号（id）", "id", None), ("产能 单位", "unit", None), ("编号（必填）", "id", None),
        ("name of the plant", None, None), ("电话", None, None), ("", None, None), ("（万吨）", None, None), ("企业 capacity", None, None),
    ],
)  # fmt: skip
def test_headers_of_plants_are_read(text, column, unit):
    assert match_header(text, "plants") == (column, unit)


@pytest.mark.parametrize("text", ["产能（千桶）", "产能（万美金/吨）", "产能 bbl", "产能（kt）（万吨）"])
def test_a_unit_nobody_knows_is_not_passed_over(text):
    assert read_header(text, "plants").is_unread_unit


def test_words_in_brackets_that_are_no_unit_are_told():
    assert read_header("产能（设计口径）", "plants").unread == "设计口径"


def test_a_table_outside_the_contract_has_no_columns():
    assert match_header("id", "weather") == (None, None)
