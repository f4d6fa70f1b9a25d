"""How values are read: dates, clocks, numbers. Owns: the filters of the templates. Never: markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils import timezone

from liantu.model.schema import Column
from liantu.report import numbers
from liantu.words import Lang, say

DASH = "—"
_UNITS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "t": "吨", "kg": "公斤", "g": "克", "a": "年", "d": "日", "h": "小时", "m2": "㎡", "m3": "m³", "Nm3": "Nm³", "mu": "亩",
        "km": "公里", "CNY": "元", "USD": "美元", "EUR": "欧元", "kCNY": "千元", "MCNY": "百万元", "unit": "个", "person": "人",
        "persons": "人",
    },
    "en": {"m2": "m²", "m3": "m³", "Nm3": "Nm³"},
}  # fmt: skip


def day(value: date | datetime | None, lang: Lang) -> str:
    """2026-11-20, or 20 Nov 2026."""
    if value is None:
        return DASH
    moment = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return moment.isoformat() if lang == "zh" else f"{moment.day} {moment:%b} {moment.year}"


def moment(value: datetime | None, lang: Lang) -> str:
    """A day with its time."""
    return f"{day(value, lang)} {timezone.localtime(value):%H:%M}" if value else DASH


def clock(due: date | None, lang: Lang, today: date | None = None) -> str:
    """41 days late, today, 3 days left."""
    if due is None:
        return DASH
    left = (due - (today or timezone.localdate())).days
    key = "today" if left == 0 else "late" if left < 0 else "left"
    return say(f"web.clock-{key}", lang, {"days": abs(left)})


def tone(due: date | None, soon: int = 7, today: date | None = None) -> str:
    """The light of a clock: red when late, yellow when due within ``soon`` days, green after that, grey where there is none."""
    if due is None:
        return "grey"
    left = (due - (today or timezone.localdate())).days
    return "red" if left < 0 else "yellow" if left <= soon else "green"


def figure(value: float | None) -> str:
    """A number as people read it; a dash where there is none."""
    return DASH if value is None else numbers.bare(value)


def unit(text: str, lang: Lang) -> str:
    """A unit of the registers as people write it: t/a is 吨/年, m2 is m².

    >>> unit("t/a", "zh"), unit("kWh/t", "zh"), unit("m2/a", "en")
    ('吨/年', 'kWh/吨', 'm²/a')
    """
    return "/".join(_UNITS[lang].get(part, part) for part in text.split("/"))


def label(column: Column, lang: Lang) -> str:
    """What a column of the contract is called on a page: in English a word with a capital, not a name of a file."""
    name = column.label(lang)
    return name if lang == "zh" else f"{name[:1].upper()}{name[1:].replace('_', ' ')}"


FILTERS: Mapping[str, Callable[..., str]] = {
    "day": day, "moment": moment, "clock": clock, "clock_tone": tone, "figure": figure, "unit": unit, "label": label,
}  # fmt: skip
