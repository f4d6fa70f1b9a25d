"""What a finding is called: by the header she wrote, in the language she reads."""

from __future__ import annotations

from liantu.model.findings import Finding
from liantu.model.tables import Table, Tables, placed

PLANTS = Table(
    name="plants",
    columns={"id": ["p1"], "status": ["试生产"], "site": [""]},
    lines=[4],
    files=["桂阳.xlsx[产能表]"],
    headers={"status": "建设状态", "site": "地点\nsite *"},
)
CHOICES = {"value": "试生产", "choices": "operating, building, planned, closed"}


def found(code, values, column):
    finding = Finding(code=code, values=values, file="桂阳.xlsx[产能表]", row=4, column=column)
    return placed([finding], Tables(name="桂阳.xlsx", tables={"plants": PLANTS}))[0]


def test_a_column_is_called_what_the_file_calls_it():
    assert "桂阳.xlsx[产能表]:4 建设状态" == found("choice", CHOICES, "status").where("zh")
    assert "桂阳.xlsx[产能表]:4 建设状态" == found("choice", CHOICES, "status").where("en")


def test_a_header_of_two_lines_is_called_by_its_first():
    assert "“地点”空着。" == found("missing-value", {"column": "site"}, "site").message("zh")


def test_a_column_the_file_has_not_is_called_by_the_schema():
    assert "桂阳.xlsx[产能表]:4 开始年份" == found("start-absent", {"plant": "p1", "status": "planned"}, "start").where("zh")
    assert "桂阳.xlsx[产能表]:4 start" == found("start-absent", {"plant": "p1", "status": "planned"}, "start").where("en")


def test_choices_are_offered_in_the_language_of_the_reader():
    assert "“试生产”不在可选项里：在产、在建、拟建、关停。" == found("choice", CHOICES, "status").message("zh")
    assert "“试生产” is not one of: operating, building, planned, closed." == found("choice", CHOICES, "status").message("en")


def test_a_status_is_named_in_the_language_of_the_reader():
    assert "装置 p1 的状态是“拟建”，却没有开始年份。" == found("start-absent", {"plant": "p1", "status": "planned"}, "start").message("zh")


def test_yes_and_no_are_offered_in_chinese():
    assert "“也许”不在可选项里：是、否。" == found("choice", {"value": "也许", "choices": "yes, no"}, "note").message("zh")


def test_tables_are_called_by_their_chinese_names():
    finding = Finding(code="missing-table", values={"table": "processes", "column": "plants.process"})
    assert "缺“单元过程”表；“装置产能.过程”列要引用它。" == finding.message("zh")
    assert "Table processes is missing; plants.process refers to it." == finding.message("en")


def test_what_the_schema_does_not_know_keeps_its_name():
    finding = Finding(code="table-unknown", values={"table": "草稿"})
    assert "“草稿”" in finding.message("zh")


def test_the_json_keeps_the_names_of_the_contract():
    assert "status" == found("choice", CHOICES, "status").as_dict("zh")["column"]
