"""Verbs asked of a scenario, and scenarios side by side."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.report.labels import scenario_name, scenario_reason
from tests import packages

SCENARIOS = """scenario,table,rows,column,operation,value,unit,reason
    more salt,plants,r1,capacity,times,2,,a second line
    no cells,plants,c1,status,set,closed,,the buyer left"""
MARKETS = """material,direction,price,currency,unit,limit,source
    salt,sell,70000,CNY,t,,s
    cell,sell,300,CNY,kWh,,s
    ore,buy,900,CNY,t,40000,s"""


@pytest.fixture(scope="module")
def ready():
    return runs.prepare(packages.package({"scenarios": SCENARIOS, "markets": MARKETS}))


def test_a_verb_is_asked_of_the_changed_chain(ready):
    plain, more = (runs.run("balance", ready, year=2025, scenario=name) for name in ("", "more salt"))
    assert [3000, 6000] == [next(row["activity"] for row in one.grid("plants") if row["plant"] == "r1") for one in (plain, more)]
    assert "scenario" not in plain.options
    assert "more salt" == more.options["scenario"]
    assert plain.digest == more.digest


def test_a_scenario_goes_by_its_chinese_name_too():
    rows = "scenario,name_zh,table,rows,column,operation,value\nless,减半,plants,r1,capacity,times,0.5"
    halved = [runs.run("balance", packages.package({"scenarios": rows}), year=2025, scenario=name).result for name in ("less", "减半")]
    assert [1500, 1500] == [next(row["activity"] for row in one["plants"] if row["plant"] == "r1") for one in halved]


def test_a_reason_is_told_in_the_language_it_is_read_in():
    rows = "scenario,table,rows,column,operation,value,reason,reason_zh\nless,plants,r1,capacity,times,0.5,half of it,减一半"
    ready = runs.prepare(packages.package({"scenarios": rows, "markets": MARKETS}))
    told = runs.compare(ready, year=2025).grid("scenarios")
    assert [("", ""), ("half of it", "减一半")] == [(row["reason"], row["reason_zh"]) for row in told]
    assert ready.chain is not None
    assert ["减一半", "half of it"] == [scenario_reason(ready.chain, "less", lang) for lang in ("zh", "en")]


def test_base_is_the_chain_as_it_is(ready):
    assert runs.run("balance", ready, year=2025).result.keys() == runs.run("balance", ready, year=2025, scenario="base").result.keys()


def test_a_scenario_that_is_not_there_is_a_wrong_call_that_names_those_there_are(ready):
    with pytest.raises(CallError, match="base, more salt, no cells") as caught:
        runs.run("balance", ready, scenario="less salt")
    assert "scenario-unknown" == caught.value.code


def test_several_scenarios_are_asked_of_together_each_reading_what_the_ones_before_it_left():
    rows = """scenario,name_zh,table,rows,column,operation,value,unit,reason
    double,加倍,plants,r1,capacity,times,2,,a second line
    shift,,plants,r1,status,set,planned,,later
    shift,,plants,status=planned,start,set,2025,,at once
    shift,,plants,status=planned,capacity,plus,100,t/a,"""
    ready = runs.prepare(packages.package({"scenarios": rows, "markets": MARKETS}))
    one, both, other = (runs.variant(ready, name) for name in ("double", "加倍 + shift", "shift＋double"))
    assert one is not None
    assert both is not None
    assert other is not None
    at = one.plants.id.index("r1")
    assert [12_000, 12_100, 12_200] == [chain.plants.capacity[at] for chain in (one, both, other)]
    told = runs.compare(ready, ["base", "double+shift"], verb="balance", year=2025).grid("scenarios")
    assert ["", "a second line; later; at once"] == [row["reason"] for row in told]
    assert "加倍 + shift" == scenario_name(one, "double+shift", "zh")
    assert "a second line; later; at once" == scenario_reason(one, "double+shift", "en")


def test_scenarios_that_leave_each_other_nothing_to_change_are_a_wrong_call_that_says_where():
    rows = """scenario,table,rows,column,operation,value
    gone,plants,status=operating,status,set,closed
    more,plants,status=operating,capacity,times,2"""
    ready = runs.prepare(packages.package({"scenarios": rows, "markets": MARKETS}))
    assert runs.variant(ready, "more+gone") is not None
    with pytest.raises(CallError, match=r"scenarios\.csv:3") as caught:
        runs.variant(ready, "gone+more")
    assert "scenario-together" == caught.value.code


def test_a_name_with_a_plus_in_it_is_one_name_and_half_a_name_is_none(ready):
    rows = "scenario,table,rows,column,operation,value\n    a+b,plants,r1,capacity,times,3"
    own = runs.prepare(packages.package({"scenarios": rows, "markets": MARKETS}))
    chain = runs.variant(own, "a+b")
    assert chain is not None
    assert 18_000 == chain.plants.capacity[chain.plants.id.index("r1")]
    for called in ("more salt+", "more salt+none", "+"):
        with pytest.raises(CallError, match="more salt, no cells"):
            runs.variant(ready, called)


def test_scenarios_stand_side_by_side_with_their_difference(ready):
    record = runs.compare(ready, ["base", "more salt"], verb="balance", year=2025)
    rows = {(row["figure"], row["item"]): row for row in record.grid("figures")}
    # The second line doubles the capacity of r1, of which half is used: 3,000 t become 6,000, from 8 t of ore each.
    assert (3000, 6000, 3000) == tuple(rows["plants.activity", "r1"][name] for name in ("difference", "value", "base"))
    assert -24_000 == pytest.approx(rows["materials.net", "ore"]["difference"])
    assert ("plants.activity", "m1") not in rows
    assert [("base", ""), ("more salt", "a second line")] == [(row["scenario"], row["reason"]) for row in record.grid("scenarios")]


def test_without_names_the_chain_is_compared_with_all_its_scenarios(ready):
    record = runs.compare(ready, verb="balance", year=2025)
    assert ["base", "more salt", "no cells"] == record.options["scenarios"]
    rows = [row for row in record.grid("figures") if (row["figure"], row["item"], row["scenario"]) == ("plants.activity", "c1", "no cells")]
    # A plant that is closed does not appear at all: it runs nothing.
    assert [(-2e6, 0.0)] == [(row["difference"], row["value"]) for row in rows]


def test_the_objective_is_always_shown(ready):
    record = runs.compare(ready, ["base", "base"], year=2025)
    assert [("objective", 0)] == [(row["figure"], row["difference"]) for row in record.grid("figures")]


def test_a_scenario_without_an_answer_is_named():
    tables = {
        "markets": MARKETS,
        "scenarios": "scenario,table,rows,column,operation,value\n shut,plants,*,status,set,closed",
        "demands": "material,year,amount,unit,source\n salt,2025,1,kt,s",
    }
    record = runs.compare(packages.package(tables), ["base", "shut"], year=2025)
    assert 3 == record.exit_code
    assert "scenario-unsolved" in {one.code for one in record.findings}


def test_a_package_may_stand_on_one_that_stands_on_another(tmp_path):
    (tmp_path / "settings.csv").write_text("key,value\nbase,chenzhou\n", "utf-8")
    (tmp_path / "scenarios.csv").write_text(
        "情景,表,行,列,改法,取值,单位,理由\n碳酸锂涨价,市场,material=li2co3,价格,乘以,1.5,,按 2026 年价\n", "utf-8-sig"
    )
    record = runs.compare(str(tmp_path), year=2025)
    worth = {row["scenario"]: row["objective"] for row in record.grid("scenarios")}
    assert record.ok
    # The layouts of the chain below are there too.
    assert {"base", "core-three-poles", "one-park", "road-freight", "碳酸锂涨价"} == set(worth)
    assert worth["base"] < worth["碳酸锂涨价"]
