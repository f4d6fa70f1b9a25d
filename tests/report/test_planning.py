"""A plan in the report: by year, on the map, what binds, against another (tests/report/outlook.py)."""

import pytest

from liantu.model.results import Grid, RunRecord
from liantu.report import Report
from liantu.report.page import Section, Table
from tests.report.outlook import foreseen, plan


def section(made: Report) -> Section:
    return next(section for section in made.sections if section.key == "plan")


def table(made: Report, key: str) -> Table:
    return next(table for table in made.page.tables() if table.key == key)


def test_builds_stand_by_year_with_what_they_cost() -> None:
    """100 t and 160 t at 10,000 a ton."""
    rows = table(foreseen("en", (plan(),)), "builds").rows
    assert [["2026", "Coating", "Guiyang", "100", "t", "2027"], ["2027", "Coating", "West park", "160", "t", "2028"]] == [
        [cell.text for cell in row[:6]] for row in rows
    ]
    assert [1, 1.6] == pytest.approx([row[-1].value for row in rows])


def test_an_investment_the_record_states_is_taken_as_it_is() -> None:
    builds = {**plan().grid("builds").columns, "investment": [7e6, 3e6]}
    given = RunRecord(command="plan", package="", digest="", version="", result={**plan().result, "builds": Grid(columns=builds)})
    assert [7, 3] == pytest.approx([row[2].value for row in table(foreseen("en", (given,)), "plan-years").rows])


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "2026–2028 年共 2 项新建，投资 260 万元，最大的是制正极；全期收益现值 500 万元。"),
        ("en", "2026–2028: 2 builds, investment CNY 2.60 m, Coating first; the chain earns CNY 5.00 m in today's money."),
    ],
)
def test_the_section_opens_with_builds_and_money(lang: str, sentence: str) -> None:
    assert sentence == "".join(phrase.text for phrase in section(foreseen(lang, (plan(),))).lead)


def test_only_limits_that_bind_are_listed_the_dearest_first() -> None:
    """30 mu at 50,000 are worth more than 80 MWh at 2.5."""
    rows = table(foreseen("en", (plan(),)), "limits").rows
    assert ["West park land", "Cell that can be sold"] == [row[0].text for row in rows]
    assert ("30.0", "30.0", "mu", "50,000 CNY/mu") == tuple(cell.text for cell in rows[0][2:])


def test_the_map_shares_out_the_investment_by_county() -> None:
    found = section(foreseen("en", (plan(),))).tiles
    assert found is not None
    assert {"Guiyang": ("possible", "38 %"), "Anren": ("best", "62 %"), "Rucheng": ("none", "none")} == {
        tile.name: (tile.siting, tile.word) for tile in found.tiles
    }


def test_two_plans_are_set_against_each_other() -> None:
    rows = table(foreseen("en", (plan(), plan(60.0, 4e6))), "apart").rows
    assert [["Worth in today's money", "+1.00"], ["Investment", "+1.00"], ["Coating", "+100"]] == [
        [row[0].text, row[-1].text] for row in rows
    ]


def test_equal_plans_differ_in_nothing_that_is_built() -> None:
    assert 2 == len(table(foreseen("en", (plan(), plan())), "apart").rows)


def test_a_plan_that_builds_nothing_says_so() -> None:
    empty = {name: Grid(columns={key: [] for key in plan().grid(name).columns}) for name in ("builds", "limits")}
    made = foreseen("en", (RunRecord(command="plan", package="", digest="", version="", options={"from": 2026, "to": 2028},
                                     result={**plan().result, **empty}),))  # fmt: skip
    assert "nothing is worth building" in "".join(phrase.text for phrase in section(made).lead)
    assert any("No limit" in note for note in section(made).notes)


def test_a_plan_that_was_not_found_has_no_section() -> None:
    none = RunRecord(command="plan", package="", digest="", version="", result={}, solved=False)
    assert "plan" not in {section.key for section in foreseen("en", (none,)).sections}
