"""Verbs asked of a scenario, and scenarios side by side."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.errors import CallError
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


def test_base_is_the_chain_as_it_is(ready):
    assert runs.run("balance", ready, year=2025).result.keys() == runs.run("balance", ready, year=2025, scenario="base").result.keys()


def test_a_scenario_that_is_not_there_is_a_wrong_call_that_names_those_there_are(ready):
    with pytest.raises(CallError, match="base, more salt, no cells") as caught:
        runs.run("balance", ready, scenario="less salt")
    assert "scenario-unknown" == caught.value.code
