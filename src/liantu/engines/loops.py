"""Finds the loop that gives back more than it takes. Owns: strong components, their gain, the circle's order. Never: chains, labels.

Activities that call each other up form an amplifying loop exactly where the spectral radius of a strong component is
one or more (Perron & Frobenius; for a simple loop: where the product of its ratios is one or more).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from liantu.engines.matrices import Matrix, reached
from liantu.model.rows import Bools, Floats, Ints

# Closer to one than this, rounding decides.
NEARNESS = 1e-8
_STEPS, _EXACT = 100, 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Processes in the order in which material goes round, and how much of one unit comes back each time."""

    processes: tuple[int, ...]
    gain: float


def find_gain(calls: Matrix, start: Bools) -> Loop | None:
    """The loop of largest gain that activities reached from ``start`` run into; None where all gains are below one.

    Parameters
    ----------
    calls : sparse matrix (processes × processes)
        Activity of the row's process that one unit of the column's calls up.
    start : bool array (processes)
        Processes the demand calls up at once.
    """
    worst: Loop | None = None
    for members in _components(calls, start):
        inner = sparse.csc_array(calls[members][:, members])
        radius, pull = _perron(inner)
        if radius >= 1 - NEARNESS:
            circle = _circle(inner, pull)
            loop = Loop(processes=tuple(int(members[at]) for at in circle), gain=radius ** len(circle))
            worst = loop if worst is None or loop.gain > worst.gain else worst
    return worst


def _components(calls: Matrix, start: Bools) -> list[Ints]:
    """Processes that call each other up, reached from the start, group by group."""
    live = np.flatnonzero(reached(calls, start))
    inner = calls[live][:, live]
    _, label = csgraph.connected_components(inner, directed=True, connection="strong")
    many = np.bincount(label) > 1
    many[label[inner.diagonal() > 0]] = True
    return [live[label == one] for one in np.flatnonzero(many)]


def _perron(inner: Matrix) -> tuple[float, Floats]:
    """Spectral radius and left eigenvector: how strongly each process pulls on the loop.

    Noda's inverse iteration (Numerische Mathematik 17, 1971) comes down on the radius from above, whatever the length
    of the loop; a few power steps (on 1 + W, which cannot run in a circle) bring it near where components are large.
    """
    from scipy.sparse.linalg import splu

    pulled, every = sparse.csc_array(inner.T), sparse.eye_array(inner.shape[0], format="csc")
    pull = np.ones(inner.shape[0])
    for _ in range(_STEPS):
        pull = pulled @ pull + pull
        pull = np.maximum(pull / pull.max(), np.finfo(np.float64).tiny)
    for _ in range(_STEPS):
        ratio = (pulled @ pull) / pull
        radius = float(ratio.max())
        if radius - ratio.min() <= _EXACT * radius:
            break
        try:
            better = np.abs(splu(sparse.csc_array(radius * every - pulled)).solve(pull))
        except RuntimeError:
            # The bound has met the radius: the matrix is singular to the last digit.
            break
        pull = np.maximum(better / better.max(), np.finfo(np.float64).tiny)
    return radius, pull


def _circle(inner: Matrix, pull: Floats) -> list[int]:
    """Follow the strongest call from process to process until one comes again; as material flows, so backwards."""
    path: list[int] = [int(np.argmax(pull))]
    while True:
        called = inner[:, [path[-1]]].toarray().ravel() * pull
        following = int(np.argmax(called))
        if following in path:
            return path[path.index(following) :][::-1]
        path.append(following)
