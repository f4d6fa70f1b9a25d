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


def test_a_sweep_prints_json_and_nothing_else(package, capsys):
    assert 0 == main(
        ["sweep", package, "--vary", "prices", "--runs", "20", "--workers", "1", "--year", "2025", "--scenario", "salt dear", "--json"]
    )
    out, errors = capsys.readouterr()
    told = json.loads(out)
    assert ("sweep", 20, "") == (told["command"], told["result"]["done"], errors)
    assert {"item", "share", "low", "median", "high", "factor", "correlation"} == set(told["result"]["outcomes"][0])


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
        (["sweep"], "vary-none"), (["sweep", "--vary", "colours"], "vary-form"), (["compare", "--verb", "check"], "verb-unknown"),
        (["sweep", "--vary", "prices", "--scheduler", "tcp://192.168.0.9:8786"], "scheduler-open"), (["throughput", "--scenario", "none"], "scenario-unknown"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong_ends_with_two(words, code, capsys):
    assert 2 == main([*words, "--json"])
    assert code == json.loads(capsys.readouterr().out)["findings"][0]["code"]
