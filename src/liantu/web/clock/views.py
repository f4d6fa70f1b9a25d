"""The page of days: the calendar of a year, and how often each register is due. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from liantu.errors import CallError
from liantu.model import schema
from liantu.web.accounts.http import Request
from liantu.web.clock import actions, queries
from liantu.web.clock.forms import CadenceForm, DayForm
from liantu.web.clock.models import Day
from liantu.web.kit.listing import whole

_YEARS = range(2000, 2101)


def calendar(request: Request) -> HttpResponse:
    """The special days of a year and the cadence of each register."""
    asked = whole(request.GET.get("year", ""))
    year = asked if asked is not None and asked in _YEARS else timezone.localdate().year
    cadences = queries.cadences()
    registers = [(table.name, table.label(request.lang), cadences.get(table.name)) for table in schema.tables().values()]
    context = {"year": year, "days": queries.year(year), "registers": registers, "usual": queries.DEFAULT_DAYS, "day_form": DayForm()}
    return render(request, "clock/calendar.html", context)


def set_day(request: Request) -> HttpResponse:
    """Enter a day."""
    form = _valid(DayForm(request.POST))
    day = actions.set_day(**form.cleaned_data, actor=request.user)
    return _back(day.day.year)


def clear_day(request: Request, day: int) -> HttpResponse:
    """Give a day back to the rule."""
    found = get_object_or_404(Day, pk=day)
    actions.clear_day(found, actor=request.user)
    return _back(found.day.year)


def set_cadence(request: Request) -> HttpResponse:
    """Say how often a register is due."""
    actions.set_cadence(**_valid(CadenceForm(request.POST)).cleaned_data, actor=request.user)
    return redirect("clock:calendar")


def _back(year: int) -> HttpResponse:
    response = redirect("clock:calendar")
    response["Location"] += f"?year={year}"
    return response


def _valid(form: django_forms.Form) -> django_forms.Form:
    if not form.is_valid():
        name, wrong = next(iter(form.errors.items()))
        raise CallError("form-wrong", {"field": name, "wrong": " ".join(str(one) for one in wrong)})
    return form
