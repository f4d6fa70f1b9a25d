"""Worth curves as coordinates: the small one in a row, the large one with axes. Owns: their geometry. Never: markup, words.

The line is net worth by size, as computed; the circle is one step, the upright the size beyond which nothing is gained.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liantu.model.results import Record
from liantu.report import numbers
from liantu.report.cells import number, or_zero
from liantu.report.page import Curve
from liantu.words import Lang, say

Point = tuple[float, float]
SMALL, LARGE = (96.0, 30.0), (460.0, 190.0)
# Left, top, right, bottom.
_SMALL_EDGE, _LARGE_EDGE = (3.0, 4.0, 3.0, 4.0), (44.0, 24.0, 44.0, 24.0)
_MOST_TICKS = 4
# How far beyond its useful size a curve is drawn.
_BEYOND = 1.5


@dataclass(frozen=True, slots=True)
class _Frame:
    """From sizes and worths to a box."""

    box: Point
    edge: tuple[float, float, float, float]
    most: float
    low: float
    high: float

    def x(self, size: float) -> float:
        left, _, right, _ = self.edge
        return round(left + (self.box[0] - left - right) * size / self.most, 1)

    def y(self, worth: float) -> float:
        _, top, _, bottom = self.edge
        return round(self.box[1] - bottom - (self.box[1] - top - bottom) * (worth - self.low) / (self.high - self.low), 1)


def worth_at(points: Sequence[Point], size: float) -> float:
    """Worth of a size on a line of points; NaN off its ends.

    >>> worth_at(((0.0, -1.0), (10.0, 9.0)), 5.0)
    4.0
    """
    if not points or not points[0][0] <= size <= points[-1][0]:
        return math.nan
    at = min(bisect_right([point[0] for point in points], size), len(points) - 1)
    (from_, low), (to, high) = points[max(at - 1, 0)], points[at]
    return high if to <= from_ else low + (high - low) * (size - from_) / (to - from_)


def small(row: Record, currency: str, unit: str, lang: Lang) -> Curve | None:
    """The curve of a row of the table; none where cost or worth are not known."""
    return _curve(row, SMALL, _SMALL_EDGE, currency, unit, lang)


def large(row: Record, currency: str, unit: str, lang: Lang) -> Curve | None:
    """The curve of one link, with axes."""
    return _curve(row, LARGE, _LARGE_EDGE, currency, unit, lang)


def _points(row: Record) -> tuple[Point, ...]:
    given = row.get("curve")
    return tuple((float(size), float(net)) for size, net in given) if isinstance(given, (tuple, list)) else ()


def _cut(points: tuple[Point, ...], most: float) -> tuple[Point, ...]:
    """A curve up to a size: far beyond what is useful it only shows how deep a loss can be."""
    if not points or not most < points[-1][0]:
        return points
    return (*(point for point in points if point[0] < most), (most, worth_at(points, most)))


def _curve(row: Record, box: Point, edge: tuple[float, float, float, float], currency: str, unit: str, lang: Lang) -> Curve | None:
    points = _cut(_points(row), max(or_zero(number(row, "useful_size")), number(row, "step")) * _BEYOND)
    if len(points) < 2 or points[-1][0] <= 0:
        return None
    nets = [0.0, *(net for _, net in points)]
    if max(nets) <= min(nets):
        return None
    frame = _Frame(box, edge, points[-1][0], min(nets), max(nets))
    step, useful, net = number(row, "step"), number(row, "useful_size"), number(row, "net_per_year")
    at_step = worth_at(points, step)
    shown = numbers.scale(unit, max(or_zero(useful), step), lang)
    by, money = numbers.money_scale(max(abs(one) for one in nets), currency, lang)
    values = {
        "step": f"{numbers.short(step * shown.factor)} {shown.unit}",
        "net": numbers.money(at_step, currency, lang),
        "useful": f"{numbers.short(or_zero(useful) * shown.factor)} {shown.unit}",
    }
    axes = edge == _LARGE_EDGE
    return Curve(
        box=box,
        line=tuple((frame.x(size), frame.y(worth)) for size, worth in points),
        zero=frame.y(0.0),
        step=(frame.x(step), frame.y(at_step)) if math.isfinite(at_step) else None,
        useful=frame.x(useful) if 0 < useful <= points[-1][0] * (1 + 1e-9) else None,
        label=say("report.curve-label", lang, values) if math.isfinite(net) and math.isfinite(at_step) else "",
        across=places(frame.x, 0.0, points[-1][0], 1 / shown.factor, shown.unit) if axes else (),
        up=places(frame.y, frame.low, frame.high, by, "") if axes else (),
        unit=money if axes else "",
        step_text=say("report.curve-step", lang, values) if axes else "",
        useful_text=say("report.curve-useful", lang, values) if axes else "",
    )


def places(place: Callable[[float], float], low: float, high: float, by: float, unit: str) -> tuple[tuple[float, str], ...]:
    """Where round numbers stand along an axis whose numbers are shown divided by ``by``, the last with the unit."""
    return tuple((place(at * by), f"{label} {unit if last else ''}".rstrip()) for at, label, last in _ticks(low / by, high / by))


def _ticks(low: float, high: float) -> list[tuple[float, str, bool]]:
    """Round numbers between two ends, and which is the last."""
    apart = _round_step((high - low) / _MOST_TICKS)
    first, last = math.ceil(low / apart - 1e-9), math.floor(high / apart + 1e-9)
    decimals = max(0, -math.floor(math.log10(apart) + 1e-9))
    places = [at * apart for at in range(first, last + 1)]
    return [(place, numbers.fixed(place, decimals), at == len(places) - 1) for at, place in enumerate(places)]


def _round_step(least: float) -> float:
    """The next of 1, 2, 5, 10 … that is no smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in (1.0, 2.0, 5.0, 10.0) if power * one >= least * (1 - 1e-9))
