"""Rank correlation against SciPy's, and what it must not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from liantu.engines.sensitivity import least_telling, rank_correlation

columns = st.lists(st.integers(-5, 5).map(float), min_size=8, max_size=8)


@given(one=columns, other=columns)
def test_it_is_spearman_s(one, other):
    got = rank_correlation(np.array(one)[:, None], np.array(other)[:, None])[0, 0]
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert np.isnan(got)
    else:
        assert stats.spearmanr(one, other).statistic == pytest.approx(got)


@given(values=st.lists(st.floats(-50, 50), min_size=5, max_size=20, unique=True))
def test_a_rising_curve_does_not_change_it(values):
    x = np.array(values)[:, None]
    assert 1 == pytest.approx(rank_correlation(x, np.arctan(x / 100) * 7 + x * 1e3)[0, 0])


def test_one_run_tells_nothing():
    assert np.isnan(rank_correlation(np.ones((1, 2)), np.ones((1, 3)))).all()


def test_hardly_any_pair_of_unrelated_numbers_is_told():
    rng = np.random.default_rng(7)
    found = rank_correlation(rng.random((300, 100)), rng.random((300, 100)))
    assert np.mean(np.abs(found) >= least_telling(300)) < 3e-4
