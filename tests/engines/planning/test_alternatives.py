"""Other ways to plan: against ranges worked by hand, a second formulation, and the laws every other way keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from liantu.engines.planning import large
from liantu.engines.planning.alternatives import Alternatives, alternatives
from liantu.engines.planning.expansion import Infeasible, Plan, PlanOptions, expand
from liantu.engines.planning.near import FLOOR, Near
from liantu.engines.planning.solver import Session, Solution
from liantu.engines.planning.stands import Build
from liantu.errors import InputError, SolveError
from liantu.model.chain import Chain
from tests.chains import Row, chain_of

# Two years at 10 %: what one unit of yearly money is worth, and the charge of a unit that costs 4 and lasts two years.
YEARS = 1 + 1 / 1.1
CHARGE = 4 * 0.1 / (1 - 1.1**-2)
EARNS = (4 - CHARGE) * YEARS


def technology(process: str, **columns: object) -> Row:
    return {"process": process, "currency": "CNY", "build_years": 0, "lifetime": 2, "source": "hand", **columns}


def market(material: str, direction: str, price: float, **columns: object) -> Row:
    return {"material": material, "direction": direction, "price": price, "currency": "CNY", **columns}


def twins(**more: Sequence[Row]) -> Chain:
    """Ore at 1 is made into salt at 5, of which 100 can be sold, in either of two parks that are alike."""
    tables: dict[str, Sequence[Row]] = {
        "sites": [{"id": "east", "kind": "park"}, {"id": "west", "kind": "park"}],
        "technologies": [technology("make", capex=4, max_size=100)],
        "markets": [market("ore", "buy", 1), market("salt", "sell", 5, limit=100)],
    }
    return chain_of({"make": {"salt": 1, "ore": -1}}, **{**tables, **more})


def others_of(chain: Chain, share: float, **more: object) -> Alternatives:
    count = int(more.pop("count", 3))  # type: ignore[call-overload]
    found = alternatives(chain, PlanOptions(first=2026, last=2027, **{"rate": 0.1, **more}), share=share, count=count)  # type: ignore[arg-type]
    assert isinstance(found, Alternatives)
    return found


def ranges(found: Alternatives) -> dict[tuple[int, int], tuple[float, float, float]]:
    """(process, site) → least, best, most; site −1 is all of them."""
    of = found.ranges
    rows = zip(of.process.tolist(), of.site.tolist(), of.least.tolist(), of.best.tolist(), of.most.tolist(), strict=True)
    return {(process, site): (least, best, most) for process, site, least, best, most in rows}


def test_of_two_parks_alike_either_may_take_all_and_the_whole_stays() -> None:
    found = others_of(twins(), 0.0)
    every = ranges(found)
    assert (100, 100, 100) == pytest.approx(every[0, -1], rel=1e-6)
    assert [(0, 100)] * 2 == [pytest.approx((every[0, site][0], every[0, site][2]), abs=1e-4) for site in (0, 1)]


def test_the_mirror_plan_is_found_and_is_the_only_other_one() -> None:
    found = others_of(twins(), 0.0)
    (way,) = found.ways
    assert found.plan.built[::-1] == pytest.approx(way.built, abs=1e-4)
    assert 100 * EARNS == pytest.approx(way.objective)
    assert (1, 0, 1) == pytest.approx((way.differs, way.other_process, way.nearest), abs=1e-6)


def test_a_tenth_less_lets_a_tenth_go_unbuilt_or_stand_idle() -> None:
    # What stands idle is charged least when it is begun in the last year.
    every = ranges(others_of(twins(), 0.1))
    assert (90, 100, 100 + 10 * EARNS / (CHARGE / 1.1)) == pytest.approx(every[0, -1])


def test_what_is_signed_is_in_every_way() -> None:
    found = others_of(twins(), 0.1, fixed=(Build(process=0, site=1, year=2026, capacity=30),))
    assert 30 == pytest.approx(ranges(found)[0, 1][0])
    assert all(way.built[1].sum() >= 30 * (1 - 1e-9) for way in found.ways)


def test_another_process_counts_as_more_than_another_place() -> None:
    """Two recipes for the same salt at the same cost: the other plan makes it the other way."""
    chain = chain_of(
        {"make": {"salt": 1, "ore": -1}, "brew": {"salt": 1, "brine": -1}},
        sites=[{"id": "east", "kind": "park"}],
        technologies=[technology("make", capex=4), technology("brew", capex=4)],
        markets=[market("ore", "buy", 1), market("brine", "buy", 1), market("salt", "sell", 5, limit=100)],
    )
    (way,) = others_of(chain, 0.0).ways
    assert (1, 1) == pytest.approx((way.differs, way.other_process), abs=1e-6)


def test_a_plan_with_no_other_way_has_none() -> None:
    found = others_of(twins(sites=[{"id": "east", "kind": "park"}]), 0.0)
    assert () == found.ways
    assert (100, 100, 100) == pytest.approx(ranges(found)[0, 0], rel=1e-6)


def test_where_nothing_pays_nothing_is_built_in_any_way() -> None:
    found = others_of(twins(technologies=[technology("make", capex=400, max_size=100)]), 0.5)
    assert {(0, -1): (0, 0, 0)} == ranges(found)
    assert (0.0, ()) == (found.allowance.amount, found.ways)


def test_a_best_of_nothing_is_measured_by_what_moves() -> None:
    """Salt earns 400 a year, steel that must be had costs as much: 500, 100 and 400 move."""
    chain = chain_of(
        {"make": {"salt": 1, "ore": -1}, "press": {"sheet": 1, "steel": -1}},
        sites=[{"id": "east", "kind": "park"}],
        plants=[{"id": "old", "process": "make", "site": "east", "capacity": 100}],
        technologies=[technology("make", capex=4, max_size=100)],
        demands=[{"material": "steel", "site": "east", "year": year, "amount": 100, "unit": "t"} for year in (2026, 2027)],
        markets=[market("ore", "buy", 1), market("salt", "sell", 5, limit=100), market("steel", "buy", 4)],
    )
    found = others_of(chain, 0.02)
    assert 0 == pytest.approx(found.plan.objective, abs=1e-6)
    assert found.allowance.by_turnover
    assert FLOOR * 1000 * YEARS * 0.02 == pytest.approx(found.allowance.amount)


def test_a_best_below_nothing_is_measured_by_its_size() -> None:
    """Firm salt can only be bought at 9 or made: making costs 1 and the charge."""
    chain = twins(
        markets=[market("ore", "buy", 1), market("salt", "buy", 9)],
        demands=[{"material": "salt", "site": "east", "year": year, "amount": 100, "unit": "t"} for year in (2026, 2027)],
    )
    found = others_of(chain, 0.1)
    costs = 100 * (1 + CHARGE) * YEARS
    assert (-costs, 0.1 * costs) == pytest.approx((found.plan.objective, found.allowance.amount))
    # Each unit not built costs 9 instead.
    assert 100 - 0.1 * costs / ((9 - 1 - CHARGE) * YEARS) == pytest.approx(ranges(found)[0, -1][0])


def test_a_second_formulation_finds_the_same_least_and_most() -> None:
    """One year; salt from ore, glass from salt; land of 70 and 60 mu. Columns: b and x of salt and glass east and west."""
    chain = chain_of(
        {"make": {"salt": 1, "ore": -1}, "melt": {"glass": 1, "salt": -0.5}},
        sites=[{"id": "east", "kind": "park", "land_mu": 70}, {"id": "west", "kind": "park", "land_mu": 60}],
        technologies=[technology("make", capex=4, land_mu=1), technology("melt", capex=3, land_mu=0.5)],
        markets=[market("ore", "buy", 1), market("salt", "sell", 5, limit=80), market("glass", "sell", 7, limit=90)],
    )
    share, pay = 0.05, 0.1 / (1 - 1.1**-2)
    found = alternatives(chain, PlanOptions(first=2026, last=2026, rate=0.1), share=share, count=0)
    assert isinstance(found, Alternatives)
    # b: make east, make west, melt east, melt west; x the same; buy ore, sell salt, sell glass.
    money = np.array([-4 * pay, -4 * pay, -3 * pay, -3 * pay, 0, 0, 0, 0, -1, 5, 7])
    rows, most = [], []
    for at in range(4):
        rows.append([*(-np.eye(4)[at]), *np.eye(4)[at], 0, 0, 0])
        most.append(0)
    rows += [[1, 0, 0.5, 0, *[0] * 7], [0, 1, 0, 0.5, *[0] * 7]]
    most += [70, 60]
    rows += [[0, 0, 0, 0, 1, 1, 0, 0, -1, 0, 0], [0, 0, 0, 0, -1, -1, 0.5, 0.5, 0, 1, 0], [0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 1]]
    most += [0, 0, 0]
    bounds = [(0, None)] * 9 + [(0, 80), (0, 90)]
    best = -optimize.linprog(-money, rows, most, bounds=bounds).fun
    assert best == pytest.approx(found.plan.objective)
    for (process, site), (least, _, top) in ranges(found).items():
        counted = np.zeros(11)
        counted[[2 * process, 2 * process + 1] if site < 0 else [2 * process + site]] = 1
        ends = [
            sign * optimize.linprog(sign * counted, [*rows, -money], [*most, -(1 - share) * best], bounds=bounds).fun for sign in (1, -1)
        ]
        assert ends == pytest.approx([least, top], abs=1e-5)


@settings(max_examples=25)
@given(
    prices=st.tuples(*[st.floats(2, 9)] * 2),
    capex=st.tuples(*[st.floats(0.5, 12)] * 2),
    land=st.tuples(*[st.floats(10, 120)] * 2),
    share=st.floats(0, 0.3),
)
def test_every_other_way_can_be_built_and_earns_what_it_says(
    prices: tuple[float, float], capex: tuple[float, float], land: tuple[float, float], share: float
) -> None:
    chain = chain_of(
        {"make": {"salt": 1, "ore": -1}, "melt": {"glass": 1, "salt": -0.5}},
        sites=[{"id": name, "kind": "park", "land_mu": mu} for name, mu in zip(("east", "west"), land, strict=True)],
        technologies=[technology("make", capex=capex[0], land_mu=1), technology("melt", capex=capex[1], land_mu=0.5)],
        markets=[market("ore", "buy", 1), market("salt", "sell", prices[0], limit=80), market("glass", "sell", prices[1], limit=90)],
    )
    found = others_of(chain, share)
    floor = found.plan.objective - found.allowance.amount
    # The solver keeps a row to 1e-9 of some 3,000 that move.
    slack = 1e-4
    for least, best, most in ranges(found).values():
        assert least - 1e-4 <= best <= most + 1e-4
    for way in found.ways:
        assert way.objective >= floor - slack
        signed = tuple(
            Build(process=int(found.plan.stands.process[at]), site=int(found.plan.stands.site[at]), year=2026 + int(year),
                  capacity=float(way.built[at, year]) * (1 - 1e-9))
            for at, year in zip(*np.nonzero(way.built), strict=True)
        )  # fmt: skip
        built = expand(chain, PlanOptions(first=2026, last=2027, rate=0.1, fixed=signed))
        assert isinstance(built, Plan)
        assert way.objective - slack <= built.objective <= found.plan.objective + slack


def test_without_a_plan_what_falls_short_is_said() -> None:
    demands = [{"material": "salt", "site": "east", "year": 2027, "amount": 250, "unit": "t"}]
    found = alternatives(twins(demands=demands), PlanOptions(first=2026, last=2027), share=0.02, count=3)
    assert isinstance(found, Infeasible)


def test_earning_without_end_is_refused() -> None:
    chain = twins(markets=[market("ore", "buy", 1), market("salt", "sell", 5)], technologies=[technology("make", capex=1)])
    with pytest.raises(InputError) as caught:
        others_of(chain, 0.02)
    assert "plan-endless" == caught.value.code


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 1)
    routes = [{"origin": "east", "destination": "west", "cost": 1, "currency": "CNY"}]
    with pytest.raises(SolveError) as caught:
        others_of(twins(routes=routes, materials={"salt": {"kg_per_unit": 1000}}), 0.02)  # type: ignore[arg-type]
    assert "alternatives-large" == caught.value.code


def test_when_time_is_up_what_is_known_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(100))
    inner = Near.most
    monkeypatch.setattr(Near, "most", lambda *given, **more: inner(*given, **more) if next(asked) < 2 else None)
    found = others_of(twins(), 0.1, count=1)
    assert (False, 1) == (found.in_time, len(found.ways))
    # One plan, then the least of the whole; of a park that one plan leaves alone the least is known without asking.
    least, best, most = ranges(found)[0, -1]
    assert (90, 100) == pytest.approx((least, best))
    assert np.isnan(most)
    assert [0, 0] == pytest.approx([ranges(found)[0, site][0] for site in (0, 1)], abs=1e-4)


def test_a_step_that_loses_precision_is_solved_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every first try of a step fails: the ranges are the same."""
    expected = ranges(others_of(twins(), 0.1))
    inner, walks = Session.solve, Session.step

    def step(session: Session) -> Solution:
        tries = iter((False, True))

        def solve(of: Session) -> Solution:
            if not next(tries):
                raise SolveError("solver-residual", {"residual": 1.0})
            return inner(of)

        monkeypatch.setattr(Session, "solve", solve)
        found = walks(session)
        monkeypatch.setattr(Session, "solve", inner)
        return found

    monkeypatch.setattr(Session, "step", step)
    for at, found in ranges(others_of(twins(), 0.1)).items():
        assert expected[at] == pytest.approx(found, abs=1e-4)


def test_when_it_is_interrupted_what_is_known_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, inner = iter(range(100)), Near.most

    def interrupted(*given: Near, **more: bool) -> object:
        if next(asked) == 1:
            raise KeyboardInterrupt
        return inner(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Near, "most", interrupted)
    found = others_of(twins(), 0.1, count=2)
    assert (True, False, 1) == (found.stopped, found.in_time, len(found.ways))
    assert 2 == next(asked)
