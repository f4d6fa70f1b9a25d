"""Numbers as an office reads them. Owns: scales, digits, signs, percent. Never: words beyond units, arithmetic on results.

Chinese counts in 万 and 亿, English in k, M and m; a minus is U+2212, a blank is —, zero is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from liantu.errors import InputError
from liantu.units import MONEY_ZH, factor, parse_unit
from liantu.words import Lang

BLANK = "—"
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit to show amounts in: ``value × factor`` of ``unit``."""

    factor: float
    unit: str


# dimension: base, then for each language (from, factor, unit), largest first.
_SCALES: dict[str, tuple[str, dict[Lang, tuple[tuple[float, float, str], ...]]]] = {
    "mass": ("t", {
        "zh": ((1e8, 1e-8, "亿吨"), (1e4, 1e-4, "万吨"), (1, 1, "吨"), (0, 1e3, "公斤")),
        "en": ((1e9, 1e-9, "Gt"), (1e6, 1e-6, "Mt"), (1e4, 1e-3, "kt"), (1, 1, "t"), (0, 1e3, "kg")),
    }),
    "energy": ("kWh", {
        "zh": ((1e9, 1e-9, "TWh"), (1e6, 1e-6, "GWh"), (1e3, 1e-3, "MWh"), (0, 1, "kWh")),
        "en": ((1e9, 1e-9, "TWh"), (1e6, 1e-6, "GWh"), (1e3, 1e-3, "MWh"), (0, 1, "kWh")),
    }),
    "heat": ("MJ", {
        "zh": ((1e9, 1e-9, "PJ"), (1e6, 1e-6, "TJ"), (1e3, 1e-3, "GJ"), (0, 1, "MJ")),
        "en": ((1e9, 1e-9, "PJ"), (1e6, 1e-6, "TJ"), (1e3, 1e-3, "GJ"), (0, 1, "MJ")),
    }),
    "area": ("m2", {
        "zh": ((1e8, 1e-8, "亿㎡"), (1e4, 1e-4, "万㎡"), (0, 1, "㎡")),
        "en": ((1e6, 1e-6, "Mm²"), (0, 1, "m²")),
    }),
    "volume": ("m3", {
        "zh": ((1e8, 1e-8, "亿m³"), (1e4, 1e-4, "万m³"), (0, 1, "m³")),
        "en": ((1e6, 1e-6, "Mm³"), (0, 1, "m³")),
    }),
    "normal volume": ("Nm3", {
        "zh": ((1e8, 1e-8, "亿Nm³"), (1e4, 1e-4, "万Nm³"), (0, 1, "Nm³")),
        "en": ((1e6, 1e-6, "million Nm³"), (0, 1, "Nm³")),
    }),
}  # fmt: skip


def _dimension(unit: str) -> str:
    try:
        parsed = parse_unit(unit)
    except InputError:
        return ""
    if parsed.under or len(parsed.over) != 1:
        return ""
    return "heat" if parsed.over == ("energy",) and unit.endswith(("J", "焦")) else parsed.over[0]


def scale(unit: str, magnitude: float, lang: Lang) -> Scale:
    """The scale in which an amount of this magnitude reads best.

    >>> scale("t", 60000, "zh"), scale("kWh", 1.75e7, "en")
    (Scale(factor=0.0001, unit='万吨'), Scale(factor=1e-06, unit='GWh'))
    """
    dimension = _dimension(unit)
    if dimension not in _SCALES:
        return Scale(1.0, unit)
    base, steps = _SCALES[dimension]
    to_base = factor(unit, base)
    # 9,999.6 t is shown with no decimals, so it counts as 10,000 already.
    size = abs(magnitude) * to_base * (1 + 5e-4) if math.isfinite(magnitude) else 0.0
    _, by, name = next(step for step in steps[lang] if size >= step[0]) if size else _of_nothing(steps[lang])
    return Scale(to_base * by, name)


def _of_nothing(steps: tuple[tuple[float, float, str], ...]) -> tuple[float, float, str]:
    return next((step for step in steps if step[1] == 1), steps[-1])


def digits(value: float, significant: int = 3) -> int:
    """Decimals that show so many significant figures, at most nine, none from a hundred on."""
    if not math.isfinite(value) or value == 0:
        return 0
    return min(9, max(0, significant - 1 - math.floor(math.log10(abs(float(f"{value:.{significant - 1}e}"))))))


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals, thousands separated; never ``−0.00``.

    >>> fixed(-1234.5, 1), fixed(-0.001, 2)
    ('−1,234.5', '0.00')
    """
    if not math.isfinite(value):
        return BLANK
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and any(figure in text for figure in "123456789") else text


def signed(value: float, decimals: int) -> str:
    """A balance: the sign always, except where it rounds to zero.

    >>> signed(5.03, 2), signed(-0.72, 2), signed(-0.001, 2)
    ('+5.03', '−0.72', '0.00')
    """
    text = fixed(value, decimals)
    plus = value > 0 and any(figure in text for figure in "123456789")
    return f"+{text}" if plus else text


def short(value: float) -> str:
    """Three significant figures; whole numbers from a hundred on; a bare 0 for nothing.

    >>> short(17.5), short(2707.4), short(0.97), short(0.0)
    ('17.5', '2,707', '0.970', '0')
    """
    return "0" if value == 0 else fixed(value, digits(value))


def amount(value: float, unit: str, lang: Lang) -> str:
    """An amount with the unit it reads best in.

    >>> amount(37200, "t", "zh"), amount(37200, "t", "en"), amount(2707, "t", "zh")
    ('3.72 万吨', '37.2 kt', '2,707 吨')
    """
    if not math.isfinite(value):
        return BLANK
    shown = scale(unit, value, lang)
    return f"{short(value * shown.factor)} {shown.unit}".rstrip()


def percent(share: float) -> str:
    """A share as per cent: whole from 10 % on, one decimal below, two below 1 %.

    >>> percent(0.62), percent(0.047), percent(0.0012), percent(0.0)
    ('62 %', '4.7 %', '0.12 %', '0 %')
    """
    if not math.isfinite(share):
        return BLANK
    value = share * 100
    if value == 0:
        return "0 %"
    if 0 < abs(value) < 0.005:
        return "< 0.01 %"
    size = abs(round(value, 1))
    return f"{fixed(value, 0 if size >= 10 else 1 if size >= 1 else 2)} %"


def times(ratio: float) -> str:
    """How many times: 6.2, 18; two figures are enough to repeat."""
    return fixed(ratio, 0 if ratio >= 9.95 else 1)


def money_scale(magnitude: float, currency: str, lang: Lang) -> tuple[float, str]:
    """What one of a column's units of money is worth, and its name.

    >>> money_scale(2.8e8, "CNY", "zh"), money_scale(20000, "CNY", "en")
    ((100000000.0, '亿元'), (1000.0, 'CNY thousand'))
    """
    if lang == "zh":
        name = MONEY_ZH.get(currency, currency)
        return (1e8, f"亿{name}") if magnitude >= 1e7 else (1e4, f"万{name}")
    return (1e6, f"{currency} m") if magnitude >= 1e6 else (1e3, f"{currency} thousand")


def money(value: float, currency: str, lang: Lang) -> str:
    """An amount of money in a sentence.

    >>> money(2.86e8, "CNY", "zh"), money(2.86e8, "CNY", "en"), money(12345, "CNY", "en")
    ('2.86 亿元', 'CNY 286 m', 'CNY 12.3 thousand')
    """
    if not math.isfinite(value):
        return BLANK
    by, unit = money_scale(abs(value), currency, lang)
    shown = fixed(value / by, money_decimals(value / by, by))
    name, _, scale_name = unit.partition(" ")
    return f"{shown} {unit}" if lang == "zh" else f"{name} {shown} {scale_name}"


def money_decimals(shown: float, by: float) -> int:
    """Decimals of an amount of money: two in hundreds of millions (fewer of very many), elsewhere what three figures need."""
    return digits(shown) if by != 1e8 or abs(shown) >= 100 else 2


def bare(value: float) -> str:
    """Three significant figures of a round size, without the noughts behind its point.

    >>> bare(0.5), bare(10.0), bare(2.25), bare(1500.0)
    ('0.5', '10', '2.25', '1,500')
    """
    text = short(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def size(value: float, unit: str, lang: Lang) -> str:
    """A round size with the unit it reads best in.

    >>> size(5000, "t", "zh"), size(2e6, "kWh", "en")
    ('5,000 吨', '2 GWh')
    """
    if not math.isfinite(value):
        return BLANK
    shown = scale(unit, value, lang)
    return f"{bare(value * shown.factor)} {shown.unit}"


def each(value: float, currency: str, unit: str, lang: Lang) -> str:
    """A price of one unit.

    >>> each(12872.1, "CNY", "t", "zh"), each(0.31, "CNY", "kWh", "en")
    ('12,872 元/吨', '0.310 CNY/kWh')
    """
    shown = scale(unit, 1, lang)
    return f"{short(value / shown.factor)} {money_name(currency, lang)}/{shown.unit}"


def money_name(currency: str, lang: Lang) -> str:
    """One unit of a currency: 元, CNY."""
    return MONEY_ZH.get(currency, currency) if lang == "zh" else currency
