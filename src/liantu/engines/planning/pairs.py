"""Two links that pay only together. Owns: Pair, pairs. Never: links that pay alone, words.

Candidates are processes of which one makes what the other takes. A pair is told if neither covers its own cost alone at
that size and both together do. Sizes match: neither is below its step, and one makes what the other takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.worth import Curve, Worth
from liantu.model.chain import Chain
from liantu.model.rows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A maker and a taker, both positions of candidates, of one material.

    Attributes
    ----------
    sizes, alone : (float, float)
        Size of each, and its net worth a year alone.
    together : float
        Net worth a year of both.
    value : float
        Worth a year of both before their cost.
    """

    maker: int
    taker: int
    material: int
    sizes: tuple[float, float]
    alone: tuple[float, float]
    value: float
    together: float


def pairs(
    chain: Chain, worth: Worth, curves: Sequence[Curve], step: Floats, charge: Floats, standing: Floats, room: Floats
) -> tuple[Pair, ...]:
    """Pairs that pay only together, best first.

    Parameters
    ----------
    curves : sequence of Curve
        Worth by size of each candidate of ``worth``.
    step, charge, standing : float array (processes)
        One step, the yearly cost of a unit, and the yearly cost whatever the size.
    room : float array (candidates)
        Largest size.

    Notes
    -----
    Both are taken to stand at one place; with routes, at the one where the taker alone is worth most.
    """
    found, recipe = [], net(exchanged(chain))
    for maker, taker, material in _neighbours(chain, worth, curves):
        makes, takes = (abs(float(recipe[material, worth.process[at]])) for at in (maker, taker))
        sizes = _matched(takes / makes, step[worth.process[[maker, taker]]], room[[maker, taker]])
        costs = [charge[worth.process[at]] * size + standing[worth.process[at]] for at, size in zip((maker, taker), sizes, strict=True)]
        # A sketch is nowhere above the worth: who pays by it pays.
        if any(curves[at].at(size) > cost for at, size, cost in zip((maker, taker), sizes, costs, strict=True)):
            continue
        alone = [_alone(worth, curves[at], at, size) - cost for at, size, cost in zip((maker, taker), sizes, costs, strict=True)]
        if not max(alone) <= 0:
            continue
        value = worth.more(worth.with_sizes(np.array([maker, taker]), np.array(sizes)))
        together = float(value - sum(costs))
        if together > worth.tolerance:
            one = Pair(
                maker=maker,
                taker=taker,
                material=material,
                sizes=sizes,
                alone=(float(alone[0]), float(alone[1])),
                value=value,
                together=together,
            )
            found.append(one)
    return tuple(sorted(found, key=lambda one: -one.together))


def _neighbours(chain: Chain, worth: Worth, curves: Sequence[Curve]) -> list[tuple[int, int, int]]:
    """Maker, taker and material of processes that could be neighbours, at one place for each two processes; by place."""
    recipe = net(exchanged(chain))[:, worth.process].tocsr()
    best: dict[tuple[int, int, int], tuple[float, int, int]] = {}
    for material in range(recipe.shape[0]):
        row = slice(recipe.indptr[material], recipe.indptr[material + 1])
        columns, amounts = recipe.indices[row], recipe.data[row]
        for maker in columns[amounts > 0].tolist():
            takers = columns[(amounts < 0) & (worth.place[columns] == worth.place[maker])]
            for taker in takers.tolist():
                key = (int(worth.process[maker]), int(worth.process[taker]), material)
                here = (float(curves[taker].values[-1]), maker, taker)
                best[key] = max(best.get(key, here), here, key=lambda one: one[0])
    found = [(maker, taker, material) for (_, _, material), (_, maker, taker) in best.items()]
    return sorted(found, key=lambda one: int(worth.place[one[0]]))


def _alone(worth: Worth, curve: Curve, at: int, size: float) -> float:
    """Worth of a size of one candidate, asked anew where its curve is a sketch."""
    if curve.exact or size in curve.sizes:
        return curve.at(size)
    return worth.more(worth.with_sizes(np.array([at]), np.array([size])))


def _matched(ratio: float, step: Floats, room: Floats) -> tuple[float, float]:
    """Sizes of a maker and a taker that fit each other, neither below its step nor beyond its room."""
    taken = min(max(float(step[1]), float(step[0]) / ratio), float(room[1]))
    return min(max(float(step[0]), taken * ratio), float(room[0])), taken
