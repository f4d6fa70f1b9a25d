"""The loop that gives back more than it takes, from the matrix alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from liantu.engines.loops import Loop, find_gain


def find(size: int, *calls: tuple[int, int, float], start: int = 0) -> Loop | None:
    """Each call is (by, of, how much)."""
    matrix = sparse.lil_array((size, size))
    for by, of, amount in calls:
        matrix[of, by] = amount
    first = np.zeros(size, dtype=bool)
    first[start] = True
    return find_gain(sparse.csc_array(matrix), first)


def test_the_gain_of_a_simple_loop_is_the_product_of_its_ratios() -> None:
    found = find(4, (0, 1, 1.0), (1, 2, 4.0), (2, 3, 0.5), (3, 1, 0.75))

    assert found is not None
    assert found.gain == pytest.approx(1.5)
    assert {1, 2, 3} == set(found.processes)


def test_the_order_is_that_of_the_material() -> None:
    """0 calls up 1, which calls up 2: so material flows from 2 over 1 to 0."""
    found = find(3, (0, 1, 2.0), (1, 2, 2.0), (2, 0, 2.0))

    assert found is not None
    twice = found.processes * 2
    assert any(twice[at : at + 3] == (2, 1, 0) for at in range(3))


def test_a_loop_below_one_is_none() -> None:
    assert find(2, (0, 1, 0.9), (1, 0, 1.0)) is None


def test_a_loop_out_of_reach_is_none() -> None:
    assert find(3, (1, 2, 2.0), (2, 1, 2.0)) is None


def test_the_stronger_of_two_loops_is_named() -> None:
    found = find(5, (0, 1, 1.0), (1, 0, 1.1), (0, 3, 1.0), (3, 4, 3.0), (4, 3, 1.0))

    assert found is not None
    assert {3, 4} == set(found.processes)


def test_a_process_that_calls_itself_up_is_a_loop() -> None:
    found = find(2, (0, 1, 1.0), (1, 1, 1.25))

    assert Loop(processes=(1,), gain=pytest.approx(1.25)) == found


def test_a_loop_of_many_processes_is_found() -> None:
    size = 600
    found = find(size, *((at, (at + 1) % size, 1.001) for at in range(size)))

    assert found is not None
    assert size == len(found.processes)
    assert found.gain == pytest.approx(1.001**size, rel=1e-6)
