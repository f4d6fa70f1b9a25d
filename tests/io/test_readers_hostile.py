"""Workbooks and archives that no office program writes: each is one clear error, soon, and nothing else happens."""

import os
import stat
import struct
import time
import zipfile

import pytest

from liantu.errors import InputError
from liantu.io import archives, child, limits, ooxml, uploads
from liantu.io.readers import read
from tests import workbooks
from tests.workbooks import raw_book, row, text, zipped

TABLE = workbooks.csv_text(workbooks.MATERIALS)


def refused(path, door=None) -> str:
    """The code of the one error; read in this process unless a door is given, which spares a second a test."""
    with pytest.raises(InputError) as caught:
        door(path) if door else uploads.tables(path.read_bytes(), path.name, [].append)
    assert all(caught.value.message(lang) and caught.value.hint(lang) for lang in ("zh", "en"))
    assert caught.value.file
    return caught.value.code


def written(path, data: bytes):
    path.write_bytes(data)
    return path


def entry(name: str, mode: int = 0, flags: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr, info.flag_bits = mode << 16, flags
    return info


def renamed(data: bytes, old: str, new: str) -> bytes:
    assert len(old) == len(new)
    return data.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("../materials.csv", TABLE)], "zip-name"), ([("/materials.csv", TABLE)], "zip-name"), ([("a/../../x.csv", TABLE)], "zip-name"),
        ([("C:/x.csv", TABLE)], "zip-name"), ([("a//b.csv", TABLE)], "zip-name"), ([("./materials.csv", TABLE)], "zip-name"),
        ([("a\\x.csv", TABLE)], "zip-name"), ([("materials.csv", TABLE), ("x.zip", b"PK")], "zip-nested"), ([("materials.csv", TABLE), ("x.tar.gz", b"")], "zip-nested"),
        ([("materials.csv", TABLE), ("Materials.CSV", TABLE)], "zip-twice"), ([("caf\u00e9.csv", TABLE), ("cafe\u0301.csv", TABLE)], "zip-twice"),
        ([(entry("materials.csv", stat.S_IFLNK | 0o777), "/etc/passwd")], "zip-link"), ([(entry("materials.csv", stat.S_IFIFO), "")], "zip-link"),
        ([(entry("x", stat.S_IFCHR), "")], "zip-link"), ([("x" * 250 + ".csv", TABLE)], "limit-entry-name"), ([("README.md", "x")], "no-tables"), ([], "no-tables"),
        ([("weather.csv", TABLE)], "no-tables"), ([(f"{at}.txt", "") for at in range(1001)], "limit-entries"), ([("a.xlsx", "x"), ("b.xlsx", "x")], "zip-many"),
    ],
)  # fmt: skip
def test_archives_that_are_refused(tmp_path, files, code):
    assert refused(written(tmp_path / "b.zip", zipped(files))) == code


def test_the_same_name_twice_is_refused(tmp_path):
    data = renamed(zipped({"materials.csv": TABLE, "materialz.csv": TABLE}), "materialz", "materials")
    assert refused(written(tmp_path / "b.zip", data)) == "zip-twice"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(tmp_path, method):
    assert refused(written(tmp_path / "b.zip", zipped({"materials.csv": TABLE}, method))) == "zip-method"


def test_an_encrypted_entry_is_refused(tmp_path):
    data = bytearray(zipped({"materials.csv": TABLE}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(written(tmp_path / "b.zip", bytes(data))) == "zip-encrypted"


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("name", ["b.zip", "b.xlsx"])
def test_a_file_that_was_cut_off_is_refused(tmp_path, share, name):
    whole = zipped({"materials.csv": TABLE * 50}) if name == "b.zip" else raw_book(tmp_path / "whole.xlsx").read_bytes()
    assert refused(written(tmp_path / name, whole[: int(len(whole) * share)])) in ("zip-broken", "file-empty", "workbook-broken")


def test_a_flipped_byte_in_an_entry_is_noticed(tmp_path):
    data = bytearray(zipped({"materials.csv": TABLE}, zipfile.ZIP_STORED))
    data[data.index(b"ore")] ^= 1
    assert refused(written(tmp_path / "b.zip", bytes(data))) == "zip-broken"


def test_an_entry_that_hides_its_size_is_noticed(tmp_path):
    data = bytearray(zipped({"materials.csv": TABLE * 100}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    assert refused(written(tmp_path / "b.zip", bytes(data))) == "zip-broken"


@pytest.mark.parametrize("name", ["materials.csv", "README.bin"])
def test_a_bomb_is_refused_by_what_comes_out(tmp_path, name):
    data = zipped({"sites.csv": "id\n", name: b"\n" * (11 * limits.MB)})
    begun = time.monotonic()
    assert refused(written(tmp_path / "b.zip", data), read) == "limit-ratio"
    assert time.monotonic() - begun < limits.WALL_S


def test_a_bomb_of_many_entries_is_refused_in_all(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 2 * limits.MB)
    files = {f"{at}.csv": os.urandom(limits.MB // 2) for at in range(5)}
    with pytest.raises(InputError) as caught:
        archives.unpack(zipped(files), "b.zip", lambda _: False)
    assert caught.value.code == "limit-unpacked"


def test_an_entry_may_not_be_too_large(monkeypatch):
    monkeypatch.setattr(limits, "ENTRY_BYTES", limits.MB)
    with pytest.raises(InputError) as caught:
        archives.unpack(zipped({"x.csv": os.urandom(2 * limits.MB)}), "b.zip", lambda _: True)
    assert caught.value.code == "limit-entry-bytes"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row(2, text("A2", "x"), text("A2", "y")),), "workbook-order"), ((row(2, text("B2", "x"), text("A2", "y")),), "workbook-order"),
        ((row(2, text("A3", "x")),), "workbook-order"), ((row(3, text("A3", "x")), row(2, text("A2", "y"))), "workbook-order"),
        ((row(2, text("A2", "x")), row(2, text("A2", "y"))), "workbook-order"), ((row(2, text("A0", "x")),), "workbook-order"),
        ((row(2, text("AAAA2", "x")),), "workbook-order"), ((row(2, text("nonsense", "x")),), "workbook-order"),
        ((row(2, text("A2", "x"), text("XFD2", "y")),), "limit-columns"), ((row(1_048_576, text("A1048576", "x")),), "limit-rows"),
        ((row(1_048_576, text("XFD1048576", "x")),), "limit-rows"), ((row(400_000, text("A400000", "x"), text("KA400000", "x")),), "limit-cells"),
        ((row(2, '<c r="A2" t="s"><v>0</v></c>'),), "workbook-string"), ((row(2, '<c r="A2" t="s"><v>-1</v></c>'),), "workbook-string"),
        ((row(2, '<c r="A2" t="s"><v>1e0</v></c>'),), "workbook-string"), ((row(2, '<c r="A2"><v>1e400</v></c>'),), "workbook-number"),
        ((row(2, '<c r="A2"><v>NaN</v></c>'),), "workbook-number"), ((row(2, '<c r="A2"><v>inf</v></c>'),), "workbook-number"),
        ((row(2, '<c r="A2"><v>1_000</v></c>'),), "workbook-number"), ((row(2, '<c r="A2"><v>１２３</v></c>'),), "workbook-number"),
        ((row(2, '<c r="A2"><v>0x10</v></c>'),), "workbook-number"), ((row(2, text("A2", "x" * 32_768)),), "limit-cell-text"),
        (("<oops",), "workbook-broken"), (("</sheetData>",), "workbook-broken"), (("&nope;",), "workbook-broken"),
    ],
)  # fmt: skip
def test_sheets_that_are_refused(tmp_path, rows, code):
    assert refused(raw_book(tmp_path / "b.xlsx", *rows)) == code


def test_a_shared_text_that_is_there_is_read(tmp_path):
    path = raw_book(
        tmp_path / "b.xlsx", row(2, '<c r="A2" t="s"><v>1</v></c>'), strings="<si><t>x</t></si><si><r><t>a</t></r><r><t>b</t></r></si>"
    )
    assert list(read(path).tables["materials"].column("id")) == ["ab"]


def test_a_shared_text_that_is_too_long_is_refused(tmp_path):
    path = raw_book(tmp_path / "b.xlsx", strings=f"<si><t>{'x' * 40_000}</t></si>")
    assert refused(path) == "limit-cell-text"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
)
def test_entities_are_refused_in_each_part(tmp_path, part):
    parts = workbooks.parts(row(1, workbooks.HEADER))
    parts[part] = ENTITIES + parts.get(part, "<styleSheet/>")
    assert refused(written(tmp_path / "b.xlsx", zipped(parts))) == "workbook-doctype"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_a_part_is_refused(tmp_path, part):
    parts = workbooks.parts(row(1, workbooks.HEADER))
    del parts[part]
    assert refused(written(tmp_path / "b.xlsx", zipped(parts))) in ("workbook-broken", "no-tables")


def test_a_sheet_outside_the_workbook_is_not_fetched(tmp_path):
    parts = workbooks.parts(row(1, workbooks.HEADER))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:9/x.xml" TargetMode="External"'
    )
    assert refused(written(tmp_path / "b.xlsx", zipped(parts))) in ("workbook-broken", "no-tables")


def test_a_part_that_stands_twice_is_refused(tmp_path):
    parts = list(workbooks.parts(row(1, workbooks.HEADER)).items())
    data = renamed(zipped([*parts, ("xl/worksheets/sheet2.xml", "<worksheet/>")]), "sheet2", "sheet1")
    assert refused(written(tmp_path / "b.xlsx", data)) == "zip-twice"


def test_a_workbook_with_too_many_sheets_is_refused(tmp_path):
    parts = workbooks.parts(row(1, workbooks.HEADER))
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1, 102))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", f"<sheets>{sheets}")
    assert refused(written(tmp_path / "b.xlsx", zipped(parts))) == "limit-sheets"


def test_styles_of_a_workbook_may_not_be_huge(tmp_path):
    padding = os.urandom(3 * limits.MB).hex()
    parts = workbooks.parts(row(1, workbooks.HEADER), extra={"xl/styles.xml": f"<styleSheet><!--{padding}--></styleSheet>"})
    assert refused(written(tmp_path / "b.xlsx", zipped(parts))) == "limit-styles"


def test_a_sheet_of_spaces_is_no_burden(tmp_path):
    parts = workbooks.parts(row(1, workbooks.HEADER) + " " * (9 * limits.MB))
    assert "materials" in read(written(tmp_path / "b.xlsx", zipped(parts))).tables


def test_a_dimension_that_lies_is_harmless(tmp_path):
    parts = workbooks.parts(row(1, workbooks.HEADER) + row(2, text("A2", "x")))
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert list(read(written(tmp_path / "b.xlsx", zipped(parts))).tables["materials"].column("id")) == ["x"]


def test_a_merge_over_the_whole_sheet_is_harmless(tmp_path):
    parts = workbooks.parts(row(1, workbooks.HEADER) + row(2, text("A2", "x")))
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        "</sheetData>", '</sheetData><mergeCells count="2"><mergeCell ref="A2:XFD1048576"/><mergeCell ref="C9:B3"/></mergeCells>'
    )
    assert list(read(written(tmp_path / "b.xlsx", zipped(parts))).tables["materials"].column("id")) == ["x"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("b.xlsx", b"id,unit\na,t\n"), ("b.xlsx", b"<html><table></table></html>"), ("b.xls", b"<html>x</html>"), ("b.xls", b"\0" * 4096), ("b.xlsx", b"PK"),
        ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000), ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000), ("b.zip", b"hello"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_one_clear_error(tmp_path, name, data):
    assert refused(written(tmp_path / name, data)) in ("workbook-broken", "zip-broken", "file-disguised")


def test_a_new_workbook_with_an_old_name_is_read(tmp_path):
    path = raw_book(tmp_path / "b.xls", row(2, text("A2", "x")))
    assert list(read(path).tables["materials"].column("id")) == ["x"]


def test_a_sheet_of_two_million_cells_and_one_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "SHEET_CELLS", 4)
    data = raw_book(tmp_path / "b.xlsx", row(2, text("A2", "x"), text("B2", "y"))).read_bytes()
    with pytest.raises(InputError) as caught:
        ooxml.scan(data, "b.xlsx")
    assert caught.value.code == "limit-cells"


# ---------------------------------------------------------------- the child


def spin(tmp_path, monkeypatch, body: str) -> str:
    """The code of the error when the child does something else than read."""
    monkeypatch.setattr(
        child,
        "_START",
        f"from liantu.io import child; child._limit(); {body}".replace(
            "from liantu", "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from liantu", 1
        ),
    )
    return refused(raw_book(tmp_path / "b.xlsx"), read)


def test_a_child_that_takes_too_much_memory_is_said_to(tmp_path, monkeypatch):
    assert (
        spin(tmp_path, monkeypatch, "import os; x = None\ntry:\n  x = bytearray(3 << 30)\nexcept MemoryError:\n  os.abort()")
        == "limit-memory"
    )


def test_a_child_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "WALL_S", 1)
    assert spin(tmp_path, monkeypatch, "import time; time.sleep(60)") == "limit-time"


def test_a_child_that_uses_too_much_processor_is_ended(tmp_path, monkeypatch):
    assert spin(tmp_path, monkeypatch, "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass") == "limit-time"


def test_a_child_that_dies_is_said_to(tmp_path, monkeypatch):
    assert spin(tmp_path, monkeypatch, "raise SystemExit(7)") == "reader-failed"


@pytest.mark.parametrize(
    "body",
    [
        "import socket; socket.socket()",
        "import os; os.system('true')",
        "import os; os.write(os.open('x', os.O_CREAT | os.O_WRONLY), b'y')",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_a_child_can_reach_nothing(tmp_path, monkeypatch, body):
    assert spin(tmp_path, monkeypatch, body) == "reader-failed"


def test_a_panic_in_the_parser_is_an_error_in_words(monkeypatch):
    class Panic(BaseException):
        pass

    def panic(*_):
        raise Panic

    monkeypatch.setattr(uploads, "tables", panic)
    assert child.answer(b"x", "b.xlsx")["error"]["code"] == "reader-failed"


def test_what_is_refused_in_the_child_arrives_whole(tmp_path):
    path = raw_book(tmp_path / "b.xlsx", row(2, '<c r="A2"><v>NaN</v></c>'))
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.values, caught.value.file) == (
        "workbook-number",
        {"cell": "A2", "value": "NaN"},
        "b.xlsx[materials]",
    )


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    read(raw_book(tmp_path / "b.xlsx"))
    assert (list((tmp_path / "tmp").iterdir()), sorted(one.name for one in tmp_path.iterdir())) == ([], ["b.xlsx", "tmp"])
