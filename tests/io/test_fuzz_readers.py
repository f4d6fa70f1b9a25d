"""Laws of the readers: text survives, and no bytes whatever end in anything but tables or one clear error."""

import csv
import io
import json
import random
import unicodedata
from collections.abc import Iterable

import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from liantu.errors import InputError
from liantu.io import biff, child, packages, resources
from liantu.io.encodings import decodable
from liantu.io.headers import match_header, match_table, read_header
from liantu.io.oddities import is_formula, may_be_no_data, wrong_cell
from liantu.io.uploads import Unpacked
from liantu.model import schema
from liantu.model.findings import Finding
from liantu.words import keys
from tests import workbooks

CODES = frozenset(keys("finding"))
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=12).map(str.strip)


def calm(cell: str) -> bool:
    """Whether a cell is mere data: nothing that a reader must say something about or take off."""
    ordinary = not wrong_cell(cell) and not may_be_no_data(cell) and not cell.startswith("'") and "\ufeff" not in cell
    return ordinary and unicodedata.is_normalized("NFC", cell)


ROWS = st.lists(st.tuples(*[PRINTABLE.filter(calm)] * 3).filter(lambda row: row[0] not in ("", "id") and any(row)), max_size=20)


def read(data: bytes, name: str = "materials.csv") -> tuple[list[Finding], dict[str, list[list[str]]]]:
    found: list[Finding] = []
    members = [packages.Member(path=name, table="materials")]
    tables = packages.tables(Unpacked({name: data}, "b"), members, found.append)
    assert {finding.code for finding in found} <= CODES
    return found, {one.name: [list(cells) for cells in one.columns.values()] for one in tables.values()}


def written(rows: Iterable[Iterable[str]], **dialect: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows([("id", "unit", "note"), *rows])
    return out.getvalue()


@given(
    ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
)
@settings(max_examples=150)
def test_a_table_of_printable_text_survives(rows, delimiter, lineterminator, encoding):
    found, tables = read(written(rows, delimiter=delimiter, lineterminator=lineterminator).encode(encoding))
    loud = {one.code for one in found if one.level != "note"} - {"encoding-doubtful"}
    assert (loud, tables["materials"]) == (set(), [[row[at] for row in rows] for at in range(3)])


CHINESE = st.text(st.sampled_from("锂云母碳酸氢氧化钠郴州市产能万吨年北湖区临武县，。（）"), min_size=1, max_size=8)


@given(st.lists(st.tuples(CHINESE, CHINESE, CHINESE), min_size=1, max_size=10))
@settings(max_examples=100)
@example([("母", "母", "母")])
def test_chinese_text_survives_gbk_or_is_said_to_be_doubtful(rows):
    tidy = [row for row in rows if all(map(calm, row))]
    found, tables = read(written(tidy).encode("gbk"))
    doubted = any(one.code == "encoding-doubtful" for one in found)
    assert doubted or tables["materials"] == [[row[at] for row in tidy] for at in range(3)]


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_are_a_table_or_findings(data):
    found, tables = read(data)
    assert found or tables


BASE = written([("ore", "t", "锂云母"), ("salt", "kg", 'a "b"\nc')]).encode()


@given(st.binary(max_size=6), st.integers(0, len(BASE)), st.integers(0, 12))
@settings(max_examples=200)
def test_a_damaged_csv_file_is_a_table_or_findings(piece, at, gone):
    found, tables = read(BASE[:at] + piece + BASE[at + gone :])
    assert found or tables


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "gbk", "utf-16-le", "big5", "cp1252", ""]))
@settings(max_examples=150)
def test_what_was_found_decodable_decodes(data, declared):
    try:
        text = decodable(data, "x.csv", declared)
    except InputError as error:
        assert error.code in CODES
    else:
        assert text.data.decode(text.encoding) is not None


def answered(data: bytes, name: str) -> None:
    """The child's answer is tables or an error with words, and JSON."""
    answer = child.answer(data, name)
    said = answer.get("error")
    assert said is None or (said["code"] in CODES - {"reader-failed", "limit-memory"})
    assert json.loads(json.dumps(answer)) is not None


@given(
    st.binary(max_size=300),
    st.sampled_from(["b.zip", "b.xlsx", "b.xls"]),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
@settings(max_examples=200)
def test_any_bytes_in_a_workbook_or_zip_are_answered(data, name, magic):
    answered(magic + data, name)


def old_book() -> bytes:
    """A small .xls file."""
    made, out = xlwt.Workbook(), io.BytesIO()
    sheet = made.add_sheet("materials")
    for at, row in enumerate([["id", "unit", "kg_per_unit"], ["a", "t", 1.5], ["b", "t", xlwt.Formula("1+1")]]):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    made.save(out)
    return out.getvalue()


@given(st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_a_damaged_old_workbook_is_scanned_or_refused(chance):
    # The scan alone: what calamine does with such a file is the child's to survive.
    try:
        scans = biff.scan(damaged(OLD, chance), "b.xls")
    except InputError as error:
        assert error.code in CODES
    else:
        assert all(row >= 1 for scan in scans for row, _ in scan.formulas | scan.errors)


PACK = workbooks.zipped({"materials.csv": BASE, "datapackage.json": '{"resources": [{"name": "materials", "path": "materials.csv"}]}'})
ROW = workbooks.row(2, workbooks.text("A2", "x"), '<c r="B2" t="s"><v>0</v></c>', '<c r="C2"><f>1+1</f><v>2</v></c>')
PARTS = workbooks.parts(workbooks.row(1, workbooks.HEADER) + ROW, strings="<si><t>t</t></si>")
BOOK = workbooks.zipped(PARTS)


@given(st.randoms(use_true_random=False), st.sampled_from([("b.zip", PACK), ("b.xlsx", BOOK)]))
@settings(max_examples=200)
def test_a_damaged_archive_is_answered(chance, case):
    name, whole = case
    answered(damaged(whole, chance), name)


OLD = old_book()


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changed, and perhaps cut off."""
    data = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randint(1, len(data))] if chance.random() < 0.2 else data)


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(PARTS)))
@settings(max_examples=250)
def test_a_workbook_with_a_damaged_part_is_answered(chance, part):
    answered(workbooks.zipped({**PARTS, part: damaged(PARTS[part].encode(), chance)}), "b.xlsx")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["resources", "name", "path", "dialect", "schema", "encoding", "fields", "delimiter", "header", "data", "missingValues"]
                ),
                inner,
            )
        ),
    )
)
@settings(max_examples=100)
def test_any_descriptor_is_members_or_findings(content):
    found: list[Finding] = []
    folder = Unpacked({"datapackage.json": json.dumps({"resources": content}).encode(), "materials.csv": BASE}, "b")
    try:
        members = resources.members(folder, found.append)
    except InputError as error:
        assert error.code in CODES
    else:
        assert (members or found) and all(resources.is_inside(member.path) for member in members)


@given(st.text(max_size=40), st.sampled_from(sorted(schema.tables())))
@settings(max_examples=200)
def test_any_text_may_be_a_header_or_a_sheets_name(text, table):
    column, unit = match_header(text, table)
    assert column is None or column in schema.table(table).columns
    assert unit is None or column
    assert read_header(text, table).unread == "" or column
    assert match_table(text) in (None, *schema.tables())


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=200)
def test_no_number_is_a_formula(value):
    assert not is_formula(repr(value))
    assert not is_formula(f"{value:,.3f}")
    assert not is_formula(f"{value:+g} t/a")
