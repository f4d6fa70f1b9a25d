"""The page of a sweep: what is counted as sure, names instead of keys, the picture."""

from __future__ import annotations

import numpy as np
import pytest

from liantu import runs
from liantu.model.results import Grid, RunRecord
from liantu.report import Report, futures, render_html
from liantu.report.page import Table
from tests.packages import package

NAMED = {
    "materials": """id,name_en,name_zh,unit,kind,formula,kg_per_unit
        ground,,,t,resource,,
        ore,,,t,good,,
        salt,Lithium salt,锂盐,t,good,Li2CO3,
        cell,,,kWh,good,,4
        slag,,,t,residue,,""",
    "processes": """id,name_en,name_zh,stage,product
        mine,Mining,采矿,mining,ore
        refine,Refining,制盐,salts,salt
        make,Making,制电芯,cell,cell""",
}
SALT, MINE = "markets.price[material=salt]", "plants.capacity[id=m1]"


def swept(verb: str = "throughput", **changes: object) -> RunRecord:
    """Three plants in 100 futures, made by hand: one always runs, one in 60, one in 5."""
    outcomes: dict[str, object] = {
        "item": ["m1", "r1", "c1"] if verb == "throughput" else ["mine @ east", "refine @ east", "make @ east"],
        "share": [1.0, 0.6, 0.05],
        "low": [80_000.0, 0.0, 0.0], "median": [80_000.0, 3000.0, 0.0], "high": [80_000.0, 6000.0, 2e6],
        "factor": ["", SALT, MINE], "correlation": [np.nan, 0.7, -0.45],
    }  # fmt: skip
    picture = {"item": [outcomes["item"][1], outcomes["item"][2]], "factor": [SALT, MINE], "correlation": [0.7, -0.45]}  # type: ignore[index]
    factors = {
        "factor": [SALT, MINE, "prices.odd"],
        "low": [0.5, 0.8, 1.0],
        "high": [1.5, 1.2, 2.0],
        "correlation": [0.9, np.nan, 0.1],
        "flips": [1, 1, 0],
    }
    result = {
        "verb": verb, "year": 2025, "runs": 100, "done": 100, "stopped": False,
        "ended": Grid(columns={"status": ["infeasible", "optimal"], "runs": [4, 96]}),
        "objective": {"low": 1e9, "median": 2e9, "high": 3e9},
        "outcomes": Grid(columns=outcomes), "factors": Grid(columns=factors), "picture": Grid(columns=picture), **changes,
    }  # fmt: skip
    return RunRecord(command="sweep", package="example", digest="d" * 64, version="0", options={"seed": 7, "scenario": ""}, result=result)


def page_of(record: RunRecord, lang: str = "en") -> Report:
    chain = runs.prepare(package(NAMED)).chain
    assert chain is not None
    return futures(chain, record, lang=lang)


def table(made: Report, key: str) -> Table:
    return next(table for table in made.page.tables() if table.key == key)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            "In 100 futures 1 of the plants that run hold whatever comes, 1 hang on what varies. Most of all Refining (east, acme), by Lithium salt: price.",
        ),
        ("zh", "推演 100 种情形：开工的装置中 1 项稳，1 项看行情。最看行情的是制盐 (east、acme)，取决于锂盐价格。"),
    ],
)
def test_the_page_opens_with_what_is_sure_and_what_is_not(lang, sentence):
    assert sentence == page_of(swept(), lang).conclusion


def test_plants_are_called_by_what_they_do_and_where():
    rows = table(page_of(swept()), "futures").rows
    assert [["Mining", "east, acme", "100 %"], ["Refining", "east, acme", "60 %"], ["Making", "east, acme", "5.0 %"]] == [
        [cell.text for cell in row[:3]] for row in rows
    ]
    assert ["t", "0", "3,000", "6,000"] == [cell.text for cell in rows[1][4:8]]


def test_links_and_builds_are_called_so_too():
    made = page_of(swept("plan"))
    assert ["Mining", "east"] == [cell.text for cell in table(made, "futures").rows[0][:2]]
    assert "1 of the builds hold" in made.conclusion


def test_the_picture_has_a_row_an_outcome_and_a_column_a_factor():
    found = table(page_of(swept()), "futures-flips")
    assert ["Lithium salt: price", "Mining (east, acme): capacity"] == [column.title for column in found.columns[2:]]
    assert [["+0.70", ""], ["", "−0.45"]] == [[cell.text for cell in row[2:]] for row in found.rows]
    html = render_html(page_of(swept())).decode()
    assert "heat-up-3" in html and "heat-down-2" in html


def test_a_factor_nobody_knows_keeps_its_name_and_futures_without_an_answer_are_counted():
    made = page_of(swept())
    assert "prices.odd" in [row[0].text for row in table(made, "futures-factors").rows]
    assert "no solution 4" in [figure.meaning for figure in made.page.figures]


def test_nothing_to_tell_leaves_the_picture_out():
    none = Grid(columns={"item": [], "factor": [], "correlation": []})
    assert "flips" not in {section.key for section in page_of(swept(picture=none)).sections}


def test_accounts_have_no_money_to_speak_of():
    blank = {"low": np.nan, "median": np.nan, "high": np.nan}
    assert not any(
        "future" in figure.label for figure in page_of(swept("balance", objective=blank)).page.figures if "Earned" in figure.label
    )
