"""A linear program as arrays, put together block by block. Owns: Program, Builder. Never: what a column means, any solver.

Columns and rows are numbered by the builder as blocks of any shape are added; entries are collected as index arrays, so
that no loop runs over rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from liantu.model.rows import Floats

# Short positions: with values they are most of the memory a large program takes.
Block = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Maximise cost·x subject to row_lower ≤ A x ≤ row_upper and lower ≤ x ≤ upper.

    Attributes
    ----------
    matrix : sparse array (rows × columns), by column
    integer : bool array (columns)
        Which columns take whole numbers only.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: sparse.csc_array
    integer: NDArray[np.bool_]

    def part(self, columns: Block, rows: Block) -> Program:
        """The program of some columns under some of the rows."""
        matrix = sparse.csr_array(self.matrix[:, columns])[rows]
        return Program(
            cost=self.cost[columns], lower=self.lower[columns], upper=self.upper[columns], row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows], matrix=sparse.csc_array(matrix), integer=self.integer[columns],
        )  # fmt: skip

    def only(self, columns: Block) -> Program:
        """The program of some columns under all rows."""
        own = {name: getattr(self, name)[columns] for name in ("cost", "lower", "upper", "integer")}
        return replace(self, matrix=sparse.csc_array(self.matrix[:, columns]), **own)

    def beside(self, more: Program) -> Program:
        """With the columns of another behind its own; the rows are the same."""
        columns = {name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in ("cost", "lower", "upper", "integer")}
        one, other = self.matrix, more.matrix
        starts = np.concatenate([one.indptr, one.indptr[-1] + other.indptr[1:]])
        entries = (np.concatenate([one.data, other.data]), np.concatenate([one.indices, other.indices]), starts)
        return replace(self, matrix=sparse.csc_array(entries, shape=(one.shape[0], starts.size - 1)), **columns)

    def above(self, x: Floats, least: float) -> Floats:
        """By how much each row is above its lower bound, nothing where that is less than a share of what adds up in it."""
        over = self.matrix @ x - self.row_lower
        size = abs(self.matrix) @ np.abs(x) + np.abs(self.row_lower)
        return np.where(over > least * size, over, 0.0)

    def violation(self, x: Floats, least: Floats | float = 1.0) -> float:
        """Largest violation of a row relative to its terms, and where these are less than the row's own scale, to that."""
        activity, size = self.matrix @ x, abs(self.matrix) @ np.abs(x)
        below = np.where(np.isfinite(self.row_lower), self.row_lower - activity, 0)
        above = np.where(np.isfinite(self.row_upper), activity - self.row_upper, 0)
        bound = np.maximum(*(np.where(np.isfinite(one), np.abs(one), 0) for one in (self.row_lower, self.row_upper)))
        worst = np.maximum(np.maximum(below, above), 0) / np.maximum(size + bound, least)
        return float(worst.max(initial=0.0))

    def smooth(self) -> Program:
        """The same without whole numbers."""
        return replace(self, integer=np.zeros_like(self.integer))


class Builder:
    """Collects blocks of columns, rows and entries; `program` puts them together once. With ``base``, they come behind it."""

    def __init__(self, base: Program | None = None) -> None:
        self._base = base
        self._rows, self._columns = (0, 0) if base is None else base.matrix.shape
        self._column_parts: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = []
        self._row_parts: list[tuple[Floats, Floats]] = []
        if base is not None:
            self._column_parts.append((base.cost, base.lower, base.upper, base.integer))
            self._row_parts.append((base.row_lower, base.row_upper))
        self._entries: tuple[list[NDArray[Any]], ...] = ([], [], [])

    def columns(
        self, shape: tuple[int, ...], *, cost: ArrayLike = 0.0, lower: ArrayLike = 0.0, upper: ArrayLike = np.inf, integer: bool = False
    ) -> Block:
        """Add a block of columns.

        Returns
        -------
        int array of ``shape``
            Their numbers.
        """
        block = self._columns + np.arange(int(np.prod(shape)), dtype=np.int32).reshape(shape)
        parts = [np.broadcast_to(np.asarray(one, dtype=np.float64), shape).ravel() for one in (cost, lower, upper)]
        self._column_parts.append((parts[0], parts[1], parts[2], np.full(block.size, integer)))
        self._columns += block.size
        return block

    def rows(self, shape: tuple[int, ...], *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf) -> Block:
        """Add a block of rows and return their numbers."""
        block = self._rows + np.arange(int(np.prod(shape)), dtype=np.int32).reshape(shape)
        parts = [np.broadcast_to(np.asarray(one, dtype=np.float64), shape).ravel() for one in (lower, upper)]
        self._row_parts.append((parts[0], parts[1]))
        self._rows += block.size
        return block

    def entries(self, rows: NDArray[Any], columns: NDArray[Any], values: ArrayLike) -> None:
        """Add ``values`` where ``rows`` and ``columns`` meet, all broadcast against each other."""
        row, column, value = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        for part, short in zip(self._entries, (row.astype(np.int32, copy=False), column.astype(np.int32, copy=False), value), strict=True):
            part.append(short.ravel())

    def program(self) -> Program:
        """The whole program; entries that stand twice are added up."""
        matrix = self._matrix()
        cost, lower, upper, integer = (_joined(list(part)) for part in zip(*self._column_parts, strict=True))
        row_lower, row_upper = (_joined(list(part)) for part in zip(*self._row_parts, strict=True))
        return Program(
            cost=cost,
            lower=lower,
            upper=upper,
            row_lower=row_lower,
            row_upper=row_upper,
            matrix=matrix,
            integer=integer,
        )

    def _matrix(self) -> sparse.csc_array:
        """The entries, which are let go, behind those of the base."""
        row, column, value = (_joined(part) for part in self._entries)
        shape = (self._rows, self._columns)
        matrix = sparse.csc_array((value, (row, column)), shape=shape)
        if self._base is None:
            return matrix
        before = sparse.coo_array(self._base.matrix)
        whole: sparse.csc_array = matrix + sparse.csc_array((before.data, (before.row, before.col)), shape=shape)
        return whole


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """The parts in one array; they are let go."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
