"""How good the numbers are. Owns: shares by basis, what one doubtful figure moves. Never: words, layout.

Every exchange of a recipe that runs or is needed counts, but for its reference product, which is a definition.
Its weight is the yearly money it stands for, ``amount × activity × price``, the activity being what the yardstick
requires (where it asks nothing, what runs). What it moves is ``(high − low) × activity × price``: how far the yearly
value shifts if this one figure goes from its low to its high end, all others kept (first order: the price carries what
lies upstream). Where nothing has a price, tonnes stand for money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.model.rows import Bools, Floats
from liantu.report.facts import Facts

BASES = ("measured", "literature", "stoichiometry", "estimate")


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisShare:
    """How many of the figures in use rest on one basis, and how much of the weight."""

    basis: str
    rows: int
    share: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A doubtful figure: the exchange, and what it moves a year (money, or tonnes where nothing has a price)."""

    exchange: int
    moves: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Data quality of a chain in use; ``priced`` says whether weights are money."""

    shares: tuple[BasisShare, ...]
    weakest: tuple[Weak, ...]
    priced: bool
    unweighted: int
    unbounded: int
    unbounded_weight: float


def quality(facts: Facts) -> Quality:
    """Shares by basis and the weakest figures that matter most."""
    activity = np.where(facts.needed > 0, facts.needed, facts.active)
    exchanges = facts.chain.exchanges
    defining = facts.chain.processes.product[exchanges.process] == exchanges.material
    used = np.asarray((activity[exchanges.process] > 0) & ~defining, dtype=np.bool_)
    priced = bool(np.isfinite(facts.worth[exchanges.material[used]]).any())
    each = np.abs(facts.worth) if priced else facts.chain.mass()
    unit = activity[exchanges.process] * each[exchanges.material]
    weight = np.nan_to_num(exchanges.amount * unit)
    doubtful = used & (exchanges.basis == "estimate")
    bounded = np.isfinite(exchanges.low) & np.isfinite(exchanges.high)
    total = float(weight[used].sum())
    return Quality(
        shares=_shares(facts, used, weight, total),
        weakest=_weakest((exchanges.high - exchanges.low) * unit, doubtful & bounded, total),
        priced=priced,
        unweighted=int((used & ~np.isfinite(unit)).sum()),
        unbounded=int((doubtful & ~bounded).sum()),
        unbounded_weight=float(weight[doubtful & ~bounded].sum()) / total if total > 0 else 0.0,
    )


def _shares(facts: Facts, used: Bools, weight: Floats, total: float) -> tuple[BasisShare, ...]:
    basis, count = facts.chain.exchanges.basis, int(used.sum())
    named = (*BASES, *([""] if (used & (basis == "")).any() else []))
    return tuple(
        BasisShare(
            basis=name,
            rows=int((used & (basis == name)).sum()),
            share=float((used & (basis == name)).sum()) / count if count else 0.0,
            weight=float(weight[used & (basis == name)].sum()) / total if total > 0 else 0.0,
        )
        for name in named
    )


def _weakest(moves: Floats, rows: Bools, total: float) -> tuple[Weak, ...]:
    known = np.where(rows, np.nan_to_num(moves), 0.0)
    order = np.argsort(-known, kind="stable")
    return tuple(
        Weak(exchange=int(row), moves=float(known[row]), share=float(known[row]) / total if total > 0 else 0.0)
        for row in order
        if known[row] > 0
    )
