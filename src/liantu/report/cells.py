"""Cells of result rows as text and numbers. Owns: what a blank becomes. Never: meaning."""

from __future__ import annotations

import math
from collections.abc import Mapping


def text(row: Mapping[str, object], key: str) -> str:
    """A text cell of a result; blank where it is not there."""
    value = row.get(key)
    return "" if value is None else str(value)


def number(row: Mapping[str, object], key: str) -> float:
    """A number cell of a result; NaN where it is not there."""
    value = row.get(key)
    return float(value) if isinstance(value, (int, float)) else math.nan


def or_zero(value: float) -> float:
    """The number, or 0 where there is none."""
    return value if math.isfinite(value) else 0.0
