"""Packages wrong in one cell or file, each with the one thing to be said of it; and right ones in odd dress, which mean the same."""

import csv
import io

import pytest

from liantu.runs import run
from tests.packages import CLEAN

TEXTS = {name: "".join(f"{line.strip()}\n" for line in text.strip().splitlines()) for name, text in CLEAN.items()}

# table, row of data, column, cells, code
CELLS = [
    ("exchanges", 4, "amount", ["", "—", "n/a"], "missing-value"),
    ("exchanges", 4, "amount", ["nan", "NaN", "inf", "Infinity", "1e400", "-1e400", "1e-400", "∞"], "number-finite"),
    ("exchanges", 4, "amount", ["-1", "-0.5 t", "-1e-300"], "below"),
    ("exchanges", 4, "amount", ["1,5", "1.234,5", "12,34", "8,"], "number-comma"),
    ("exchanges", 4, "amount", ["1_000", "0x10", "1O", "l0", "½", "10²", "٣", "१", "8 9", "8..5", "8.5.1", "(8)", "8-", "八", "8 foo"], "number"),
    ("exchanges", 4, "amount", ["true", "8/1", "1e", "e5", "e", ".", "+", "8;9", "1 000", "1\u00a0000", "8\u200b", "8×10^3", "8*2", "9" * 65], "number"),
    ("exchanges", 4, "amount", ["8-9", "8~9", "7至9"], "number-range"),
    ("exchanges", 4, "amount", ["=8", "=1+7", "@SUM(1)", "+1+cmd|x", "--8"], "formula-cell"),
    ("exchanges", 4, "amount", ["#REF!", "#N/A", "#value!"], "cell-error"),
    ("exchanges", 4, "amount", ["8 GWh", "8%", "8‰", "8元", "8 kg/t", "8 m3"], "unit-convert"),
    ("exchanges", 4, "amount", ["\ufffd8"], "lost-text"),
    ("exchanges", 4, "unit", ["", "-"], "missing-value"),
    ("exchanges", 4, "unit", ["foo", "tonn", "t²", "t//a", "t/", "MT", "mt"], "unit"),
    ("exchanges", 4, "unit", ["GWh", "m3", "CNY", "t/h", "t/a", "%"], "unit-convert"),
    ("exchanges", 4, "direction", ["inn", "产", "both", "1"], "choice"),
    ("exchanges", 4, "material", ["Ore", "o re", "ore2"], "unknown-near"),
    ("exchanges", 4, "source", ["zz", "s;zz"], "unknown"),
    ("exchanges", 1, "amount", ["2", "0.999", "0"], "product-amount"),
    ("plants", 1, "unit", ["t/d", "t/month", "吨/日"], "unit-not-yearly"),
    ("plants", 1, "unit", ["GWh", "元", "1", "MW"], "unit-convert"),
    ("plants", 1, "start", ["abc", "45444", "2020-13", "2020-02-30", "2020.13", "2020/2021", "1e3", "20200"], "date"),
    ("plants", 1, "start", ["1800", "2201"], "year-range"),
    ("plants", 1, "start", ["1905-07-13"], "year-serial"),
    ("plants", 1, "end", ["2019"], "end-before-start"),
    ("plants", 1, "status", ["run", "0", "operating;closed"], "choice"),
    ("plants", 1, "utilisation", ["1.2", "62"], "share-above-one"),
    ("plants", 1, "utilisation", ["-0.1", "-5%"], "below"),
    ("plants", 1, "utilisation", ["120%"], "above"),
    ("plants", 1, "utilisation", ["50 t"], "share"),
    ("plants", 2, "id", ["m1"], "id-twice"),
    ("materials", 1, "unit", ["xyz", "kgg", "T/"], "unit"),
    ("materials", 3, "formula", ["Xx2", "li2co3", "Li2CO3)", "(Li", "CuSO4.5H2O", "Li-2", "2", "()", "Li02", "水"], "formula"),
    ("materials", 3, "composition", ["Li", "Li:abc", "Xx:0.1", "Li:-0.1", "Li:0.1;Li:0.1", "0.1", "Li:nan", ":0.1"], "composition"),
    ("materials", 3, "composition", ["Li:1.2", "Li:0.6;O:0.5", "Li:101%"], "composition-above-one"),
    ("materials", 4, "kg_per_unit", ["-4"], "below"),
    ("materials", 3, "kg_per_unit", ["5", "1"], "mass-differs"),
    ("materials", 1, "id", ["x" * 65, "o\u202ere"], "id"),
    ("sites", 1, "parent", ["city", "east"], "site-loop"),
]  # fmt: skip
CASES = [(table, row, column, cell, code) for table, row, column, cells, code in CELLS for cell in cells]


def with_cell(table: str, row: int, column: str, cell: str) -> str:
    rows = list(csv.reader(io.StringIO(TEXTS[table])))
    if column not in rows[0]:
        rows[0].append(column)
    rows = [one + [""] * (len(rows[0]) - len(one)) for one in rows]
    rows[row][rows[0].index(column)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def folder(path, **files: str | bytes):
    for name, text in {**TEXTS, **files}.items():
        (path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(("table", "row", "column", "cell", "code"), CASES, ids=lambda value: str(value)[:24])
def test_a_wrong_cell_is_said_with_its_place(tmp_path, table, row, column, cell, code):
    record = run("check", folder(tmp_path, **{table: with_cell(table, row, column, cell)}))
    found = [finding for finding in record.findings if finding.level == "error" and finding.code == code]
    assert found, [finding.code for finding in record.findings]
    assert f"{table}.csv" == found[0].file
    assert all(found[0].message(lang) and found[0].hint(lang) for lang in ("zh", "en"))
    assert code == "site-loop" or row + 1 == found[0].row


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"materials": b""}, "file-empty"), ({"materials": b" \n\n"}, "file-empty"), ({"materials": b"id,unit\n"}, "table-empty"),
        ({"firms": bytes(range(256))}, "csv-binary"), ({"firms": b"PK\x03\x04x"}, "file-disguised"), ({"firms": b"id\nacme\0\n"}, "csv-binary"),
        ({"firms": b"id\nacme\xe9\xff\n"}, "csv-encoding"), ({"firms": 'id\n"acme\n'}, "csv-quote-open"), ({"firms": 'id\n"ac"me\n'}, "csv-quote"),
        ({"firms": "id\nacme,1\n"}, "csv-wide"), ({"firms": "id,id\nacme,b\n"}, "header-twice"), ({"firms": "site\neast\n"}, "column-absent"),
        ({"firms": "id,note\nacme," + "x" * 200_000 + "\n"}, "csv-long"), ({"firms": ",".join(["id", *map(str, range(400))]) + "\nacme\n"}, "limit-columns"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_clear_error(tmp_path, files, code):
    record = run("check", folder(tmp_path, **files))
    assert code in {finding.code for finding in record.findings if finding.level == "error"}
    assert not record.ok


def every(change) -> dict[str, str | bytes]:
    return {name: change(text) for name, text in TEXTS.items()}


def lines(change):
    return lambda text: "".join(f"{change(line)}\n" for line in text.splitlines())


DRESSES = {
    "bom": every(lambda text: text.encode("utf-8-sig")),
    "crlf": every(lambda text: text.replace("\n", "\r\n")),
    "utf-16": every(lambda text: text.encode("utf-16")),
    "semicolons": every(lambda text: text.replace(",", ";")),
    "tabs": every(lambda text: text.replace(",", "\t")),
    "quotes": every(lines(lambda line: ",".join(f'"{cell}"' for cell in line.split(",")))),
    "blanks around": every(lines(lambda line: " , ".join(line.split(",")))),
    "blank lines": every(lambda text: text.replace("\n", "\n\n")),
    "no last line end": every(str.rstrip),
    "capital headers": every(lambda text: text.split("\n")[0].upper() + "\n" + text.split("\n", 1)[1]),
    "wide digits": {"plants": TEXTS["plants"].replace(",80,", ",８０,")},
    "thousands": {"plants": TEXTS["plants"].replace(",80,kt/a", ',"80,000",t')},
    "万吨 in the unit": {"plants": TEXTS["plants"].replace(",80,kt/a", ",8,万吨/年")},
    "万吨 in the cell": {"plants": TEXTS["plants"].replace(",80,kt/a", ",约8万吨,t")},
    "kg for t": {"exchanges": TEXTS["exchanges"].replace("ore,in,8,t,7,9", "ore,in,8000,kg,7000,9000")},
    "TJ for GWh": {"plants": TEXTS["plants"].replace(",2,GWh/a", ",7.2,TJ")},
    "mass for a count": {"plants": TEXTS["plants"].replace(",2,GWh/a", ",8,kt")},
    "per cent": {"plants": TEXTS["plants"].replace(",,0.5,", ",,50%,")},
    "per cent header": {"plants": TEXTS["plants"].replace("utilisation", "产能利用率（%）").replace(",,0.5,", ",,50,")},
    "a date for a year": {"plants": TEXTS["plants"].replace(",2021,", ",2021年6月,")},
    "two rows of one input": {"exchanges": TEXTS["exchanges"].replace("refine,ore,in,8,t,7,9", "refine,ore,in,5,t,,,measured,s\nrefine,ore,in,3,t,,")},
    "Chinese directions": {"exchanges": TEXTS["exchanges"].replace(",out,", ",产出,").replace(",in,", ",投入,")},
    "titles above": {"plants": "附表1 装置产能表\n单位：见各行\n" + TEXTS["plants"]},
    "a total below": {"plants": TEXTS["plants"] + "合计,,,,88,kt,,,,,\n"},
    "columns turned round": every(lines(lambda line: ",".join(line.split(",")[::-1]))),
    "GBK": {"firms": "id,name_zh\nacme,桂阳铜业有限公司\n".encode("gbk")},
    "signs that are no GBK": {"firms": "id,name_zh\nacme,β-LiOH·H2O café ±5 °C\n"},
}  # fmt: skip


@pytest.mark.parametrize("dress", sorted(DRESSES))
def test_odd_dress_changes_no_value(tmp_path, dress):
    """80 kt of ore; half of 6 kt of salt takes 24 kt of it; 2 GWh of cells take 1 kt of salt."""
    given = DRESSES[dress]
    if dress == "columns turned round":
        given = {
            name: text
            for name, text in given.items()
            if all(line.count(",") == text.split("\n")[0].count(",") for line in text.splitlines())
        }
    record = run("balance", folder(tmp_path, **given), year=2025)
    assert record.ok, [(finding.code, finding.where()) for finding in record.findings if finding.level == "error"]
    net = {row["material"]: row["net"] for row in record.grid("materials")}
    assert {"ground": -80_000, "ore": 56_000, "salt": 2_000, "cell": 2e6, "slag": 21_000} == pytest.approx(net, rel=1e-12)


@pytest.mark.parametrize("rest", ["", "b,铜矿"])
def test_gbk_that_is_utf8_by_chance_is_not_read_in_silence(tmp_path, rest):
    record = run("check", folder(tmp_path, firms="id,name_zh\nacme,铜业\n".encode("gbk") + rest.encode()))
    (found,) = (finding for finding in record.findings if finding.code == "encoding-doubtful")
    assert ("firms.csv", 2, "铜业", "warning") == (found.file, found.row, found.values["other"], found.level)


def test_letters_of_scripts_in_use_raise_no_doubt(tmp_path):
    record = run("check", folder(tmp_path, firms="id,name_zh\nacme,β-LiOH·H2O café ±5 °C Łódź\n"))
    assert "encoding-doubtful" not in {finding.code for finding in record.findings}
