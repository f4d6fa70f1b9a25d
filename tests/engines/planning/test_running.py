"""What the years earn with the capacity given: as much as with every column, and no change gains more than was said."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.expansion_workload import chain_of
from liantu.engines.planning.horizon import Choices, Horizon
from liantu.engines.planning.running import Running
from liantu.engines.planning.solver import Session, solve
from liantu.engines.planning.stands import stands, terms
from liantu.engines.planning.years import Years


@pytest.fixture(scope="module")
def case() -> Horizon:
    chain, options = chain_of((7, 8, 2), whole=True)
    years, of = np.arange(options.first, options.last + 1), terms(chain, options.rate)
    return Horizon(chain, years, of, stands(chain, years, of), Choices(rate=options.rate, integer=True))


@pytest.fixture(scope="module")
def running(case: Horizon) -> Running:
    return Running(case, time.perf_counter() + 60)


def drawn(case: Horizon, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.choice([0.0, 5.0, 20.0], size=case.open.size, p=[0.6, 0.2, 0.2])


def earned_with_all_columns(case: Horizon, year: int, capacity: np.ndarray) -> float:
    columns, rows = Years(case).running(year)
    part = case.program.part(columns, rows)
    upper = part.upper.copy()
    upper[np.searchsorted(columns, case.activity[case.open, year])] = capacity
    return solve(replace(part, upper=upper)).objective


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_a_year_earns_what_it_would_with_every_column(case: Horizon, running: Running, seed: int) -> None:
    capacity = drawn(case, seed)
    assert earned_with_all_columns(case, 1, capacity) == pytest.approx(running.solve(1, capacity)[0], rel=1e-7)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_no_other_capacity_earns_more_than_what_was_learnt_says(case: Horizon, running: Running, seed: int) -> None:
    here, there = drawn(case, seed), drawn(case, seed + 1)
    running.solve(0, here)
    known = running.known(np.stack([here, here], axis=1))
    stands_changed = np.flatnonzero(there != here)
    by = np.repeat((there - here)[stands_changed][:, None], 2, axis=1)
    most = running.most(known, stands_changed, by)[0]
    assert running.solve(0, there)[0] <= most + 1e-6 * (1 + abs(most))


def test_the_best_use_of_a_year_has_the_columns_that_earn_it(case: Horizon, running: Running) -> None:
    capacity = drawn(case, 7)
    columns, values = running.columns(1, capacity)
    assert running.solve(1, capacity)[0] == pytest.approx(case.program.cost[columns] @ values)


def test_columns_that_come_in_later_count_like_those_from_the_start(case: Horizon) -> None:
    program = replace(case.program.smooth(), upper=np.minimum(case.program.upper, 1e4))
    every, half = np.arange(program.row_lower.size), np.arange(program.cost.size) % 2 == 0
    session = Session(program.part(np.flatnonzero(half), every))
    session.solve()
    session.widen(program.part(np.flatnonzero(~half), every))
    assert solve(program).objective == pytest.approx(session.prices()[0], rel=1e-7)
    assert solve(program).objective == pytest.approx(session.solve().objective, rel=1e-7)
