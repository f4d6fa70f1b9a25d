"""A plan in the report: by year, on the map, what binds, against another (tests/report/outlook.py)."""

from dataclasses import replace

import pytest

from liantu.model.findings import Finding
from liantu.model.results import Grid, RunRecord
from liantu.report import Report
from liantu.report.page import Section, Table
from liantu.words import Lang
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
    made = foreseen("en", (plan(), plan(60.0, 4e6)))
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table(made, "apart").rows}
    assert ["CNY m", "", "5.00", "4.00", "+1.00"] == rows["Worth in today's money"]
    assert ["CNY m", "", "2.60", "1.60", "+1.00"] == rows["Investment, not discounted"]
    assert ["t", "size", "260", "160", "+100"] == rows["Coating"]
    assert "Running cost" not in rows
    lead = "".join(phrase.text for phrase in section(made).lead)
    assert lead.endswith("as it is earns CNY 1.00 m more than plan 2 in today's money; processes built otherwise: 1.")


def test_what_differs_at_a_site_is_unfolded_with_its_years() -> None:
    """The 100 t at Guiyang are the same in both."""
    made = foreseen("en", (plan(), plan(60.0)))
    assert [["Coating", "West park", "t", "size", "160 (2027)", "60.0 (2027)"]] == [
        [cell.text for cell in row] for row in table(made, "apart-builds").rows
    ]
    limits = table(made, "apart-limits").rows
    assert ["West park land", "2027", "50,000 CNY/mu", "50,000 CNY/mu"] in [[cell.text for cell in row] for row in limits]


def test_three_plans_stand_beside_each_other_without_a_difference() -> None:
    named = [replace(plan(size), options={"scenario": name}) for size, name in ((160.0, "base"), (60.0, "a"), (90.0, "b"))]
    shown = table(foreseen("zh", tuple(named)), "apart")
    assert ["对照项", "单位", "差别", "不作改动", "a", "b"] == [column.title for column in shown.columns]
    assert ["260", "160", "190"] == [cell.text for cell in shown.rows[-1][3:]]


def test_equal_plans_differ_in_nothing_that_is_built() -> None:
    made = foreseen("en", (plan(), plan()))
    assert {"0", "0.00"} >= {row[-1].text for row in table(made, "apart").rows}
    assert () == table(made, "apart-builds").rows
    assert "earn the same" in "".join(phrase.text for phrase in section(made).lead)


def test_a_plan_that_builds_nothing_says_so() -> None:
    empty = {name: Grid(columns={key: [] for key in plan().grid(name).columns}) for name in ("builds", "limits")}
    made = foreseen("en", (RunRecord(command="plan", package="", digest="", version="", options={"from": 2026, "to": 2028},
                                     result={**plan().result, **empty}),))  # fmt: skip
    assert "nothing is worth building" in "".join(phrase.text for phrase in section(made).lead)
    assert any("No limit" in note for note in section(made).notes)


def test_a_plan_that_was_not_found_has_no_section() -> None:
    none = RunRecord(command="plan", package="", digest="", version="", result={}, solved=False)
    assert "plan" not in {section.key for section in foreseen("en", (none,)).sections}


@pytest.mark.parametrize(("lang", "named", "shared"), [("en", "a: ", "Cell"), ("zh", "a：", "电芯")])
def test_a_finding_of_one_plan_names_its_scenario_and_materials_by_name(lang: Lang, named: str, shared: str) -> None:
    one, both = (Finding(code="market-endless", values={"materials": "cell …", "count": count}) for count in (9, 12))
    plans = tuple(replace(plan(), options={"scenario": name}, findings=found) for name, found in (("a", (one, both)), ("b", (both,))))
    said = [row[2].text for row in table(foreseen(lang, plans), "findings").rows]
    alone, common = (next(text for text in said if f"{count} " in text) for count in (9, 12))
    assert alone.startswith(named) and not common.startswith(named)
    assert f"{shared} …" in alone and f"{shared} …" in common
