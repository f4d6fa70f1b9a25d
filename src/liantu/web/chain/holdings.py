"""The graph of holdings as coordinates. Owns: its layout, owners left of what they hold. Never: markup, who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_ACROSS, _DOWN, _WIDTH, _HEIGHT = 250, 54, 180, 38
_EDGE = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A holder or a firm."""

    x: int
    y: int
    width: int
    height: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A stake: from the right side of its owner to the left of the firm."""

    path: str
    x: float
    y: float
    share: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, and how large it is."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawing(holdings: Iterable[Mapping[str, Any]]) -> Drawing | None:
    """Owners in columns left of the firms they hold; holders of each other stand in one column. None where nobody holds anything."""
    stakes = [(one["owner_id"] or one["owner"], one["firm_id"], one) for one in holdings]
    if not stakes:
        return None
    names = {key: one[name] for owner, firm, one in stakes for key, name in ((owner, "owner"), (firm, "firm"))}
    column = _columns([(owner, firm) for owner, firm, _ in stakes], list(names))
    boxes, filled = {}, dict.fromkeys(column.values(), 0)
    for key, name in names.items():
        at = column[key]
        boxes[key] = Box(_EDGE + at * _ACROSS, _EDGE + filled[at] * _DOWN, _WIDTH, _HEIGHT, name)
        filled[at] += 1
    lines = tuple(_line(boxes[owner], boxes[firm], one["share"]) for owner, firm, one in stakes)
    width, height = 2 * _EDGE + max(column.values()) * _ACROSS + _WIDTH, 2 * _EDGE + max(filled.values()) * _DOWN
    return Drawing(width, height, tuple(boxes.values()), lines)


def _columns(stakes: list[tuple[str, str]], names: list[str]) -> dict[str, int]:
    """The longest way from an outermost owner; a ring stops it from growing."""
    column = dict.fromkeys(names, 0)
    for _ in names:
        for owner, firm in stakes:
            if owner != firm and column[firm] <= column[owner] < len(names) - 1:
                column[firm] = column[owner] + 1
    used = sorted(set(column.values()))
    return {name: used.index(at) for name, at in column.items()}


def _line(owner: Box, firm: Box, share: float) -> Line:
    x, y = owner.x + owner.width, owner.y + owner.height / 2
    to_x, to_y = firm.x, firm.y + firm.height / 2
    half = (to_x - x) / 2
    return Line(f"M{x} {y}C{x + half} {y} {to_x - half} {to_y} {to_x} {to_y}", (x + to_x) / 2, (y + to_y) / 2 - 4, share)
