"""Whole builds: no bound is below the best of all plans, no plan found is above it, and both hold in every year."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.expansion_workload import chain_of
from liantu.engines.planning import large, whole
from liantu.engines.planning.apart import apart, smoothed
from liantu.engines.planning.builds import Builds, rounded
from liantu.engines.planning.expansion import Plan, PlanOptions, expand
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.pooled import pooled
from liantu.engines.planning.running import Running
from liantu.engines.planning.seek import Seeker, seek
from liantu.engines.planning.slopes import sloped
from liantu.engines.planning.solver import Session, Solution, SolverOptions, Status, solve
from liantu.engines.planning.stands import Build, stands, terms
from liantu.model.chain import Chain
from tests.engines.planning.test_expansion import one_step, random_chain, technology
from tests.engines.planning.test_large import kept


def horizon(chain: Chain, options: PlanOptions) -> Horizon:
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    choices = Choices(rate=options.rate, budget=options.budget, fixed=options.fixed, integer=True)
    return Horizon(chain, years, of, stands(chain, years, of), choices)


def bound_of(case: Horizon) -> float:
    smooth = smoothed(case)
    return apart(case, solve(smooth.case.program).row_dual, SolverOptions(gap=0.0), time.perf_counter() + 5)


def found_by_seeking(case: Horizon) -> np.ndarray:
    builds = Builds(case)
    found = seek(case, builds.signed, builds, time.perf_counter() + 5)
    assert found is not None
    return found.x


@pytest.fixture(scope="module")
def small() -> Horizon:
    return horizon(*chain_of((7, 8, 2), whole=True))


@pytest.fixture(scope="module")
def exact(small: Horizon) -> Solution:
    return solve(small.program, SolverOptions(gap=0.0))


def enumerated(case: Horizon, most: int) -> float:
    """The best of all plans with up to ``most`` blocks of each stand in each year, each solved with its builds given."""
    program, blocks = case.program, case.whole
    assert blocks is not None
    best = -np.inf
    for number in itertools.product(range(most + 1), repeat=blocks.number.size):
        lower, upper = program.lower.copy(), program.upper.copy()
        of = np.array(number, dtype=np.float64).reshape(blocks.number.shape)
        lower[blocks.number] = upper[blocks.number] = of
        lower[blocks.opened] = upper[blocks.opened] = (of[blocks.charged] > 0).any(axis=1)
        best = max(best, float(np.nan_to_num(solve(replace(program.smooth(), lower=lower, upper=upper)).objective, nan=-np.inf)))
    return best


@given(charge=st.integers(0, 900), block=st.sampled_from([30.0, 40.0, 60.0]), capex=st.floats(1, 12), life=st.sampled_from([1, 2, 9]))
@settings(max_examples=8, deadline=None)
def test_bound_is_above_and_plan_below_the_best_of_all_plans(charge: int, block: float, capex: float, life: int) -> None:
    made = technology("make", capex=capex, lifetime=life, land_mu=1, max_size=120, block_size=block, fixed_charge=charge)
    case = horizon(one_step(technologies=[made]), PlanOptions(first=2026, last=2027, rate=0.1))
    best = enumerated(case, 4)
    plan = found_by_seeking(case)
    assert bound_of(case) >= best - 1e-6 * (1 + abs(best))
    assert best >= case.program.cost @ plan - 1e-6 * (1 + abs(best))
    assert kept(case.program, plan)


def test_plan_and_bound_enclose_the_optimum_that_branching_proves(small: Horizon, exact: Solution) -> None:
    plan = found_by_seeking(small)
    assert kept(small.program, plan)
    assert small.program.cost @ plan <= exact.objective * (1 + 1e-9)
    assert exact.objective <= bound_of(small)


@given(seed=st.integers(0, 1000), spread=st.floats(0.001, 2))
@settings(max_examples=8, deadline=None)
def test_whatever_the_prices_of_capacity_no_plan_exceeds_the_bound(small: Horizon, exact: Solution, seed: int, spread: float) -> None:
    smooth = smoothed(small)
    duals = solve(smooth.case.program).row_dual * np.exp(
        spread * np.random.default_rng(seed).standard_normal(smooth.case.program.row_lower.size)
    )
    assert exact.objective <= apart(small, duals, SolverOptions(), time.perf_counter() + 5)


@pytest.mark.parametrize("size", [(7, 8, 2), (8, 6, 4)])
def test_pooled_places_bound_no_worse_than_the_plan_without_whole_numbers(size: tuple[int, int, int]) -> None:
    case = horizon(*chain_of(size, whole=True))
    smooth = smoothed(case)
    found = solve(smooth.case.program)
    pool = pooled(case, found.row_dual)
    assert solve(pool.program.smooth()).objective + pool.constant <= (found.objective + smooth.constant) * (1 + 1e-9)


def test_at_one_place_the_bound_is_the_best_of_all_plans() -> None:
    made = technology("make", capex=3, lifetime=9, land_mu=1, max_size=120, block_size=40, fixed_charge=200)
    case = horizon(one_step(technologies=[made]), PlanOptions(first=2026, last=2027, rate=0.1))
    best = enumerated(case, 3)
    assert best > 0
    assert bound_of(case) == pytest.approx(best, rel=1e-4)


@given(seed=st.integers(0, 1000), block=st.sampled_from([0.0, 2.0, 5.0]), least=st.sampled_from([0.0, 3.0]), charge=st.integers(0, 40))
@settings(max_examples=5, deadline=None)
def test_both_hold_with_delays_lifetimes_least_sizes_demands_and_a_budget(seed: int, block: float, least: float, charge: int) -> None:
    chain = random_chain(seed)
    many = np.ones(len(chain.technologies))
    sized = replace(chain.technologies, block_size=block * many, min_size=least * many, fixed_charge=charge * many)
    signed = (Build(process=0, site=0, year=2026, capacity=3.0),)
    options = PlanOptions(first=2026, last=2029, rate=0.1, budget=60.0, fixed=signed)
    case = horizon(replace(chain, technologies=sized), options)
    best = solve(case.program, SolverOptions(gap=0.0, time_limit_s=5))
    builds = Builds(case)
    found = seek(case, builds.signed, builds, time.perf_counter() + 5)
    assert not best.objective > bound_of(case) + 1e-6
    if found is not None:
        assert kept(case.program, found.x)
        assert case.program.cost @ found.x <= best.bound + 1e-6


def test_a_plan_too_hard_to_branch_is_found_with_a_gap_that_is_proven(monkeypatch: pytest.MonkeyPatch, exact: Solution) -> None:
    monkeypatch.setattr(whole, "OUTRIGHT", 1e-9)
    chain, options = chain_of((7, 8, 2), whole=True)
    found = expand(chain, replace(options, solver=SolverOptions(time_limit_s=10, gap=0.0)))
    assert isinstance(found, Plan)
    assert found.objective <= exact.objective * (1 + 1e-9) <= found.bound * (1 + 1e-8)
    assert found.gap == pytest.approx((found.bound - found.objective) / found.objective)


def test_an_interrupted_search_keeps_its_best_plan_and_a_bound(monkeypatch: pytest.MonkeyPatch, exact: Solution) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(whole, "OUTRIGHT", 1e-9)
    monkeypatch.setattr(Seeker, "_step", interrupted)
    chain, options = chain_of((7, 8, 2), whole=True)
    found = expand(chain, replace(options, solver=SolverOptions(time_limit_s=10, gap=0.0)))
    assert isinstance(found, Plan) and found.status is Status.STOPPED
    assert found.objective <= exact.objective * (1 + 1e-9) <= found.bound * (1 + 1e-8) < np.inf


def test_a_bound_that_is_interrupted_leaves_the_plan_and_that_of_the_plan_without_whole_numbers(
    monkeypatch: pytest.MonkeyPatch, exact: Solution
) -> None:
    def interrupted(*_: object) -> float:
        raise KeyboardInterrupt

    monkeypatch.setattr(whole, "OUTRIGHT", 1e-9)
    monkeypatch.setattr(whole, "apart", interrupted)
    chain, options = chain_of((7, 8, 2), whole=True)
    found = expand(chain, replace(options, solver=SolverOptions(time_limit_s=10, gap=0.0)))
    assert isinstance(found, Plan) and found.status is Status.STOPPED
    assert found.objective <= exact.objective * (1 + 1e-9) <= found.bound * (1 + 1e-8) < np.inf


def test_the_search_ends_on_its_own_no_worse_than_it_began_and_the_same_each_time(small: Horizon, exact: Solution) -> None:
    builds, smooth = Builds(small), smoothed(small)
    program = replace(smooth.case.program, cost=small.program.cost[: smooth.case.program.cost.size])
    built = sloped(builds, program, small.built, np.zeros(small.built.shape), builds.fixed, time.perf_counter() + 60)
    assert built is not None
    start = rounded(builds, built)
    seeker = Seeker(builds, Running(small, time.perf_counter() + 600), time.perf_counter() + 600)
    begun = seeker.point(start)
    found, again = (seek(small, start, builds, time.perf_counter() + 600) for _ in range(2))
    assert begun is not None and found is not None and again is not None
    assert max(begun.total, 0.99 * exact.objective) * (1 - 1e-9) <= small.program.cost @ found.x <= exact.objective * (1 + 1e-9)
    assert (found.x == again.x).all()


def test_a_climb_without_a_stand_ends_without_it_and_the_next_may_use_it(small: Horizon) -> None:
    builds = Builds(small)
    seeker = Seeker(builds, Running(small, time.perf_counter() + 600), time.perf_counter() + 600)
    top = seeker._climb(seeker.point(builds.signed))
    assert top is not None
    used = set(np.flatnonzero(top.number.any(axis=1)).tolist())
    without = seeker._without(top, np.random.default_rng(0))
    assert without is not None
    assert used - set(np.flatnonzero(without.number.any(axis=1)).tolist())
    assert without.total == pytest.approx(without.earned.sum() - builds.cost(without.number))
    assert seeker.may is builds.may


def test_what_a_move_changes_is_what_its_units_stand_for_and_cost(small: Horizon) -> None:
    builds = Builds(small)
    seeker = Seeker(builds, Running(small, time.perf_counter() + 600), time.perf_counter() + 600)
    top = seeker._climb(seeker.point(builds.signed))
    assert top is not None
    moves = [move for _, move in seeker._offers(top)]
    assert moves
    for move in moves:
        change = seeker._change(top, move)
        number = change.number(top)
        standing = np.zeros_like(top.capacity)
        standing[change.stands] = change.by
        assert builds.capacity(number) - top.capacity == pytest.approx(standing)
        cost = builds.cost(number) - builds.cost(top.number)
        assert change.gain == pytest.approx(float((change.hoped - top.earned).sum()) - cost)


def test_branching_that_stops_at_its_root_still_bounds(small: Horizon, exact: Solution) -> None:
    found = solve(small.program, SolverOptions(gap=0.0, nodes=1, trials=2))
    assert exact.objective <= found.bound * (1 + 1e-9)
    assert not found.objective > exact.objective * (1 + 1e-9)


def test_few_trials_reach_the_same_optimum(small: Horizon, exact: Solution) -> None:
    assert solve(small.program, SolverOptions(gap=0.0, trials=1)).objective == pytest.approx(exact.objective, rel=1e-9)


def test_a_large_plan_of_whole_builds_is_found_with_a_gap_that_is_proven(monkeypatch: pytest.MonkeyPatch, exact: Solution) -> None:
    for module in (whole, large):
        monkeypatch.setattr(module, "LARGE", 100)
    chain, options = chain_of((7, 8, 2), whole=True)
    found = expand(chain, replace(options, solver=SolverOptions(time_limit_s=10, gap=0.0)))
    assert isinstance(found, Plan)
    assert found.objective <= exact.objective * (1 + 1e-9) <= found.bound * (1 + 1e-8)


def test_prices_from_the_middle_are_as_good_as_those_of_a_corner(small: Horizon) -> None:
    smooth = smoothed(small)
    corner = solve(smooth.case.program)
    middle = Session(smooth.case.program).central_prices()
    at = np.where(middle > 0, smooth.case.program.row_upper, smooth.case.program.row_lower)
    some = np.isfinite(at)
    assert (middle[some] @ at[some]) <= corner.objective * (1 + 1e-3)
    assert apart(small, middle, SolverOptions(), time.perf_counter() + 5) < 1.2 * corner.objective
