"""The static problem both sides solve, drawn from a seed. Owns: its definition. Never: timing, solving.

Needs numpy alone, so that the peer's environment can import it too. A square technology matrix I − Z of n processes:
each takes 3 to 60 inputs (Poisson(11) + 2), 60 % of them from max(10, n/50) market processes of Zipf popularity, 39 %
from the 40 processes before it, 1 % from anywhere, amounts 10^U(−4, 0) scaled to U(0.3, 0.9) in all; 100 emissions,
five a process; one unit asked of one process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# n: sum of the activities, characterised score.
ANSWERS = {
    100: (1.826137443242306, 1.4774400215596557),
    2_000: (2.6665652574019445, 4.035964647183235),
    20_000: (3.424011484062238, 16.95456813563888),
}
EMISSIONS = 100


@dataclass(frozen=True)
class Entries:
    """A sparse matrix as row, column and value of each entry, in order of row and column."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]


def inputs(n: int, seed: int = 42) -> Entries:
    """Z: what each process (column) takes of the product of each other (row)."""
    rng = np.random.default_rng(seed)
    count = np.clip(rng.poisson(11, n) + 2, 3, min(60, n - 1))
    column = np.repeat(np.arange(n), count)
    hubs = max(10, n // 50)
    popularity = 1.0 / np.arange(1, hubs + 1)
    popularity /= popularity.sum()
    hub = rng.permutation(n)[:hubs]
    kind = rng.random(column.size)
    market = hub[rng.choice(hubs, column.size, p=popularity)]
    before = (column - 1 - rng.integers(0, 40, column.size)) % n
    anywhere = rng.integers(0, n, column.size)
    row = np.where(kind < 0.60, market, np.where(kind < 0.99, before, anywhere))
    row, column = _distinct(row[row != column], column[row != column], n)
    value = 10 ** rng.uniform(-4, 0, row.size)
    total = np.bincount(column, value, n)
    value *= (rng.uniform(0.3, 0.9, n) / np.where(total > 0, total, 1))[column]
    return Entries(row, column, value)


def emissions(n: int, seed: int = 7) -> Entries:
    """What each process (column) emits of each emission (row)."""
    rng = np.random.default_rng(seed)
    column = np.repeat(np.arange(n), 5)
    row, column = _distinct(rng.integers(0, EMISSIONS, column.size), column, n)
    return Entries(row, column, 10 ** rng.uniform(-6, 1, row.size))


def factors(n: int) -> NDArray[np.float64]:
    """The weight of each emission in the score; an emission nobody has weighs nothing."""
    met = np.unique(emissions(n).row)
    weight = np.zeros(EMISSIONS)
    weight[met] = np.linspace(0.1, 2, met.size)
    return weight


def demands(n: int, seed: int = 3) -> NDArray[np.int64]:
    """Ten processes to ask of, one at a time."""
    return np.random.default_rng(seed).choice(n, 10, replace=False)


def _distinct(row: NDArray[np.int64], column: NDArray[np.int64], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    key = np.unique(row * n + column)
    return key // n, key % n
