"""Amounts of all sizes in one answer: thousandths beside billions, what is signed, what is not met, what passes through."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.engines.planning.expansion import Infeasible, Plan, PlanOptions, expand
from liantu.engines.planning.stands import Build
from liantu.engines.planning.throughput import Throughput, throughput
from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.results import Grid
from liantu.runs.ask import Question
from liantu.runs.expanding import PlanAsked, plan
from tests.chains import chain_of
from tests.engines.planning.test_expansion import market, one_step, plan_of, technology


def small_and_large() -> Chain:
    """A few kilograms of a dear salt and a billion kilowatt-hours of cells, each with its own waste, sold as far as the market takes them."""
    return chain_of(
        {"make": {"salt": 1, "ore": -1, "tail": 0.5}, "pack": {"cell": 1, "foil": -1, "scrap": 2}},
        materials={"cell": {"unit": "kWh"}},
        sites=[{"id": "east", "kind": "park"}],
        technologies=[technology("make", capex=1e6), technology("pack", capex=0.1)],
        markets=[
            market("ore", "buy", 1e5), market("salt", "sell", 9e6, limit=0.002),
            market("foil", "buy", 0.1), market("cell", "sell", 0.5, limit=1e9),
        ],
    )  # fmt: skip


def test_a_small_build_is_told_beside_a_large_one() -> None:
    found = plan_of(small_and_large())
    assert {0: 0.002, 1: 1e9} == pytest.approx(dict(zip(found.stands.process.tolist(), found.built.sum(axis=1).tolist(), strict=True)))


def test_a_small_surplus_is_told_beside_a_large_one() -> None:
    chain = small_and_large()
    found = plan_of(chain)
    over = found.surplus[:, 0, 0]
    assert (0.001, 2e9) == pytest.approx((over[chain.material_index["tail"]], over[chain.material_index["scrap"]]))


def test_the_best_use_of_a_year_tells_a_small_surplus_too() -> None:
    recipes = {"make": {"salt": 1, "tail": 0.5}, "pack": {"cell": 1, "scrap": 2}}
    chain = chain_of(recipes, capacities={"make": 0.002, "pack": 4e9}, markets=[market("salt", "sell", 1), market("cell", "sell", 1)])
    found = throughput(chain, 2026)
    assert isinstance(found, Throughput)
    assert 0.001 == pytest.approx(found.surplus[chain.material_index["tail"], 0])


def test_what_is_signed_is_told_however_small() -> None:
    plants = [{"id": "old", "process": "make", "site": "east", "capacity": 1e8}]
    chain = one_step(plants=plants, technologies=[technology("make", capex=4)])
    found = plan_of(chain, fixed=(Build(process=0, site=0, year=2026, capacity=0.5),))
    assert [[0.5, 0]] == pytest.approx(found.built)


def test_signed_builds_that_follow_each_other_have_room() -> None:
    # 50 at the most; each lasts two years, so that 40 and then 40 never stand together.
    chain = one_step(technologies=[technology("make", capex=1, lifetime=2, max_size=50)])
    fixed = tuple(Build(process=0, site=0, year=year, capacity=40) for year in (2026, 2028))
    found = plan_of(chain, last=2029, fixed=fixed)
    assert (found.capacity <= 50 + 1e-9).all()
    with pytest.raises(InputError) as caught:
        plan_of(chain, last=2029, fixed=(fixed[0], Build(process=0, site=0, year=2027, capacity=40)))
    assert ("fix-large", 10.0 + 40.0) == (caught.value.code, caught.value.values["room"])


def test_what_is_signed_comes_where_a_plant_leaves_the_year_before() -> None:
    plants = [{"id": "old", "process": "make", "site": "east", "capacity": 50, "start": 2020, "end": 2026}]
    made = technology("make", capex=1, max_size=50, build_years=1)
    found = plan_of(one_step(plants=plants, technologies=[made]), fixed=(Build(process=0, site=0, year=2026, capacity=50),))
    assert [[50, 50]] == pytest.approx(found.capacity)


def test_a_signed_build_may_be_larger_than_what_power_lets_run() -> None:
    # 30 MW run 30; 56 are signed, in whole blocks of 21 these are 63.
    sites = [{"id": "east", "kind": "park", "power_mw": 30}]
    made = technology("make", capex=0.1, power_mw=1, block_size=21, max_size=87)
    signed = (Build(process=0, site=0, year=2026, capacity=56),)
    found = plan_of(one_step(sites=sites, technologies=[made]), fixed=signed, blocks=True)
    assert ([[63, 0]], [[30, 30]]) == (pytest.approx(found.built), pytest.approx(found.activity))


def test_signed_blocks_that_do_not_fit_are_refused_in_whole_builds() -> None:
    made = technology("make", capex=1, block_size=20, max_size=50)
    with pytest.raises(InputError) as caught:
        plan_of(one_step(technologies=[made]), fixed=(Build(process=0, site=0, year=2026, capacity=45),), blocks=True)
    assert ("fix-whole", 45.0, 60.0, 50.0) == (caught.value.code, *(caught.value.values[name] for name in ("amount", "whole", "room")))


def test_signed_blocks_without_land_say_how_much_is_lacking() -> None:
    # 45 in whole blocks of 20 are 60, at one mu each; there are 50.
    sites = [{"id": "east", "kind": "park", "land_mu": 50}]
    made = technology("make", capex=1, land_mu=1, block_size=20, max_size=90)
    signed = (Build(process=0, site=0, year=2026, capacity=45),)
    found = expand(one_step(sites=sites, technologies=[made]), PlanOptions(first=2026, last=2026, fixed=signed, blocks=True))
    assert isinstance(found, Infeasible)
    assert [("land", 50.0, pytest.approx(10.0))] == [(one.what, one.asked, one.by) for one in found.short]


def test_a_site_that_is_full_takes_no_whole_build() -> None:
    # What stands takes 1,080 of 15 mu; 55.255 × 19.55 ÷ 19.55 is not quite 55.255 to a machine.
    sites = [{"id": "east", "kind": "park", "land_mu": 15}]
    plants = [{"id": f"old{at}", "process": "make", "site": "east", "capacity": size} for at, size in enumerate((40.9421, 14.3129))]
    made = technology("make", capex=1, land_mu=19.55, max_size=79, min_size=2, fixed_charge=11)
    found = plan_of(one_step(sites=sites, plants=plants, technologies=[made]), blocks=True)
    assert not found.built.any()


def test_what_a_demand_of_no_site_lacks_is_told_of_no_site() -> None:
    """100 t are asked of any site at a penalty of 3; the only plant makes 60."""
    chain = chain_of(
        {"make": {"salt": 1}},
        capacities={"make": 60},
        sites=[{"id": "far"}, {"id": "here"}],
        routes=[{"origin": "here", "destination": "far", "cost": 1, "currency": "CNY"}],
        demands=[{"material": "salt", "year": 2026, "amount": 100, "unit": "t", "penalty": 3}],
    )
    asked = plan(chain, Question(demand={}, options=PlanAsked(first=2026, last=2026)))
    grid = asked.answer["materials"]
    assert isinstance(grid, Grid)
    assert [("", 40.0)] == [pair for pair in zip(grid.columns["site"], grid.columns["unmet"], strict=True) if pair[1]]


def test_being_paid_to_take_and_paid_again_to_give_is_no_round_trip() -> None:
    """Scrap that somebody pays 5 to be rid of is sold at 5: both deals are told, 10 a tonne."""
    chain = chain_of(
        {"make": {"salt": 1}},
        capacities={"make": 1},
        materials={"scrap": {}},
        markets=[market("scrap", "buy", -5, limit=100), market("scrap", "sell", 5)],
    )
    found = throughput(chain, 2026)
    assert isinstance(found, Throughput)
    scrap = chain.material_index["scrap"]
    assert (1000, 100, 100) == pytest.approx((found.objective, found.bought[scrap, 0], found.sold[scrap, 0]))


def test_a_value_belongs_to_a_limit_that_binds() -> None:
    found = plan_of(small_and_large())
    assert isinstance(found, Plan)
    slack = [limit.value[limit.used < limit.available * (1 - 1e-6)] for limit in found.limits]
    assert not np.concatenate(slack).any()


def test_a_demand_of_another_year_is_said_not_to_be_asked_for() -> None:
    demands = [{"material": "salt", "year": year, "amount": 1, "unit": "t"} for year in (2026, 2050)]
    asked = plan(one_step(demands=demands), Question(demand={}, options=PlanAsked(first=2026, last=2027)))
    assert [("demands-outside", "1")] == [(one.code, one.values["count"]) for one in asked.findings if one.code == "demands-outside"]
