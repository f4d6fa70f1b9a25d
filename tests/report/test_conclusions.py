"""The sentence a leader repeats: one test for each case it has."""

import re

import pytest

from liantu import runs
from liantu.report import report
from liantu.report.conclusions import MOST_CHARACTERS
from liantu.words import LANGUAGES
from tests.packages import package
from tests.report.cast import TABLES, asked, nothing_asked, reported


def sentence(lang: str = "zh", changes: dict[str, str] | None = None, **swaps: tuple[str, str]) -> str:
    return report(*asked(changes, **swaps), lang=lang).conclusion


def test_long_missing_and_short_are_said_in_this_order() -> None:
    assert "2025 年，盐产能是电芯所需的 2.4 倍；缺 1 环（正极）；短 1 环（电芯）。" == sentence("zh")
    assert "2025: Salt capacity is 2.4 times the need of Cell; missing links: 1 (Cathode); short links: 1 (Cell)." == sentence("en")


def test_only_what_is_short_is_said_where_nothing_is_missing() -> None:
    plants = (
        TABLES["plants"]
        .replace("m1,acme,mine,east,500", "m1,acme,mine,east,400")
        .replace("r1,acme,refine,east,90", "r1,acme,refine,east,25")
    )
    assert "2025 年，短 1 环（电芯）。" == sentence("zh", {"plants": plants + "\nk1,acme,coat,east,200,t/a,operating,2022,,,reported,s"})


def test_a_chain_with_enough_of_everything_says_so() -> None:
    plants = """id,firm,process,site,capacity,unit,status,start,end,utilisation,basis,source
        m1,acme,mine,east,400,t/a,operating,2020,,,reported,s
        r1,acme,refine,east,50,t/a,operating,2020,,,reported,s
        k1,acme,coat,east,200,t/a,operating,2020,,,reported,s
        c1,acme,make,east,100,MWh/a,operating,2020,,,reported,s"""
    assert "2025 年，4 环产能都够用，不短不缺。" == sentence("zh", {"plants": plants})


def test_a_chain_in_which_nothing_runs_says_that_all_is_missing() -> None:
    plants = """id,firm,process,site,capacity,unit,status,start,end,utilisation,basis,source
        m0,acme,mine,east,400,t/a,operating,2020,2024,,reported,s
        m1,acme,mine,east,400,t/a,planned,2030,,,reported,s"""
    assert "2025 年本链没有在产产能；按电芯 100 MWh 倒推，4 环全缺。" == sentence("zh", {"plants": plants})


def test_without_a_demand_nothing_is_called_long_or_short() -> None:
    chain, balance, require = asked()
    made = report(chain, balance, nothing_asked(require), lang="zh")
    assert "2025 年没有给出要满足的需求，判不了长短缺。" == made.conclusion


def test_what_no_link_makes_is_said_to_be_bought() -> None:
    ready = runs.prepare(package(TABLES))
    assert ready.chain is not None
    made = report(ready.chain, runs.run("balance", ready), runs.run("require", ready, demand={"ground": 5}), lang="zh")
    assert "2025 年本链没有环节生产 岩石 5.00 吨，全靠外购。" == made.conclusion


def test_a_link_that_is_long_is_the_one_whose_excess_is_worth_most() -> None:
    """100 t of ore beyond need at 100 CNY/t is worth less than 70 t of salt at 60,000."""
    assert "盐产能" in sentence("zh")
    assert "矿石产能" in sentence("zh", markets=("salt,sell,60000", "salt,sell,1"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_left_out_before_the_sentence_gets_too_long(lang: str) -> None:
    long_name = (
        "一种名字特别长长长长长长长长长长长长长长长长长长长长长长长长长长的正极" if lang == "zh" else "Cathode of a very long name " * 5
    )
    materials = TABLES["materials"].replace("Cathode" if lang == "en" else "正极", long_name)
    said = sentence(lang, {"materials": materials})
    assert long_name not in said
    assert len(said) <= MOST_CHARACTERS[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_empty_brackets_or_marks_left_in(lang: str) -> None:
    said = reported(lang).conclusion
    assert not re.search(r"\(\s*\)|（\s*）|⟦|⟧|\{|\}|短 0|缺 0|: 0", said)


def test_at_most_three_phrases_are_coloured() -> None:
    tones = [phrase.tone for phrase in reported("zh").page.conclusion if phrase.tone]
    assert ["long", "missing", "short"] == tones
