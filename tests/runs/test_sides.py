"""Plans side by side: what is told apart, worked by hand."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.runs.expanding import PlanAsked
from liantu.runs.sides import apart
from tests import packages

# Salt earns 9,000 a tonne; 4,000 t more of it pay, at east or at west, since nothing tells the two apart but their zones.
TABLES = {
    "sites": """id,parent,kind,zone
        city,,city,
        east,city,county,red
        west,city,county,blue""",
    "technologies": """process,capex,currency,lifetime,build_years,zones
        refine,4000,CNY,10,1,red;blue""",
    "markets": """material,direction,price,currency,unit,limit
        ground,buy,0,CNY,t,
        salt,sell,9000,CNY,t,12000""",
    "scenarios": """scenario,name_zh,table,rows,column,operation,value,unit,reason
        east only,,technologies,refine,zones,set,red,,a layout
        west only,只在西,technologies,refine,zones,set,blue,,another layout
        west small,,technologies,refine,zones,set,blue,,
        west small,,technologies,refine,max_size,set,1000,t/a,
        nowhere,,technologies,refine,zones,set,green,,""",
}


@pytest.fixture(scope="module")
def record():
    names = ["east only", "只在西", "west small", "nowhere"]
    return runs.compare(
        runs.prepare(packages.package(TABLES)), names, verb="plan", options=PlanAsked(first=2026, last=2029, fix=(), rate=0.0)
    )


def test_what_is_built_elsewhere_smaller_or_not_at_all_is_told_apart(record):
    built = {(row["scenario"], row["site"]): (row["year"], row["capacity"], row["apart"]) for row in record.grid("builds")}
    expected = {("east only", "east"): 4000, ("只在西", "west"): 4000, ("west small", "west"): 1000}
    assert expected == {at: pytest.approx(capacity) for at, (_, capacity, _) in built.items()}
    assert {(2026, "some")} == {(year, said) for year, _, said in built.values()}
    of = {row["scenario"]: (row["capacity"], row["sites"], row["investment"], row["apart"]) for row in record.grid("processes")}
    assert (4000, 1, 16e6, "some") == pytest.approx(of["只在西"])
    assert (0, 0, 0, "some") == pytest.approx(of["nowhere"])


def test_money_adds_up_to_the_objective_of_each_plan(record):
    money = {(row["part"], row["scenario"]): row for row in record.grid("money")}
    for name in ("east only", "只在西", "west small", "nowhere"):
        parts = sum(money[part, name]["value"] for part in ("sales", "purchases", "running", "freight", "unmet", "building"))
        assert money["objective", name]["value"] == pytest.approx(parts)
    # 6,000 t a year are sold without any build, 10,000 t from 2027 on with one: three years of 4,000 t more at 9,000.
    assert -3 * 4000 * 9000 == pytest.approx(money["sales", "nowhere"]["difference"])
    assert 0 == money["objective", "只在西"]["difference"]


def test_a_layout_keeps_its_reason_under_its_chinese_name(record):
    assert ["a layout", "another layout", "", ""] == [row["reason"] for row in record.grid("scenarios")]


def test_one_scenario_alone_is_set_against_the_chain_as_it_is():
    record = runs.compare(packages.package(TABLES), ["east only"], verb="plan", options=PlanAsked(first=2026, last=2029))
    assert ["base", "east only"] == [row["scenario"] for row in record.grid("scenarios")]


@pytest.mark.parametrize(
    ("plans", "said"),
    [
        ([{("e", 2026): 5.0}, {("e", 2026): 5.0}], "same"),
        ([{("e", 2026): 5.0}, {("e", 2027): 5.0}], "year"),
        ([{("e", 2026): 5.0}, {("w", 2026): 5.0}], "place"),
        ([{("e", 2026): 5.0}, {("e", 2026): 4.0}], "size"),
        ([{("e", 2026): 5.0}, {}], "some"),
        ([{("e", 2026): 5.0}, {("e", 2026): 2.0, ("e", 2027): 3.0}], "year"),
        ([{("e", 2026): 5.0, ("w", 2026): 1.0}, {("e", 2026): 4.0, ("w", 2026): 2.0}], "place"),
    ],
)
def test_size_goes_before_place_and_place_before_year(plans, said):
    assert said == apart(plans)


def test_a_limit_is_listed_if_it_binds_in_any_plan():
    asked = PlanAsked(first=2026, last=2029, budget=8e6)
    record = runs.compare(packages.package(TABLES), ["east only", "nowhere"], verb="plan", options=asked)
    budget = {row["scenario"]: row for row in record.grid("limits") if (row["limit"], row["year"]) == ("budget", 2026)}
    assert (8e6, True) == pytest.approx((budget["east only"]["used"], budget["east only"]["value"] > 0))
    assert (0, 0) == (budget["nowhere"]["used"], budget["nowhere"]["value"])


def test_a_scenario_without_a_plan_leaves_the_others_to_be_compared():
    wanted = packages.package(
        {
            **TABLES,
            "demands": "material,year,amount,unit\n salt,2028,9000,t",
        }
    )
    record = runs.compare(wanted, ["east only", "nowhere"], verb="plan", options=PlanAsked(first=2026, last=2029))
    assert 3 == record.exit_code
    assert {"east only"} == {row["scenario"] for row in record.grid("builds")}
    assert "scenario-unsolved" in {finding.code for finding in record.findings}
