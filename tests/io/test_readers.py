"""Files as offices have them: what is read out of them, cell by cell, and what is said about it."""

import datetime as dt
import json
import os

import pytest
import xlsxwriter
import xlwt

from liantu.errors import InputError
from liantu.io import limits
from liantu.io.readers import read
from liantu.model.tables import Tables
from tests import workbooks
from tests.workbooks import book, folder

NOON = dt.datetime(2024, 5, 1, 12, 30)  # noqa: DTZ001 - a workbook knows no time zone


def codes(tables: Tables) -> list[str]:
    return [finding.code for finding in tables.findings]


def levels(tables: Tables) -> set[str]:
    return {finding.level for finding in tables.findings}


def cells(tables: Tables, table: str, column: str) -> list[str]:
    return list(tables.tables[table].column(column))


def materials(path, text: str | bytes):
    """The materials table of a folder in which it reads so."""
    tables = read(folder(path, materials=text))
    return tables.tables["materials"], tables


# ---------------------------------------------------------------- folders and CSV


def test_a_plain_folder_is_read_without_a_word(tmp_path):
    tables = read(folder(tmp_path / "pack"))
    assert (tables.findings, sorted(tables.tables), tables.name) == ((), ["exchanges", "materials", "processes"], "pack")


def test_lines_are_those_of_the_file(tmp_path):
    table, _ = materials(tmp_path, 'id,unit,note\n\na,t,"one\ntwo\nthree"\nb,t,\n,,\n\nc,t,x\n')
    assert (list(table.lines), list(table.column("id"))) == ([3, 6, 9], ["a", "b", "c"])


def test_a_file_with_a_chinese_name_in_a_folder_with_blanks(tmp_path):
    path = folder(tmp_path / "郴州 锂电 链")
    (path / "装置产能.csv").write_text("编号,企业,过程,地点,产能（万吨/年）,状态\np1,甲,smelt,x,1,在产\n", encoding="utf-8")
    plants = read(path).tables["plants"]
    assert (plants.units, plants.headers["firm"], list(plants.column("capacity"))) == ({"capacity": "万吨/年"}, "企业", ["1"])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "gbk", "gb18030"],
)  # fmt: skip
def test_encodings_are_found(tmp_path, encoding):
    text = "id,name_zh,unit\nore,锂云母,t\nsalt,碳酸锂（电池级）,t\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    table, tables = materials(tmp_path, data)
    assert list(table.column("name_zh")) == ["锂云母", "碳酸锂（电池级）"]
    assert codes(tables) == ([] if encoding.startswith("utf-8") else ["read-encoding"])


def test_one_gbk_line_in_a_utf8_file_is_named(tmp_path):
    data = "id,name_zh,unit\nore,锂云母,t\n".encode() + "salt,碳酸锂,t\n".encode("gbk")
    _, tables = materials(tmp_path, data)
    assert ("csv-mixed", 3) in [(finding.code, finding.row) for finding in tables.findings]


def test_one_utf8_line_in_a_gbk_file_is_named(tmp_path):
    data = "id,name_zh,unit\nore,锂云母,t\nx,氢氧化锂,t\n".encode("gbk") + "salt,碳酸锂,t\n".encode()
    _, tables = materials(tmp_path, data)
    assert [finding.row for finding in tables.findings if finding.code == "csv-mixed"] == [4]


def test_latin_letters_are_not_taken_for_chinese_ones(tmp_path):
    table, tables = materials(tmp_path, "id,name_en,unit\na,Müller,t\nb,café au lait,t\n".encode("latin-1"))
    assert [finding.row for finding in tables.findings if finding.code == "csv-encoding"] == [2, 3]
    assert "M" in table.column("name_en")[0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_make_no_difference(tmp_path, separator, newline):
    text = newline.join(separator.join(row) for row in workbooks.MATERIALS)
    table, tables = materials(tmp_path, text)
    assert (list(table.column("id")), list(table.column("unit")), tables.findings) == (["ore", "metal"], ["t", "t"], ())


def test_the_separator_line_of_excel_is_used(tmp_path):
    table, tables = materials(tmp_path, "sep=;\r\nid;unit\r\nore;t\r\n")
    assert (list(table.column("unit")), list(table.lines), tables.findings) == (["t"], [3], ())


def test_quotes_commas_and_newlines_in_cells_stay(tmp_path):
    table, _ = materials(tmp_path, 'id,unit,note\na,t,"x, ""y""\nz"\n')
    assert list(table.column("note")) == ['x, "y"\nz']


def test_edge_blanks_go_and_letters_are_composed(tmp_path):
    table, _ = materials(tmp_path, "id , unit\n  a　, t\ncafe\u0301,t\n")
    assert list(table.column("id")) == ["a", "caf\u00e9"]


def test_an_apostrophe_before_a_formula_sign_is_taken_off(tmp_path):
    table, tables = materials(tmp_path, "id,unit,note\na,t,'- 暂无\nb,t,'tis\n")
    assert (list(table.column("note")), tables.findings) == (["- 暂无", "'tis"], ())


def test_unknown_columns_and_tables_are_kept(tmp_path):
    path = folder(tmp_path, weather="day,rain\nmon,3\n", materials="id,unit,colour\na,t,red\n")
    tables = read(path)
    assert (cells(tables, "weather", "rain"), cells(tables, "materials", "colour")) == (["3"], ["red"])


def test_other_files_of_a_folder_are_passed_over(tmp_path):
    path = folder(tmp_path)
    (path / "README.md").write_text("hello")
    (path / ".hidden.csv").write_text("x")
    assert read(path).findings == ()


def test_a_header_without_rows_is_an_empty_table(tmp_path):
    tables = read(folder(tmp_path, routes="origin,destination,cost,currency\n"))
    assert (len(tables.tables["routes"]), tables.findings) == (0, ())


def test_a_short_row_is_filled_and_told_once(tmp_path):
    table, tables = materials(tmp_path, "id,unit,note\na,t\nb,t\nc,t,x\n")
    assert (list(table.column("note")), codes(tables)) == (["", "", "x"], ["csv-short"])


def test_blank_cells_beyond_the_header_are_nothing(tmp_path):
    table, tables = materials(tmp_path, "id,unit\na,t,,\nb,t,\n")
    assert (list(table.column("unit")), tables.findings) == (["t", "t"], ())


def test_a_long_row_is_an_error_with_its_line(tmp_path):
    _, tables = materials(tmp_path, "id,unit\na,t\nb,t,5\n")
    assert [(finding.code, finding.level, finding.row) for finding in tables.findings] == [("csv-wide", "error", 3)]


def test_the_header_once_more_is_passed_over(tmp_path):
    table, tables = materials(tmp_path, "id,unit\na,t\nid,unit\nb,t\n")
    assert (list(table.column("id")), list(table.lines), codes(tables)) == (["a", "b"], [2, 4], ["header-repeated"])


@pytest.mark.parametrize(
    "word", ["合计", "小计", "总计", "合 计", "合计：", "合计（万吨）", "北湖区小计", "Total", "subtotal", "Sub-total:", "GRAND TOTAL"]
)
def test_totals_are_no_rows(tmp_path, word):
    tables = read(folder(tmp_path, plants=f"id,firm,capacity,unit\np1,甲,2,t\n,{word},2,\np2,乙,3,t\n"))
    assert (cells(tables, "plants", "id"), codes(tables)) == (["p1", "p2"], ["total-dropped"])
    assert (tables.findings[0].file, tables.findings[0].row) == ("plants.csv", 3)


def test_a_total_may_stand_in_the_id_column(tmp_path):
    table, _ = materials(tmp_path, "id,name_zh,kg_per_unit\na,矿,2\n合计,,2\n")
    assert list(table.column("id")) == ["a"]


@pytest.mark.parametrize("row", ["total,Total energy,1", "小计,小计量器,1"])
def test_a_thing_that_is_called_total_is_kept(tmp_path, row):
    sites = read(folder(tmp_path, sites=f"id,parent,name_zh,lon\na,,甲,1\n{row.split(',')[0]},a,x,1\n"))
    assert len(sites.tables["sites"]) == 2


def test_remarks_below_the_table_are_no_rows(tmp_path):
    table, tables = materials(tmp_path, "id,unit,note\na,t,\n注：数据截至2025年,,\n填报人：张三,,\n")
    assert (len(table), codes(tables)) == (1, ["remark-skipped", "remark-skipped"])


def test_title_rows_above_the_header_of_a_csv_file_are_passed_over(tmp_path):
    table, tables = materials(tmp_path, "郴州物料表,,\n2025年,,\n编号,名称,单位\na,矿,t\n")
    assert (list(table.column("name_zh")), list(table.lines), codes(tables)) == (["矿"], [4], ["title-rows"])


@pytest.mark.parametrize(
    "text", ["-5", "+3.2", "-", "—", "–", "-5 t/a", "+5%", "-1e-3", "-1,000", "+86 735 2871234", "- 暂无", "－5", "-已停", ""]
)
def test_what_only_looks_like_a_formula_is_none(tmp_path, text):
    table, tables = materials(tmp_path, f'id,unit,note\na,t,"{text}"\n')
    assert (list(table.column("note")), tables.findings) == ([text], ())


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "@SUM(A1:A2)",
        "+1+cmd|' /C calc'!A0",
        "-1+1",
        "-2+3+cmd|x",
        "\t=1+1",
        "=HYPERLINK(1)",
        "+A1",
        "-A1",
        "＝1+1",
        "@x",
        "-(1)",
    ],
)
def test_formulas_in_cells_are_errors(tmp_path, text):
    _, tables = materials(tmp_path, f'id,unit,note\na,t,"{text}"\n')
    assert [(finding.code, finding.row, finding.column) for finding in tables.findings] == [("formula-cell", 2, "note")]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"])
def test_error_values_in_cells_are_errors(tmp_path, text):
    table, tables = materials(tmp_path, f"id,unit,kg_per_unit\na,t,{text}\n")
    assert (codes(tables), list(table.column("kg_per_unit"))) == (["cell-error"], [text])


def test_two_headers_for_one_column_are_an_error(tmp_path):
    assert codes(read(folder(tmp_path / "x", materials="id,unit,id\na,t,b\n"))) == ["header-twice"]
    assert codes(read(folder(tmp_path / "y", materials="物料编号,编号,单位\na,b,t\n"))) == ["header-twice"]


def test_the_schemas_own_name_counts_before_an_alias(tmp_path):
    table, tables = materials(tmp_path, "id,name,name_en,unit\na,Ore as sold,ore,t\n")
    assert (list(table.column("name_en")), list(table.column("name")), levels(tables)) == (["ore"], ["Ore as sold"], set())


def test_cells_without_a_header_are_told(tmp_path):
    _, tables = materials(tmp_path, "id,,unit\na,x,t\n")
    assert [(finding.code, finding.values["letter"]) for finding in tables.findings] == [("header-blank", "B")]


def test_a_unit_nobody_knows_in_a_header_is_an_error(tmp_path):
    tables = read(folder(tmp_path, plants="id,产能（千桶）\np,1\n"))
    assert [(finding.code, finding.level) for finding in tables.findings] == [("header-unit", "error")]


def test_two_files_of_one_table_are_an_error(tmp_path):
    path = folder(tmp_path)
    (path / "物料.csv").write_text("id,unit\nz,t\n", encoding="utf-8")
    assert codes(read(path)) == ["table-twice"]


def test_a_file_of_blank_cells_in_a_folder_is_not_passed_over(tmp_path):
    assert codes(read(folder(tmp_path, routes=",,\n,,\n"))) == ["file-empty"]


def test_a_single_file_is_a_package_of_one_table(tmp_path):
    path = tmp_path / "导出 (3).csv"
    path.write_text("编号,名称,单位\na,矿,t\n", encoding="utf-8")
    tables = read(path)
    assert (cells(tables, "materials", "id"), codes(tables)) == (["a"], ["table-guessed"])


def test_a_unit_in_a_header_counts_as_the_unit_of_the_table_that_asks_for_one(tmp_path):
    """Projects have these columns as well, but ask for none of them."""
    path = tmp_path / "上报.csv"
    path.write_text("编号,企业,过程,地点,产能（吨/年）,状态\na,f,p,s,1,拟建\n", encoding="utf-8")
    assert cells(read(path), "plants", "id") == ["a"]


def test_200000_different_words_are_all_looked_at(tmp_path):
    rows = "".join(f"m{at},t,n{at}\n" for at in range(60_000))
    _, tables = materials(tmp_path, f"id,unit,note\n{rows}last,t,=1+1\n")
    assert [(finding.code, finding.row) for finding in tables.findings] == [("formula-cell", 60_002)]


# ---------------------------------------------------------------- descriptors


def described(path, resources, **tables):
    folder(path, **tables)
    (path / "datapackage.json").write_text(json.dumps({"name": "x", "resources": resources}), encoding="utf-8")
    return path


def resource(name: str, **more) -> dict[str, object]:
    return {"name": name, "path": f"{name}.csv", **more}


ALL = [resource("materials"), resource("processes"), resource("exchanges")]


def test_a_descriptor_says_which_files_are_tables(tmp_path):
    tables = read(described(tmp_path, ALL, old="id\nx\n"))
    assert (sorted(tables.tables), tables.findings) == (["exchanges", "materials", "processes"], ())


def test_dialect_and_encoding_of_a_descriptor_are_used(tmp_path):
    text = "锂|'a'|b'|t\n".replace("|'a'|b'|", "|'a|b'|")
    about = {
        "encoding": "gbk", "dialect": {"delimiter": "|", "quoteChar": "'", "header": False},
        "schema": {"fields": [{"name": "id"}, {"name": "note"}, {"name": "unit"}], "missingValues": ["", "NA"]},
    }  # fmt: skip
    tables = read(described(tmp_path, [resource("materials", **about), *ALL[1:]], materials=(text + "x|NA|t\n").encode("gbk")))
    table = tables.tables["materials"]
    assert (list(table.column("id")), list(table.column("note")), list(table.lines)) == (["锂", "x"], ["a|b", ""], [1, 2])


def test_a_file_below_the_folder_may_be_listed(tmp_path):
    path = described(tmp_path, [*ALL, {"name": "plants", "path": "data/p.csv"}])
    (path / "data").mkdir()
    (path / "data" / "p.csv").write_text("id\np1\n")
    assert cells(read(path), "plants", "id") == ["p1"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"path": "../x.csv"}, "descriptor-path"), ({"path": "/etc/passwd.csv"}, "descriptor-path"), ({"path": "a/../../x.csv"}, "descriptor-path"),
        ({"path": "http://x/y.csv"}, "descriptor-path"), ({"path": "file:///x.csv"}, "descriptor-path"), ({"path": "C:\\x.csv"}, "descriptor-path"),
        ({"path": "a\u0000.csv"}, "descriptor-path"), ({"path": "gone.csv"}, "descriptor-absent"), ({"path": "sub/gone.csv"}, "file-absent"),
        ({"path": ["a.csv", "b.csv"]}, "descriptor-unsupported"), ({"path": "x.exe"}, "descriptor-unsupported"), ({"path": 3}, "descriptor-unsupported"),
        ({"path": None, "data": []}, "descriptor-unsupported"), ({"dialect": {"commentChar": "#"}}, "descriptor-unsupported"),
        ({"dialect": {"delimiter": "||"}}, "descriptor-unsupported"), ({"dialect": {"header": False}}, "descriptor-unsupported"),
        ({"dialect": "excel"}, "descriptor-unsupported"), ({"encoding": "rot13"}, "encoding-unknown"), ({"encoding": "zlib"}, "encoding-unknown"),
        ({"encoding": "no such"}, "encoding-unknown"), ({"encoding": 7}, "descriptor-unsupported"), ({"compression": "gz"}, "descriptor-unsupported"),
    ],
)  # fmt: skip
def test_what_a_resource_may_not_ask_is_an_error(tmp_path, more, code):
    tables = read(described(tmp_path, [*ALL, {**resource("plants"), **more}], plants="id\np\n"))
    assert [(finding.code, finding.level) for finding in tables.findings if finding.level == "error"] == [(code, "error")]


def test_a_declared_encoding_that_is_wrong_is_an_error_with_its_line(tmp_path):
    tables = read(described(tmp_path, [resource("materials", encoding="utf-16-le"), *ALL[1:]], materials=b"id,unit\nx,t\ny"))
    assert [finding.code for finding in tables.findings if finding.level == "error"]


def test_a_table_that_is_not_listed_is_told(tmp_path):
    assert codes(read(described(tmp_path, ALL, plants="id\np\n"))) == ["file-unlisted"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"resources": []}', '{"resources": {}}', '{"resources": [3]}', '{"a": 1, "a": 2, "resources": [{}]}',
        '{"resources": [NaN]}', "[" * 40 + "]" * 40, "[" * 200_000, '{"x":' * 3000 + "1" + "}" * 3000, "\ufffe", '{"resources": [{"path": "\\ud800"}]}',
    ],
)  # fmt: skip
def test_a_broken_descriptor_is_one_clear_error(tmp_path, text):
    path = folder(tmp_path)
    (path / "datapackage.json").write_text(text, encoding="utf-8")
    try:
        assert "error" in levels(read(path))
    except InputError as error:
        assert error.code in ("descriptor", "limit-depth")


def test_a_huge_descriptor_is_refused(tmp_path):
    path = folder(tmp_path)
    (path / "datapackage.json").write_bytes(b" " * (limits.DESCRIPTOR_BYTES + 1))
    assert refused(path) == "limit-descriptor"


def test_a_descriptor_in_another_encoding_is_refused(tmp_path):
    path = folder(tmp_path)
    (path / "datapackage.json").write_bytes('{"title": "锂"}'.encode("gbk"))
    assert refused(path) == "descriptor"


# ---------------------------------------------------------------- what is no file


def refused(path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.message("zh")
    assert caught.value.hint("en")
    return caught.value.code


@pytest.mark.parametrize("name", ["gone", "gone.csv", "gone.xlsx", "gone.zip", "a/b/c.csv", "x" * 300 + ".csv", "a\0b.csv"])
def test_what_does_not_exist_is_said(tmp_path, name):
    assert refused(tmp_path / name) == "file-absent"


@pytest.mark.parametrize("name", ["x.docx", "x.ods", "x.json", "x.txt", "x", "x.pdf"])
def test_other_kinds_of_files_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"hello")
    assert refused(tmp_path / name) == "file-format"


@pytest.mark.parametrize("name", ["pipe.csv", "pipe.xlsx", "pipe.zip"])
def test_a_pipe_does_not_block(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert refused(tmp_path / name) == "file-kind"


@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero"])
def test_a_device_is_no_package(name):
    assert refused(name) == "file-format"


def test_a_pipe_in_a_folder_does_not_block(tmp_path):
    path = folder(tmp_path)
    os.mkfifo(path / "plants.csv")
    assert codes(read(path)) == ["file-kind"]


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.csv").write_text("id\nx\n")
    path = folder(tmp_path / "pack")
    (path / "plants.csv").symlink_to(tmp_path / "secret.csv")
    tables = read(path)
    assert (codes(tables), "plants" in tables.tables) == (["file-kind"], False)


def test_a_linked_folder_in_a_descriptors_path_is_not_followed(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "p.csv").write_text("id\nx\n")
    path = described(tmp_path / "pack", [*ALL, {"name": "plants", "path": "sub/p.csv"}])
    (path / "sub").symlink_to(tmp_path / "out")
    assert codes(read(path)) == ["file-kind"]


def test_the_user_may_name_a_link_to_a_package(tmp_path):
    (tmp_path / "link").symlink_to(folder(tmp_path / "pack"))
    assert len(read(tmp_path / "link").tables) == 3


@pytest.mark.parametrize("names", [(), ("README.md",), ("a.csv", "b.csv"), (".materials.csv",)])
def test_a_folder_without_a_table_is_refused(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("x,y\n1,2\n")
    assert refused(tmp_path) == "no-tables"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read_is_said(tmp_path):
    path = tmp_path / "plants.csv"
    path.write_text("id\n")
    path.chmod(0)
    assert refused(path) == "file-denied"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"), (b"\n\n \n", "file-empty"), (b"\xef\xbb\xbf", "file-empty"), (b",,,\n,,\n", "file-empty"), (b"\0\1\2", "csv-binary"),
        (b"id,unit\na\0,t\n", "csv-binary"), (b"PK\x03\x04x", "file-disguised"), (b"%PDF-1.7", "file-disguised"), (b"\x89PNG\r\n", "file-disguised"),
        (b"\xd0\xcf\x11\xe0x", "file-disguised"), (b"\xff\xfeabc", "csv-encoding"), ("id,unit\n".encode("utf-16-le"), "csv-binary"),
        (b"\n" * (limits.LINES + 1) + b"x", "limit-lines"), (b"," * 400 + b"\n", "limit-columns"),
    ],
)  # fmt: skip
def test_what_is_no_csv_file_is_one_clear_error(tmp_path, data, code):
    path = tmp_path / "materials.csv"
    path.write_bytes(data)
    assert refused(path) == code


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ('id,unit\na,"t\nb,t\n', "csv-quote-open", 2), ('id,unit\na,"t"x\nb,t\n', "csv-quote", 2), ("id,unit\nb,t\na," + "x" * 140_000, "csv-long", 3),
        ('id,unit\n"' + "y\n" * 80_000, "csv-long", 2), ("id,unit\na," + "x" * 5_000_000, "csv-long", 2),
    ],
)  # fmt: skip
def test_reading_stops_with_the_line_where_it_went_wrong(tmp_path, text, code, row):
    _, tables = materials(tmp_path, text)
    assert [(finding.code, finding.row) for finding in tables.findings] == [(code, row)]


# ---------------------------------------------------------------- workbooks


def test_values_of_a_workbook_become_their_shortest_text(tmp_path):
    rows = [
        ["id", "unit", "note"],
        *([f"m{at}", "t", cell] for at, cell in enumerate((60000.0, 0.1, 1e-7, True, dt.date(2024, 5, 1), NOON, "007", -5))),
    ]
    tables = read(book(tmp_path / "b.xlsx", {"materials": rows}))
    assert cells(tables, "materials", "note") == ["60000", "0.1", "1e-07", "yes", "2024-05-01", "2024-05-01T12:30:00", "007", "-5"]
    assert (tables.tables["materials"].lines[0], tables.tables["materials"].files, tables.findings) == (2, ("b.xlsx[materials]",), ())


def test_dates_of_the_1904_calendar_are_the_same_days(tmp_path):
    rows = [["id", "unit", "note"], ["a", "t", dt.date(2024, 5, 1)]]
    assert cells(read(book(tmp_path / "b.xlsx", {"物料": rows}, date_1904=True)), "materials", "note") == ["2024-05-01"]


def office(path):
    """A table as an office keeps it: merged title, two header rows, merged cells, a total, a remark, a hidden row."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("装置产能 ")
        sheet.merge_range(0, 0, 0, 5, "郴州市装置产能表")
        sheet.write(1, 0, "单位：万吨")
        for column, words in enumerate(("编号", "企业")):
            sheet.merge_range(2, column, 3, column, words)
        sheet.merge_range(2, 2, 2, 3, "产能")
        sheet.write_row(3, 2, ["设计产能（万吨/年）", "备注"])
        for column, words in enumerate(("园区", "状态"), start=4):
            sheet.merge_range(2, column, 3, column, words)
        sheet.merge_range(4, 1, 5, 1, "甲公司")
        sheet.write_row(4, 2, [2.5, "", "北湖", "在产"])
        sheet.write_row(5, 2, [1, "", "苏仙", "在建"])
        sheet.write_column(4, 0, ["p1", "p2", "p3"])
        sheet.write_row(6, 1, ["乙公司", 3, "", "北湖", "在产"])
        sheet.write(7, 1, "合计")
        sheet.write_formula(7, 2, "=SUM(C5:C7)", None, 0)
        sheet.write(9, 0, "注：产能为设计产能")
        sheet.set_row(5, None, None, {"hidden": True})
        made.add_worksheet("Sheet2")
        made.add_worksheet("通讯录").write_row(0, 0, ["姓名", "电话"])
    return path


def test_an_offices_sheet_is_read(tmp_path):
    tables = read(office(tmp_path / "桂阳 台账.xlsx"))
    plants = tables.tables["plants"]
    assert list(plants.lines) == [5, 6, 7]
    assert {name: list(plants.column(name)) for name in ("id", "firm", "capacity", "site", "status")} == {
        "id": ["p1", "p2", "p3"], "firm": ["甲公司", "甲公司", "乙公司"], "capacity": ["2.5", "1", "3"],
        "site": ["北湖", "苏仙", "北湖"], "status": ["在产", "在建", "在产"],
    }  # fmt: skip
    assert plants.units == {"capacity": "万吨/年"}
    assert sorted(codes(tables)) == ["hidden-rows", "merged-filled", "remark-skipped", "sheet-skipped", "title-rows", "total-dropped"]
    assert levels(tables) == {"note"}


def test_a_row_of_units_below_the_header_is_part_of_it(tmp_path):
    rows = [["编号", "企业", "产能", "利用率"], [None, None, "万吨/年", "%"], ["p1", "甲", 2, 80]]
    plants = read(book(tmp_path / "b.xlsx", {"产能": rows})).tables["plants"]
    assert (plants.units, list(plants.lines)) == ({"capacity": "万吨/年", "utilisation": "%"}, [3])


def test_a_first_row_of_data_is_not_taken_for_a_second_header(tmp_path):
    tables = read(book(tmp_path / "b.xlsx", {"materials": [["id", "unit", "note"], ["t", "t", "单位"]]}))
    assert cells(tables, "materials", "id") == ["t"]


def test_an_only_sheet_is_known_by_its_headers(tmp_path):
    tables = read(book(tmp_path / "b.xlsx", {"Sheet1": [["编号 id", "名称", "单位"], ["a", "矿", "t"]], "Sheet2": []}))
    assert (cells(tables, "materials", "id"), codes(tables)) == (["a"], ["table-guessed"])


def test_a_merged_number_is_a_warning(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        sheet = made.add_worksheet("plants")
        sheet.write_row(0, 0, ["id", "firm", "capacity"])
        sheet.write_column(1, 0, ["p1", "p2"])
        sheet.merge_range(1, 2, 2, 2, 7)
    tables = read(tmp_path / "b.xlsx")
    assert (cells(tables, "plants", "capacity"), (tables.findings[0].code, tables.findings[0].level)) == (
        ["7", "7"],
        ("merged-number", "warning"),
    )


def test_a_hidden_sheet_is_read_and_told(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        made.add_worksheet("materials").write_row(0, 0, ["id", "unit"])
        sheet = made.add_worksheet("sites")
        sheet.write_column(0, 0, ["id", "x"])
        sheet.hide()
    tables = read(tmp_path / "b.xlsx")
    assert (cells(tables, "sites", "id"), codes(tables)) == (["x"], ["hidden-sheet"])


def test_a_long_number_where_digits_matter_is_a_warning(tmp_path):
    tables = read(book(tmp_path / "b.xlsx", {"firms": [["id", "credit_code"], ["a", 914310001234567890]]}))
    assert [(one.code, one.level, one.column) for one in tables.findings] == [("number-digits", "warning", "credit_code")]


def test_a_number_shown_as_per_cent_is_an_error_outside_shares(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        sheet = made.add_worksheet("contracts")
        percent = made.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["id", "discount_pct", "take_or_pay"])
        sheet.write(1, 0, "a")
        sheet.write_row(1, 1, [0.1, 0.8], percent)
    found = read(tmp_path / "b.xlsx").findings
    assert [(one.code, one.level, one.column, one.values["value"]) for one in found] == [("percent-shown", "error", "discount_pct", "0.1")]


def test_a_calculated_formula_is_its_value(tmp_path):
    path = workbooks.raw_book(tmp_path / "b.xlsx", workbooks.row(2, workbooks.text("A2", "a"), '<c r="C2"><f>1+1</f><v>2</v></c>'))
    tables = read(path)
    assert (cells(tables, "materials", "kg_per_unit"), tables.findings) == (["2"], ())


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_a_formula_that_was_never_calculated_is_an_error_at_its_cell(tmp_path, value):
    path = workbooks.raw_book(tmp_path / "b.xlsx", workbooks.row(2, workbooks.text("A2", "a"), f'<c r="C2"><f>1+1</f>{value}</c>'))
    assert [(one.code, one.row, one.column) for one in read(path).findings] == [("formula-uncalculated", 2, "kg_per_unit")]


def test_a_row_of_nothing_but_uncalculated_formulas_is_not_lost(tmp_path):
    path = workbooks.raw_book(tmp_path / "b.xlsx", workbooks.row(2, '<c r="C2"><f>1+1</f></c>'))
    assert codes(read(path)) == ["formula-uncalculated"]


def test_the_zero_a_writing_program_leaves_is_no_result(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        sheet = made.add_worksheet("materials")
        sheet.write_row(0, 0, ["id", "unit", "kg_per_unit"])
        sheet.write_row(1, 0, ["a", "t"])
        sheet.write_formula(1, 2, "=500*2")
    assert codes(read(tmp_path / "b.xlsx")) == ["formula-uncalculated"]


def test_error_values_of_a_workbook_are_errors(tmp_path):
    path = workbooks.raw_book(tmp_path / "b.xlsx", workbooks.row(2, workbooks.text("A2", "a"), '<c r="C2" t="e"><v>#DIV/0!</v></c>'))
    assert [(one.code, one.values["value"]) for one in read(path).findings] == [("cell-error", "#DIV/0!")]


def test_text_that_is_a_formula_is_an_error_in_a_workbook(tmp_path):
    tables = read(book(tmp_path / "b.xlsx", {"materials": [["id", "unit"], ["=cmd|' /C calc'!A0", "t"]]}))
    assert codes(tables) == ["formula-cell"]


# ---------------------------------------------------------------- .xls


def old_book(path, fill):
    made = xlwt.Workbook()
    fill(made)
    made.save(str(path))
    return path


def write_rows(sheet, rows):
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell)


def test_an_old_workbook_is_read_like_a_new_one(tmp_path):
    def fill(made):
        sheet = made.add_sheet("物料")
        write_rows(
            sheet,
            [
                ["物料表"],
                ["编号", "名称", "单位", "每单位千克"],
                ["a", "锂云母", "t", 1000.0],
                ["b", "盐", "kg", 1],
                [None, "合计", None, 2],
            ],
        )
        made.add_sheet("其他").write(0, 0, "x")

    tables = read(old_book(tmp_path / "老 表.xls", fill))
    assert (cells(tables, "materials", "kg_per_unit"), list(tables.tables["materials"].lines)) == (["1000", "1"], [3, 4])
    assert sorted(codes(tables)) == ["sheet-skipped", "title-rows", "total-dropped"]


def test_merged_and_hidden_cells_of_an_old_workbook(tmp_path):
    def fill(made):
        sheet = made.add_sheet("firms")
        write_rows(sheet, [["id", "note"], ["a", None], ["b", None]])
        sheet.write_merge(1, 2, 1, 1, "both")
        sheet.row(2).hidden = True

    tables = read(old_book(tmp_path / "b.xls", fill))
    assert (cells(tables, "firms", "note"), sorted(codes(tables))) == (["both", "both"], ["hidden-rows", "merged-filled"])


def test_errors_and_uncalculated_formulas_of_an_old_workbook(tmp_path):
    def fill(made):
        sheet = made.add_sheet("materials")
        write_rows(sheet, [["id", "unit", "kg_per_unit"], ["a", "t"], ["b", "t", xlwt.Formula("1+1")]])
        sheet.row(1).set_cell_error(2, 42)

    found = read(old_book(tmp_path / "b.xls", fill)).findings
    assert [(one.code, one.row, one.column) for one in found] == [
        ("cell-error", 2, "kg_per_unit"),
        ("formula-uncalculated", 3, "kg_per_unit"),
    ]


# ---------------------------------------------------------------- zips


def packed(path, files):
    path.write_bytes(workbooks.zipped(files))
    return path


TEXTS = {f"{name}.csv": workbooks.csv_text(rows) for name, rows in workbooks.PACKAGE_TABLES.items()}


@pytest.mark.parametrize("inside", ["", "pack/", "锂 链/v1/"])
def test_a_package_in_a_zip_is_read(tmp_path, inside):
    tables = read(packed(tmp_path / "包 1.zip", {f"{inside}{name}": text for name, text in TEXTS.items()} | {f"{inside}README.md": "x"}))
    assert (sorted(tables.tables), tables.findings, tables.name) == (["exchanges", "materials", "processes"], (), "包 1.zip")


def test_a_described_package_in_a_zip_is_read(tmp_path):
    descriptor = json.dumps({"resources": [{"name": "materials", "path": "d/m.csv"}]})
    tables = read(packed(tmp_path / "b.zip", {"p/datapackage.json": descriptor, "p/d/m.csv": TEXTS["materials.csv"], "other/x.csv": "a\n"}))
    assert (cells(tables, "materials", "id"), tables.findings) == (["ore", "metal"], ())


def test_a_workbook_in_a_zip_is_read(tmp_path):
    inner = book(tmp_path / "b.xlsx", {"materials": workbooks.MATERIALS}).read_bytes()
    tables = read(packed(tmp_path / "b.zip", {"x/台账.xlsx": inner, "__MACOSX/x/._台账.xlsx": "junk"}))
    assert (cells(tables, "materials", "id"), tables.tables["materials"].files) == (["ore", "metal"], ("台账.xlsx[materials]",))


def test_names_a_chinese_windows_packed_are_read(tmp_path):
    data = workbooks.zipped({"ABCD.csv": TEXTS["materials.csv"]}).replace(b"ABCD.csv", "物料".encode("gbk") + b".csv")
    (tmp_path / "b.zip").write_bytes(data)
    assert cells(read(tmp_path / "b.zip"), "materials", "id") == ["ore", "metal"]
