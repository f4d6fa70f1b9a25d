"""Powers of two that bring the numbers of a program to about one. Owns: scales, middle, column_scales. Never: a solver."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from liantu.model.rows import Floats

Singles = NDArray[np.float32]


def scales(matrix: sparse.csc_array) -> tuple[Singles, Singles]:
    """Powers of two (exact in single precision) that bring rows and columns to about one, by three rounds of geometric means."""
    of = sparse.csc_array((_logs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    row_sum, column_sum = _sums(of)
    of.data[:] = matrix.data != 0
    row_count, column_count = (np.maximum(one, 1) for one in _sums(of))
    row_log, column_log = np.zeros_like(row_sum), np.zeros_like(column_sum)
    for _ in range(3):
        row_log = np.asarray(-(row_sum + of @ column_log) / row_count, dtype=np.float32)
        column_log = np.asarray(-(column_sum + of.T @ row_log) / column_count, dtype=np.float32)
    one = np.float32(1.0)
    return np.ldexp(one, np.rint(row_log).astype(np.int32)), np.ldexp(one, np.rint(column_log).astype(np.int32))


def column_scales(matrix: sparse.csc_array, rows: Singles) -> Singles:
    """Powers of two for columns whose rows have a scale already."""
    many, lengths = matrix.shape[1], np.diff(matrix.indptr)
    column = np.repeat(np.arange(many), lengths)
    total = np.bincount(column, _logs(matrix.data * rows[matrix.indices]), many)
    return np.ldexp(np.float32(1.0), np.rint(-total / np.maximum(lengths, 1)).astype(np.int32))


def _sums(matrix: sparse.csc_array) -> tuple[Singles, Singles]:
    """Sums of rows and columns."""
    rows, columns = (np.ones(many, dtype=np.float32) for many in matrix.shape)
    return matrix @ columns, matrix.T @ rows


def _logs(values: Floats) -> Singles:
    """Logarithms to base two of the sizes, zero for zero."""
    size = np.abs(values, dtype=np.float32)
    return np.log2(size, out=size, where=size > 0)


def middle(costs: Floats) -> float:
    """The power of two that brings costs to about one."""
    some = np.abs(costs[costs != 0])
    return float(np.exp2(-np.round(np.log2(some).mean()))) if some.size else 1.0
