"""Exchanges as sparse matrices, materials × processes. Owns: every matrix an engine computes with. Never: years, labels, solving.

A matrix is stored by column; entries that stand twice are left standing, since a product adds them up anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

Matrix = sparse.csc_array


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What each process makes and takes per unit of activity, both positive (materials × processes)."""

    made: Matrix
    taken: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """How each process is tied to its reference product.

    Attributes
    ----------
    row : bool array (exchanges)
        Whether the exchange is of the reference product of its process.
    net : float array (processes)
        What one unit of the process makes (+) or takes (−) of it, net.
    """

    row: Bools
    net: Floats


def by_column(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Matrix:
    """A matrix from its entries; those of a table that is in order of processes are not sorted again."""
    if columns.size and (columns[1:] < columns[:-1]).any():
        order = np.argsort(columns, kind="stable")
        rows, columns, values = rows[order], columns[order], values[order]
    start = np.zeros(shape[1] + 1, dtype=np.intp)
    np.cumsum(np.bincount(columns, minlength=shape[1]), out=start[1:])
    # Short positions halve what a product has to fetch.
    if max(rows.size, *shape) < np.iinfo(np.int32).max:
        return sparse.csc_array((values, rows.astype(np.int32), start.astype(np.int32)), shape=shape)
    return sparse.csc_array((values, rows, start), shape=shape)


def exchanged(chain: Chain) -> Exchanged:
    """What is made and what is taken, gross: a material on both sides of a recipe counts on both.

    Both share one pattern, in which the entries of the other side are zeros: splitting it would cost more than they do.
    """
    rows, shape = chain.exchanges, (len(chain.materials), len(chain.processes))
    whole = by_column(rows.material, rows.process, chain.sign * rows.amount, shape)
    made, taken = (sparse.csc_array((np.maximum(side * whole.data, 0), whole.indices, whole.indptr), shape=shape) for side in (1.0, -1.0))
    return Exchanged(made=made, taken=taken)


def net(sides: Exchanged) -> Matrix:
    """Signed exchanges a[m, p]: + made, − taken, each pair once."""
    matrix = sparse.csc_array(sides.made - sides.taken)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def references(chain: Chain) -> References:
    """Which exchanges are of a reference product, and its net amount."""
    rows = chain.exchanges
    own = chain.processes.product[rows.process] == rows.material
    amounts = np.bincount(rows.process[own], (chain.sign * rows.amount)[own], len(chain.processes))
    return References(row=own, net=amounts.astype(np.float64))


def in_stage(chain: Chain, *stages: str) -> Bools:
    """Which processes belong to one of the stages."""
    stage = chain.processes.stage
    return np.array([one in stages for one in stage], dtype=np.bool_)


def reached(calls: Matrix, start: Bools) -> Bools:
    """What the start calls up, and what that calls up, and so on; ``calls`` has no entry below zero."""
    found, fresh = start.copy(), start
    while fresh.any():
        fresh = (calls @ fresh.astype(np.float64) > 0) & ~found
        found |= fresh
    return found
