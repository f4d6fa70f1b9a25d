"""The verbs plan and alternatives in a terminal: what a person sees, in both languages, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liantu.cli import main
from liantu.io.writers import write
from tests.packages import package
from tests.runs.test_others import PRICES, source


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Two counties that are alike, and a price with its low and high."""
    write(source(prices=PRICES), tmp_path / "chain")
    return str(tmp_path / "chain")


YEARS = ["--from", "2026", "--to", "2029"]


def test_other_ways_are_printed_with_their_ranges(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["alternatives", folder, *YEARS, "--within", "5%", "--lang", "en"])
    out = capsys.readouterr().out
    assert "with at most" in out
    assert any(line.startswith("refine") and line.endswith("in every way") for line in out.splitlines())


def test_other_ways_speak_chinese(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["alternatives", folder, *YEARS, "--lang", "zh"])
    out = capsys.readouterr().out
    assert "少赚" in out and "都要建" in out


def test_other_ways_in_json_hold_one_object(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["alternatives", folder, *YEARS, "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert {"objective", "within", "ranges", "ways", "builds"} <= set(shown["result"])


def test_a_share_that_is_none_ends_with_two(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["alternatives", folder, *YEARS, "--within", "a lot", "--lang", "en"])
    assert "a lot" in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "word"), [("en", "corners"), ("zh", "高低组合")])
def test_a_plan_says_how_far_it_holds(folder: str, lang: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["plan", folder, *YEARS, "--holds", "--lang", lang])
    out = capsys.readouterr().out
    assert word in out
    assert any(line.startswith("refine") and line.endswith("50%") for line in out.splitlines())


def test_the_report_takes_other_ways(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = ["report", folder, "--demand", "cell=1", "--year", "2026", *YEARS, "--holds", "--within", "5%", "--out", str(out)]
    assert 0 == main([*words, "--lang", "en"]), capsys.readouterr().out
    page = (out / "report.html").read_text("utf-8")
    assert "Plans side by side" in page and "How far the plan holds" in page


@pytest.mark.parametrize(
    "words",
    [
        ["--time-limit", "-1"], ["--time-limit", "nan"], ["--gap", "-1"], ["--window", "-2"], ["--step", "-1"],
        ["--memory-limit", "0"], ["--memory-limit", "nan"], ["--from", "2031"], ["--to", "99999999"], ["--from", "0"],
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_ends_with_two(words: list[str], folder: str) -> None:
    assert 2 == main(["plan", folder, *YEARS, *words, "--json"])


@pytest.mark.parametrize("verb", ["throughput", "recruit", "whynot", "plan", "alternatives"])
def test_memory_that_is_not_enough_ends_with_three(verb: str, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    wish = ["--wish", "cell=1"] if verb == "whynot" else []
    assert 3 == main([verb, folder, *wish, "--memory-limit", "0.001", "--json"])
    assert ["memory-limit"] == [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert 0 == main(["check", folder, "--json"])


def test_a_wish_is_asked_of_the_scenario_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 t of salt takes 8 t of ore: 6,000 t of salt can be made, and twice as much where the scenario doubles the plant."""
    doubled = "scenario,table,rows,column,operation,value\n more,plants,r1,capacity,times,2\n more,plants,m1,capacity,times,4"
    write(package({"scenarios": doubled, "markets": "material,direction,price,currency\n ground,buy,1,CNY"}), tmp_path / "chain")
    share = dict[str, float]()
    for name in ("base", "more"):
        assert 0 == main(["whynot", str(tmp_path / "chain"), "--year", "2025", "--wish", "salt=12 kt", "--scenario", name, "--json"])
        share[name] = json.loads(capsys.readouterr().out)["result"]["share"]
    assert {"base": 0.5, "more": 1.0} == pytest.approx(share)
