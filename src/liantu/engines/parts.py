"""Sums of exchanges by part of a chain: its processes, stages, sites. Owns: Parts. Never: what the sums mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import Exchanged, Matrix
from liantu.model.rows import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What each part makes and takes of each material per year, gross; pairs in which nothing moves are left out."""

    part: Ints
    material: Ints
    produced: Floats
    consumed: Floats
    parts: int


def parts(sides: Exchanged, activity: Matrix) -> Parts:
    """Sum up by part, given the activity of each process in each part (processes × parts)."""
    materials, count = sides.made.shape[0], activity.shape[1]
    produced, consumed = ((side @ activity).tocoo() for side in (sides.made, sides.taken))
    keys = [one.coords[1].astype(np.intp) * materials + one.coords[0] for one in (produced, consumed)]
    moving = [one.data != 0 for one in (produced, consumed)]
    key, place = np.unique(np.concatenate([of[some] for of, some in zip(keys, moving, strict=True)]), return_inverse=True)
    made, taken = place[: moving[0].sum()], place[moving[0].sum() :]
    return Parts(
        part=key // materials if materials else key,
        material=key % materials if materials else key,
        produced=np.bincount(made, produced.data[moving[0]], key.size).astype(np.float64),
        consumed=np.bincount(taken, consumed.data[moving[1]], key.size).astype(np.float64),
        parts=count,
    )
