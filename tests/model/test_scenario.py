"""Changes over a chain, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.model.scenario import Change, apply
from tests import packages

CHAIN = packages.chain()


def change(column: str, rows: list[int], operation: str, values: object, table: str = "plants") -> Change:
    return Change(table=table, column=column, rows=np.array(rows), operation=operation, values=values)


@pytest.mark.parametrize(("operation", "value", "expected"), [("set", 5.0, 5.0), ("times", 0.5, 40_000.0), ("plus", -1000.0, 79_000.0)])
def test_a_number_is_set_multiplied_or_added_to(operation, value, expected):
    changed = apply(CHAIN, [change("capacity", [0], operation, np.array([value]))])
    assert [expected, 6000.0] == changed.plants.capacity[:2].tolist()


def test_later_changes_see_what_earlier_ones_did():
    both = [change("capacity", [1], "plus", np.array([2000.0])), change("capacity", [1], "times", np.array([2.0]))]
    assert 16_000 == apply(CHAIN, both).plants.capacity[1]


def test_a_longer_word_is_not_cut():
    closed = apply(CHAIN, [change("status", [0, 1, 2], "set", np.array(["closed"] * 3))])
    long = apply(closed, [change("status", [1], "set", np.array(["operating"]))])
    assert ["closed", "operating", "closed"] == long.plants.status.tolist()


def test_texts_and_lists_are_set():
    zoned = apply(CHAIN, [change("zone", [1], "set", ("chemical",), "sites")])
    assert ("", "chemical") == zoned.sites.zone


def test_the_chain_itself_stays_as_it_was():
    before = CHAIN.plants.capacity.copy()
    apply(CHAIN, [change("capacity", [0, 1, 2], "times", np.zeros(3))])
    assert before.tolist() == CHAIN.plants.capacity.tolist()


def test_no_change_is_the_same_chain():
    assert apply(CHAIN, []) is CHAIN


@given(factors=st.lists(st.floats(0.1, 10), min_size=3, max_size=3))
def test_multiplying_there_and_back_returns(factors):
    there = change("capacity", [0, 1, 2], "times", np.array(factors))
    back = change("capacity", [0, 1, 2], "times", 1 / np.array(factors))
    assert CHAIN.plants.capacity == pytest.approx(apply(CHAIN, [there, back]).plants.capacity)
