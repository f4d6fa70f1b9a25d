"""Counting days. Owns: working days, when a record is due again. Never: changing the calendar (actions)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from liantu.web.clock.models import Cadence, Day

# Where nobody has set another: a quarter.
DEFAULT_DAYS = 92
_SATURDAY = 5
_FARTHEST = 3660


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
    """Every cadence set, by register; read once for a list of records."""
    return {one.register: one for one in Cadence.objects.all()}


def next_due(register: str, as_of: date) -> date:
    """When a record of that date is due again."""
    cadence = Cadence.objects.filter(register=register).first()
    if cadence is None:
        return as_of + timedelta(days=DEFAULT_DAYS)
    return after_working_days(as_of, cadence.days) if cadence.is_working else as_of + timedelta(days=cadence.days)


def _working(start: date, end: date) -> Iterator[bool]:
    entered = dict(Day.objects.filter(day__range=(start, end)).values_list("day", "is_working"))
    day = start
    while day <= end:
        yield entered.get(day, day.weekday() < _SATURDAY)
        day += timedelta(days=1)
