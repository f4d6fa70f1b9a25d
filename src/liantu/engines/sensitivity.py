"""What the outcomes of many runs hang on. Owns: rank correlation. Never: running, labels.

Spearman's coefficient: the correlation of ranks, ties sharing their mean rank. It asks only whether one rises with the
other, not along which curve, and one wild run cannot carry it.
"""

from __future__ import annotations

import math

import numpy as np

from liantu.model.rows import Floats


def rank_correlation(factors: Floats, outcomes: Floats) -> Floats:
    """Rank correlation of each factor with each outcome.

    Parameters
    ----------
    factors : float array (runs × factors)
    outcomes : float array (runs × outcomes)

    Returns
    -------
    float array (factors × outcomes)
        Between −1 and 1; NaN where one of the two never changes.

    Examples
    --------
    >>> rank_correlation(np.array([[1.0], [2.0], [3.0]]), np.array([[1.0, 8.0], [10.0, 4.0], [100.0, 2.0]])).round(6).tolist()
    [[1.0, -1.0]]
    """
    if len(factors) < 2:
        return np.full((factors.shape[1], outcomes.shape[1]), np.nan)
    return _standard(factors).T @ _standard(outcomes)


def least_telling(runs: int) -> float:
    """The size that a rank correlation of unrelated numbers passes once in some ten thousand times."""
    return 4.0 / math.sqrt(max(runs - 1, 1))


def _standard(values: Floats) -> Floats:
    """Ranks of each column with mean 0 and length 1; NaN for a column that never changes."""
    ranked = np.apply_along_axis(_ranks, 0, values) if values.size else values
    centred = ranked - ranked.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    standard: Floats = np.divide(centred, length, out=np.full_like(centred, np.nan), where=length > 0)
    return standard


def _ranks(column: Floats) -> Floats:
    _, at, counts = np.unique(column, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[at]
