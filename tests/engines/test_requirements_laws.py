"""Laws that hold for every chain, and answers of other solvers to the same problem."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from liantu.engines.requirements import Options, require
from liantu.errors import SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats
from tests.chains import chain_of

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=40)


def productive(seed: int, *, radius: float = 0.95) -> tuple[Chain, Floats]:
    """A chain in which everything may need everything, and its input matrix Z, whose columns add up to less than one."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 9))
    needs = rng.random((size, size)) * (rng.random((size, size)) < 0.5)
    np.fill_diagonal(needs, 0)
    needs *= radius / np.maximum(needs.sum(axis=0).max(), 1e-9)
    return square(needs), needs


def square(needs: Floats) -> Chain:
    """Process j makes material j and needs `needs[i, j]` of each i; what it needs less than nothing of comes along."""
    return chain_of({
        f"p{j}": {f"m{j}": 1.0, **{f"m{i}": -float(needs[i, j]) for i in range(len(needs)) if i != j and needs[i, j]}}
        for j in range(len(needs))
    })  # fmt: skip


def in_order(chain: Chain, by_number: Floats) -> Floats:
    """Amounts of m0, m1, … in the chain's own order."""
    asked = np.zeros(len(chain.materials))
    for at, amount in enumerate(by_number):
        asked[chain.material_index[f"m{at}"]] = amount
    return asked


def activity(chain: Chain, demand: Floats, *, sweeps: int = 200) -> Floats:
    return require(chain, in_order(chain, demand), year=2025, options=Options(sweeps=sweeps)).activity


@few
@given(seeds, st.sampled_from([0, 200]))
def test_activities_are_those_of_the_leontief_inverse(seed: int, sweeps: int) -> None:
    chain, needs = productive(seed)
    demand = np.random.default_rng(seed).random(len(needs))

    expected = np.linalg.solve(np.eye(len(needs)) - needs, demand)

    np.testing.assert_allclose(activity(chain, demand, sweeps=sweeps), expected, rtol=1e-10)


@few
@given(seeds)
def test_asking_for_more_never_needs_less_of_anything(seed: int) -> None:
    chain, needs = productive(seed)
    rng = np.random.default_rng(seed)
    less = rng.random(len(needs))
    more = less + rng.random(len(needs))

    assert (activity(chain, less) <= activity(chain, more) * (1 + 1e-12)).all()


@few
@given(seeds, st.floats(1e-6, 1e9))
def test_without_co_products_needs_add_up_and_scale(seed: int, times: float) -> None:
    chain, needs = productive(seed)
    one, other = np.random.default_rng(seed).random((2, len(needs)))

    np.testing.assert_allclose(activity(chain, one) + times * activity(chain, other), activity(chain, one + times * other), rtol=1e-9)


@few
@given(seeds)
def test_without_co_products_they_are_the_least_that_meet_the_demand(seed: int) -> None:
    chain, needs = productive(seed)
    demand = np.random.default_rng(seed).random(len(needs))

    least = linprog(np.ones(len(needs)), A_ub=needs - np.eye(len(needs)), b_ub=-demand)

    np.testing.assert_allclose(activity(chain, demand), least.x, rtol=1e-6)


@few
@given(seeds)
def test_mass_is_kept_whatever_the_demand(seed: int) -> None:
    """Recipes whose waste makes up for what they take: all that is bought leaves as demand or surplus."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 7))
    shares = rng.random((size, size + 1))
    recipes = {
        f"p{j}": {f"m{j}": 1.0, "raw": float(-1.5 - shares[j, -1]), "waste": float(0.5 + shares[j, -1] + 0.1 * shares[j, :j].sum()),
                  **{f"m{i}": float(-0.1 * shares[j, i]) for i in range(j)}}
        for j in range(size)
    }  # fmt: skip
    chain = chain_of(recipes)
    demand = np.zeros(len(chain.materials))
    demand[[chain.material_index[f"m{j}"] for j in range(size)]] = rng.random(size)

    found = require(chain, demand, year=2025)

    assert found.bought.sum() == pytest.approx(demand.sum() + found.surplus.sum(), rel=1e-9)
    np.testing.assert_allclose(found.produced + found.bought, found.consumed + demand + found.surplus, rtol=1e-9, atol=1e-12)


def by_trying_all(needs: Floats, demand: Floats) -> list[Floats]:
    """All solutions of 0 ≤ x ⊥ (I − needs) x ≥ demand, by trying every set of active processes."""
    size, found = len(demand), []
    matrix = np.eye(size) - needs
    for active in product([False, True], repeat=size):
        on = np.array(active)
        if on.any() and abs(np.linalg.det(matrix[np.ix_(on, on)])) < 1e-9:
            continue
        x = np.zeros(size)
        x[on] = np.linalg.solve(matrix[np.ix_(on, on)], demand[on])
        if (x >= -1e-12).all() and (matrix @ x >= demand - 1e-9).all():
            found.append(x)
    return found


def has_one_answer(needs: Floats) -> bool:
    """Whether I − Z is a P-matrix: then every demand has exactly one solution (Samelson, Thrall & Wesler 1958)."""
    size, matrix = len(needs), np.eye(len(needs)) - needs
    sets = (np.array(some) for some in product([False, True], repeat=size) if any(some))
    return all(np.linalg.det(matrix[np.ix_(on, on)]) > 1e-6 for on in sets)


@settings(max_examples=150)
@given(seeds, st.sampled_from([0, 200]))
def test_with_co_products_they_are_a_solution_found_by_trying_every_active_set(seed: int, sweeps: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 6))
    needs = rng.uniform(-1, 0.6, (size, size)) * (rng.random((size, size)) < 0.6)
    np.fill_diagonal(needs, 0)
    demand = rng.random(size) * (rng.random(size) < 0.7)

    try:
        found = activity(square(needs), demand, sweeps=sweeps)
    except SolveError:
        assert not has_one_answer(needs)
        return

    assert min(np.abs(found - one).max() / (1 + np.abs(one).max()) for one in by_trying_all(needs, demand)) < 1e-8


@settings(max_examples=60)
@given(seeds, st.sampled_from([0, 200]))
def test_with_treatments_the_balance_closes_and_nothing_treatable_is_left(seed: int, sweeps: int) -> None:
    rng = np.random.default_rng(seed)
    goods, wastes = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    names = [f"m{at}" for at in range(goods + wastes)]
    recipes: dict[str, dict[str, float]] = {}
    for at in range(goods + wastes):
        others = {name: float(rng.uniform(-0.1, 0.1)) for name in names if name != names[at]}
        recipes[f"p{at}"] = {names[at]: 1.0 if at < goods else -1.0, **others}
    chain = chain_of(recipes)
    demand = in_order(chain, rng.random(goods + wastes))

    found = require(chain, demand, year=2025, options=Options(sweeps=sweeps))

    assert (found.activity >= 0).all()
    assert found.residual <= 1e-9
    made, waste = ([chain.material_index[name] for name in some] for some in (names[:goods], names[goods:]))
    assert (found.bought[made] == 0).all()
    assert (found.surplus[waste] == 0).all()
    spare = found.surplus[made] > 0
    assert (found.activity[:goods][spare] == 0).all()


@pytest.mark.parametrize("below", [1e-3, 1e-6, 1e-7])
def test_a_loop_near_one_is_right_to_what_its_digits_allow(below: float) -> None:
    """Gain 1 − below: 1 / below goes round, known to 1e-16 / below."""
    chain = square(np.array([[0, 1 - below], [1.0, 0]]))

    found = activity(chain, np.array([1.0, 0.0]))

    np.testing.assert_allclose(found, 1 / (1 - (1 - below)), rtol=1e-15 / below)


def test_a_loop_nearer_to_one_than_numbers_can_tell_is_refused() -> None:
    with pytest.raises(SolveError, match="p0"):
        activity(square(np.array([[0, 1 - 1e-13], [1.0, 0]])), np.array([1.0, 0.0]))
