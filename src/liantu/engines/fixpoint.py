"""Solves u = d + M·u⁺ + T·u⁻, the need of each material. Owns: the sweep, the active set, the residual. Never: chains, labels.

u > 0 is made, u < 0 is more than is needed and is treated where it can be. Without T and without negative entries in M
this is the linear system of an open Leontief model, which a sweep solves fastest; otherwise it is a complementarity
problem (Cottle, Pang & Stone, The Linear Complementarity Problem, 1992), solved by Newton steps over the signs of u
and, should these run in a circle, by principal pivoting that changes one sign at a time (Murty 1974).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from liantu.engines.matrices import Matrix, reached
from liantu.model.rows import Bools, Floats

if TYPE_CHECKING:
    from scipy.sparse.linalg import SuperLU

# The step of a sweep at most this share of each value; with at most SWEEPS sweeps the error is then below 1e-10.
STEP = 1e-12
SWEEPS = 200
_LOOK, _FIRST_LEAP, _LEAP = 4, 16, 12
_BACKWARD = 1e-12
_NEWTON, _PIVOTS = 50, 500
# A loop this far below one loses at most three digits.
_FAR = 1e3


@dataclass(frozen=True, kw_only=True)
class System:
    """The needs of materials on each other.

    Attributes
    ----------
    make : sparse matrix (materials × materials)
        Need of the row's material (minus: what of it comes along) per unit of the column's that is made.
    treat : sparse matrix (materials × materials)
        The same per unit of the column's material that is treated.
    """

    make: Matrix
    treat: Matrix

    @cached_property
    def is_linear(self) -> bool:
        """Whether making only ever needs more: nothing comes along and nothing is treated."""
        return self.treat.nnz == 0 and not bool((self.make.data < 0).any())

    def needs(self, of: Floats, demand: Floats) -> Floats:
        """One sweep: the demand and what these needs need."""
        made: Floats = demand + self.make @ np.maximum(of, 0)
        return made if self.treat.nnz == 0 else made + self.treat @ np.maximum(-of, 0)

    def gross(self, of: Floats, demand: Floats) -> Floats:
        """The same with everything counted as a need: what rounding is measured against."""
        return self._sizes.needs(of, demand)

    @cached_property
    def _sizes(self) -> System:
        return self if self.is_linear else System(make=abs(self.make), treat=abs(self.treat))

    def off(self, need: Floats, demand: Floats) -> float:
        """Largest residual of a material, relative to all that is made and taken of it."""
        if not np.isfinite(need).all():
            return np.inf
        after = self.needs(need, demand)
        gross = (after if self.is_linear else self.gross(need, demand)) + np.abs(need)
        return float(np.divide(np.abs(after - need), gross, out=np.zeros_like(need), where=gross > 0).max(initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Needs that hold, and how they were found.

    Attributes
    ----------
    sensitivity : float
        How many times a relative rounding of the matrix comes back in a need; 1 where a sweep converged.
    """

    need: Floats
    method: str
    iterations: int
    sensitivity: float = 1.0


def solve(system: System, demand: Floats, *, sweeps: int = SWEEPS) -> Solution | None:
    """The needs; None where there are none, because a loop amplifies or the signs do not settle."""
    with np.errstate(over="ignore", invalid="ignore"):
        need, count, settled = _sweep(system, demand, sweeps)
    if settled:
        return Solution(need=need, method="sweep", iterations=count)
    direct = _Direct(system, demand)
    if system.is_linear:
        # All that is reached is made, or there is no answer.
        return direct.search(direct.reached, 1)
    return direct.search(need > 0, _NEWTON) or direct.search(need > 0, _PIVOTS, singly=True)


def _sweep(system: System, demand: Floats, limit: int) -> tuple[Floats, int, bool]:
    needs = (lambda of, demand: demand + system.make @ of) if system.is_linear else system.needs
    need = demand
    for count in range(1, limit + 1):
        better = needs(need, demand)
        if count % _LOOK == 0:
            step = better - need
            if not np.isfinite(step).all():
                return need, count, False
            if _small(system, step, better, demand):
                return better, count, True
            if count >= _FIRST_LEAP and (count - _FIRST_LEAP) % _LEAP == 0:
                better = _leap(needs, better, step, demand)
        need = better
    return need, limit, False


def _small(system: System, step: Floats, need: Floats, demand: Floats) -> bool:
    size = np.abs(need) if system.is_linear else system.gross(need, demand)
    return not bool((np.abs(step) > STEP * size).any())


def _leap(needs: Callable[[Floats, Floats], Floats], need: Floats, step: Floats, demand: Floats) -> Floats:
    """Sum the rest of the series as if only its slowest part were left (Aitken)."""
    following = needs(need, demand) - need
    length = float(step @ step)
    ratio = float(following @ step) / length if length else 0.0
    return need + following / (1 - ratio) if 0 < ratio < 0.999 else need + following


class _Direct:
    """Linear solves for given signs, by sparse LU on what the demand reaches."""

    def __init__(self, system: System, demand: Floats) -> None:
        self._system, self._demand = system, demand
        self.reached = reached(abs(system.make) + abs(system.treat), demand > 0)

    def search(self, positive: Bools, limit: int, *, singly: bool = False) -> Solution | None:
        """Change all wrong signs at once, or the last one only, until they hold or come back.

        One at a time is slower, and sure to end where every principal minor is positive.
        """
        seen = set[bytes]()
        for count in range(1, limit + 1):
            solved = self._solved(positive)
            if solved is None or positive.tobytes() in seen:
                return None
            need, sensitivity = solved
            # A sweep takes the last digits off what is exactly nothing.
            settled = self._system.needs(need, self._demand)
            if self._system.off(settled, self._demand) <= _BACKWARD:
                return Solution(need=settled, method="direct", iterations=count, sensitivity=sensitivity)
            seen.add(positive.tobytes())
            wrong = np.flatnonzero((need > 0) != positive)[-1 if singly else 0 :]
            positive = positive.copy()
            positive[wrong] = ~positive[wrong]
        return None

    def _solved(self, positive: Bools) -> tuple[Floats, float] | None:
        matrix = self._matrix(positive)
        factors = _factors(matrix)
        if factors is None:
            return None
        need = _solved(factors, self._demand)
        need += _solved(factors, self._demand - matrix @ need)
        gross = self._system.gross(need, self._demand)
        back = np.abs(_solved(factors, gross))
        counted = positive & (need > 1e-9 * gross)
        return need, float((back[counted] / need[counted]).max(initial=1.0))

    def _matrix(self, positive: Bools) -> Matrix:
        made, treated = sparse.diags_array(1.0 * (positive & self.reached)), sparse.diags_array(1.0 * (~positive & self.reached))
        whole = sparse.eye_array(positive.size, format="csc") - self._system.make @ made + self._system.treat @ treated
        return sparse.csc_array(whole)


class Kept:
    """Factors of a linear system, for one demand after another. Worth their making where a sweep costs more than a back-solve."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._factors = _factors(sparse.csc_array(sparse.eye_array(system.make.shape[0], format="csc") - system.make))
        if not self._is_productive(np.ones(system.make.shape[0])):
            self._factors = None

    def solve(self, demand: Floats) -> Solution | None:
        """The needs; None where the factors are not to be trusted."""
        if self._factors is None:
            return None
        need = self._system.needs(_solved(self._factors, demand), demand)
        return Solution(need=need, method="direct", iterations=1) if self._system.off(need, demand) <= _BACKWARD else None

    def _is_productive(self, every: Floats) -> bool:
        """One of everything can be met, so anything can (Hawkins & Simon 1949), and no loop is near one."""
        if self._factors is None:
            return False
        need = self._system.needs(_solved(self._factors, every), every)
        back = _solved(self._factors, self._system.gross(need, every))
        return bool((need > 0).all() and (back < _FAR * need).all()) and self._system.off(need, every) <= _BACKWARD


def _factors(matrix: Matrix) -> SuperLU | None:
    """Sparse LU; None of a singular matrix. SuperLU fills in far less on the transpose (brightway2-calc issue 176)."""
    # A tenth of a second to import, and most demands never need it.
    from scipy.sparse.linalg import splu

    try:
        return splu(sparse.csc_array(matrix.T))
    except RuntimeError:
        return None


def _solved(factors: SuperLU, right: Floats) -> Floats:
    # The stubs of SciPy do not know the second argument.
    solved: Floats = factors.solve(right, "T")  # type: ignore[call-overload]
    return solved
