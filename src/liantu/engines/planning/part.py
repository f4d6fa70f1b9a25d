"""A program over some of its columns alone, made smaller. Owns: Part. Never: which columns, how it is solved.

The other columns stay at their lower bounds. Columns that a row makes equal (a capacity that nothing changes from one year
to the next) become one: first-order steps on what remains are cheaper, and fewer are needed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from liantu.engines.planning.firstorder import Iterate
from liantu.engines.planning.program import Program
from liantu.model.rows import Bools, Ints


class Part:
    """The part of a program that some columns are, and the way there and back."""

    def __init__(self, whole: Program, live: Bools) -> None:
        columns = np.flatnonzero(live)
        self._rest = np.where(live, 0.0, whole.lower)
        shift = whole.matrix @ self._rest if self._rest.any() else 0.0
        least, most = whole.row_lower - shift, whole.row_upper - shift
        matrix = sparse.csr_array(whole.matrix[:, columns])
        self._group = _equal(matrix, (least == 0) & (most == 0))
        many = int(self._group.max(initial=-1)) + 1
        joined = sparse.csr_array((np.ones(columns.size), (np.arange(columns.size), self._group)), shape=(columns.size, many))
        matrix = matrix @ joined
        matrix.eliminate_zeros()
        lower, upper = np.full(many, -np.inf), np.full(many, np.inf)
        np.maximum.at(lower, self._group, whole.lower[columns])
        np.minimum.at(upper, self._group, whole.upper[columns])
        self._columns, self._rows = columns, np.flatnonzero(np.diff(matrix.indptr) > 0)
        self.program = Program(
            cost=np.asarray(joined.T @ whole.cost[columns], dtype=np.float64), lower=lower, upper=upper, row_lower=least[self._rows],
            row_upper=most[self._rows], matrix=sparse.csc_array(matrix[self._rows]), integer=np.zeros(many, dtype=np.bool_),
        )  # fmt: skip

    def inside(self, at: Iterate) -> Iterate:
        """The point as the part sees it."""
        count = np.bincount(self._group, minlength=self.program.cost.size)
        return replace(at, x=np.bincount(self._group, at.x[self._columns], count.size) / count, y=at.y[self._rows])

    def outside(self, found: Iterate, before: Iterate) -> Iterate:
        """A point of the part as one of the whole; rows that the part does not have keep their duals from before."""
        x, y = self._rest.copy(), before.y.copy()
        x[self._columns], y[self._rows] = found.x[self._group], found.y
        return replace(found, x=x, y=y)


def _equal(matrix: sparse.csr_array, zero: Bools) -> Ints:
    """Group of each column; columns are in one group if rows ``zero`` say that they are equal."""
    some = np.flatnonzero((np.diff(matrix.indptr) == 2) & zero)
    first = matrix.indptr[some]
    pair = first[matrix.data[first] == -matrix.data[first + 1]]
    many = matrix.shape[1]
    links = sparse.coo_array((np.ones(pair.size), (matrix.indices[pair], matrix.indices[pair + 1])), shape=(many, many))
    group: Ints = connected_components(links, directed=False)[1]
    return group
