"""What is done to the calendar. Owns: its writes, each one transaction with one event. Never: counting days (queries)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from liantu.web.audit.actions import Actor, record
from liantu.web.clock.models import Cadence, Day


@transaction.atomic
def set_day(day: date, *, is_working: bool, name: str, actor: Actor, reason: str = "") -> Day:
    """Enter a holiday, or a weekend day that is worked."""
    old = Day.objects.filter(day=day).first()
    made, _ = Day.objects.update_or_create(day=day, defaults={"is_working": is_working, "name": name})
    record(actor, "day.set", "day", day, before=_said(old), after=_said(made), reason=reason)
    return made


@transaction.atomic
def clear_day(entered: Day, *, actor: Actor, reason: str = "") -> None:
    """Give a day back to the rule of the week."""
    before = _said(entered)
    entered.delete()
    record(actor, "day.cleared", "day", entered.day, before=before, reason=reason)


@transaction.atomic
def set_cadence(register: str, days: int, *, is_working: bool, actor: Actor, reason: str = "") -> Cadence:
    """Say how often a register's records are due."""
    old = Cadence.objects.filter(register=register).first()
    before = {"days": old.days, "is_working": old.is_working} if old else None
    made, _ = Cadence.objects.update_or_create(register=register, defaults={"days": days, "is_working": is_working})
    record(actor, "cadence.set", "cadence", register, before=before, after={"days": days, "is_working": is_working}, reason=reason)
    return made


def _said(day: Day | None) -> dict[str, object] | None:
    return {"is_working": day.is_working, "name": day.name} if day else None
