"""Capacity by year as coordinates. Owns: the geometry of its bars. Never: markup, which link."""

from __future__ import annotations

from collections.abc import Sequence

from liantu.model.rows import Ints
from liantu.report import numbers
from liantu.report.board import YearBars
from liantu.report.curves import places
from liantu.report.facts import Facts
from liantu.report.links import Link
from liantu.words import Lang, say

_BOX = (296.0, 132.0)
_LEFT, _TOP, _BOTTOM = 34.0, 10.0, 20.0
_FILLED = 0.62


def year_bars(facts: Facts, link: Link, at: Ints, years: Sequence[int], lang: Lang) -> YearBars | None:
    """Capacity of a link in each year against the need of the year shown; none where nothing is ever made or needed."""
    made = [float(facts.chain.capacity(year)[at].sum()) for year in years]
    most = max([*made, link.need], default=0.0)
    if not most > 0 or len(years) < 2:
        return None
    shown = numbers.scale(link.unit, most, lang)
    width, low = (_BOX[0] - _LEFT) / len(years), _BOX[1] - _BOTTOM
    lefts = [_LEFT + width * (place + (1 - _FILLED) / 2) for place in range(len(years))]

    def height(value: float) -> float:
        return round(low - (low - _TOP) * value / most, 1)

    return YearBars(
        box=_BOX,
        bars=tuple(
            (round(left, 1), height(value), round(width * _FILLED, 1), round(low - height(value), 1))
            for left, value in zip(lefts, made, strict=True)
        ),
        names=tuple((round(left + width * _FILLED / 2, 1), str(year)) for left, year in zip(lefts, years, strict=True)),
        here=list(years).index(facts.year) if facts.year in years else -1,
        need=height(link.need) if link.need > 0 else None,
        up=places(height, 0.0, most, 1 / shown.factor, ""),
        unit=shown.unit,
        label=say("board.years-label", lang, {
            "unit": shown.unit,
            "figures": ("；" if lang == "zh" else "; ").join(
                f"{year}: {numbers.short(value * shown.factor)}" for year, value in zip(years, made, strict=True)
            ),
        }),
    )  # fmt: skip
