"""Worth of a step, where it runs out, what cannot be, pairs: hand-solved cases, two independent solves, laws."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.engines.planning.judging import End
from liantu.engines.planning.limits import Kind
from liantu.engines.planning.recruit import Recruit, RecruitOptions, _tied, recruit
from liantu.engines.planning.siting import StepFrom, Stop, serving
from liantu.engines.planning.solver import Session
from liantu.engines.planning.throughput import Case, Unmet, throughput
from liantu.engines.planning.worth import Worth, widened
from tests.chains import chain_of


def market(material, direction, price, limit="", **more):
    return {"material": material, "direction": direction, "price": price, "currency": "CNY", "limit": limit, "unit": "t", **more}


def technology(process, **more):
    return {"process": process, "capex": 0, "fixed_cost": 40, "lifetime": 10, "currency": "CNY", "min_size": 10, "unit": "t", **more}


def judged(made, **options) -> Recruit:
    found = recruit(made, 2025, options=RecruitOptions(**options))
    assert isinstance(found, Recruit)
    return found


def link(made, found, process, site="here"):
    """Position of a link and its prospect."""
    at = next(
        at
        for at, (one, where) in enumerate(zip(found.process, found.site, strict=True))
        if made.processes.id[one] == process and made.sites.id[where] == site
    )
    return at, found.prospects[found.prospect[at]]


def presser(technologies=(), markets=(), **more):
    """One unit of oil from one of seed. Oil sells 30 at 100, then 50 at 80; seed costs 20 up to 60, then 50."""
    trade = [market("oil", "sell", 100, 30), market("oil", "sell", 80, 50), market("seed", "buy", 20, 60), market("seed", "buy", 50)]
    return chain_of(
        {"press": {"oil": 1, "seed": -1}}, markets=[*trade, *markets], technologies=technologies or [technology("press")], **more
    )


def test_the_curve_of_the_hand_solved_chain():
    """A unit earns 100 − 20 up to 30, 80 − 20 up to 60, 80 − 50 up to 80, then nothing."""
    made = presser()
    _at, prospect = link(made, judged(made), "press")
    curve = prospect.curve
    assert [0, 30, 60, 80] == pytest.approx(curve.sizes[:4].tolist())
    assert [0, 30 * 80, 30 * 80 + 30 * 60, 30 * 80 + 30 * 60 + 20 * 30] == pytest.approx(curve.values[:4].tolist())
    assert not curve.endless


def test_it_pays_as_far_as_a_unit_is_worth_its_cost_and_the_limit_is_named():
    """At 40 a unit it pays up to 60, where cheap seed runs out; at 20 up to 80, where both markets for oil are full."""
    made = presser()
    _at, prospect = link(made, judged(made), "press")
    assert (60, End.LIMIT, Kind.MARKET, 2) == (pytest.approx(prospect.pays_to), prospect.end, prospect.kind, prospect.row)
    cheap = presser([technology("press", fixed_cost=20)])
    _at, prospect = link(cheap, judged(cheap), "press")
    assert (80, End.LIMIT, Kind.MARKET) == (pytest.approx(prospect.pays_to), prospect.end, prospect.kind)
    assert "sell" == cheap.markets.direction[prospect.row]


def test_a_sketch_names_the_same_limit(monkeypatch):
    monkeypatch.setattr("liantu.engines.planning.judging.MANY", 0)
    for fixed, expected in ((40, (60, 2)), (20, (80, 1)), (60, (30, 0)), (90, (0, -1))):
        made = presser([technology("press", fixed_cost=fixed)])
        _at, prospect = link(made, judged(made), "press")
        assert not prospect.curve.exact
        assert expected == (pytest.approx(prospect.pays_to), prospect.row)


def test_links_that_are_worth_the_same_stand_in_the_order_of_the_tables():
    """What rounding alone tells apart is one net worth; a cost that is not stated comes last."""
    net = np.array([1.0, np.nan, 2.0, 1.0 + 1e-15, 2.0 - 1e-15, np.nan, -3.0])
    tied = _tied(net, 1e-12)
    assert [2, 4, 0, 3, 6, 1, 5] == np.argsort(-tied, kind="stable").tolist()
    assert net == pytest.approx(tied, abs=1e-12, nan_ok=True)
    assert 0 == _tied(net[:0], 1e-12).size


def test_what_rounding_leaves_of_nothing_is_nothing():
    worth = Worth(presser(), 2025, np.array([0]), np.array([0]))
    found = worth.with_sizes(np.array([0]), np.array([30.0]))
    assert 30 * 80 == pytest.approx(worth.more(found))
    assert 0 == worth.more(replace(found, objective=worth.base.objective + 1e-13))


def test_a_step_costs_its_annuity_with_the_fixed_cost():
    """1,000 a unit over 10 years at 8 % is 149.03 a year; 40 fixed; 500 once are 74.51."""
    made = presser([technology("press", capex=1000, fixed_charge=500)])
    found = judged(made)
    at, prospect = link(made, found, "press")
    annuity = 0.08 / (1 - 1.08**-10)
    cost = 10 * (1000 * annuity + 40) + 500 * annuity
    assert (800, cost, 800 - cost) == pytest.approx((prospect.value, found.cost[at], found.net[at]))
    assert (10 * 1000 + 500) / (800 - 400) == pytest.approx(found.payback[at])
    assert End.LOSS is prospect.end and 0 == found.useful[at]


@pytest.mark.parametrize(
    ("sizes", "step", "origin"),
    [
        ({"min_size": 10, "block_size": 4}, 10, StepFrom.MIN_SIZE),
        ({"min_size": "", "block_size": 4}, 4, StepFrom.BLOCK),
        ({"min_size": ""}, 7, StepFrom.PLANT),
    ],
)
def test_a_step_is_the_least_size_else_the_block_else_the_typical_plant(sizes, step, origin):
    made = presser([technology("press", **sizes)], capacities={"press": 7})
    found = judged(made)
    assert (step, origin) == (found.siting.step[0], found.siting.step_from[0])


def test_without_any_size_a_step_is_one_unit():
    found = judged(presser([technology("press", min_size="")]))
    assert (1, StepFrom.UNIT) == (found.siting.step[0], found.siting.step_from[0])


def test_a_cost_that_is_not_stated_is_not_nothing():
    made = presser([technology("press", capex="")])
    found = judged(made)
    at, prospect = link(made, found, "press")
    assert End.UNKNOWN is prospect.end
    assert 800 == pytest.approx(prospect.value)
    assert np.isnan([found.cost[at], found.net[at], found.payback[at], found.useful[at]]).all()


def test_without_any_limit_it_pays_for_ever_and_says_so():
    made = chain_of(
        {"press": {"oil": 1, "seed": -1}},
        markets=[market("oil", "sell", 100), market("seed", "buy", 20)],
        technologies=[technology("press")],
    )
    _, prospect = link(made, judged(made), "press")
    assert End.ENDLESS is prospect.end and prospect.curve.endless


def test_the_next_step_and_the_last_step_differ_where_the_worth_bends():
    """30 units run and sell at 100; ten fewer lose 10 × 80, ten more sell at 80 and earn 10 × 60."""
    made = presser(capacities={"press": 30})
    _, prospect = link(made, judged(made), "press")
    assert (10 * 60, 10, 10 * 80) == pytest.approx((prospect.value, prospect.last_step, prospect.last_value))


def test_a_last_step_that_a_firm_demand_needs_has_no_price():
    made = presser(capacities={"press": 10}, demands=[{"material": "oil", "year": 2025, "amount": 10, "unit": "t"}])
    _, prospect = link(made, judged(made), "press")
    assert np.isinf(prospect.last_value)


def test_a_firm_demand_nobody_can_meet_ends_it():
    made = presser(demands=[{"material": "oil", "year": 2025, "amount": 10, "unit": "t"}])
    assert isinstance(recruit(made, 2025), Unmet)


PLACES = [
    {"id": "works", "zone": "chemical", "kind": "park", "land_mu": 15},
    {"id": "field", "zone": "general", "kind": "park"},
    {"id": "bare", "kind": "park"},
    {"id": "town", "kind": "city", "zone": "chemical"},
]


def stops(made, found):
    return {
        (made.processes.id[process], made.sites.id[site]): (Stop(int(reason)), float(short))
        for process, site, reason, short in zip(found.excluded_process, found.excluded_site, found.reason, found.short, strict=True)
    }


def test_a_zone_keeps_a_process_away_and_a_city_holds_no_plants():
    made = presser([technology("press", zones="chemical")], sites=PLACES)
    found = judged(made)
    assert ["works"] == [made.sites.id[site] for site in found.site]
    assert {("press", "field"): (Stop.ZONE, 0), ("press", "bare"): (Stop.ZONE, 0)} == stops(made, found)


@pytest.mark.parametrize(
    ("stated", "needs", "stop", "short"),
    [
        ({"land_mu": 15}, {"land_mu": 2}, Stop.LAND, 5),
        ({"power_mw": 1}, {"power_mw": 0.3}, Stop.POWER, 2),
        ({"water_m3_d": 0}, {"water_m3_d": 5}, Stop.WATER, 50),
    ],
)
def test_a_step_that_does_not_fit_says_how_much_is_lacking(stated, needs, stop, short):
    made = presser([technology("press", **needs)], sites=[{"id": "here", **stated}])
    found = judged(made)
    assert (stop, pytest.approx(short)) == stops(made, found)["press", "here"]


def test_what_plants_hold_already_is_not_there_for_others():
    """Of 100 mu the 30 units there hold 60: twenty more units fit and no more."""
    made = presser([technology("press", land_mu=2, fixed_cost=0.1)], sites=[{"id": "here", "land_mu": 100}], capacities={"press": 30})
    found = judged(made)
    at, _ = link(made, found, "press")
    assert (20, 20) == pytest.approx((found.siting.room[0, 0], found.useful[at]))
    assert Stop.LAND == found.siting.ends[0, 0]


def test_capital_bounds_the_size_and_excludes_what_one_step_is_too_dear_for():
    made = presser([technology("press", capex=100, fixed_cost=0)])
    found = judged(made, capital=2_000)
    at, _ = link(made, found, "press")
    assert 20 == pytest.approx(found.useful[at])
    assert (Stop.CAPITAL, pytest.approx(100)) == stops(made, judged(made, capital=900))["press", "here"]


def test_an_input_nobody_makes_or_sells_excludes():
    made = chain_of({"press": {"oil": 1, "seed": -1}}, markets=[market("oil", "sell", 100)], technologies=[technology("press")])
    found = judged(made)
    assert Stop.INPUT == found.reason[0]
    assert "seed" == made.materials.id[found.lacking[0]]


def test_what_only_passes_goods_on_is_nothing_to_build():
    made = presser([technology("press", fixed_cost=0, min_size=0)])
    assert Stop.PASSING == judged(made).reason[0]


def test_a_use_of_goods_is_nobody_to_recruit():
    made = chain_of({"drive": {"oil": -1, "waste": 1}}, stages={"drive": "use"}, markets=[market("oil", "buy", 1)])
    found = judged(made)
    assert 0 == len(found.process) == len(found.excluded_process)


def two_steps(**more):
    """Seed at 20 becomes oil, for which there is no market; oil becomes soap, which sells at 200."""
    return chain_of(
        {"press": {"oil": 1, "seed": -2}, "boil": {"soap": 1, "oil": -0.5}},
        markets=[market("seed", "buy", 20), market("soap", "sell", 200)],
        technologies=[technology("press"), technology("boil", min_size=100)],
        **more,
    )


def test_two_links_that_pay_only_together_are_found():
    """100 of soap take 50 of oil and 100 of seed: 20,000 − 2,000, less 40 a unit of either."""
    made = two_steps()
    (pair,) = judged(made).pairs
    found = judged(made)
    named = [made.processes.id[found.prospects[at].process] for at in (pair.maker, pair.taker)]
    assert (["press", "boil"], "oil") == (named, made.materials.id[pair.material])
    assert (50, 100) == pytest.approx(pair.sizes)
    assert (-50 * 40, -100 * 40) == pytest.approx(pair.alone)
    assert 20_000 - 2_000 - 150 * 40 == pytest.approx(pair.together)


def test_a_link_that_pays_alone_makes_no_pair():
    assert () == judged(two_steps(capacities={"press": 1000})).pairs


def test_two_links_that_lose_together_make_no_pair():
    made = chain_of(
        {"press": {"oil": 1, "seed": -2}, "boil": {"soap": 1, "oil": -0.5}},
        markets=[market("seed", "buy", 20), market("soap", "sell", 60)],
        technologies=[technology("press"), technology("boil")],
    )
    assert () == judged(made).pairs


def test_freight_makes_the_place_matter():
    """Seed arrives at the mill only; a press at the mill ships its oil, one at the town ships two of seed a unit of oil."""
    made = chain_of(
        {"press": {"oil": 1, "seed": -2}},
        sites=[{"id": "mill", "kind": "park"}, {"id": "town", "kind": "park"}],
        markets=[market("seed", "buy", 10, site="mill"), market("oil", "sell", 100, 1000, site="town")],
        routes=[
            {"origin": "mill", "destination": "town", "material": name, "cost": 5, "currency": "CNY", "unit": "t"}
            for name in ("seed", "oil")
        ],
        technologies=[technology("press")],
    )
    found = judged(made)
    values = [link(made, found, "press", site)[1].value for site in ("mill", "town")]
    assert [10 * (100 - 20 - 5), 10 * (100 - 20 - 10)] == pytest.approx(values)
    assert ["mill", "town"] == [made.sites.id[site] for site in found.site]


def test_filters_look_at_less():
    made = chain_of(
        {"press": {"oil": 1, "seed": -1}, "boil": {"soap": 1, "oil": -1}},
        stages={"press": "first", "boil": "second"},
        sites=PLACES,
        markets=[market("seed", "buy", 1), market("oil", "buy", 3), market("soap", "sell", 200), market("oil", "sell", 3)],
        technologies=[technology("press", min_size=1), technology("boil", min_size=1)],
    )
    assert {"boil"} == {made.processes.id[one] for one in judged(made, stages=("second",)).process}
    assert {"field"} == {made.sites.id[one] for one in judged(made, zone="general").site}
    assert {"bare"} == {made.sites.id[one] for one in judged(made, sites=(2,)).site}


def test_corners_move_what_is_sold_bought_and_invested():
    """10 units sell for 1,000 and buy for 200; oil may sell at half, seed cost twice, the investment double."""
    made = presser(
        [technology("press", capex=100, capex_low=100, capex_high=200, fixed_cost=0)],
        prices=[
            {"material": "oil", "date": "2025", "price": 100, "low": 50, "high": 100, "currency": "CNY", "unit": "t", "source": "hand"},
            {"material": "seed", "date": "2025", "price": 20, "low": 20, "high": 40, "currency": "CNY", "unit": "t", "source": "hand"},
        ],
    )
    _, prospect = link(made, judged(made), "press")
    annuity = 0.08 / (1 - 1.08**-10)
    assert 1_000 / 2 - 400 - 2_000 * annuity == pytest.approx(prospect.held.low)
    assert 1_000 - 200 - 1_000 * annuity == pytest.approx(prospect.held.high)
    # Cheap oil with dear seed earns 100, less than either investment costs; energy, of which there is none, counts twice.
    assert 12 / 16 == pytest.approx(prospect.held.share)


@st.composite
def random_chains(draw):
    """Three processes in a row with markets everywhere, some of them thin, and a plant for some."""
    price = st.integers(1, 60)
    limits = st.sampled_from(["", 5, 20, 60])
    names = ("ore", "salt", "cell", "pack")
    markets = []
    for at, name in enumerate(names):
        low = draw(price) + 40 * at
        markets.append(market(name, "buy", low + draw(price), draw(limits)))
        markets += [market(name, "sell", low - draw(st.integers(0, 3)), draw(st.sampled_from([5, 20, 60]))) for _ in range(2)]
    recipes = {f"make_{to}": {to: 1.0, of: -float(draw(st.integers(1, 3)))} for of, to in itertools.pairwise(names)}
    running = {name: float(draw(st.integers(1, 40))) for name in recipes if draw(st.booleans())}
    return recipes, markets, running


@given(random_chains(), st.sampled_from([3, 10, 40]))
@settings(max_examples=25)
def test_the_worth_of_a_step_is_the_difference_of_two_solves(parts, step):
    recipes, markets, running = parts
    technologies = [technology(name, min_size=step, max_size=200) for name in recipes]

    def solved(capacities):
        return throughput(chain_of(recipes, markets=markets, technologies=technologies, capacities=capacities), 2025).objective

    made = chain_of(recipes, markets=markets, technologies=technologies, capacities=running)
    found = judged(made)
    base = solved(running)
    for at, process in enumerate(found.process):
        name = made.processes.id[process]
        more = solved({**running, name: running.get(name, 0) + step})
        assert more - base == pytest.approx(found.prospects[found.prospect[at]].value, abs=1e-5, rel=1e-7)


@given(random_chains(), st.lists(st.floats(0, 200), min_size=4, max_size=4))
@settings(max_examples=15)
def test_the_curve_is_concave_and_right_between_its_corners(parts, sizes):
    recipes, markets, running = parts
    technologies = [technology(name, max_size=200) for name in recipes]
    made = chain_of(recipes, markets=markets, technologies=technologies, capacities=running)
    found = judged(made)
    base = found.base.objective
    for at, process in enumerate(found.process):
        name, curve = made.processes.id[process], found.prospects[found.prospect[at]].curve
        assert (np.diff(curve.slopes) < 1e-6).all()
        for size in sizes:
            more = {**running, name: running.get(name, 0) + size}
            once = throughput(chain_of(recipes, markets=markets, technologies=technologies, capacities=more), 2025).objective
            assert once - base == pytest.approx(curve.at(size), abs=1e-4, rel=1e-6)


@given(random_chains(), st.integers(1, 90))
@settings(max_examples=20)
def test_a_sketch_is_the_curve_at_fewer_points(parts, charge):
    """What is drawn of a chain with very many candidates: right where it has points, and paying just as far."""
    recipes, markets, running = parts
    made = chain_of(recipes, markets=markets, technologies=[technology(name) for name in recipes], capacities=running or {"make_salt": 1.0})
    process = np.arange(len(made.processes))
    worth = Worth(made, 2025, process, np.zeros_like(process))
    for at in process.tolist():
        curve, sketch = worth.curve(at, 200.0, 10.0), worth.sketch(at, 200.0, 10.0, charge - 0.5).curve
        assert [curve.at(size) for size in sketch.sizes] == pytest.approx(sketch.values.tolist(), abs=1e-5)
        assert curve.pays_to(charge - 0.5) == pytest.approx(sketch.pays_to(charge - 0.5), abs=1e-6)


@given(random_chains(), st.floats(1, 200))
@settings(max_examples=20)
def test_a_glance_sees_what_a_full_reading_sees(parts, size):
    recipes, markets, running = parts
    made = chain_of(recipes, markets=markets, technologies=[technology(name) for name in recipes], capacities=running or {"make_salt": 1.0})
    case, process = Case(made, 2025), np.arange(len(made.processes))
    program = widened(case, process, np.zeros_like(process))
    for column in program.cost.size - 1 - process:
        session = Session(program)
        session.bounds(np.array([column]), np.zeros(1), np.array([size]))
        objective, reduced = session.glance(int(column))
        whole = session.solve()
        assert objective == pytest.approx(whole.objective, rel=1e-9, abs=1e-6)
        assert reduced == pytest.approx(whole.reduced_cost[column], rel=1e-9, abs=1e-6)


def test_what_serves_a_material_is_found_through_any_number_of_steps_but_no_use():
    chain = chain_of(
        {
            "mine": {"ore": 1, "pit": -1},
            "refine": {"salt": 1, "ore": -8, "slag": 7},
            "coat": {"cathode": 1, "salt": -1},
            "make": {"cell": 1, "cathode": -1},
            "fire": {"brick": 1, "slag": -1},
            "drive": {"old": 1, "cell": -1},
            "leach": {"old": -1, "salt": 1},
            "toy": {"game": 1, "cell": -1},
        },
        stages={"drive": "use"},
    )
    served = {
        name: {chain.processes.id[at] for at in np.flatnonzero(serving(chain, [chain.material_index[name]]))}
        for name in ("cathode", "brick")
    }
    # Slag is no product of refining: brick is served by who fires it alone. What is driven comes back as salt, and only salt.
    assert {"mine", "refine", "coat", "leach", "drive"} == served["cathode"]
    assert {"fire"} == served["brick"]
