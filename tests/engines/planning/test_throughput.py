"""The best use of the plants there are: hand-solved cases, a second formulation, duality."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from liantu import runs
from liantu.engines.planning.solver import solve
from liantu.engines.planning.throughput import Case, Throughput, throughput
from tests.packages import CLEAN, chain, package

MARKETS = """material,direction,price,currency,unit,limit
    ground,buy,10,CNY,t,
    salt,sell,1000,CNY,t,2000
    salt,buy,1200,CNY,t,
    cell,sell,0.9,CNY,kWh,"""
TECHNOLOGIES = """process,variable_cost,currency
    mine,5,CNY
    refine,100,CNY
    make,0.1,CNY"""


def case(extra=None, **swaps):
    return chain({"markets": MARKETS, "technologies": TECHNOLOGIES, **(extra or {})}, **swaps)


def solved(made, year=2025) -> Throughput:
    found = throughput(made, year)
    assert isinstance(found, Throughput)
    return found


def test_the_hand_solved_best_use():
    """A tonne of salt costs 8 × (10 + 5) + 100 = 220 and feeds 2,000 kWh of cells that earn 0.8 each: cells come first.

    2 GWh of cells take 1,000 t of salt; 2,000 t more are sold at 1,000; 3,000 of 6,000 t of capacity are used.
    """
    found = solved(case())
    assert 2e6 * 0.8 + 2_000 * 1_000 - 3_000 * 220 == pytest.approx(found.objective)
    assert [24_000, 3_000, 2e6] == pytest.approx(found.activity.tolist())
    assert [0, 0, 0.8 - 0.0005 * 220] == pytest.approx(found.capacity_value.tolist())


def test_a_price_is_the_cost_of_one_more_tonne():
    """With capacity to spare, one more tonne of salt costs what it takes to make it; a kWh of cells what it sells for."""
    found = solved(case())
    ground, ore, salt, cell = (found.price[at, 0] for at in range(4))
    assert (10, 15, 220, 0.9) == pytest.approx((ground, ore, salt, cell))


def test_a_capacity_value_is_the_difference_of_two_solves():
    made, more = case(), case(plants=("2,GWh/a", "2000001,kWh/a"))
    assert solved(made).capacity_value[2] == pytest.approx(solved(more).objective - solved(made).objective)


def test_surplus_is_worth_nothing_and_shown():
    found = solved(case())
    assert 21_000 == pytest.approx(found.surplus[4, 0])


def test_a_demand_with_a_penalty_may_stay_unmet():
    """3 GWh are asked for where 2 can be made: 1 is unmet at 2 a kWh, and none is left to sell."""
    demands = "material,year,amount,unit,penalty\n    cell,2025,3000000,kWh,2"
    found = solved(case({"demands": demands}))
    assert 1e6 == pytest.approx(found.unmet[3, 0])
    assert -2e6 * 0.1 - 1e6 * 2 + 2_000 * 1_000 - 3_000 * 220 == pytest.approx(found.objective)


def test_a_firm_demand_beyond_reach_ends_with_the_most_there_can_be():
    record = runs.run("throughput", package({"markets": MARKETS, "demands": "material,year,amount,unit\n    cell,2025,3,GWh"}), year=2025)
    assert 3 == record.exit_code
    assert [2e6] == pytest.approx([row["most"] for row in record.grid("most")])
    finding = next(one for one in record.findings if one.level == "error")
    assert ("demand-unmet", "demands.csv", 2) == (finding.code, finding.file, finding.row)


def test_two_firm_demands_that_clash_are_told_so():
    """6 kt of salt: 6,000 t can be had alone, and 2 GWh of cells, but not both (salt is not for sale here)."""
    markets = "material,direction,price,currency\n    ground,buy,10,CNY"
    demands = "material,year,amount,unit\n    cell,2025,2,GWh\n    salt,2025,6000,t"
    record = runs.run("throughput", package({"markets": markets, "demands": demands}), year=2025)
    assert ["demand-together", "demand-together"] == [one.code for one in record.findings if one.level == "error"]


def test_free_money_by_way_of_a_route_names_its_sites_and_where_it_is_bought():
    rows = ["site,material,direction,price,currency,unit,limit", "east,salt,buy,100,CNY,t,", "city,salt,sell,200,CNY,t,"]
    routes = "origin,destination,cost,currency,unit\n east,city,50,CNY,t"
    record = runs.run("throughput", package({"markets": "\n".join(rows), "routes": routes}), year=2025)
    [finding] = [one for one in record.findings if one.level == "error"]
    assert ("salt (east)", "salt (city)") == (finding.values["buys"], finding.values["sells"])
    assert ("markets.csv", 2, "price") == (finding.file, finding.row, finding.column)


def test_free_money_is_refused_with_its_way():
    markets = MARKETS.replace("salt,buy,1200", "salt,buy,900").replace(",2000", ",")
    record = runs.run("throughput", package({"markets": markets}), year=2025)
    finding = next(one for one in record.findings if one.level == "error")
    assert ("free-money", 1) == (finding.code, record.exit_code)
    assert ("salt", "salt") == (finding.values["buys"], finding.values["sells"])


def test_two_currencies_in_one_objective_are_refused():
    record = runs.run("throughput", package({"markets": MARKETS.replace("10,CNY", "10,USD")}), year=2025)
    assert ["currencies"] == [one.code for one in record.findings if one.level == "error"]


SITES = """id,parent,kind
    city,,city
    east,city,county
    west,city,county"""


def test_materials_move_only_along_routes():
    """Mine and refinery stand in the east, cells in the west: without a way for salt the west buys its own at 1,200."""
    swaps = {"plants": ("c1,acme,make,east", "c1,acme,make,west")}
    ore_only = "origin,destination,material,cost,currency\n    east,west,ore,1,CNY"
    salt_too = ore_only + "\n    east,west,salt,50,CNY"
    bought, shipped = (solved(case({"sites": SITES, "routes": routes}, **swaps)) for routes in (ore_only, salt_too))
    assert 1_000 == pytest.approx(bought.bought[2].sum())
    assert 0 == shipped.bought[2].sum()
    assert 1_000 == pytest.approx(shipped.shipments.sum())
    assert 1_000 * (1_200 - 220 - 50) == pytest.approx(shipped.objective - bought.objective)


def test_a_route_that_lies_idle_does_not_count_and_where_all_do_sites_pool():
    swaps = {"plants": ("c1,acme,make,east", "c1,acme,make,west")}
    head = "origin,destination,material,cost,currency,idle\n    east,west,ore,1,CNY,"
    bought, idle, pooled = (
        solved(case({"sites": SITES, "routes": routes}, **swaps))
        for routes in (head + "no", head + "no\n    east,west,salt,50,CNY,yes", head + "yes\n    east,west,salt,50,CNY,yes")
    )
    assert bought.objective == pytest.approx(idle.objective)
    assert solved(case({"sites": SITES}, **swaps)).objective == pytest.approx(pooled.objective)
    assert 0 == pooled.shipments.size


def test_a_park_stands_in_its_county_for_freight_unless_it_has_a_route_of_its_own():
    """Cells stand in a park within a park in the west: the salt goes to the west for 50, and from there on for nothing."""
    sites = "id,kind,freight_at\n    city,,\n    east,county,\n    west,county,\n    gate,park,west\n    yard,park,gate"
    swaps = {"plants": ("c1,acme,make,east", "c1,acme,make,yard")}
    one = "origin,destination,material,cost,currency\n    east,west,salt,50,CNY"
    west, yard, own = (
        solved(case({"sites": sites, "routes": routes}, **swaps))
        for routes in (one, one.replace("west", "yard"), one + "\n    west,yard,salt,7,CNY")
    )
    assert west.objective == pytest.approx(yard.objective)
    assert 1_000 * 7 == pytest.approx(west.objective - own.objective)


def test_a_limit_without_a_site_holds_for_all_sites_together():
    plants = CLEAN["plants"] + "\n        r2,acme,refine,west,6,kt/a,operating,2021,,,s"
    routes = "origin,destination,cost,currency\n    east,west,0,CNY\n    west,east,0,CNY"
    found = solved(case({"sites": SITES, "plants": plants, "routes": routes}))
    assert 2_000 == pytest.approx(found.sold[2].sum())


def test_the_answer_does_not_depend_on_units():
    """Tonnes or kilotonnes, yuan or millions: the same plan."""
    small = solved(case())
    markets = MARKETS.replace("salt,sell,1000,CNY,t,2000", "salt,sell,1,MCNY,kt,2").replace("salt,buy,1200,CNY,t", "salt,buy,1.2,MCNY,kt")
    big = solved(chain({"markets": markets, "technologies": TECHNOLOGIES}, plants=("6,kt/a", "0.006,Mt/a")))
    assert small.activity == pytest.approx(big.activity)
    assert small.objective == pytest.approx(big.objective)


def test_units_in_the_thousands_and_in_the_billions_do_not_break_it():
    huge = MARKETS.replace("0.9,CNY,kWh", "0.9,CNY,kWh") + "\n    slag,sell,0.000001,CNY,t,"
    found = solved(case({"markets": huge}, plants=("2,GWh/a", "2000,GWh/a")))
    assert found.residual < 1e-9
    assert 2_000 * 1e6 * 0.8 < found.objective + 1e6 * 1_200


@st.composite
def random_markets(draw):
    price = st.floats(1, 2000)
    limit = st.floats(0, 1e5)
    salt = draw(price)
    rows = [
        ("ground", "buy", draw(price) / 10, ""),
        ("salt", "sell", salt, draw(limit)),
        ("salt", "buy", salt * draw(st.floats(1, 3)), ""),
        ("cell", "sell", draw(price) / 1000, draw(limit) * 100),
    ]
    return "material,direction,price,currency,limit\n" + "\n".join(f"{m},{d},{p!r},CNY,{q}" for m, d, p, q in rows)


@settings(max_examples=40, deadline=None)
@given(random_markets())
def test_another_solver_formulation_gives_the_same_objective(markets):
    """scipy's own interface on the same rows, and strong duality: the objective is what the limits are worth."""
    made = Case(chain({"markets": markets, "technologies": TECHNOLOGIES}), 2025)
    program, found = made.program, solve(made.program)
    lower, upper = (np.isfinite(one) for one in (program.row_lower, program.row_upper))
    rows = program.matrix.toarray()
    other = linprog(
        -program.cost,
        A_ub=np.vstack([-rows[lower], rows[upper]]),
        b_ub=np.concatenate([-program.row_lower[lower], program.row_upper[upper]]),
        bounds=np.column_stack([program.lower, np.where(np.isinf(program.upper), np.nan, program.upper)]),
        method="highs-ds",
    )
    assert -other.fun == pytest.approx(found.objective, rel=1e-7, abs=1e-3)
    bound = np.where(found.row_dual < 0, np.where(lower, program.row_lower, 0), np.where(upper, program.row_upper, 0))
    at_upper = np.where(np.isfinite(program.upper) & (found.reduced_cost > 0), program.upper, 0)
    worth = found.row_dual @ bound + found.reduced_cost @ at_upper
    assert found.objective == pytest.approx(worth, rel=1e-6, abs=1e-2)


def test_what_the_solver_would_swallow_is_refused():
    from dataclasses import replace

    from liantu.errors import SolveError

    program = Case(case(), 2025).program
    for wrong in (np.nan, np.inf, 1e16):
        with pytest.raises(SolveError) as caught:
            solve(replace(program, cost=np.full(program.cost.size, wrong)))
        assert "solver-numbers" == caught.value.code


def test_chenzhou_in_2025_earns_beyond_variable_cost():
    record = runs.run("throughput", "chenzhou", year=2025)
    assert record.ok
    money = record.result["objective"]
    assert isinstance(money, dict) and "CNY" == money["currency"]
    # The five reported capacities are worth about 10 bn CNY of sales a year; what is left after inputs is less.
    assert 0 < money["value"] < 10e9


def test_a_capacity_of_a_few_grams_is_no_reason_to_fail():
    found = solved(case(plants=("6,kt/a", "0.000000005,t/a")))
    assert 0 <= found.activity[1] <= 5e-9
