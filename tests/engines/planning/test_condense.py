"""A network without the nodes where nothing happens: hauls by hand, the same best use, the same worth of a plant."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.expansion_workload import FIRST
from benchmarks.expansion_workload import chain_of as workload
from liantu.engines.planning.condense import Condensed
from liantu.engines.planning.solver import solve
from liantu.engines.planning.throughput import Case
from liantu.engines.planning.worth import Worth
from tests.chains import chain_of


def market(material, direction, price, **more):
    return {"material": material, "direction": direction, "price": price, "currency": "CNY", "unit": "t", "limit": 1000, **more}


def road(origin, destination, cost, **more):
    return {"origin": origin, "destination": destination, "material": "oil", "cost": cost, "currency": "CNY", "unit": "t", **more}


def pressed(*roads):
    """Oil is pressed here, where seed is bought, and sold at e; at b, c and d nothing happens to it."""
    return chain_of(
        {"press": {"oil": 1, "seed": -1}},
        sites=[{"id": name, "kind": "park"} for name in SITES],
        capacities={"press": 10},
        markets=[market("seed", "buy", 20, site="here"), market("oil", "sell", 100, site="e")],
        routes=list(roads),
    )


SITES = ("here", "b", "c", "d", "e")
ROADS = (road("here", "b", 1), road("b", "e", 6), road("here", "c", 2), road("c", "d", 2), road("d", "e", 2), road("here", "e", 9))


def hauls(case, place):
    ways = Condensed(case).around(place).transport
    return {(int(one), int(other)): float(cost) for one, other, cost in zip(ways.origin, ways.destination, ways.cost, strict=True)}


def test_a_haul_goes_over_empty_nodes_at_the_least_freight():
    """From here to e by c and d for 6, not by b for 7 or straight for 9; and no other node is seen from either."""
    case = Case(pressed(*ROADS), 2025)
    assert {(0, 4): 6.0} == hauls(case, 0) == hauls(case, 4)


def test_one_place_more_is_seen():
    case = Case(pressed(*ROADS), 2025)
    assert {(0, 4): 6.0, (0, 2): 2.0, (2, 4): 4.0} == hauls(case, 2)
    # By b is dearer than by c and d, but who stands at b has no other way.
    assert {(0, 4): 6.0, (0, 1): 1.0, (1, 4): 6.0} == hauls(case, 1)


def test_a_route_with_a_limit_stays_and_so_do_its_ends():
    case = Case(pressed(*(ROADS[:2]), road("here", "c", 2), road("c", "d", 2, limit=4), road("d", "e", 2)), 2025)
    assert {(0, 4): 7.0, (0, 2): 2.0, (2, 3): 2.0, (3, 4): 2.0} == hauls(case, 0)
    # Four by c and d at 6, six by b at 7.
    assert 10 * 80 - 4 * 6 - 6 * 7 == pytest.approx(solve(Case(case.chain, 2025, Condensed(case).around(0)).program).objective)


def test_without_routes_there_is_nothing_to_condense():
    case = Case(pressed(), 2025)
    assert not Condensed(case).pays
    assert Condensed(case).around(0) is case.net


@pytest.mark.parametrize("size", [(7, 8, 2), (9, 12, 2)])
def test_the_best_use_is_the_same_around_every_place(size):
    chain, _ = workload(size)
    case = Case(chain, FIRST)
    condensed, best = Condensed(case), solve(case.program).objective
    assert condensed.pays
    for place in range(len(chain.sites)):
        near = Case(chain, FIRST, condensed.around(place))
        assert near.program.cost.size < case.program.cost.size
        assert best == pytest.approx(solve(near.program).objective, rel=1e-12)


def test_a_link_is_worth_the_same_as_in_the_whole_network(monkeypatch):
    chain, _ = workload((7, 8, 2))
    process, place = (one.ravel() for one in np.indices((len(chain.processes), len(chain.sites))))
    near = Worth(chain, FIRST, process, place)
    monkeypatch.setattr("liantu.engines.planning.condense.SHARE", 0.0)
    whole = Worth(chain, FIRST, process, place)
    for at in range(process.size):
        one, other = (worth.with_sizes(np.array([at]), np.array([12.0])) for worth in (near, whole))
        assert whole.more(other) == pytest.approx(near.more(one), rel=1e-9, abs=1e-9)
        assert whole.money(other).sum() - whole.more(other) == pytest.approx(near.money(one).sum() - near.more(one), rel=1e-6, abs=1e-6)
    assert near.case.program.cost.size < whole.case.program.cost.size
