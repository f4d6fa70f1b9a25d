"""Counting working days, against the calendar on the wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from liantu.web.audit.actions import System
from liantu.web.audit.models import Event
from liantu.web.clock import actions, queries
from liantu.web.clock.models import Day

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
SYSTEM = System()


def test_a_week_without_holidays_has_five_working_days() -> None:
    assert 5 == queries.working_days_between(date(2030, 1, 7), date(2030, 1, 14))
    assert [True] * 5 + [False] * 2 == [queries.is_working(date(2030, 1, 7) + timedelta(days=number)) for number in range(7)]


def test_asked_on_monday_and_due_in_three_working_days_is_thursday() -> None:
    assert date(2030, 1, 10) == queries.after_working_days(date(2030, 1, 7), 3)
    assert date(2030, 1, 14) == queries.after_working_days(date(2030, 1, 11), 1)


def test_the_spring_festival_of_2026_lasts_nine_days_and_two_weekend_days_are_worked() -> None:
    off = [date(2026, 2, 15) + timedelta(days=number) for number in range(9)]

    assert not any(queries.is_working(day) for day in off)
    assert queries.is_working(date(2026, 2, 14))
    assert queries.is_working(date(2026, 2, 28))
    assert queries.is_working(date(2026, 2, 24))


def test_2026_has_as_many_holidays_as_the_notice_says() -> None:
    """元旦 3, 春节 9, 清明 3, 劳动节 5, 端午 3, 中秋 3, 国庆 7 days off, six weekend days worked: 365 − 104 weekend days, and so on."""
    worked = sum(queries.is_working(date(2026, 1, 1) + timedelta(days=number)) for number in range(365))
    runs = [(1, 1, 3), (2, 15, 9), (4, 4, 3), (5, 1, 5), (6, 19, 3), (9, 25, 3), (10, 1, 7)]
    off = {date(2026, month, day) + timedelta(days=number) for month, day, length in runs for number in range(length)}
    weekdays = sum((date(2026, 1, 1) + timedelta(days=number)).weekday() < 5 for number in range(365))

    assert weekdays - sum(day.weekday() < 5 for day in off) + 6 == worked


def test_a_published_day_is_called_in_both_languages() -> None:
    day = queries.published()[date(2026, 2, 17)]
    assert ("春节", "Spring Festival") == (day.called("zh"), day.called("en"))
    assert [] == [one.day for one in queries.published().values() if not one.name_en.isascii() or not one.name_en]


def test_what_is_entered_here_goes_before_what_was_published() -> None:
    day = actions.set_day(date(2026, 10, 1), is_working=True, name="值班", actor=SYSTEM)
    assert queries.is_working(date(2026, 10, 1))
    actions.clear_day(day, actor=SYSTEM)
    assert not queries.is_working(date(2026, 10, 1))
    assert ["day.set", "day.cleared"] == list(Event.objects.order_by("seq").values_list("action", flat=True))


def test_a_register_is_due_by_its_cadence_or_in_a_quarter() -> None:
    assert date(2030, 4, 9) == queries.next_due("plants", date(2030, 1, 7))
    actions.set_cadence("plants", 30, is_working=False, actor=SYSTEM, reason="月报")
    assert date(2030, 2, 6) == queries.next_due("plants", date(2030, 1, 7))
    actions.set_cadence("plants", 5, is_working=True, actor=SYSTEM, reason="周报")
    assert date(2030, 1, 14) == queries.next_due("plants", date(2030, 1, 7))


class Laws(TestCase):
    @settings(max_examples=40)
    @given(start=st.dates(date(2025, 1, 1), date(2027, 12, 31)), days=st.integers(0, 60))
    def test_the_day_after_so_many_working_days_is_so_many_working_days_away(self, start: date, days: int) -> None:
        assert days == queries.working_days_between(start, queries.after_working_days(start, days))

    @settings(max_examples=40)
    @given(start=st.dates(date(2025, 1, 1), date(2027, 12, 31)), first=st.integers(0, 90), second=st.integers(0, 90))
    def test_working_days_add_up(self, start: date, first: int, second: int) -> None:
        middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
        between = queries.working_days_between

        assert between(start, end) == between(start, middle) + between(middle, end) == -between(end, start)


# The page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/manage/calendar/", "/manage/calendar/?year=2027", "/manage/calendar/?year=no"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_calendar_is_shown(as_: As, path: str, lang: str) -> None:
    client = as_("viewer")
    client.cookies["lang"] = lang

    assert 200 == client.get(path).status_code


def test_a_day_and_a_cadence_are_set_on_the_page(as_: As) -> None:
    client = as_("lead")
    assert (
        "/manage/calendar/?year=2027"
        == client.post("/manage/calendar/day/", {"day": "2027-01-01", "is_working": "0", "name": "元旦"})["Location"]
    )
    assert not queries.is_working(date(2027, 1, 1))
    entered = queries.year(2027)[0].entered
    assert entered is not None
    assert 302 == client.post(f"/manage/calendar/day/{entered.pk}/clear/").status_code
    assert queries.is_working(date(2027, 1, 1))
    assert (
        302
        == client.post("/manage/calendar/cadence/", {"register": "plants", "days": "30", "is_working": "0", "reason": "月报"}).status_code
    )
    assert 30 == queries.cadences()["plants"].days


@pytest.mark.parametrize("form", [{}, {"day": "31 February", "is_working": "0", "name": "x"}])
def test_a_day_that_cannot_be_read_is_told(as_: As, form: dict[str, str]) -> None:
    assert 400 == as_("lead").post("/manage/calendar/day/", form).status_code


def test_a_count_that_ends_on_a_holiday_is_due_on_the_working_day_after() -> None:
    actions.set_cadence("plants", 30, is_working=False, actor=SYSTEM)

    assert date(2026, 10, 8) == queries.next_due("plants", date(2026, 9, 1))  # 1 October: the national holiday lasts to the 7th
    assert date(2026, 9, 30) == queries.next_due("plants", date(2026, 8, 31))


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2030, 1, 8), date(2030, 1, 7)),
        (date(2030, 1, 7), date(2030, 1, 4)),
        (date(2030, 1, 6), date(2030, 1, 4)),
        (date(2026, 10, 8), date(2026, 9, 30)),
    ],
)
def test_what_was_due_on_the_last_working_day_before_is_late(today: date, until: date) -> None:
    assert until == queries.late(today)


def test_a_calendar_without_any_working_day_stops_no_page() -> None:
    start = date(2030, 1, 1)
    Day.objects.bulk_create(Day(day=start + timedelta(days=number), is_working=False) for number in range(300))

    assert start + timedelta(days=192) == queries.next_due("plants", start + timedelta(days=100))
    assert start + timedelta(days=99) == queries.late(start + timedelta(days=100))
