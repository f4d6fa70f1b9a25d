"""The closed table of units, used only where data enters and leaves. Owns: names of units, factors, periods.
Never: arithmetic inside the engines, currencies against each other (there is no exchange rate here).

A unit text is a chain of ``numerator[/denominator…]``: ``万吨/年``, ``GWh/a``, ``CNY/t``. Names are matched as
written first and without case second, so that ``MW`` and ``mW`` are not the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from liantu.errors import InputError

# dimension: {name: factor to the dimension's base}; the first name is the base.
_UNITS: dict[str, dict[str, float]] = {
    "mass": {
        "kg": 1, "g": 1e-3, "mg": 1e-6, "t": 1e3, "kt": 1e6, "Mt": 1e9, "Gt": 1e12, "lb": 0.45359237,
        "公斤": 1, "千克": 1, "克": 1e-3, "毫克": 1e-6, "吨": 1e3, "千吨": 1e6, "tonne": 1e3, "tonnes": 1e3, "ton": 1e3, "tons": 1e3,
        "公吨": 1e3, "斤": 0.5,
    },
    "energy": {
        "kWh": 1, "Wh": 1e-3, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9, "MJ": 1 / 3.6, "kJ": 1 / 3600, "J": 1 / 3.6e6, "GJ": 1000 / 3.6,
        "TJ": 1e6 / 3.6, "PJ": 1e9 / 3.6, "度": 1, "千瓦时": 1, "兆瓦时": 1e3, "吉瓦时": 1e6, "瓦时": 1e-3, "兆焦": 1 / 3.6, "吉焦": 1000 / 3.6,
        # GB/T 2589-2020: 1 kg of standard coal is 29,307 kJ.
        "kgce": 29307 / 3600, "tce": 29307 / 3.6, "吨标准煤": 29307 / 3.6, "吨标煤": 29307 / 3.6,
    },
    "power": {"MW": 1, "kW": 1e-3, "W": 1e-6, "GW": 1e3, "千瓦": 1e-3, "兆瓦": 1, "吉瓦": 1e3},
    "volume": {
        "m3": 1, "m³": 1, "L": 1e-3, "mL": 1e-6, "Mm3": 1e6, "Mm³": 1e6, "方": 1, "立方米": 1, "立方": 1, "升": 1e-3, "㎥": 1,
    },
    # Gas at normal conditions is not a volume: mixing the two is an error of some ten per cent.
    "normal volume": {"Nm3": 1, "Nm³": 1, "标方": 1, "标准立方米": 1, "标立方米": 1},
    "area": {
        "m2": 1, "m²": 1, "㎡": 1, "Mm2": 1e6, "Mm²": 1e6, "km2": 1e6, "km²": 1e6, "ha": 1e4, "mu": 10000 / 15, "亩": 10000 / 15,
        "公顷": 1e4, "平方米": 1, "平方公里": 1e6, "平方千米": 1e6, "平米": 1,
    },
    "length": {"km": 1, "m": 1e-3, "公里": 1, "千米": 1, "米": 1e-3, "里": 0.5},
    "count": {"1": 1, "unit": 1, "units": 1, "piece": 1, "pieces": 1, "个": 1, "件": 1, "套": 1, "台": 1, "辆": 1, "只": 1, "家": 1, "人": 1, "persons": 1},
    "share": {"%": 0.01, "fraction": 1, "百分比": 0.01, "‰": 0.001, "percent": 0.01},
    "time": {
        "a": 1, "yr": 1, "year": 1, "years": 1, "y": 1, "年": 1, "month": 1 / 12, "months": 1 / 12, "mo": 1 / 12, "月": 1 / 12, "个月": 1 / 12,
        "d": 1 / 365, "day": 1 / 365, "days": 1 / 365, "日": 1 / 365, "天": 1 / 365, "h": 1 / 8760, "hour": 1 / 8760, "小时": 1 / 8760,
        "per year": 1, "annum": 1,
    },
    "money CNY": {"CNY": 1, "元": 1, "RMB": 1, "人民币": 1, "¥": 1, "￥": 1, "kCNY": 1e3, "MCNY": 1e6, "mCNY": 1e6, "bnCNY": 1e9, "元人民币": 1},
    "money USD": {"USD": 1, "US$": 1, "$": 1, "美元": 1, "kUSD": 1e3, "MUSD": 1e6, "bnUSD": 1e9},
    "money EUR": {"EUR": 1, "€": 1, "欧元": 1, "kEUR": 1e3, "MEUR": 1e6, "bnEUR": 1e9},
}  # fmt: skip

# What a currency is called in Chinese.
MONEY_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元"}
# Chinese counts stand before a unit or behind a number: 万吨, 亿元, 千瓦 is a unit of its own and found first.
MULTIPLIERS = {"百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十亿": 1e9, "百亿": 1e10, "万亿": 1e12}
_LONGEST_FIRST = sorted(MULTIPLIERS, key=len, reverse=True)
_ENGLISH = {"thousand": 1e3, "k": 1e3, "million": 1e6, "M": 1e6, "m": 1e6, "bn": 1e9, "billion": 1e9}
MAX_UNIT_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit read from text: ``factor`` times the bases of ``over`` divided by those of ``under``."""

    factor: float
    over: tuple[str, ...]
    under: tuple[str, ...]


@cache
def _names() -> tuple[dict[str, tuple[str, float]], dict[str, tuple[str, float]]]:
    exact = {name: (dimension, factor) for dimension, table in _UNITS.items() for name, factor in table.items()}
    loose: dict[str, list[tuple[str, float]]] = {}
    for name, meaning in exact.items():
        loose.setdefault(name.lower(), []).append(meaning)
    # "MT" is a megatonne to one reader and a metric ton to another, "mw" a milliwatt: those stay case-sensitive.
    return exact, {name: found[0] for name, found in loose.items() if len(set(found)) == 1 and name[0] not in "mg"}


def _one(text: str) -> tuple[str, float] | None:
    exact, loose = _names()
    if text in exact:
        return exact[text]
    for word in _LONGEST_FIRST:
        if text.startswith(word) and (found := _one(text[len(word) :])):
            return found[0], found[1] * MULTIPLIERS[word]
    english = re.fullmatch(r"(thousand|million|billion|bn|k|M|m)\s+(\S+)", text)
    if english and (found := _one(english[2])):
        return found[0], found[1] * _ENGLISH[english[1]]
    return loose.get(text.lower())


@cache
def parse_unit(text: str) -> Unit:
    """Read a unit.

    Raises
    ------
    InputError
        ``unit`` if a part of it is not in the table.

    Examples
    --------
    >>> parse_unit("万吨/年")
    Unit(factor=10000000.0, over=('mass',), under=('time',))
    >>> convert(1, "GWh", "MJ")
    3600000.0
    """
    written = unicodedata.normalize("NFC", text).strip()
    if not written or len(written) > MAX_UNIT_LENGTH:
        raise InputError("unit", {"value": written[:40] or "(blank)"})
    factor, over, under = 1.0, list[str](), list[str]()
    for place, part in enumerate(re.split(r"\s*[/／每]\s*|\s+per\s+", written)):
        for inner in re.split(r"[·*]", part) if part not in _names()[0] else [part]:
            found = _one(inner.strip())
            if found is None:
                raise InputError("unit", {"value": written})
            (under if place else over).append(found[0])
            factor = factor / found[1] if place else factor * found[1]
    for dimension in (*over,):
        if dimension in under:
            over.remove(dimension)
            under.remove(dimension)
    return Unit(factor, tuple(sorted(over)), tuple(sorted(under)))


def is_unit(text: str) -> bool:
    """Whether the text is a unit of the table."""
    try:
        parse_unit(text)
    except InputError:
        return False
    return True


def convert(value: float, origin: str, target: str) -> float:
    """``value`` of ``origin`` in units of ``target``.

    Raises
    ------
    InputError
        ``unit`` for an unknown unit, ``unit-convert`` where the two measure different things.
    """
    return value * factor(origin, target)


@cache
def factor(origin: str, target: str, *, kg_per_unit: float | None = None, yearly: bool = False) -> float:
    """How many ``target`` one ``origin`` is.

    Parameters
    ----------
    kg_per_unit : float, optional
        Mass of one ``target``: lets a mass stand for a material that is counted otherwise (a kWh of cells).
    yearly : bool
        ``origin`` may be written per year (``t/a``) although ``target`` is not; per month or day it must not be,
        because a working year is not 365 days for everybody.
    """
    if origin == target:
        return 1.0
    one, other = parse_unit(origin), parse_unit(target)
    if yearly and one.under == ("time",):
        if not re.search(r"(?:[/／每]|per )\s*(?:a|yr|years?|y|annum|年)$", origin.strip(), re.IGNORECASE):
            raise InputError("unit-not-yearly", {"value": origin, "target": target})
        one = Unit(one.factor, one.over, ())
    if (one.over, one.under) == (other.over, other.under):
        return one.factor / other.factor
    if kg_per_unit and one.over == ("mass",) and not one.under:
        return one.factor / kg_per_unit
    raise InputError("unit-convert", {"value": origin, "target": target})


def names() -> dict[str, list[str]]:
    """All units by what they measure."""
    return {dimension: list(table) for dimension, table in _UNITS.items()}
