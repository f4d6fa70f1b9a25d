"""Which processes make or treat a material, and in which shares. Owns: mixes, else running capacity, else the only one. Never: amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import in_stage
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

# It bridges years: what is retired now was sold long ago.
USE = "use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """Who makes and treats what.

    Attributes
    ----------
    share : float array (processes)
        Share of its reference product that the process makes, or treats; 0 where it is not called up.
    candidate : bool array (processes)
        Whether it could be called up at all: not of stage use, its product not to be bought.
    makes, treats : bool array (materials)
        Whether the material has processes that make, or treat, it.
    unclear_made, unclear_treated : bool array (materials)
        Whether several processes could, and nothing says which.
    """

    share: Floats
    candidate: Bools
    makes: Bools
    treats: Bools
    unclear_made: Bools
    unclear_treated: Bools

    def of(self, material: int, chain: Chain, *, treated: bool) -> Ints:
        """The processes that could make, or treat, a material."""
        return np.flatnonzero(self.candidate & (chain.processes.product == material) & (chain.treats == treated))


def makers(chain: Chain, year: int, *, buy: Iterable[int] = (), evenly: bool = False) -> Makers:
    """Share out every material among its processes; ``evenly`` also where nothing says which."""
    materials, group = len(chain.materials), 2 * chain.processes.product + chain.treats
    bought = np.zeros(materials, dtype=np.bool_)
    bought[list(buy)] = True
    candidate = ~in_stage(chain, USE) & (chain.treats | ~bought[chain.processes.product])

    def total(of: Floats) -> Floats:
        return np.bincount(group[candidate], of[candidate], 2 * materials).astype(np.float64)[group]

    count = total(np.ones(len(chain.processes)))
    mix = np.bincount(chain.mixes.process, chain.mixes.share, len(chain.processes)).astype(np.float64)
    running = chain.capacity(year)
    alone = np.where((count == 1) | evenly, 1.0, 0.0)
    weight = np.where(total(mix) > 0, mix, np.where(total(running) > 0, running, alone))
    whole = total(weight)
    share = np.divide(weight, whole, out=np.zeros_like(weight), where=candidate & (whole > 0))

    def some(of: Bools) -> tuple[Bools, Bools]:
        one = np.bincount(group[of], minlength=2 * materials) > 0
        return one[::2], one[1::2]

    clear, unclear = some(share > 0), some(candidate & (whole == 0))
    return Makers(
        share=share, candidate=candidate, makes=clear[0], treats=clear[1], unclear_made=unclear[0], unclear_treated=unclear[1]
    )  # fmt: skip
