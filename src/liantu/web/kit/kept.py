"""What a process has worked out once and need not again. Owns: addresses of routes, markup of parts of answers. Never: anything that
depends on who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def address(name: str, *args: object) -> str:
    """The address of a route. The routes of a process never change, and a list asks for hundreds of them."""
    return reverse(name, args=args)


class _Same:
    """A part of a stored answer, known as the very object it is; held, so that no other takes its place."""

    __slots__ = ("part",)

    def __init__(self, part: object) -> None:
        self.part = part

    def __hash__(self) -> int:
        return id(self.part)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.part is other.part


def drawn(draw: Callable[[object], str], part: object) -> str:
    """``drawn(parts.table, table)``: the markup of a part of a stored answer, by a macro that is given nothing but the part.

    An answer never changes, so neither does its markup. Whoever was handed the part may see all of it: nothing is looked up by a name
    that two people could share.
    """
    return _drawn(draw, _Same(part))


@lru_cache(maxsize=256)
def _drawn(draw: Callable[[object], str], same: _Same) -> str:
    return draw(same.part)
