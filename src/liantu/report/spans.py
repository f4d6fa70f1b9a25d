"""Capacity between a least and a most, with a dot for the best plan. Owns: the cells of such a row. Never: which rows there are."""

from __future__ import annotations

import math

from liantu.report import numbers
from liantu.report.cells import or_zero
from liantu.report.facts import Facts
from liantu.report.page import Cell, Column, Span
from liantu.report.tables import column
from liantu.words import Lang


def span_columns(lang: Lang) -> tuple[Column, ...]:
    """Unit, best plan, least, most, picture."""
    return (
        column("unit", lang, "unit"),
        column("in-plan", lang, "number"),
        column("least", lang, "number"),
        column("most", lang, "number"),
        column("span", lang, "span"),
    )


def span_cells(facts: Facts, process: int, amounts: tuple[float, float, float], lang: Lang) -> tuple[Cell, ...]:
    """The cells for (best, least, most) of a process; what is not known is blank."""
    top = max(or_zero(amount) for amount in amounts)
    shown = numbers.scale(facts.chain.materials.unit[facts.chain.processes.product[process]], top, lang)
    decimals = numbers.digits(top * shown.factor)
    figures = [
        Cell(
            text="0" if amount == 0 else numbers.fixed(amount * shown.factor, decimals),
            value=amount * shown.factor if math.isfinite(amount) else None,
            decimals=decimals,
        )
        for amount in amounts
    ]
    best, low, high = amounts
    known = top > 0 and all(math.isfinite(amount) for amount in amounts)
    drawn = Span(low=100 * low / top, high=100 * high / top, at=100 * best / top) if known else None
    return Cell(text=shown.unit), *figures, Cell(text="", span=drawn)
