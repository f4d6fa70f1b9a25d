"""What the plants of a year make and take, on a chain small enough to add up by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.engines.balance import balance, recipe_balances
from liantu.model.chain import Chain
from tests.chains import Row, by_material, by_process, chain_of

RECIPES: Mapping[str, Mapping[str, float | tuple[float, float]]] = {
    "mine": {"ore": 1, "rock": 2, "ground": -1},
    "refine": {"salt": 1, "slag": 3, "ore": -4},
    "bricks": {"slag": -1, "brick": 1},
}
MATERIALS: Mapping[str, Row] = {
    "ground": {"kind": "resource", "composition": "Li:0.25"},
    "ore": {"composition": "Li:0.25"},
    "salt": {"composition": "Li:1"},
    "rock": {"kind": "residue"},
    "slag": {"kind": "residue"},
}


def chain(*, plants: Sequence[Row] | None = None, **more: Sequence[Row]) -> Chain:
    """A mine of 100, a refinery of 30 and brickworks of 45 t a year."""
    running = [
        {"id": name, "process": name, "site": site, "capacity": size}
        for name, site, size in (("mine", "hill", 100), ("refine", "valley", 30), ("bricks", "valley", 45))
    ]
    stages = {"mine": "mining", "refine": "refining", "bricks": "by"}
    return chain_of(RECIPES, stages=stages, materials=MATERIALS, plants=running if plants is None else plants, **more)


def market(material: str, direction: str, price: float, **more: object) -> Row:
    return {"material": material, "direction": direction, "price": price, "currency": "CNY", **more}


def test_everything_made_and_taken_is_added_up_over_plants() -> None:
    of = chain()

    found = balance(of, 2025)

    assert {"mine": 100, "refine": 30, "bricks": 45} == by_process(of, found.activity)
    assert {"ore": 100, "rock": 200, "salt": 30, "slag": 90, "brick": 45} == by_material(of, found.produced)
    assert {"ground": 100, "ore": 120, "slag": 45} == by_material(of, found.consumed)
    assert {"ground": -100, "ore": -20, "rock": 200, "salt": 30, "slag": 45, "brick": 45} == by_material(of, found.net)


def test_what_no_market_sells_is_unmet_and_what_none_takes_is_surplus() -> None:
    of = chain(markets=[market("brick", "buy", 1)])

    found = balance(of, 2025)

    assert {"ground": 100, "ore": 20} == by_material(of, found.unmet)
    assert {"rock": 200, "salt": 30, "slag": 45, "brick": 45} == by_material(of, found.surplus)


def test_a_chain_without_any_market_trades_its_goods_freely_and_keeps_its_residues() -> None:
    of = chain()

    found = balance(of, 2025)

    assert {"ground": 100, "ore": 20} == by_material(of, found.bought)
    assert {"salt": 30, "brick": 45} == by_material(of, found.sold)
    assert {"rock": 200, "slag": 45} == by_material(of, found.surplus)


def test_markets_take_and_give_up_to_their_limits_together() -> None:
    of = chain(
        markets=[
            market("ground", "buy", 0), market("ore", "buy", 9, limit=5), market("ore", "buy", 12, limit=10, site="hill"),
            market("salt", "sell", 60, limit=20), market("rock", "sell", -2, limit=150), market("slag", "sell", 3, limit=10),
            market("slag", "sell", -1),
        ]
    )  # fmt: skip

    found = balance(of, 2025)

    assert {"ground": 100, "ore": 15} == by_material(of, found.bought)
    assert {"ore": 5} == by_material(of, found.unmet)
    assert {"salt": 20, "slag": 10} == by_material(of, found.sold)
    assert {"rock": 150, "slag": 35} == by_material(of, found.disposed)
    assert {"salt": 10, "rock": 50, "brick": 45} == by_material(of, found.surplus)


def test_a_price_of_nothing_is_a_sale_not_a_disposal() -> None:
    of = chain(markets=[market("rock", "sell", 0)])

    assert {"rock": 200} == by_material(of, balance(of, 2025).sold)


@pytest.mark.parametrize(("year", "bought"), [(2023, 0), (2024, 20), (2026, 20), (2027, 0)])
def test_a_market_is_open_from_its_first_to_its_last_year(year: int, bought: float) -> None:
    of = chain(markets=[market("ore", "buy", 9, start=2024, end=2026)])

    assert bought == balance(of, year).bought[of.material_index["ore"]]


def test_utilisation_scales_a_plant_and_blank_is_full_load() -> None:
    of = chain(plants=[
        {"id": "half", "process": "refine", "site": "valley", "capacity": 40, "utilisation": 0.5},
        {"id": "full", "process": "refine", "site": "hill", "capacity": 10},
    ])  # fmt: skip

    found = balance(of, 2025)

    assert [20, 10] == found.plant_activity.tolist()
    assert (30, 50) == (found.activity[1], found.capacity[1])


@pytest.mark.parametrize(
    ("status", "start", "end", "runs"),
    [
        ("operating", "", "", True), ("operating", 2025, 2025, True), ("operating", 2026, "", False), ("operating", "", 2024, False),
        ("closed", 2020, "", False), ("building", 2025, "", True), ("planned", 2026, "", False),
    ],
)  # fmt: skip
def test_a_plant_runs_from_start_to_end_unless_closed(status: str, start: object, end: object, runs: bool) -> None:
    of = chain(plants=[{"id": "one", "process": "mine", "site": "hill", "capacity": 7, "status": status, "start": start, "end": end}])

    found = balance(of, 2025)

    assert [runs] == found.running.tolist()
    assert [7.0 if runs else 0.0] == found.plant_activity.tolist()


def test_what_is_on_both_sides_of_a_recipe_counts_on_both_and_flows_net() -> None:
    of = chain_of({"roast": {"salt": 1, "sulfate": (9.8, 10.5)}}, capacities={"roast": 10})

    found = balance(of, 2025)

    at = of.material_index["sulfate"]
    assert (98, 105) == pytest.approx((found.produced[at], found.consumed[at]))
    flows = dict(zip([of.materials.id[one] for one in found.flows.material], found.flows.amount.tolist(), strict=True))
    assert {"salt": 10, "sulfate": pytest.approx(-7)} == flows


def test_stages_and_sites_add_up_to_the_whole() -> None:
    of = chain()

    found = balance(of, 2025)

    assert ("mining", "refining", "by") == found.stage_names
    for of_parts in (found.stages, found.sites):
        for sums, whole in ((of_parts.produced, found.produced), (of_parts.consumed, found.consumed)):
            np.testing.assert_allclose(np.bincount(of_parts.material, sums, len(of.materials)), whole)
    hill = found.sites.part == of.sites.id.index("hill")
    assert {"ore": 100, "rock": 200} == {
        of.materials.id[at]: made for at, made in zip(found.sites.material[hill], found.sites.produced[hill], strict=True) if made
    }


def test_elements_are_followed_through_and_over_the_boundary() -> None:
    found = balance(chain(), 2025).elements

    # In: 100 t ground and 120 t ore of 25 %. Out: 100 t ore of 25 % and 30 t of salt.
    assert ([55], [55], [0]) == (found.in_t.tolist(), found.out_t.tolist(), found.gap.tolist())
    # Short of 100 t ground and 20 t ore; over by 30 t salt.
    assert ([30], [30]) == (found.entering_t.tolist(), found.leaving_t.tolist())


def test_equal_sums_leave_nothing_over() -> None:
    """0.1 + 0.2 is not 0.3: the last digit is not a purchase."""
    of = chain_of(
        {"one": {"a": 1}, "two": {"b": 1, "a": -1}},
        plants=[
            {"id": "x", "process": "one", "site": "here", "capacity": 0.1},
            {"id": "y", "process": "one", "site": "here", "capacity": 0.2},
            {"id": "z", "process": "two", "site": "here", "capacity": 0.3},
        ],
    )

    found = balance(of, 2025)

    assert (0, 0, 0) == tuple(column[of.material_index["a"]] for column in (found.net, found.bought, found.sold))


def test_a_chain_without_plants_stands_still() -> None:
    found = balance(chain(plants=[]), 2025)

    assert 0 == found.produced.sum() + found.consumed.sum()
    assert np.isnan(found.elements.gap).all()


def test_recipes_balance_element_by_element() -> None:
    found = recipe_balances(chain())

    # Bricks touch no element that is known.
    assert [(0, 0, 0.25, 0.25, 0), (1, 0, 1, 1, 0)] == list(
        zip(found.process.tolist(), found.element.tolist(), found.in_t.tolist(), found.out_t.tolist(), found.gap.tolist(), strict=True)
    )


def test_a_gap_is_what_is_missing_of_the_input() -> None:
    of = chain_of({"leach": {"salt": 1, "ore": -5}}, materials={"salt": {"composition": "Li:0.9"}, "ore": {"composition": "Li:0.2"}})

    assert [pytest.approx(0.1)] == recipe_balances(of).gap.tolist()


def test_an_element_from_nowhere_is_an_infinite_gap() -> None:
    of = chain_of({"leach": {"salt": 1, "ore": -5}}, materials={"salt": {"formula": "NaCl"}, "ore": {"composition": "Cl:0.2"}})

    found = recipe_balances(of)

    gaps = {of.elements[at]: gap for at, gap in zip(found.element, found.gap, strict=True)}
    assert -np.inf == gaps["Na"]
    assert gaps["Cl"] == pytest.approx(1 - 0.6066, abs=1e-4)


def test_an_element_on_both_sides_of_a_recipe_counts_on_both() -> None:
    of = chain_of(
        {"roast": {"salt": 1, "soda": (3.0, 4.0)}}, materials={"soda": {"composition": "Na:0.5"}, "salt": {"composition": "Na:0.5"}}
    )

    assert ([2], [2]) == (recipe_balances(of).in_t.tolist(), recipe_balances(of).out_t.tolist())


def test_what_is_left_out_of_the_element_balance_is_not_counted() -> None:
    of = chain_of({"burn": {"heat": 1, "coal": -2}}, materials={"coal": {"composition": "C:0.8", "in_element_balance": "no"}})

    assert 0 == len(recipe_balances(of).gap)


def test_a_material_counted_in_other_units_is_weighed() -> None:
    """A cell of 5 kg per kWh, of which 2 % is lithium."""
    of = chain_of({"cell": {"cell": 1}}, materials={"cell": {"unit": "kWh", "kg_per_unit": 5, "composition": "Li:0.02"}})

    assert [pytest.approx(0.0001)] == recipe_balances(of).out_t.tolist()


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_elements_enter_and_leave_as_they_go_in_and_out(seed: int) -> None:
    """Whatever runs: in − out = entering − leaving, element by element."""
    rng = np.random.default_rng(seed)
    names, symbols = [f"m{at}" for at in range(6)], ("Li", "Fe", "C")
    recipes = {f"p{at}": {names[at]: 1.0, **{name: float(rng.uniform(-2, 2)) for name in names if name != names[at]}} for at in range(4)}
    contents = {name: {"composition": ";".join(f"{symbol}:{rng.uniform(0, 0.3):.6f}" for symbol in symbols)} for name in names}
    of = chain_of(recipes, materials=contents, capacities={name: float(rng.uniform(1, 100)) for name in recipes})

    found = balance(of, 2025)

    elements = found.elements
    np.testing.assert_allclose(elements.in_t - elements.out_t, elements.entering_t - elements.leaving_t, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.net, found.sold + found.disposed + found.surplus - found.bought - found.unmet, rtol=1e-12)
