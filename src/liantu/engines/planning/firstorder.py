"""A first-order method for linear programs that are too large for factorisations. Owns: Iterate, Primal-dual hybrid gradient.
Never: proof of what it finds, what a program means.

Restarted, reflected Halpern iteration of the primal-dual hybrid gradient (Lu and Yang 2024), with Ruiz and Pock–Chambolle
scaling, in single precision: each step costs two products with the matrix. BLAS is left alone, as its threads cost far more
than vectors of this size. The answers are near-feasible and near-optimal only; whoever uses them mends them and proves a bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from liantu.engines.planning.program import Program
from liantu.engines.planning.scaling import Singles
from liantu.model.rows import Floats

CHECK = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterate:
    """A point: columns, row duals (what the objective gains when the row's bound is one greater), primal weight."""

    x: Floats
    y: Floats
    weight: float = 1.0
    steps: int = 0


class _Scaled:
    """The program as min c·x in scaled columns and rows of size about one."""

    def __init__(self, program: Program) -> None:
        matrix = sparse.csr_array(program.matrix, copy=True)
        self.row, self.column = _equilibrate(matrix)
        self.forward, self.backward = matrix.astype(np.float32), sparse.csr_array(matrix.T).astype(np.float32)
        low, high = program.row_lower * self.row, program.row_upper * self.row
        bounds = np.where(np.isfinite(low), np.abs(low), 0) + np.where(np.isfinite(high) & (high != low), np.abs(high), 0)
        self.size = 1 + float(np.linalg.norm(bounds))
        cost = -program.cost * self.column
        self.money = 1 + float(np.linalg.norm(cost))
        self.cost = (cost / self.money).astype(np.float32)
        self.lower, self.upper = ((bound / self.column / self.size).astype(np.float32) for bound in (program.lower, program.upper))
        self.least, self.most = (-high / self.size).astype(np.float32), (-low / self.size).astype(np.float32)
        self.step = 0.998 / self._norm()

    def _norm(self) -> float:
        """Largest singular value, by power iteration."""
        vector = np.random.default_rng(0).standard_normal(self.cost.size, dtype=np.float32)
        size = 1.0
        for _ in range(30):
            vector = self.backward @ (self.forward @ (vector / size))
            size = _length(vector)
        return max(float(np.sqrt(size)), 1e-12)

    def inside(self, start: Iterate) -> tuple[Singles, Singles]:
        x, y = (start.x / self.column / self.size).astype(np.float32), (-start.y / self.row / self.money).astype(np.float32)
        return np.minimum(np.maximum(x, self.lower), self.upper), y

    def outside(self, x: Singles, y: Singles) -> tuple[Floats, Floats]:
        return x.astype(np.float64) * self.column * self.size, -y.astype(np.float64) * self.row * self.money


def _dot(one: Singles, other: Singles) -> float:
    return float((one * other).sum())


def _length(of: Singles) -> float:
    return float(np.sqrt(_dot(of, of)))


def _equilibrate(matrix: sparse.csr_array) -> tuple[Floats, Floats]:
    """Scale the matrix in place; return the factors of rows and columns."""
    many_rows, many_columns = matrix.shape
    at = np.repeat(np.arange(many_rows), np.diff(matrix.indptr))
    rows, columns = np.ones(many_rows), np.ones(many_columns)
    for sweep in range(11):
        size = np.abs(matrix.data)
        if sweep < 10:
            row, column = _greatest(at, size, many_rows), _greatest(matrix.indices, size, many_columns)
        else:
            row, column = (np.bincount(of, size, many).astype(np.float64) for of, many in ((at, many_rows), (matrix.indices, many_columns)))
        row, column = (1 / np.sqrt(np.where(one > 0, one, 1.0)) for one in (row, column))
        matrix.data *= row[at] * column[matrix.indices]
        rows *= row
        columns *= column
    return rows, columns


def _greatest(of: NDArray[Any], size: Floats, many: int) -> Floats:
    greatest = np.zeros(many)
    np.maximum.at(greatest, of, size)
    return greatest


def descend(program: Program, start: Iterate, *, steps: int, until: float) -> Iterate:
    """So many steps from a point, or until ``time.perf_counter()`` says so."""
    return _Descent(_Scaled(program), start).run(steps, until)


class _Descent:
    """The state of the iteration between restarts."""

    def __init__(self, of: _Scaled, start: Iterate) -> None:
        self.of, self.weight, self.before = of, start.weight, start.steps
        self.x, self.y = of.inside(start)
        self.anchor_x, self.anchor_y = self.x.copy(), self.y.copy()
        self.next_x, self.next_y = self.x.copy(), self.y.copy()
        self.turned, self.priced = np.empty_like(self.x), np.empty_like(self.x)
        self.first = self.last = np.inf

    def run(self, steps: int, until: float) -> Iterate:
        since = 0
        self._price()
        for at in range(steps):
            self._step()
            if since == 0 or at % CHECK == 0:
                if self._restarts(since, at):
                    since = 0
                    continue
                if time.perf_counter() > until:
                    steps = at + 1
                    break
            self._pull((since + 1) / (since + 2))
            since += 1
        x, y = self.of.outside(self.next_x, self.next_y)
        return Iterate(x=x, y=y, weight=self.weight, steps=self.before + steps)

    def _price(self) -> None:
        np.multiply(self.of.cost, np.float32(self.of.step / self.weight), out=self.priced)

    def _step(self) -> None:
        """One step of the primal-dual hybrid gradient, from (x, y) to (next_x, next_y)."""
        of, sigma = self.of, self.of.step * self.weight
        x = np.subtract(self.x, self.priced, out=self.next_x)
        toward = of.backward @ self.y
        toward *= np.float32(of.step / self.weight)
        x += toward
        # Twice as fast as np.clip.
        np.maximum(x, of.lower, out=x)
        self.next_x = np.minimum(x, of.upper, out=x)
        np.multiply(x, np.float32(2.0), out=self.turned)
        self.turned -= self.x
        y = self.y / np.float32(sigma)
        y -= of.forward @ self.turned
        self.next_y = (y - np.minimum(np.maximum(y, of.least), of.most)) * np.float32(sigma)

    def _pull(self, share: float) -> None:
        """Reflect through the step, and pull towards the anchor."""
        np.multiply(self.turned, np.float32(share), out=self.x)
        self.x += np.float32(1 - share) * self.anchor_x
        self.y = np.float32(share) * (2 * self.next_y - self.y) + np.float32(1 - share) * self.anchor_y

    def _restarts(self, since: int, at: int) -> bool:
        """Whether the step has shrunk enough to start afresh; if so, from here, with a new balance of primal and dual."""
        by_x, by_y = self.next_x - self.x, self.next_y - self.y
        crossed = 2 * self.of.step * _dot(by_y, self.of.forward @ by_x)
        size = float(np.sqrt(max(self.weight * _dot(by_x, by_x) + _dot(by_y, by_y) / self.weight - crossed, 0.0)))
        if since == 0:
            self.first = self.last = size
            return False
        enough = size <= 0.2 * self.first or (size <= 0.8 * self.first and size > self.last) or since >= 0.36 * (at + self.before)
        self.last = size
        if not enough:
            return False
        moved_x, moved_y = (_length(now - then) for now, then in ((self.next_x, self.anchor_x), (self.next_y, self.anchor_y)))
        if min(moved_x, moved_y) > 1e-12:
            self.weight *= float(np.clip(np.sqrt(moved_y / moved_x / self.weight), 0.5, 2.0))
        self.x, self.y = self.next_x.copy(), self.next_y
        self.anchor_x, self.anchor_y = self.x.copy(), self.y.copy()
        self._price()
        return True
