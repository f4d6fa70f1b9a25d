"""The most of a wish and what stops it: hand-solved splits, a second formulation, strong duality."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.heldback import HeldBack
from liantu.engines.planning.limits import Kind, limits
from liantu.engines.planning.solver import Status, solve
from liantu.engines.planning.throughput import Case, Throughput, Unmet, throughput
from liantu.engines.planning.whynot import WhyNot, why_not
from tests.chains import amounts, chain_of
from tests.engines.planning.test_recruit import market, random_chains, technology


def asked(made, wish, *, make=False) -> WhyNot:
    found = why_not(made, 2025, amounts(made, wish), make=make)
    assert isinstance(found, WhyNot)
    return found


def split(found, whole=1.0):
    of = found.limits
    return {(Kind(kind).name, int(row)): float(part) for kind, row, part in zip(of.kind, of.row, of.explains * whole, strict=True)}


def press(capacity=10.0, seed=12, **more):
    """A press of 10 a year takes two of seed for one of oil; 12 of seed can be bought."""
    return chain_of(
        {"press": {"oil": 1, "seed": -2}},
        capacities={"press": capacity},
        markets=[market("seed", "buy", 5, seed), *more.pop("markets", [])],
        **more,
    )


def test_a_market_that_runs_out_explains_all_of_it():
    found = asked(press(), {"oil": 30})
    assert 6 == pytest.approx(30 * found.share)
    assert {("MARKET", 0): pytest.approx(6)} == split(found, 30)
    assert 0.5 == pytest.approx(30 * found.limits.value[0])


def test_a_plant_that_is_full_explains_all_of_it():
    found = asked(press(seed=100), {"oil": 30})
    assert {("PLANT", 0): pytest.approx(10)} == split(found, 30)


def test_what_is_promised_already_takes_its_part():
    """2 of the 12 of seed are promised elsewhere, which is 1 of oil."""
    made = press(demands=[{"material": "seed", "year": 2025, "amount": 2, "unit": "t"}])
    found = asked(made, {"oil": 30})
    assert {("MARKET", 0): pytest.approx(6), ("DEMAND", 0): pytest.approx(-1)} == split(found, 30)


def test_a_demand_that_may_stay_unmet_stops_no_wish():
    made = press(demands=[{"material": "seed", "year": 2025, "amount": 2, "unit": "t", "penalty": 1000}])
    assert 6 == pytest.approx(30 * asked(made, {"oil": 30}).share)


def test_a_route_that_is_full_is_told():
    made = chain_of(
        {"press": {"oil": 1, "seed": -2}},
        capacities={"press": 10.0},
        markets=[market("seed", "buy", 5, 100, site="mill")],
        sites=[{"id": "here", "kind": "park"}, {"id": "mill", "kind": "park"}],
        routes=[{"origin": "mill", "destination": "here", "material": "seed", "cost": 1, "currency": "CNY", "unit": "t", "limit": 8}],
    )
    assert {("ROUTE", 0): pytest.approx(4)} == split(asked(made, {"oil": 30}), 30)


def test_what_can_be_bought_is_had_without_limit_unless_it_has_to_be_made():
    made = press(markets=[market("oil", "buy", 50)])
    assert np.isinf(asked(made, {"oil": 30}).share)
    assert 6 == pytest.approx(30 * asked(made, {"oil": 30}, make=True).share)


def test_a_thin_market_for_the_wish_itself_counts_only_if_buying_does():
    made = press(markets=[market("oil", "buy", 50, 4)])
    bought = asked(made, {"oil": 30})
    assert (10, 4) == pytest.approx((30 * bought.share, bought.bought[made.material_index["oil"]]))
    assert {("MARKET", 0): pytest.approx(6), ("MARKET", 1): pytest.approx(4)} == split(bought, 30)
    assert {("MARKET", 0): pytest.approx(6)} == split(asked(made, {"oil": 30}, make=True), 30)


def test_what_nobody_makes_names_the_process_that_is_missing():
    made = chain_of({"press": {"oil": 1, "seed": -2}}, markets=[market("seed", "buy", 5)])
    found = asked(made, {"oil": 30})
    assert 0 == found.share
    assert (["press"], [1.0]) == ([made.processes.id[at] for at in found.missing_process], pytest.approx(30 * found.missing_value))


def test_an_input_nobody_makes_or_sells_is_named():
    made = chain_of({"press": {"oil": 1, "seed": -2}}, capacities={"press": 10.0})
    found = asked(made, {"oil": 30})
    assert (0, ["seed"]) == (found.share, [made.materials.id[at] for at in found.lacking])
    assert [0.5] == pytest.approx(30 * found.lacking_value)


def test_a_wish_of_two_keeps_their_proportion():
    """Oil takes two of seed, cake one: for 3 of oil with 2 of cake 8 of seed, of which there are 12."""
    made = chain_of(
        {"press": {"oil": 1, "seed": -2}, "grind": {"cake": 1, "seed": -1}},
        capacities={"press": 10.0, "grind": 10.0},
        markets=[market("seed", "buy", 5, 12)],
    )
    assert 1.5 == pytest.approx(asked(made, {"oil": 3, "cake": 2}).share)


def test_firm_demands_that_cannot_be_met_come_first():
    made = press(demands=[{"material": "oil", "year": 2025, "amount": 20, "unit": "t"}])
    assert isinstance(why_not(made, 2025, amounts(made, {"oil": 1})), Unmet)


@given(random_chains(), st.sampled_from(["salt", "cell", "pack"]))
@settings(max_examples=30)
def test_the_parts_add_up_to_the_most_and_a_second_formulation_agrees(parts, material):
    recipes, markets, running = parts
    made = chain_of(recipes, markets=markets, capacities=running or {"make_salt": 1.0})
    found = asked(made, {material: 10}, make=True)
    assert found.share == pytest.approx(found.limits.explains.sum(), abs=1e-9)
    assert 10 * found.share == pytest.approx(_most(made, material), abs=1e-6)


def _most(made, material):
    """The most of a material by scipy, from the tables: plants, purchases of others, sales left out."""
    plants, trade = made.plants, made.markets
    recipe = net(exchanged(made)).toarray()[:, plants.process]
    buys = np.flatnonzero((trade.direction == "buy") & (trade.material != made.material_index[material]))
    bought = np.zeros((len(made.materials), buys.size))
    bought[trade.material[buys], np.arange(buys.size)] = 1
    wish = np.zeros((len(made.materials), 1))
    wish[made.material_index[material]] = -1
    whole = np.hstack([recipe, bought, wish])
    upper = [*plants.capacity, *np.where(np.isnan(trade.limit[buys]), np.inf, trade.limit[buys]), np.inf]
    cost = np.zeros(whole.shape[1])
    cost[-1] = -1
    return -linprog(cost, A_ub=-whole, b_ub=np.zeros(whole.shape[0]), bounds=[(0, one) for one in upper]).fun


@given(random_chains())
@settings(max_examples=30)
def test_the_limits_of_a_best_use_account_for_all_of_it(parts):
    recipes, markets, running = parts
    assume(running)
    demands = [
        {"material": "salt", "year": 2025, "amount": 3, "unit": "t", "penalty": 50},
        {"material": "cell", "year": 2025, "amount": 2, "unit": "t", "penalty": 5},
    ]
    technologies = [technology(name, variable_cost=2) for name in recipes]
    case = Case(chain_of(recipes, markets=markets, capacities=running, demands=demands, technologies=technologies), 2025)
    found = solve(case.program)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(limits(case, found).explains.sum(), abs=1e-6)


@given(random_chains())
@settings(max_examples=60)
def test_prices_and_limits_are_slack_where_the_other_is_not(parts):
    """Complementary slackness of a best use: of every pair of a limit and its worth one is nothing."""
    recipes, markets, running = parts
    assume(running)
    chain = chain_of(recipes, markets=markets, capacities=running, technologies=[technology(name, variable_cost=2) for name in recipes])
    found = throughput(chain, 2025)
    assert isinstance(found, Throughput)
    np.testing.assert_allclose(found.capacity_value * (found.capacity - found.activity), 0, atol=1e-6)
    np.testing.assert_allclose(np.nan_to_num(found.price) * found.surplus, 0, atol=1e-6)
    of, sells = chain.markets, chain.markets.direction == "sell"
    traded = np.where(sells, found.sold[of.material, 0], found.bought[of.material, 0])
    # Of several markets for a material the best are used first: one is full when all that are as good hold no more.
    gain = np.where(sells, of.price, -of.price)
    as_good = (of.material[:, None] == of.material) & (sells[:, None] == sells) & (gain >= gain[:, None])
    left = np.maximum((as_good * np.nan_to_num(of.limit, nan=1e9)).sum(axis=1) - traded, 0)
    np.testing.assert_allclose(found.market_value * left, 0, atol=1e-6)
    # What runs neither full nor not at all breaks even at the prices there are.
    margins = np.array([HeldBack(chain, found).margin(at) for at in range(found.plants.size)])
    np.testing.assert_allclose((margins - found.capacity_value) * found.activity, 0, atol=1e-6)
