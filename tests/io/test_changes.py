"""The scenarios table: what may be changed, in which units, and what is said where it is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.io import changes
from liantu.model.scenario import apply
from tests import packages

MARKETS = """material,site,direction,price,currency,unit,limit,source
    salt,,buy,75000,CNY,t,,s
    salt,,sell,74000,CNY,t,500,s
    cell,east,sell,0.3,CNY,Wh,,s
    cell,,sell,300,CNY,kWh,,s"""
DEMANDS = """material,site,year,amount,unit,penalty,source
    cell,,2025,1,GWh,,s
    cell,,2026,2,GWh,,s"""
TECHNOLOGIES = """process,capex,currency,lifetime,zones,source
    mine,100,CNY,20,mining,s
    make,,CNY,10,general;chemical,s"""
HEAD = "scenario,table,rows,column,operation,value,unit,reason,source"


TARGETS = """id,indicator,operator,value,unit,source
    use,residue_use,>=,0.8,fraction,s
    made,output,>=,500,t,s"""


def package(*rows: str):
    tables = {
        "targets": TARGETS,
        "markets": MARKETS,
        "demands": DEMANDS,
        "technologies": TECHNOLOGIES,
        "scenarios": "\n".join((HEAD, *rows)),
    }
    return packages.assembled(tables)


def changed(*rows: str):
    """The chain of the package under its scenario called a."""
    chain, found = package(*rows)
    assert chain is not None, [(one.code, one.where(), one.message("en")) for one in found if one.level == "error"]
    return apply(chain, changes.scenarios(chain, found)["a"].changes)


def errors(*rows: str):
    chain, found = package(*rows)
    wrong = [(one.code, one.where()) for one in found if one.level == "error"]
    assert bool(wrong) == (chain is None)
    return wrong


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a,plants,m1,capacity,set,1,万吨/年", [10_000, 6000, 2e6]),
        ("a,plants,m1,capacity,plus,5,kt/a", [85_000, 6000, 2e6]),
        ("a,plants,m1,capacity,plus,-5000,t/a", [75_000, 6000, 2e6]),
        ("a,plants,r1,capacity,times,1.5", [80_000, 9000, 2e6]),
        ("a,plants,r1,capacity,times,150%", [80_000, 9000, 2e6]),
        ("a,plants,r1,capacity,times,150,%", [80_000, 9000, 2e6]),
        ("a,plants,*,capacity,times,2", [160_000, 12_000, 4e6]),
        ("a,plants,process=make;site=east,capacity,set,3,GWh/a", [80_000, 6000, 3e6]),
        ("a,装置产能,status=在产;process=refine,产能,设为,7,千吨/年", [80_000, 7000, 2e6]),
        ("a,plants,start=2021,capacity,times,0", [80_000, 0, 2e6]),
    ],
)
def test_a_capacity_changes_in_its_own_units(row, expected):
    assert expected == pytest.approx(changed(row).plants.capacity)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a,targets,use,value,set,85,%", 0.85),
        ("a,targets,use,value,set,85%,", 0.85),
        ("a,targets,use,value,set,0.85,", 0.85),
        ("a,targets,use,value,plus,5,%", 0.85),
        ("a,targets,made,value,set,600,t", 600),
    ],
)
def test_a_target_is_set_in_whatever_unit_the_targets_table_accepts(row, expected):
    assert expected == pytest.approx(changed(row).targets.value[0 if ",use," in row else 1])


def test_rows_may_be_named_by_what_they_refer_to_and_by_one_of_a_list():
    assert [("port",), ("general", "chemical")] == list(changed("a,technologies,process.stage=mining,zones,set,port").technologies.zones)
    assert [("mining",), ("port",)] == list(changed("a,technologies,zones=chemical,zones,set,port").technologies.zones)
    assert [0, 0, 2e6] == changed("a,plants,process.product.unit=t,capacity,set,0,t/a").plants.capacity.tolist()


def test_a_price_may_be_written_in_another_unit_of_money_and_goods():
    assert [80_000, 74_000, 300, 300] == pytest.approx(changed("a,markets,material=salt;direction=buy,price,set,8,万元/吨").markets.price)
    assert [75_000, 74_000, 300, 250] == pytest.approx(changed("a,markets,material=cell;site=,price,set,0.25,CNY/Wh").markets.price)


def test_one_row_may_change_materials_of_different_units():
    limits = changed("a,markets,direction=sell,limit,set,10,t").markets.limit
    assert np.isnan(limits[0])
    # A cell of 4 kg per kWh: ten tonnes are 2,500 kWh.
    assert [10, 2500, 2500] == pytest.approx(limits[1:])


def test_what_is_not_a_number_can_be_set_too():
    of = changed(
        "a,plants,c1,status,set,closed",
        "a,plants,c1,end,set,2030",
        "a,sites,east,zone,set,chemical",
        "a,technologies,mine,zones,set,mining;chemical",
    )
    assert ("closed", 2030, "chemical", ("mining", "chemical")) == (
        of.plants.status[2],
        of.plants.end[2],
        of.sites.zone[1],
        of.technologies.zones[0],
    )
    moved = changed("a,plants,m1,site,set,city")
    assert [0, 1, 1] == moved.plants.site.tolist()


def test_a_blank_value_clears_a_cell_that_may_be_blank():
    assert np.isnan(changed("a,markets,material=salt;direction=sell,limit,set,").markets.limit).all()


def test_shares_and_years_take_differences():
    of = changed("a,plants,r1,utilisation,plus,20%", "a,plants,r1,start,plus,2", "a,plants,c1,utilisation,times,90%")
    assert (0.7, 2023, 0.9) == pytest.approx((of.plants.utilisation[1], of.plants.start[1], of.plants.utilisation[2]))


def test_rows_of_one_name_are_one_scenario_with_its_reasons():
    chain, found = package(
        "a,plants,m1,capacity,times,2,,half price", "b,plants,m1,capacity,times,3,,", "a,plants,r1,capacity,times,2,,half price"
    )
    named = changes.scenarios(chain, found)
    assert ["a", "b"] == list(named)
    assert ("half price", 2, 1) == (named["a"].reason, len(named["a"].changes), len(named["b"].changes))


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("base,plants,m1,capacity,times,2", "scenario-base", "scenario"),
        ("a,plans,m1,capacity,times,2", "scenario-table", "table"),
        ("a,plants,m1,capacitys,times,2", "scenario-column", "column"),
        ("a,plants,m9,capacity,times,2", "scenario-row", "rows"),
        ("a,plants,firm=nobody,capacity,times,2", "scenario-row", "rows"),
        ("a,plants,colour=red,capacity,times,2", "scenario-key", "rows"),
        ("a,plants,process.colour=red,capacity,times,2", "scenario-key", "rows"),
        ("a,plants,status.stage=mining,capacity,times,2", "scenario-key", "rows"),
        ("a,plants,site.parent.kind=park,capacity,times,2", "scenario-row", "rows"),
        ("a,targets,made,value,set,6,kt", "unit-unexpected", "unit"),
        ("a,targets,made,value,set,6,%", "unit-unexpected", "unit"),
        ("a,plants,start=soon,capacity,times,2", "number", "rows"),
        ("a,markets,salt,price,times,2", "scenario-several", "rows"),
        ("a,plants,m1,capacity,set,5,", "missing-value", "unit"),
        ("a,plants,m1,capacity,set,,t/a", "missing-value", "value"),
        ("a,plants,m1,capacity,set,5,GWh/a", "unit-convert", "unit"),
        ("a,plants,m1,capacity,set,5,furlong", "unit", "unit"),
        ("a,plants,m1,capacity,set,5,t/month", "unit-not-yearly", "unit"),
        ("a,plants,m1,capacity,set,many,t/a", "number", "value"),
        ("a,plants,m1,capacity,set,-5,t/a", "below", "value"),
        ("a,plants,m1,capacity,plus,-90,kt/a", "below", "value"),
        ("a,plants,m1,capacity,times,-1", "below", "value"),
        ("a,plants,m1,capacity,times,2,t", "unit-unexpected", "unit"),
        ("a,plants,m1,capacity,times,", "number", "value"),
        ("a,plants,m1,capacity,halve,2", "choice", "operation"),
        ("a,plants,r1,utilisation,times,3", "above", "value"),
        ("a,plants,m1,status,set,asleep", "choice", "value"),
        ("a,plants,m1,status,times,2", "scenario-operation", "operation"),
        ("a,plants,m1,site,set,moon", "unknown", "value"),
        ("a,plants,m1,start,set,2025,t", "unit-unexpected", "unit"),
        ("a,plants,m1,id,set,m2", "scenario-fixed", "column"),
        ("a,materials,salt,kg_per_unit,set,2", "scenario-fixed", "column"),
        ("a,exchanges,process=refine;material=ore,direction,set,out", "scenario-fixed", "column"),
        ("a,markets,material=salt;direction=buy,price,set,9,USD/t", "scenario-money", "unit"),
        ("a,markets,material=salt;direction=buy,limit,times,2", "scenario-blank", "rows"),
        ("a,technologies,make,capex,plus,2", "scenario-blank", "rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_scenario_is_found_at_its_row(row, code, column):
    found = errors("ok,plants,m1,capacity,times,1", row)
    assert (code, f"scenarios.csv:3 {column}") in found
    assert {"scenarios.csv:3"} == {where.split()[0] for _, where in found}


def test_a_scenario_that_breaks_the_chain_is_found_with_the_place():
    found = errors("a,plants,m1,end,set,2019")
    assert [("scenario-breaks", "scenarios.csv:2 scenario"), ("end-before-start", "plants.csv:2 end")] == found
    recipe = errors("a,exchanges,process=make;material=cell,amount,times,2")
    assert "product-amount" in {code for code, _ in recipe}


def test_all_that_is_wrong_is_found_at_once():
    found = errors(
        "a,plans,m1,capacity,times,2", "b,plants,m9,capacity,times,2", "c,plants,m1,capacity,times,2", "c,plants,m1,nothing,times,2"
    )
    assert ["scenarios.csv:2 table", "scenarios.csv:3 rows", "scenarios.csv:5 column"] == [where for _, where in found]
