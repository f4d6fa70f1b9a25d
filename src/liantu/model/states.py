"""Long, even, short, missing. Owns: the one rule that judges a link. Never: how need and capacity were reckoned."""

from __future__ import annotations

from typing import Literal

State = Literal["long", "even", "short", "missing", "unused"]
LONG_ABOVE, SHORT_BELOW = 1.2, 0.95


def state(capacity: float, need: float) -> State:
    """Judge a link by its running capacity and what is needed of it, both in one unit.

    Above 1.2 times the need it is long, below 0.95 times short, in between even; with nothing running it is missing.
    What nothing needs is unused.

    >>> state(60, 9.7), state(3.0, 3.017), state(1, 2), state(0, 2), state(5, 0)
    ('long', 'even', 'short', 'missing', 'unused')
    """
    if need <= 0:
        return "unused"
    if capacity <= 0:
        return "missing"
    ratio = capacity / need
    return "long" if ratio > LONG_ABOVE else "short" if ratio < SHORT_BELOW else "even"
