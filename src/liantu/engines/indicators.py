"""Is what was dug up used? Owns: residue_use, recovery_<element>, recycling_recovery_<element>, targets. Never: flows themselves.

residue_use
    Tonnes of residues taken by processes or sold ÷ tonnes of residues made.
recovery_<element>
    Tonnes of the element in goods sold or taken into use ÷ tonnes in resources mined. Air and water are not mined.
recovery_all_<element>
    The same ÷ tonnes mined or bought, where material bought carries the element too.
recycling_recovery_<element>
    Tonnes in goods that recycling hands on ÷ tonnes in the retired goods it takes in. What only recycling itself takes
    further (black mass) is not recovered yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liantu.engines.matrices import Exchanged, in_stage
from liantu.engines.parts import Parts
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints, Texts

_EQUAL = 1e-9
_AIR_AND_WATER = ("H", "N", "O")
RECYCLING = "recycling"
_RETIRING = ("use", "collection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """The accounts the indicators are made of: activities of processes, amounts of materials per year."""

    activity: Floats
    produced: Floats
    consumed: Floats
    bought: Floats
    sold: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """Every indicator with each of its targets.

    Attributes
    ----------
    value : float array
        NaN where there is nothing to divide by, or no such indicator.
    row : int array
        Row in the targets table; −1 without a target.
    met : tuple of bool or None
        None without a target or a value.
    """

    id: Texts
    value: Floats
    target: Floats
    operator: Texts
    row: Ints
    met: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartIndicators:
    """The same of each part of a chain: what becomes of the residues and goods it makes, for what it mines.

    Attributes
    ----------
    id : tuple of str
        Indicator of each row.
    part : int array
        Process, stage or site of each row.
    over, under : float array
        Tonnes above and below the line; value is their ratio, NaN where nothing is below it.
    """

    id: Texts
    part: Ints
    over: Floats
    under: Floats
    value: Floats


def indicators(chain: Chain, sides: Exchanged, uses: Uses) -> Indicators:
    """All indicators of a chain against its targets; a target nobody computes has no value."""
    values = dict(_values(chain, sides, uses))
    targets = chain.targets
    asked = dict.fromkeys(targets.indicator)
    rows = [(name, row) for name in dict.fromkeys((*values, *asked)) for row in _rows(targets.indicator, name)]
    value = np.array([values.get(name, np.nan) for name, _ in rows], dtype=np.float64)
    row = np.array([row for _, row in rows], dtype=np.intp)
    goal = np.array([targets.value[at] if at >= 0 else np.nan for at in row], dtype=np.float64)
    operator = tuple(str(targets.operator[at]) if at >= 0 else "" for at in row)
    met = tuple(_met(*one) for one in zip(value.tolist(), operator, goal.tolist(), strict=True))
    return Indicators(id=tuple(name for name, _ in rows), value=value, target=goal, operator=operator, row=row, met=met)


def part_indicators(chain: Chain, sides: Exchanged, uses: Uses, of: Parts) -> PartIndicators:
    """Residue use and recovery of each part.

    What is used of a material is shared out among the parts that make it, in proportion to what they make.
    """
    residue, weight = _residues(chain)
    mine, pit = chain.materials.kind == "good", _mined(chain)
    used = _ratio(uses.consumed + uses.sold, uses.produced, none=0.0)
    kept = _ratio(uses.sold + _into_use(chain, sides, uses), uses.produced, none=0.0) * mine
    over = {"residue_use": of.produced * (weight * residue * used)[of.material]}
    under = {"residue_use": of.produced * (weight * residue)[of.material]}
    for at, element in enumerate(chain.elements):
        over[f"recovery_{element}"] = of.produced * (chain.content[:, at] * kept)[of.material]
        under[f"recovery_{element}"] = of.consumed * (chain.content[:, at] * pit)[of.material]
    tops, bottoms = (np.array([np.bincount(of.part, side[name], of.parts) for name in over]) for side in (over, under))
    named, part = np.nonzero((tops > 0) | (bottoms > 0))
    top, bottom = tops[named, part], bottoms[named, part]
    names = tuple(over)
    return PartIndicators(id=tuple(names[at] for at in named), part=part, over=top, under=bottom, value=_ratio(top, bottom))


def _values(chain: Chain, sides: Exchanged, uses: Uses) -> Iterator[tuple[str, float]]:
    residue, weight = _residues(chain)
    tonnes = np.where(residue, weight, 0)
    yield "residue_use", _one((tonnes * (uses.consumed + uses.sold)).sum(), (tonnes * uses.produced).sum())
    good, pit = chain.materials.kind == "good", _mined(chain)
    kept = ((uses.sold + _into_use(chain, sides, uses)) * good) @ chain.content
    mined, bought = (uses.consumed * pit) @ chain.content, (uses.bought * ~pit) @ chain.content
    for at, element in enumerate(chain.elements):
        yield f"recovery_{element}", _one(kept[at], mined[at])
    for at in np.flatnonzero((mined > 0) & (bought > 0)).tolist():
        yield f"recovery_all_{chain.elements[at]}", _one(kept[at], mined[at] + bought[at])
    yield from _recycling(chain, sides, uses)


def _recycling(chain: Chain, sides: Exchanged, uses: Uses) -> Iterator[tuple[str, float]]:
    """Elements that come mainly with retired goods; those that come with reagents are not recovered by anybody."""
    inside = in_stage(chain, RECYCLING)
    over = sides.made @ (uses.activity * inside) - sides.taken @ (uses.activity * inside)
    retired = _retired(chain, sides)
    fed, other = (np.where(some, np.maximum(-over, 0), 0) @ chain.content for some in (retired, ~retired))
    onward = ~retired & ~_internal(sides, inside) & (chain.materials.kind == "good")
    given = np.where(onward, np.maximum(over, 0), 0) @ chain.content
    for at in np.flatnonzero((fed > 0) & (fed >= other)).tolist():
        yield f"recycling_recovery_{chain.elements[at]}", _one(given[at], fed[at])


def _retired(chain: Chain, sides: Exchanged) -> Bools:
    """What comes back from use: made in use or collection, or of that category."""
    called = np.array([category == "retired" for category in chain.materials.category], dtype=np.bool_)
    returned: Bools = sides.made @ (1.0 * in_stage(chain, *_RETIRING)) > 0
    return called | returned


def _internal(sides: Exchanged, inside: Bools) -> Bools:
    """What only the processes inside take: a step on the way."""
    within: Bools = sides.taken @ (1.0 * inside) > 0
    without: Bools = sides.taken @ (1.0 * ~inside) > 0
    return within & ~without


def _mined(chain: Chain) -> Bools:
    """Resources that hold more than what air and water are made of."""
    solid = np.array([element not in _AIR_AND_WATER for element in chain.elements], dtype=np.bool_)
    mined: Bools = (chain.materials.kind == "resource") & (chain.content[:, solid] > 0).any(axis=1)
    return mined


def _into_use(chain: Chain, sides: Exchanged, uses: Uses) -> Floats:
    taken: Floats = sides.taken @ (uses.activity * in_stage(chain, "use"))
    return taken


def _residues(chain: Chain) -> tuple[Bools, Floats]:
    """Residues that can be weighed, and tonnes in a unit of each material (0 where it has no mass)."""
    tonnes = chain.mass()
    return (chain.materials.kind == "residue") & ~np.isnan(tonnes), np.nan_to_num(tonnes)


def _rows(named: Texts, name: str) -> list[int]:
    return [row for row, one in enumerate(named) if one == name] or [-1]


def _met(value: float, operator: str, goal: float) -> bool | None:
    if not operator or not np.isfinite(value) or not np.isfinite(goal):
        return None
    equal = bool(np.isclose(value, goal, rtol=_EQUAL, atol=0))
    return {">=": value > goal or equal, "<=": value < goal or equal, ">": value > goal and not equal,
            "<": value < goal and not equal, "=": equal}[operator]  # fmt: skip


def _one(over: float, under: float) -> float:
    return float(over / under) if under > 0 else np.nan


def _ratio(over: Floats, under: Floats, *, none: float = np.nan) -> Floats:
    out = np.full(over.shape, none)
    np.divide(over, under, out=out, where=under > 0)
    return out
