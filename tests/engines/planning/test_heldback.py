"""What holds a plant back: chains so small that one limit, or one price, is all there is to blame."""

import pytest

from liantu.engines.planning.heldback import HeldBack, Hold
from liantu.engines.planning.throughput import Throughput, throughput
from tests.chains import chain_of


def market(material, direction, price, limit="", **more):
    return {"material": material, "direction": direction, "price": price, "currency": "CNY", "limit": limit, "unit": "t", **more}


def best_use(chain) -> Throughput:
    found = throughput(chain, 2025)
    assert isinstance(found, Throughput)
    return found


def held(chain, plant="plant_make", most=3):
    """What holds back a plant of a chain, by kind and what the row is of."""
    found = best_use(chain)
    at = [chain.plants.id[one] for one in found.plants].index(plant)
    said = {
        Hold.PLANT: lambda row: chain.plants.id[row],
        Hold.MARKET: lambda row: f"{chain.markets.direction[row]} {chain.materials.id[chain.markets.material[row]]}",
        Hold.ROUTE: lambda row: chain.sites.id[chain.routes.origin[row]],
        Hold.DEMAND: lambda row: chain.materials.id[chain.demands.material[row]],
        Hold.LACKING: lambda row: chain.materials.id[row],
        Hold.UNSOLD: lambda row: chain.materials.id[row],
    }
    return [(hold.name, said[hold](row)) for hold, row in HeldBack(chain, found).of(at, most)]


def one_step(*markets, capacity=100, **more):
    return chain_of({"make": {"salt": 1, "ore": -2}}, capacities={"make": capacity}, markets=markets, **more)


ORE, SALT = market("ore", "buy", 1), market("salt", "sell", 9)


@pytest.mark.parametrize(
    ("markets", "blamed"),
    [
        ((ORE, market("salt", "sell", 9, 60)), [("MARKET", "sell salt")]),
        ((market("ore", "buy", 1, 50), SALT), [("MARKET", "buy ore")]),
        ((SALT,), [("LACKING", "ore")]),
        ((ORE,), [("UNSOLD", "salt")]),
        ((ORE, market("salt", "sell", 1)), []),
        ((ORE, market("salt", "sell", 9, 60), market("salt", "sell", 1)), [("MARKET", "sell salt")]),
    ],
)
def test_the_one_limit_there_is_gets_the_blame(markets, blamed):
    assert blamed == held(one_step(*markets))


def test_a_plant_that_does_not_pay_is_told_its_loss():
    chain = one_step(
        market("ore", "buy", 5), market("salt", "sell", 7), technologies=[{"process": "make", "variable_cost": 1, "currency": "CNY"}]
    )
    found = best_use(chain)
    # Two tonnes of ore cost 10, running costs 1, the salt brings 7.
    assert (0, -4) == pytest.approx((found.activity[0], HeldBack(chain, found).margin(0)))


def test_a_demand_that_is_met_takes_no_more():
    chain = one_step(ORE, demands=[{"material": "salt", "year": 2025, "amount": 30, "unit": "t"}])
    assert [("DEMAND", "salt")] == held(chain)


def test_behind_a_plant_with_room_what_holds_that_one_back_is_named():
    recipes = {"make": {"salt": 1, "ore": -1}, "coat": {"cathode": 1, "salt": -1}, "wind": {"cell": 1, "cathode": -1}}
    chain = chain_of(recipes, capacities={"make": 100, "coat": 100, "wind": 100}, markets=(ORE, market("cell", "sell", 9, 40)))
    assert [("MARKET", "sell cell")] == held(chain)
    assert [("MARKET", "sell cell")] == held(chain, "plant_wind")
    narrow = chain_of(recipes, capacities={"make": 100, "coat": 100, "wind": 40}, markets=(ORE, market("cell", "sell", 9)))
    assert [("PLANT", "plant_wind")] == held(narrow) == held(narrow, "plant_coat")


def test_a_ring_of_plants_does_not_go_round_for_ever():
    chain = chain_of(
        {"make": {"salt": 1, "ash": -1}, "burn": {"ash": 1, "salt": -1}},
        capacities={"make": 10, "burn": 10},
        markets=(market("salt", "sell", 9, 0),),
    )
    assert [] == held(chain)


def test_a_way_that_is_full_is_named_with_its_origin():
    chain = chain_of(
        {"make": {"salt": 1, "ore": -2}},
        plants=[{"id": "far", "process": "make", "site": "valley", "capacity": 100}],
        sites=[{"id": "valley", "kind": "park"}, {"id": "port", "kind": "park"}],
        routes=[{"origin": "valley", "destination": "port", "material": "salt", "cost": 1, "currency": "CNY", "unit": "t", "limit": 25}],
        markets=(market("ore", "buy", 1, site="valley"), market("salt", "sell", 9, site="port")),
    )
    found = best_use(chain)
    assert 25 == pytest.approx(found.activity[0])
    # One more tonne on the way brings 9 at the port, less 2 of ore and 1 of freight.
    assert [6] == pytest.approx(found.route_value)
    assert [("ROUTE", "valley")] == held(chain, "far")
