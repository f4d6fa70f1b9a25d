"""Counting days. Owns: working days, when a record is due again. Never: changing the calendar (actions).

Which days are worked is said in this order: what is entered here, what the State Council published (published.csv: the General
Office's notice on holidays in 2026, of 2025-11-04), Monday to Friday.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from liantu.web.clock.models import Cadence, Day
from liantu.words import Lang

# Where nobody has set another: a quarter.
DEFAULT_DAYS = 92
_SATURDAY = 5
_FARTHEST = 3660
_LONGEST_REST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Special:
    """A day that breaks the rule of the week; ``entered`` is its row where it was entered here."""

    day: date
    is_working: bool
    name: str
    entered: Day | None
    name_en: str = ""

    def called(self, lang: Lang) -> str:
        """Its name; what is entered here has one for both languages."""
        return self.name_en if lang == "en" and self.name_en else self.name


@cache
def published() -> Mapping[date, Special]:
    """The holidays and worked weekend days that were published."""
    text = files("liantu.web.clock").joinpath("published.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    days = (Special(date.fromisoformat(row["day"]), row["is_working"] == "1", row["name"], None, row["name_en"]) for row in rows)
    return {one.day: one for one in days}


def year(number: int) -> list[Special]:
    """Every special day of a year, in order."""
    entered = {one.day: Special(one.day, one.is_working, one.name, one) for one in Day.objects.filter(day__year=number)}
    return sorted(({**_published_in(number), **entered}).values(), key=lambda one: one.day)


def _published_in(number: int) -> dict[date, Special]:
    return {day: one for day, one in published().items() if day.year == number}


def is_working(day: date) -> bool:
    """Whether people work that day: Monday to Friday, but for the days entered."""
    return next(_working(day, day))


def working_days_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and with ``end``; negative if ``end`` is earlier.

    The day itself does not count: what is asked on Monday and due in three working days is due on Thursday.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(_working(start + timedelta(days=1), end))


def after_working_days(start: date, days: int) -> date:
    """The day on which ``days`` working days have passed since ``start``."""
    left, day = days, start
    for is_one in _working(start + timedelta(days=1), start + timedelta(days=_FARTHEST)):
        if left <= 0:
            break
        day += timedelta(days=1)
        left -= is_one
    return day


def cadences() -> Mapping[str, Cadence]:
    """Every cadence set, by register."""
    return {one.register: one for one in Cadence.objects.all()}


def next_due(register: str, as_of: date) -> date:
    """When a record of that date is due again: on a working day, the next one where the count ends on another.

    A calendar without a working day for two months is not followed.
    """
    cadence = Cadence.objects.filter(register=register).first()
    if cadence is not None and cadence.is_working:
        return after_working_days(as_of, cadence.days)
    day = as_of + timedelta(days=cadence.days if cadence else DEFAULT_DAYS)
    rest = enumerate(_working(day, day + _LONGEST_REST))
    return next((day + timedelta(days=past) for past, is_one in rest if is_one), day)


def late(today: date) -> date:
    """The last working day before a day: what was due on it, or before, is late. What is due on a holiday has until the day after."""
    rest = enumerate(reversed(list(_working(today - _LONGEST_REST, today - timedelta(days=1)))), 1)
    return next((today - timedelta(days=back) for back, is_one in rest if is_one), today - timedelta(days=1))


def _working(start: date, end: date) -> Iterator[bool]:
    entered = dict(Day.objects.filter(day__range=(start, end)).values_list("day", "is_working"))
    day = start
    while day <= end:
        special = published().get(day)
        yield entered.get(day, special.is_working if special else day.weekday() < _SATURDAY)
        day += timedelta(days=1)
