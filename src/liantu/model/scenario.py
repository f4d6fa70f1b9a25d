"""A scenario: changes over a chain under a name, with a reason. Owns: Change, Scenario, applying them. Never: reading them, solving.

A chain is frozen; a scenario gives a new one in which only the changed columns are copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints, Lists, Rows, Strings, Texts

Operation = Literal["set", "times", "plus"]
BASE = "base"
_TOGETHER = re.compile("[+＋]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One column changed in some rows, in base units.

    Attributes
    ----------
    rows : int array
        Positions in the table.
    values : array or tuple
        One value for each of them; for ``times`` the factors.
    """

    table: str
    column: str
    rows: Ints
    operation: Operation
    values: Floats | Ints | Bools | Strings | Texts | Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Changes that belong together; later ones see what earlier ones did. Blank ``name_zh``, ``reason_zh``: it has only the other."""

    name: str
    name_zh: str
    reason: str
    reason_zh: str
    changes: tuple[Change, ...]


def parts(called: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names in a call such as ``roads+layout``, several that are asked of together; none if one of them is not known.

    Examples
    --------
    >>> parts("roads + layout", ["roads", "layout"]), parts("a+b", ["a+b"]), parts("roads+none", ["roads"])
    (('roads', 'layout'), ('a+b',), ())
    """
    names = frozenset(known) - {""}
    if called in names:
        return (called,)
    found = tuple(part.strip() for part in _TOGETHER.split(called))
    return found if names.issuperset(found) else ()


def apply(chain: Chain, changes: Iterable[Change]) -> Chain:
    """The chain as it would be.

    Changes are to columns that nothing in a chain is derived from: neither ids nor units, formulas or directions.
    """
    tables: dict[str, Rows] = {}
    for one in changes:
        rows = tables.get(one.table) or cast(Rows, getattr(chain, one.table))
        # A field by its name, as the schema gives it: no type checker can follow.
        tables[one.table] = replace(rows, **{one.column: _changed(getattr(rows, one.column), one)})  # type: ignore[arg-type]
    return replace(chain, **tables) if tables else chain  # type: ignore[arg-type]


def _changed(before: np.ndarray | Sequence[object], change: Change) -> np.ndarray | tuple[object, ...]:
    if isinstance(before, np.ndarray):
        values = np.asarray(change.values)
        # A longer word must not be cut to the width of the old ones.
        after = before.astype(np.result_type(before, values), copy=True)
        if change.operation == "set":
            after[change.rows] = values
        elif change.operation == "times":
            after[change.rows] *= values
        else:
            after[change.rows] += values
        return after
    listed = list(before)
    for row, value in zip(change.rows.tolist(), change.values, strict=True):
        listed[row] = value
    return tuple(listed)
