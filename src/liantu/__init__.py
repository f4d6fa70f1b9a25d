"""Liantu 链图: one model of an industry chain in which every tonne balances.

>>> import liantu
>>> run = liantu.run("balance", "chenzhou", year=2025)  # doctest: +SKIP
>>> run.frames["materials"]  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liantu.runs import prepare, run

__version__ = "0.1.0"
__all__ = ["__version__", "prepare", "run"]


def __getattr__(name: str) -> object:
    # numpy is not needed to say the version: what computes is imported when it is asked for.
    if name in ("prepare", "run"):
        from liantu import runs

        return getattr(runs, name)
    raise AttributeError(f"module 'liantu' has no attribute {name!r}")
