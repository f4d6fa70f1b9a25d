"""Large plans: the bound is a bound, the mended plan keeps every row, and both meet at the exact optimum."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.expansion_workload import ANSWERS, chain_of
from liantu.engines.planning import large
from liantu.engines.planning.expansion import PlanOptions
from liantu.engines.planning.firstorder import Iterate, descend
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.mend import mend
from liantu.engines.planning.part import Part
from liantu.engines.planning.program import Program
from liantu.engines.planning.proof import prove
from liantu.engines.planning.solver import Solution, SolverOptions, solve
from liantu.engines.planning.stands import stands, terms
from liantu.model.chain import Chain
from tests.engines.planning.test_expansion import random_chain


def horizon(chain: Chain, options: PlanOptions) -> Horizon:
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    return Horizon(chain, years, of, stands(chain, years, of), Choices(rate=options.rate, budget=options.budget))


@pytest.fixture(scope="module")
def small() -> Horizon:
    return horizon(*chain_of((8, 10, 3)))


@pytest.fixture(scope="module")
def exact(small: Horizon) -> Solution:
    return solve(small.program)


def test_first_order_steps_come_near_the_optimum(small: Horizon, exact: Solution) -> None:
    start = Iterate(x=np.zeros(exact.x.size), y=np.zeros(exact.row_dual.size))
    found = descend(small.program, start, steps=6000, until=time.perf_counter() + 60)
    assert exact.objective == pytest.approx(small.program.cost @ found.x, rel=5e-3)


def test_the_optimal_prices_prove_the_optimum(small: Horizon, exact: Solution) -> None:
    assert exact.objective == pytest.approx(prove(small, exact.row_dual).bound, rel=1e-7)


@given(seed=st.integers(0, 1000), spread=st.floats(0.001, 3))
@settings(max_examples=15, deadline=None)
def test_whatever_the_prices_no_plan_exceeds_what_they_prove(small: Horizon, exact: Solution, seed: int, spread: float) -> None:
    noise = np.exp(spread * np.random.default_rng(seed).standard_normal(exact.row_dual.size))
    assert prove(small, exact.row_dual * noise).bound >= exact.objective * (1 - 1e-9)


@given(seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_a_mended_plan_keeps_every_row(small: Horizon, exact: Solution, seed: int) -> None:
    x = exact.x * np.random.default_rng(seed).uniform(0, 3, exact.x.size)
    found = mend(small, x, np.ones(x.size, dtype=bool))
    assert found is not None
    assert kept(small.program, found.x)
    assert found.objective <= exact.objective * (1 + 1e-9)


def test_the_optimal_builds_are_mended_to_the_optimum(small: Horizon, exact: Solution) -> None:
    found = mend(small, exact.x, np.ones(exact.x.size, dtype=bool))
    assert found is not None
    assert exact.objective == pytest.approx(found.objective, rel=1e-7)


@given(seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_bound_and_plan_hold_with_delays_lifetimes_demands_and_a_budget(seed: int) -> None:
    case = horizon(random_chain(seed), PlanOptions(first=2026, last=2029, rate=0.1, budget=60.0))
    best = solve(case.program)
    assert best.objective == pytest.approx(prove(case, best.row_dual).bound, rel=1e-6, abs=1e-6)
    rough = mend(case, best.x * 1.7, np.ones(best.x.size, dtype=bool))
    assert rough is not None
    assert kept(case.program, rough.x)
    assert rough.objective <= best.objective + 1e-6


def test_what_the_best_plan_uses_is_kept_at_its_prices_whatever_is_known_of_the_stands(small: Horizon, exact: Solution) -> None:
    prices = exact.row_dual.copy()
    prices[small.within] = prices[small.stock] = 0.0
    found = large._kept(small, Iterate(x=np.zeros(exact.x.size), y=prices), 1.0)
    assert found[exact.x > 1e-6].all()
    assert not found.all()


def test_a_part_gives_back_the_best_of_the_whole(small: Horizon, exact: Solution) -> None:
    part = Part(small.program, (exact.x > 0) | (small.program.lower > 0))
    found = solve(part.program)
    at = Iterate(x=np.zeros(exact.x.size), y=np.zeros(exact.row_dual.size))
    back = part.outside(Iterate(x=found.x, y=found.row_dual), at)
    assert part.program.cost.size < np.count_nonzero(exact.x)
    assert exact.objective == pytest.approx(small.program.cost @ back.x, rel=1e-7)
    assert kept(small.program, back.x)
    assert part.inside(back).x == pytest.approx(found.x)


def test_the_small_workload_is_approached_with_a_proven_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    case = horizon(*chain_of("S"))
    found = large.approach(case, SolverOptions(gap=3e-3, time_limit_s=900))
    assert found is not None
    assert found.gap <= 3e-3
    assert found.objective <= ANSWERS["S"] * (1 + 1e-9) <= found.objective * (1 + found.gap) * (1 + 1e-9)


def test_a_plan_whose_markets_have_no_limit_is_not_approached_because_no_price_near_theirs_proves_a_bound() -> None:
    chain, options = chain_of((8, 10, 3))
    endless = replace(chain, markets=replace(chain.markets, limit=np.where(chain.markets.material == 0, np.nan, chain.markets.limit)))
    unlimited = horizon(endless, options)
    best = solve(unlimited.program)
    noise = np.exp(1e-6 * np.random.default_rng(0).standard_normal(best.row_dual.size))
    assert np.isinf(prove(unlimited, best.row_dual * noise).bound)
    assert large.approach(unlimited, SolverOptions(time_limit_s=900)) is None


def kept(program: Program, x: np.ndarray) -> bool:
    """Whether a point keeps all rows and bounds."""
    rows, slack = program.matrix @ x, 1e-6 * (1 + abs(program.matrix) @ np.abs(x))
    inside = (rows >= program.row_lower - slack) & (rows <= program.row_upper + slack)
    return bool(inside.all() and (x >= program.lower - 1e-9).all() and (x <= program.upper + 1e-6).all())
