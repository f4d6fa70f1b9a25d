"""What varies, between which ends, and the same draws whatever the split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import CallError, InputError
from liantu.model.scenario import apply
from liantu.runs.factors import Changer, design, draws, factors
from tests import packages

TABLES = {
    "markets": """material,direction,price,currency,unit,source
        salt,buy,75000,CNY,t,s
        salt,sell,74000,CNY,t,s
        cell,sell,300,CNY,kWh,s
        slag,sell,-30,CNY,t,s
        ore,buy,900,CNY,t,s""",
    "prices": """material,date,price,currency,unit,low,high,source
        salt,2024,80000,CNY,t,70000,90000,s
        salt,2025,75000,CNY,t,60000,150000,s
        salt,2026,99000,CNY,t,,,s
        slag,2025,-30,CNY,t,-100,50,s
        ore,2025,900,CNY,t,-300,1800,s""",
    "technologies": """process,capex,capex_low,capex_high,currency,source
        mine,100,50,300,CNY,s
        make,10,,,CNY,s""",
    "demands": """material,year,amount,unit,penalty,source
        cell,2025,1,GWh,5,s
        cell,2026,2,GWh,5,s""",
}
CHAIN = packages.chain(TABLES)


def ends(*specs: str) -> dict[str, tuple[float, float]]:
    return {one.name: (one.low, one.high) for one in factors(CHAIN, specs)}


def test_prices_vary_as_the_latest_quotation_says_buying_and_selling_together():
    found = factors(CHAIN, ["prices"])
    salt = found[0]
    assert ("markets.price[material=salt]", [0, 1], 0.8, 2.0) == (salt.name, salt.rows.tolist(), salt.low, salt.high)
    # Of the cell no range is known: it stays.
    assert 3 == len(found)


def test_a_price_that_may_change_its_sign_moves_by_a_sum():
    slag = factors(CHAIN, ["markets.price[material=slag]"])[0]
    assert ("markets.price[material=slag]+", -70, 80) == (slag.name, slag.low, slag.high)
    low = apply(CHAIN, Changer([slag]).changes(np.array([slag.low])))
    assert -100 == low.markets.price[3]


def test_what_is_bought_never_costs_less_than_nothing():
    ore = factors(CHAIN, ["markets.price[material=ore]"])[0]
    assert (-900, 900, True) == (ore.low, ore.high, ore.is_cut)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("capex", {"technologies.capex[process=mine]": (0.5, 3.0)}),
        ("exchanges", {"exchanges.amount[process=refine;material=ore;direction=in]": (7 / 8, 9 / 8)}),
        ("demands=0.5..2", {"demands.amount[material=cell]": (0.5, 2.0)}),
        ("capacities[m1]=±20%", {"plants.capacity[id=m1]": (0.8, 1.2)}),
        ("plants.capacity[process=refine]=1:3", {"plants.capacity[id=r1]": (1.0, 3.0)}),
        ("markets.price[material=cell]+=-50..50", {"markets.price[material=cell]+": (-50.0, 50.0)}),
    ],
)
def test_a_word_says_what_varies(spec, expected):
    assert {name: pytest.approx(of) for name, of in expected.items()} == ends(spec)


@pytest.mark.parametrize("name", ["prices", "capex", "exchanges", "capacities=±20%", "demands=0.5..2"])
def test_the_name_of_a_factor_finds_its_rows_again(name):
    for one in factors(CHAIN, [name]):
        again = factors(CHAIN, [f"{one.name}=0.5..2"])
        assert [one.rows.tolist()] == [two.rows.tolist() for two in again]


def test_the_reference_product_of_a_recipe_stays_one():
    found = factors(CHAIN, ["exchanges.amount[process=refine]=±10%"])
    assert {"material=ore", "material=slag"} == {one.name.split(";")[1] for one in found}


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("nonsense", "vary-form"), ("plants.colour=±20%", "vary-form"), ("plants.start=±2%", "vary-form"), ("demands=2..1", "vary-form"),
        ("demands=-1..1", "vary-form"), ("demands=±200%", "vary-form"), ("demands=a..b", "vary-form"), ("demands", "vary-range"),
        ("capacities[id=none]=±20%", "scenario-row"), ("capacities[colour=red]=±20%", "scenario-key"), ("plants.id", "vary-form"),
        ("markets.limit=±20%", "vary-nothing"),
    ],
)  # fmt: skip
def test_a_word_that_is_wrong_is_a_wrong_call(spec, code):
    with pytest.raises(CallError) as caught:
        factors(CHAIN, [spec])
    assert code == caught.value.code


def test_nothing_varies_twice():
    with pytest.raises(CallError) as caught:
        factors(CHAIN, ["capacities=±20%", "capacities[m1]=±10%"])
    assert "vary-twice" == caught.value.code


@given(cut=st.integers(1, 29), runs=st.integers(30, 60))
def test_run_k_is_the_same_however_the_runs_are_cut(cut, runs):
    found = factors(CHAIN, ["prices", "capacities=±20%"])
    whole = draws(found, 3, 0, 30)
    parts = np.concatenate([draws(found, 3, 0, cut), draws(found, 3, cut, runs)])
    assert whole.tobytes() == parts[:30].tobytes()


def test_run_k_is_the_kth_child_of_the_seed():
    found = factors(CHAIN, ["capacities=0..1"])
    children = np.random.SeedSequence(5).spawn(4)
    assert [np.random.default_rng(child).random(3).tolist() for child in children] == draws(found, 5, 0, 4).tolist()


def test_draws_fill_the_range_and_never_leave_it():
    found = factors(CHAIN, ["capacities=0.5..2"])
    drawn = draws(found, 0, 0, 400)
    assert (0.5 <= drawn).all() and (drawn <= 2).all()
    assert np.allclose(drawn.mean(axis=0), 1.25, atol=0.1)


def test_factors_that_meet_in_a_row_are_both_felt():
    both = (*factors(CHAIN, ["capacities=±20%"]), *(one for one in factors(CHAIN, ["plants.capacity+=-100..100"])))
    numbers = np.array([2.0, 1.0, 1.0, 50.0, 0.0, 0.0])
    assert [160_050, 6000, 2e6] == apply(CHAIN, Changer(both).changes(numbers)).plants.capacity.tolist()


def test_a_design_says_every_run_itself(tmp_path):
    path = tmp_path / "design.csv"
    path.write_text(
        "\ufeffrun,markets.price[material=salt],plants.capacity[id=m1],markets.price[material=slag]+\n0,1,0.5,-10\n1,2,1,0\n", "utf-8"
    )
    found, numbers = design(CHAIN, path)
    assert [[1, 0.5, -10], [2, 1, 0]] == numbers.tolist()
    assert [(1, 2), (0.5, 1), (-10, 0)] == [(one.low, one.high) for one in found]
    assert [74_000 * 2, -30] == apply(CHAIN, Changer(found).changes(numbers[1])).markets.price[[1, 3]].tolist()


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("plants.capacity\n1\nmany\n", "design-number", 3), ("plants.capacity\n-1\n", "design-number", 2), ("plants.capacity\n", "design-empty", None),
        ("run\n1\n", "design-empty", None), ("plants.colour\n1\n", "design-column", 1), ("plants.capacity=±20%\n1\n", "design-column", 1),
        ("plants.capacity,demands.amount\n1\n", "design-number", 2), ("", "file-empty", None),
    ],
)  # fmt: skip
def test_a_design_that_is_wrong_is_found_at_its_place(tmp_path, text, code, row):
    path = tmp_path / "design.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        design(CHAIN, path)
    assert (code, "design.csv", row) == (caught.value.code, caught.value.file, caught.value.row)


def test_a_design_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError) as caught:
        design(CHAIN, tmp_path / "none.csv")
    assert "design-unread" == caught.value.code
