"""The command line: one JSON object, exit codes, words in two languages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from liantu.cli import VERBS, main, parser
from liantu.io.writers import write
from liantu.words import LANGUAGES, keys, word
from tests.packages import package


@pytest.fixture
def folder(tmp_path) -> Path:
    """The clean package on disk, at a path with a space and Chinese."""
    place = tmp_path / "桂 阳"
    write(package(), place)
    return place


@pytest.fixture
def wrong(tmp_path) -> Path:
    place = tmp_path / "wrong"
    write(package(exchanges=("8,t", "-8,t")), place)
    return place


def said(capsys) -> dict:
    out, err = capsys.readouterr()
    assert "" == err
    return json.loads(out)


def test_check_prints_one_json_object(folder, capsys):
    assert 0 == main(["check", str(folder), "--json"])
    answer = said(capsys)
    assert "check" == answer["command"]
    assert {"table": "plants", "rows": 3} in answer["result"]["tables"]


def test_balance_of_a_year(folder, capsys):
    assert 0 == main(["balance", str(folder), "--year", "2025", "--json"])
    ore = next(row for row in said(capsys)["result"]["materials"] if row["material"] == "ore")
    assert 56_000 == pytest.approx(ore["net"])


@pytest.mark.parametrize("words", [["--demand", "cell=1GWh", "salt=10 t"], ["--demand", "cell=1GWh", "--demand", "salt=10t"]])
def test_require_takes_several_demands(folder, capsys, words):
    assert 0 == main(["require", str(folder), *words, "--json"])
    refine = next(row for row in said(capsys)["result"]["activities"] if row["process"] == "refine")
    assert 510 == pytest.approx(refine["activity"])


def test_the_package_may_stand_behind_the_demand(folder, capsys):
    assert 0 == main(["require", "--demand", "cell=1GWh", str(folder), "--json"])
    assert "require" == said(capsys)["command"]


def test_a_wrong_input_ends_with_1_and_says_where(wrong, capsys):
    assert 1 == main(["balance", str(wrong), "--year", "2025", "--json"])
    finding = said(capsys)["findings"][0]
    assert ("error", "exchanges.csv", 5, "amount") == (finding["level"], Path(finding["file"]).name, finding["row"], finding["column"])


@pytest.mark.parametrize("words", [["dream"], ["balance", "--year", "soon"], ["check", "--what"], []])
def test_a_wrong_call_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert 2 == caught.value.code
    assert "" == capsys.readouterr().out


def test_a_demand_for_nothing_known_ends_with_2_and_one_object(folder, capsys):
    assert 2 == main(["require", str(folder), "--demand", "gold=1", "--json"])
    assert "material-unknown" == said(capsys)["findings"][0]["code"]


def test_a_missing_file_ends_with_1_and_no_traceback(tmp_path, capsys):
    assert 1 == main(["check", str(tmp_path / "none.xlsx"), "--json"])
    assert 1 == len(said(capsys)["findings"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words", [["check"], ["balance", "--year", "2025"], ["require", "--demand", "cell=1"], ["data"], ["data", "units"]]
)
def test_every_verb_speaks_both_languages(folder, capsys, lang, words):
    package_ = [] if words[0] == "data" else [str(folder)]
    assert 0 == main([words[0], *package_, *words[1:], "--lang", lang])
    out, err = capsys.readouterr()
    assert out and "" == err


def test_a_marked_workbook_comes_back(wrong, tmp_path, capsys):
    out = tmp_path / "红 表.xlsx"
    assert 1 == main(["check", str(wrong), "--errors", str(out), "--json"])
    assert out.stat().st_size > 0
    said(capsys)


def test_convert_and_back_says_the_same(folder, tmp_path, capsys):
    digests = set()
    place = folder
    for name in ("book.xlsx", "pack.zip", "again"):
        assert 0 == main(["convert", str(place), str(tmp_path / name), "--json"])
        digests.add(said(capsys)["digest"])
        place = tmp_path / name
    assert {package().digest()} == digests


def test_convert_writes_nothing_of_a_wrong_package(wrong, tmp_path, capsys):
    assert 1 == main(["convert", str(wrong), str(tmp_path / "out.xlsx"), "--json"])
    assert not (tmp_path / "out.xlsx").exists()
    said(capsys)


def test_cite_says_where_a_number_comes_from(capsys):
    assert 0 == main(["data", "cite", "jjs_permit2025", "--json"])
    assert "Dazhong" in said(capsys)["result"]["source"]["citation"]
    assert 1 <= main(["data", "cite", "no-such-source", "--json"]) <= 2


def test_help_names_every_verb_in_both_languages():
    for lang in LANGUAGES:
        text = parser(lang).format_help()
        assert all(verb in text for verb in VERBS)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_help(verb, lang, capsys):
    with pytest.raises(SystemExit) as done:
        main([verb, "--help", "--lang", lang])
    assert 0 == done.value.code
    assert f"liantu {verb}" in capsys.readouterr().out


def test_help_shows_a_per_cent_sign_as_one(capsys):
    with pytest.raises(SystemExit):
        main(["alternatives", "--help", "--lang", "zh"])
    assert "2%）" in "".join(capsys.readouterr().out.split())


def test_every_word_has_both_languages():
    for name in ("cli", "finding"):
        for key in keys(name):
            assert word(f"{name}.{key}", "en").strip() and word(f"{name}.{key}", "zh").strip(), key


def test_a_pipe_that_closes_is_no_error(folder):
    done = subprocess.run(
        f'"{sys.executable}" -m liantu balance "{folder}" --year 2025 | head -1', shell=True, capture_output=True, text=True, check=False
    )
    assert "" == done.stderr


def test_report_writes_its_files_and_says_where(tmp_path, capsys):
    assert 0 == main(["report", "chenzhou", "--out", str(tmp_path / "报 告"), "--json"])
    files = [Path(file) for file in said(capsys)["result"]["files"]]
    assert ["report.html", "report.xlsx"] == [file.name for file in files]
    assert all(file.stat().st_size > 10_000 for file in files)


def test_a_report_says_whom_to_recruit_what_limits_are_worth_and_if_years_are_given_what_to_build(tmp_path):
    assert 0 == main(["report", "chenzhou", "--lang", "zh", "--out", str(tmp_path), "--from", "2026", "--to", "2027", "--format", "html"])
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(title in html for title in ("先招什么、放哪里", "瓶颈值多少", "逐年建什么、建在哪里", "示意图，不含界线"))


@pytest.mark.parametrize("table", ["markets", "technologies"])
def test_a_report_of_a_package_without_prices_or_costs_says_what_it_leaves_out(folder, tmp_path, capsys, table):
    (folder / f"{table}.csv").unlink(missing_ok=True)
    assert 0 == main(["report", str(folder), "--demand", "cell=1GWh", "--out", str(tmp_path / "out"), "--json"])
    assert "report-no-table" in [finding["code"] for finding in said(capsys)["findings"]]


def test_a_report_of_a_wrong_package_writes_nothing(wrong, tmp_path, capsys):
    assert 1 == main(["report", str(wrong), "--demand", "cell=1", "--out", str(tmp_path / "out"), "--json"])
    assert not (tmp_path / "out").exists()
    said(capsys)


@pytest.mark.parametrize("words", [["balance", "--year", "soon"], ["nothing"], ["check", "--loud"]])
def test_a_wrong_call_is_one_object_too_if_one_was_asked_for(capsys, words):
    with pytest.raises(SystemExit) as caught:
        main([*words, "--json"])
    answer = said(capsys)
    assert (2, ["call"]) == (caught.value.code, [finding["code"] for finding in answer["findings"]])
    assert {"liantu", "command", "digest", "findings", "result"} == set(answer)


def test_a_template_is_never_written_over_a_filled_workbook(folder, tmp_path, capsys):
    mine = tmp_path / "链.xlsx"
    assert 0 == main(["convert", str(folder), str(mine)])
    before = mine.read_bytes()
    assert 2 == main(["template", str(mine), "--lang", "zh"])
    assert before == mine.read_bytes()
    assert "不覆盖" in capsys.readouterr().err


def test_a_blank_template_may_be_written_anew(tmp_path):
    path = tmp_path / "链.xlsx"
    assert [0, 0] == [main(["template", str(path)]) for _ in range(2)]


def test_the_marked_workbook_is_never_the_one_that_is_checked(folder, tmp_path, capsys):
    mine = tmp_path / "链.xlsx"
    main(["convert", str(folder), str(mine)])
    before = mine.read_bytes()
    assert 2 == main(["check", str(mine), "--errors", str(mine)])
    assert before == mine.read_bytes()


def test_a_report_asked_into_a_file_says_so(folder, capsys):
    assert 1 == main(["report", str(folder), "--out", str(folder / "plants.csv" / "report"), "--demand", "cell=1GWh", "--lang", "en"])
    assert "is a file, not a folder" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_not_called_missing(folder, capsys):
    (folder / "datapackage.json").unlink()
    (folder / "materials.csv").write_bytes(b"%PDF-1.7")
    assert 1 == main(["check", str(folder), "--json"])
    assert ["file-disguised"] == [
        one["code"] for one in said(capsys)["findings"] if one["code"] in ("file-disguised", "table-absent", "missing-table")
    ]


MARKETS = """material,direction,price,currency,unit
    ground,buy,10,CNY,t
    salt,sell,1000,CNY,t
    cell,sell,0.9,CNY,kWh"""
TECHNOLOGIES = """process,capex,currency,lifetime,build_years
    make,1,CNY,10,1"""


def test_a_report_says_in_the_terminal_which_part_it_does_without(tmp_path, capsys):
    """Salt is bought for less than it sells for: no best use, so nothing to recruit; the rest of the report stands."""
    markets = MARKETS + "\n    salt,buy,900,CNY,t"
    write(package({"markets": markets, "technologies": TECHNOLOGIES}), tmp_path / "free")
    assert 0 == main(["report", str(tmp_path / "free"), "--demand", "cell=1GWh", "--out", str(tmp_path / "out"), "--lang", "en"])
    assert "Money comes from nothing" in capsys.readouterr().out
    assert (tmp_path / "out" / "report.html").exists()


def test_a_report_with_a_plan_that_cannot_be_ends_with_3(tmp_path, capsys):
    demands = "material,year,amount,unit\n    cell,2026,50,GWh"
    write(package({"markets": MARKETS, "technologies": TECHNOLOGIES, "demands": demands}), tmp_path / "firm")
    words = ["--demand", "cell=1GWh", "--from", "2025", "--to", "2027", "--out", str(tmp_path / "out"), "--lang", "en"]
    assert 3 == main(["report", str(tmp_path / "firm"), *words])
    assert "cannot be had" in capsys.readouterr().out


def test_a_report_of_two_scenarios_sets_their_plans_against_each_other(tmp_path, capsys):
    words = ["--scenario", "core-three-poles", "--scenario", "one-park", "--from", "2026", "--to", "2027", "--format", "html"]
    assert 0 == main(["report", "chenzhou", *words, "--out", str(tmp_path), "--lang", "en"])
    page = (tmp_path / "report.html").read_text("utf-8")
    assert [] == [
        word for word in ("Plans against each other", "scenario core-three-poles", "情景 一核三极", "示意对照") if word not in page
    ]
    capsys.readouterr()
    assert 2 == main(["report", "chenzhou", "--scenario", "one-hill", "--out", str(tmp_path), "--lang", "en"])
    assert "core-three-poles, one-park" in capsys.readouterr().err
