"""The terminal of scenarios and sweeps: what is printed, and where."""

from __future__ import annotations

import json

import pytest

from liantu.cli import main

SCENARIOS = "scenario,table,rows,column,operation,value,unit,reason\nsalt dear,markets,material=li2co3,price,times,1.5,,as in 2026\n"


@pytest.fixture
def package(tmp_path):
    (tmp_path / "settings.csv").write_text("key,value\nbase,chenzhou\n", "utf-8")
    (tmp_path / "scenarios.csv").write_text(SCENARIOS, "utf-8")
    return str(tmp_path)


def test_compare_prints_the_difference_before_the_values(package, capsys):
    assert 0 == main(["compare", package, "--scenarios", "base", "salt dear", "--year", "2025", "--lang", "en"])
    said = capsys.readouterr().out
    header = next(line for line in said.splitlines() if line.startswith("figure"))
    assert header.index("Δ salt dear") < header.index("base") < header.rindex("salt dear")
    assert "as in 2026" in said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["objective: the sum", "By process, all sites and years together:", "make_cell_lco", "penalties", "budget", "Illustrative"]),
        ("zh", ["目标值（合计）", "按过程合计", "临武高新技术产业开发区", "缺口罚金", "投资预算", "示意"]),
    ],
)
def test_plans_stand_side_by_side_in_both_languages(lang, said, capsys):
    names = ["--scenario", "core-three-poles", "--scenario", "一园集中"]
    assert 0 == main(["compare", "plan", *names, "--from", "2026", "--to", "2028", "--lang", lang])
    out = capsys.readouterr().out
    header = next(line for line in out.splitlines() if line.startswith(("money", "折现金额")))
    assert header.index("core-three-poles") < header.index("一园集中")
    assert [] == [word for word in said if word not in out]


def test_plans_side_by_side_are_one_json_object(package, capsys):
    assert 0 == main(["compare", "plan", package, "--scenario", "salt dear", "--from", "2026", "--to", "2027", "--budget", "1e9", "--json"])
    told = json.loads(capsys.readouterr().out)["result"]
    assert ["base", "salt dear"] == [row["scenario"] for row in told["scenarios"]]
    assert {"process", "site", "apart", "scenario", "year", "capacity", "unit", "ready", "investment"} == set(told["builds"][0])
    assert {"part", "scenario", "value", "difference"} == set(told["money"][0])


def test_a_word_that_is_no_verb_is_the_package_and_one_behind_the_names_is_too(package, capsys):
    for words in (
        [package, "--scenario", "salt dear"],
        ["--scenario", "salt dear", package],
        ["throughput", package, "--scenario", "salt dear"],
    ):
        assert 0 == main(["compare", *words, "--year", "2025", "--lang", "en"])
        assert "Δ salt dear" in capsys.readouterr().out


def test_a_sweep_prints_json_and_nothing_else(package, capsys):
    assert 0 == main(
        ["sweep", package, "--vary", "prices", "--runs", "20", "--workers", "1", "--year", "2025", "--scenario", "salt dear", "--json"]
    )
    out, errors = capsys.readouterr()
    told = json.loads(out)
    assert ("sweep", 20, "") == (told["command"], told["result"]["done"], errors)
    assert {"item", "share", "low", "median", "high", "factor", "correlation"} == set(told["result"]["outcomes"][0])


@pytest.mark.parametrize(("out", "page"), [("folder", "folder/sweep.html"), ("table.csv", "table.html")])
def test_a_sweep_with_a_place_to_write_to_leaves_its_page_there(out, page, tmp_path, capsys):
    words = ["--vary", "prices", "--runs", "60", "--workers", "1", "--year", "2025", "--out", str(tmp_path / out)]
    assert 0 == main(["sweep", *words, "--lang", "en"])
    assert str(tmp_path / page) in capsys.readouterr().out
    said = (tmp_path / page).read_text("utf-8")
    assert "Lithium carbonate, battery grade: price" in said and "电池级碳酸锂价格" in said
    assert "zrender" not in said


def test_a_sweep_tells_on_the_error_stream_how_far_it_is(capsys):
    assert 0 == main(["sweep", "--vary", "prices", "--runs", "20", "--workers", "1", "--year", "2025", "--lang", "zh"])
    out, errors = capsys.readouterr()
    assert "20/20" in errors
    assert "出现占比" in out


def test_a_scenario_that_is_wrong_is_found_before_anything_is_solved(package, capsys, tmp_path):
    (tmp_path / "scenarios.csv").write_text(SCENARIOS.replace("li2co3", "li9co9"), "utf-8")
    assert 1 == main(["throughput", package, "--scenario", "salt dear", "--json"])
    found = json.loads(capsys.readouterr().out)["findings"][0]
    assert ("scenario-row", "scenarios.csv", 2, "rows") == (found["code"], found["file"], found["row"], found["column"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["sweep"], "vary-none"), (["sweep", "--vary", "colours"], "vary-form"), (["compare", "check", "chenzhou"], "verb-unknown"), (["compare", "alternatives"], "verb-unknown"),
        (["sweep", "--vary", "prices", "--scheduler", "tcp://192.168.0.9:8786"], "scheduler-open"), (["throughput", "--scenario", "none"], "scenario-unknown"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong_ends_with_two(words, code, capsys):
    assert 2 == main([*words, "--json"])
    assert code == json.loads(capsys.readouterr().out)["findings"][0]["code"]
