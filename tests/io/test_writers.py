"""What is written reads the same again, opens nowhere as a formula, and is whole or absent."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from frictionless import Package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import CallError, InputError
from liantu.io import limits, uploads
from liantu.io.readers import read
from liantu.io.writers import csv_bytes, package_files, workbook, write
from liantu.model import schema
from liantu.model.schema import NUMERIC
from liantu.model.tables import Table, Tables

FORMATS = ("pkg", "p.zip", "p.xlsx")
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")', "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", '=DDE("a";"b")',
)  # fmt: skip


def _table(name: str, columns: dict[str, list[str]], **units: str) -> Table:
    rows = len(next(iter(columns.values())))
    return Table(name=name, columns=columns, lines=range(2, 2 + rows), files=[f"{name}.csv"], units=units)


def _tables(*tables: Table) -> Tables:
    return Tables(name="样例", tables={table.name: table for table in tables})


CHAIN = _tables(
    _table(
        "materials",
        {
            "id": ["li2co3", "001", "1-2"],
            "name_zh": ["碳酸锂", "- 见注", "2024-05-01"],
            "unit": ["t", "t", "kWh"],
            "kind": ["good", "", "energy"],
            "kg_per_unit": ["1e3", "0.30000000000000004", "约10"],
            "in_element_balance": ["yes", "no", ""],
            "厂长": ["007", "", '张三; "x"\n第二行'],
        },
    ),
    _table("processes", {"id": ["p"], "stage": ["salts"], "product": ["li2co3"], "source": ["s1"]}),
    _table(
        "exchanges",
        {
            "process": ["p", "p"], "material": ["li2co3", "001"], "direction": ["out", "in"], "amount": ["1", "-0.5"],
            "unit": ["t", "t"], "source": ["s1", "s1"], "basis": ["estimate", "measured"],
        },
    ),
    _table("sites", {"id": ["cz", "by"], "parent": ["", "cz"], "lon": ["113.1", ""], "illustrative": ["yes", "no"]}),
    _table(
        "plants",
        {
            "id": ["k"], "firm": ["elsewhere"], "process": ["p"], "site": ["by"], "capacity": ["5"], "status": ["operating"],
            "start": ["2021"],
        },
        capacity="万吨/年",
    ),
    _table("sources", {"id": ["s1"], "citation": ["A; B, C"], "year": ["2024.10"], "url": ["https://example.org/?a=1"]}),
    _table("settings", {"key": ["title_zh", "year"], "value": ["样例链", "2025"]}),
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_reads_the_same(tmp_path, name):
    write(CHAIN, tmp_path / name, lang="zh")
    got = read(tmp_path / name)
    assert CHAIN.digest() == got.digest()
    assert "万吨/年" == got.tables["plants"].units["capacity"]
    assert ["007", "", '张三; "x"\n第二行'] == list(got.tables["materials"].columns["厂长"])


@pytest.mark.parametrize("name", FORMATS)
def test_reading_and_writing_again_changes_nothing(tmp_path, name):
    write(CHAIN, tmp_path / "pkg", lang="zh")
    once = read(tmp_path / "pkg")
    write(once, tmp_path / f"second-{name}", lang="en")
    assert once.digest() == read(tmp_path / f"second-{name}").digest()


@pytest.mark.parametrize("name", FORMATS)
def test_equal_tables_give_equal_bytes(tmp_path, name):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(CHAIN, tmp_path / folder / name, lang="en")
    one, two = ([path.read_bytes() for path in sorted((tmp_path / folder).rglob("*.*")) if path.is_file()] for folder in "ab")
    assert one == two


def _words() -> st.SearchStrategy[str]:
    letters = st.characters(categories=["L", "N", "P", "S", "Zs"])
    told = ("合计", "小计", "总计", "total", "subtotal", "#")
    return st.text(letters, min_size=1, max_size=12).filter(
        lambda text: (
            text == unicodedata.normalize("NFC", text).strip()
            and not text.casefold().startswith(told)
            and not re.match(r"'*\s*[=+\-@＝＋－＠]", text)
        )
    )


_NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["1e3", "007", "1.50", "-0.0", "约10万吨", "1,234", "0.1"]),
)


@st.composite
def _any_tables(draw: st.DrawFn) -> Tables:
    names = draw(st.lists(st.sampled_from(["exchanges", "plants", "markets", "prices", "targets"]), unique=True, max_size=2))
    return _tables(*(_any_table(draw, name) for name in ("materials", *names)))


def _any_table(draw: st.DrawFn, name: str) -> Table:
    columns = schema.table(name).columns
    rows = draw(st.integers(1, 4))
    chosen = [one for one in columns.values() if one.required or draw(st.booleans())]
    cells = {
        column.name: [
            draw(_NUMBERS if column.type in NUMERIC else _words() if at == 0 else st.one_of(st.just(""), _words())) for _ in range(rows)
        ]
        for at, column in enumerate(chosen)
    }
    units = {one.name: draw(st.sampled_from(["", "万吨/年", "kt"])) for one in chosen if one.type in ("quantity", "price")}
    return Table(
        name=name, columns=cells, lines=range(2, rows + 2), files=["x"], units={name: unit for name, unit in units.items() if unit}
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=_any_tables())
def test_any_tables_survive_every_format(tmp_path, tables):
    for name in FORMATS:
        write(tables, tmp_path / name, lang="en")
    # Read as the child process does, without the time to start one for each example.
    packed = [uploads.tables((tmp_path / name).read_bytes(), name, lambda _: None) for name in FORMATS[1:]]
    got = [read(tmp_path / "pkg"), *(Tables(name="x", tables=one) for one in packed)]
    assert [tables.digest()] * 3 == [one.digest() for one in got]


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_workbook_holds_no_live_formula(tmp_path, payload):
    tables = _tables(_table("materials", {"id": ["a"], "unit": [payload], "kg_per_unit": [payload], payload: [payload]}))
    with zipfile.ZipFile(io.BytesIO(workbook(tables, "zh"))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in parts.items() if re.search(r"<f[ >]", text)]
    assert not [name for name in parts if "externalLink" in name or ("hyperlink" in parts[name].lower() and "sheet" in name)]
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_csv_file_holds_no_live_formula(payload):
    data = csv_bytes(_table("materials", {"id": ["a"], "unit": [payload], "kg_per_unit": [payload], payload: [payload]}))
    cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
    assert [f"'{payload}"] * 4 == [cell for cell in cells if payload in cell]


def test_a_cell_cannot_be_cut_open_by_another_separator():
    text = csv_bytes(_table("materials", {"id": ["a"], "composition": ["Li:0.1;=1+1"], "note": ["x\t=1+1"]})).decode()
    assert '"Li:0.1;=1+1"' in text
    assert '"x\t=1+1"' in text


def test_what_is_written_satisfies_frictionless(tmp_path):
    write(CHAIN, tmp_path / "pkg", lang="en")
    report = Package(str(tmp_path / "pkg" / "datapackage.json")).validate()
    assert [] == report.flatten(["type", "note"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=_any_tables())
def test_whatever_the_cells_the_descriptor_fits_them(tmp_path, tables):
    write(tables, tmp_path / "pkg", lang="en")
    assert [] == Package(str(tmp_path / "pkg" / "datapackage.json")).validate().flatten(["type", "note"])


def _fields(table: str) -> dict[str, dict[str, object]]:
    import json

    said = json.loads(package_files(CHAIN)["datapackage.json"])
    resource = next(one for one in said["resources"] if one["name"] == table)
    return {field["name"]: field for field in resource["schema"]["fields"]} | {"": resource["schema"]}


def test_the_descriptor_says_types_keys_and_references():
    assert "tabular-data-package" in package_files(CHAIN)["datapackage.json"].decode()
    assert {"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}} in _fields("sites")[""]["foreignKeys"]
    assert {"fields": ["process"], "reference": {"resource": "processes", "fields": ["id"]}} in _fields("plants")[""]["foreignKeys"]
    assert ["id"] == _fields("materials")[""]["primaryKey"]
    assert {"required": True, "minimum": 0} == _fields("plants")["capacity（万吨/年）"]["constraints"]
    assert ("number", "boolean") == (_fields("sites")["lon"]["type"], _fields("sites")["illustrative"]["type"])


def test_a_column_with_words_among_its_numbers_is_said_to_be_text():
    assert "string" == _fields("materials")["kg_per_unit"]["type"]


def test_a_reference_into_the_base_is_no_foreign_key():
    assert [["process"], ["site"]] == [link["fields"] for link in _fields("plants")[""]["foreignKeys"]]


def test_an_unknown_ending_is_refused_and_a_folder_with_other_things_too(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CallError) as ending:
        write(CHAIN, tmp_path / "x.parquet")
    with pytest.raises(CallError) as folder:
        write(CHAIN, tmp_path)
    assert ("write-format", "write-not-empty") == (ending.value.code, folder.value.code)
    assert ["mine.txt"] == [entry.name for entry in tmp_path.iterdir()]


def test_a_workbook_refuses_more_than_it_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "SHEET_CELLS", 20)
    with pytest.raises(InputError) as big:
        write(CHAIN, tmp_path / "x.xlsx")
    with pytest.raises(InputError) as long:
        write(_tables(_table("materials", {"id": ["a" * 40_000]})), tmp_path / "x.xlsx")
    assert ("write-too-big", "write-cell") == (big.value.code, long.value.code)
    assert [] == list(tmp_path.iterdir())


def test_half_a_letter_is_no_text():
    with pytest.raises(InputError) as caught:
        csv_bytes(_table("materials", {"id": ["\ud800"]}))
    assert ("write-text", "D800") == (caught.value.code, caught.value.values["sign"])


def test_a_table_outside_the_contract_is_kept(tmp_path):
    write(_tables(*CHAIN, _table("别的表", {"甲": ["1"]})), tmp_path / "pkg")
    assert "甲\n1\n" == (tmp_path / "pkg" / "别的表.csv").read_text(encoding="utf-8")
    assert Package(str(tmp_path / "pkg" / "datapackage.json")).validate().valid


@pytest.mark.parametrize("name", ["reference", "chenzhou"])
def test_the_bundled_packages_survive_every_format(tmp_path, name):
    bundled = read(Path(schema.__file__).parents[2] / "data" / name)
    for form in FORMATS:
        write(bundled, tmp_path / form, lang="zh")
        assert bundled.digest() == read(tmp_path / form).digest()
    assert Package(str(tmp_path / "pkg" / "datapackage.json")).validate().valid
