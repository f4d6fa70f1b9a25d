"""Exchanges as matrices."""

from __future__ import annotations

import numpy as np

from liantu.engines.matrices import by_column, exchanged, in_stage, net, reached, references
from tests.chains import chain_of

CHAIN = chain_of({"roast": {"salt": (1.25, 0.25), "ore": -4, "slag": 3}, "bricks": {"slag": -1, "brick": 0.8}}, stages={"bricks": "by"})


def test_what_is_made_and_what_is_taken_stand_apart() -> None:
    found = exchanged(CHAIN)

    # Rows are salt, ore, slag, brick; columns are roast, bricks.
    assert [[1.25, 0], [0, 0], [3, 0], [0, 0.8]] == found.made.toarray().tolist()
    assert [[0.25, 0], [4, 0], [0, 1], [0, 0]] == found.taken.toarray().tolist()


def test_the_net_is_signed() -> None:
    assert [[1, 0], [-4, 0], [3, -1], [0, 0.8]] == net(exchanged(CHAIN)).toarray().tolist()


def test_a_reference_product_is_net_of_what_is_taken_back() -> None:
    assert [1, -1] == references(CHAIN).net.tolist()


def test_entries_in_any_order_give_the_same_matrix_and_twins_are_added() -> None:
    rows, columns, values = np.array([0, 1, 0, 1]), np.array([1, 0, 1, 2]), np.array([1.0, 2.0, 3.0, 4.0])

    found = by_column(rows, columns, values, (2, 3))

    assert [[0, 4, 0], [2, 0, 4]] == found.toarray().tolist()


def test_stages_are_asked_for_by_name() -> None:
    assert [False, True] == in_stage(CHAIN, "by", "use").tolist()


def test_what_is_reached_stops_where_nothing_is_called() -> None:
    calls = by_column(np.array([1, 2, 0]), np.array([0, 1, 3]), np.ones(3), (4, 4))

    assert [True, True, True, False] == reached(calls, np.array([True, False, False, False])).tolist()
