"""Targets of indicators as rows of a program. Owns: Aim, aims. Never: what a program decides, the value of an indicator.

An indicator is a ratio; over ÷ under ≥ v is the row over − v × under ≥ 0, in every year that the target speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import Exchanged, in_stage
from liantu.errors import InputError, nearest
from liantu.model.chain import Chain
from liantu.model.rows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target asked of a plan: indicator, operator, value, and the year it holds from (None: all)."""

    indicator: str
    operator: str
    value: float
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linearised target: Σ activity × process + Σ net sales × material, at least 0."""

    process: Floats
    material: Floats


def aims_of(chain: Chain, names: tuple[str, ...]) -> tuple[Aim, ...]:
    """Targets of the chain by id or indicator.

    Raises
    ------
    InputError
        ``target-absent`` if there is none of that name.
    """
    targets, found = chain.targets, list[Aim]()
    for name in names:
        rows = [row for row in range(len(targets)) if name in (targets.id[row], targets.indicator[row])]
        if not rows:
            near = nearest(name, (*targets.id, *targets.indicator))
            raise InputError("target-absent", {"target": name, "targets": ", ".join(targets.id) or "–", "near": near})
        for row in rows:
            year = float(targets.year[row])
            start = None if np.isnan(year) else int(year)
            found.append(
                Aim(indicator=targets.indicator[row], operator=str(targets.operator[row]), value=float(targets.value[row]), start=start)
            )
    return tuple(found)


def weights(chain: Chain, sides: Exchanged, aim: Aim) -> Weights:
    """The row of a target.

    Raises
    ------
    InputError
        ``target-unknown`` for an indicator or operator that no plan can be held to.
    """
    over, under = _ratio(chain, sides, aim.indicator)
    sign = {">=": 1.0, ">": 1.0, "<=": -1.0, "<": -1.0}.get(aim.operator)
    if sign is None:
        raise InputError("target-unknown", {"target": f"{aim.indicator} {aim.operator}"})
    return Weights(process=sign * (over.process - aim.value * under.process), material=sign * (over.material - aim.value * under.material))


def _ratio(chain: Chain, sides: Exchanged, indicator: str) -> tuple[Weights, Weights]:
    none, tonnes = np.zeros(len(chain.materials)), np.nan_to_num(chain.mass())
    if indicator == "residue_use":
        residue = tonnes * (chain.materials.kind == "residue")
        return Weights(process=residue @ sides.taken, material=residue), Weights(process=residue @ sides.made, material=none)
    named, _, what = indicator.rpartition("_")
    if named == "recovery" and what in chain.elements:
        content = chain.content[:, chain.elements.index(what)]
        good, pit = (content * (chain.materials.kind == kind) for kind in ("good", "resource"))
        used = good @ sides.taken * in_stage(chain, "use")
        return Weights(process=used, material=good), Weights(process=pit @ sides.taken, material=none)
    own = indicator.removeprefix("self_sufficiency_")
    if own != indicator and own in chain.material_index:
        one = none.copy()
        one[chain.material_index[own]] = 1.0
        return Weights(process=one @ sides.made, material=none), Weights(process=one @ sides.taken, material=none)
    raise InputError("target-unknown", {"target": indicator})
