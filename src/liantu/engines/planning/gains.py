"""Recipes that feed each other and give back more than they take. Owns: Gain, gain. Never: a year, markets, words.

Activities x ≥ 0 of processes that take something, with net A x ≥ 0 of every material and above nothing of one: mass, energy
or goods from nothing. What takes something that no such process makes stands still, which leaves few or none to be solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.program import Program
from liantu.engines.planning.solver import Status, solve
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints

# What is left over after such a share of what is made, or less, is rounding of the recipes; so is less than this of one.
LEAST, NOTHING = 1e-3, 1e-6
KINDS = ("good", "energy", "resource")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Processes that go round, and a material they make from nothing."""

    processes: Ints
    material: int


def gain(chain: Chain) -> Gain | None:
    """A loop of recipes that makes something from nothing; None where there is none."""
    sides = exchanged(chain)
    recipe = net(sides)
    round_ = _feeding_each_other(recipe, np.asarray((sides.taken > 0).sum(axis=0)).ravel() > 0)
    for material in np.flatnonzero(np.isin(chain.materials.kind, KINDS)) if round_.size else ():
        makes = sparse.csr_array(recipe[:, round_])[[material]]
        if makes.nnz and (found := _made(sparse.csc_array(recipe[:, round_]), int(material))) is not None:
            return Gain(processes=round_[found > 1e-9 * found.max(initial=0.0)], material=int(material))
    return None


def _feeding_each_other(recipe: sparse.csc_array, takes: np.ndarray) -> Ints:
    """Processes that take only what others of them make."""
    makes, needs, alive = sparse.csr_array(recipe > 0), sparse.csr_array(recipe < 0), takes
    while alive.any():
        had = makes @ alive.astype(np.float64) > 0
        left = alive & ~(needs.T @ (~had).astype(np.float64) > 0)
        if (left == alive).all():
            break
        alive = left
    return np.flatnonzero(alive)


def _made(recipe: sparse.csc_array, material: int) -> Floats | None:
    """Activities that make most of a material from nothing, counted so that none makes or takes more than one of anything."""
    rows, columns = recipe.shape
    short = recipe.copy()
    short.data = np.where(short.data > 0, short.data * (1 - LEAST), short.data)
    for at in (short.indices, np.repeat(np.arange(columns), np.diff(short.indptr))):
        most = np.zeros(max(rows, columns))
        np.maximum.at(most, at, np.abs(short.data))
        short.data = short.data / most[at]
    program = Program(
        cost=sparse.csr_array(short)[[material]].toarray().ravel(), lower=np.zeros(columns), upper=np.ones(columns),
        row_lower=np.zeros(rows), row_upper=np.full(rows, np.inf), matrix=short, integer=np.zeros(columns, dtype=np.bool_),
    )  # fmt: skip
    found = solve(program)
    return found.x if found.status is Status.OPTIMAL and found.objective > NOTHING else None
