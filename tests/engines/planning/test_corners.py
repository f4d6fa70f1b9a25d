"""How far a plan holds: corners worked by hand, and that nothing is had from nothing in any of them."""

from __future__ import annotations

from math import isnan

import pytest

from liantu.engines.planning.corners import Corners, corners
from liantu.engines.planning.expansion import Plan, PlanOptions, expand
from liantu.engines.planning.stands import Build
from liantu.model.chain import Chain
from tests.chains import Row, chain_of

# Two years at 10 %: a unit that costs 4 is charged 2.305 a year.
CHARGE = 4 * 0.1 / (1 - 1.1**-2)


def price(material: str, of: float, low: float, high: float) -> Row:
    return {"material": material, "date": "2026", "price": of, "low": low, "high": high, "currency": "CNY", "unit": "t", "source": "hand"}


def market(material: str, direction: str, of: float, **columns: object) -> Row:
    return {"material": material, "direction": direction, "price": of, "currency": "CNY", **columns}


def salt(prices: list[Row], *markets: Row, **technology: object) -> Chain:
    """Ore at 1 is made into salt at 5, of which 100 can be sold; a unit costs 4 and lasts two years."""
    return chain_of(
        {"make": {"salt": 1, "ore": -1}},
        sites=[{"id": "east", "kind": "park"}],
        technologies=[{"process": "make", "currency": "CNY", "capex": 4, "lifetime": 2, "max_size": 300, "source": "hand", **technology}],
        markets=[market("ore", "buy", 1), market("salt", "sell", 5, limit=100), *markets],
        prices=prices,
    )


def corners_of(chain: Chain) -> tuple[Plan, Corners]:
    options = PlanOptions(first=2026, last=2027, rate=0.1)
    plan = expand(chain, options)
    assert isinstance(plan, Plan)
    return plan, corners(chain, options, plan)


def test_a_build_is_made_where_its_margin_covers_its_charge() -> None:
    _, made = corners_of(salt([price("salt", 5, 3, 6), price("ore", 1, 0.5, 1.2)]))
    # 3 − 0.5 covers 2.305, 3 − 1.2 does not; what has no range makes no corner.
    built = {one.sides: float(one.built.sum()) for one in made.corners}
    assert {(-1, -1, 0, 0): 100, (-1, 1, 0, 0): 0, (1, -1, 0, 0): 100, (1, 1, 0, 0): 100} == pytest.approx(built)


def test_a_range_of_what_nobody_trades_makes_no_corner() -> None:
    _, made = corners_of(chain_of_three())
    assert 1 == len(made.corners)


def chain_of_three() -> Chain:
    """Between ore and salt stands brine, which has a price and no market."""
    return chain_of(
        {"leach": {"brine": 1, "ore": -1}, "make": {"salt": 1, "brine": -1}},
        sites=[{"id": "east", "kind": "park"}],
        technologies=[
            {"process": name, "currency": "CNY", "capex": 1, "lifetime": 2, "max_size": 300, "source": "hand"} for name in ("leach", "make")
        ],
        markets=[market("ore", "buy", 1), market("salt", "sell", 5, limit=100)],
        prices=[price("brine", 3, 1, 5)],
    )


def test_investment_moves_between_its_low_and_high() -> None:
    _, made = corners_of(salt([], capex_low=2, capex_high=8))
    assert [((0, 0, 0, -1), 100), ((0, 0, 0, 1), 0)] == [(one.sides, pytest.approx(one.built.sum())) for one in made.corners]
    assert 100 * (4 - CHARGE / 2) * (1 + 1 / 1.1) == pytest.approx(made.corners[0].objective)


def test_without_ranges_there_is_one_corner_and_it_is_the_plan() -> None:
    plan, made = corners_of(salt([]))
    (only,) = made.corners
    assert plan.objective == pytest.approx(only.objective)
    assert plan.built.sum(axis=1) == pytest.approx(only.built)


def test_buying_and_selling_a_material_move_together() -> None:
    """Salt may be bought at 6: if only its selling price rose to 7, it would earn without end."""
    _, made = corners_of(salt([price("salt", 5, 3, 7)], market("salt", "buy", 6)))
    assert all(one.objective >= 0 for one in made.corners)


def test_a_price_below_nothing_of_what_is_bought_is_cut_at_nothing() -> None:
    chain = salt([price("ore", 1, -1, 2)])
    _, made = corners_of(chain)
    assert ["ore"] == [chain.materials.id[at] for at in made.cut]
    assert 100 * (5 - CHARGE) * (1 + 1 / 1.1) == pytest.approx(max(one.objective for one in made.corners))


def test_a_corner_without_a_plan_builds_nothing() -> None:
    """At twice the investment the budget is short for what is signed."""
    chain = salt([], capex_low=2, capex_high=8)
    options = PlanOptions(first=2026, last=2027, rate=0.1, budget=400, fixed=(Build(process=0, site=0, year=2026, capacity=60),))
    plan = expand(chain, options)
    assert isinstance(plan, Plan)
    made = corners(chain, options, plan)
    assert [False, True] == [isnan(one.objective) for one in made.corners]
    assert 0 == made.corners[1].built.sum()
