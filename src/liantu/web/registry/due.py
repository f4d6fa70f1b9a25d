"""Telling owners what has become due. Owns: whom, how often. Never: when a figure is due (clock), the notice itself (notices).

Once a day each organisation's editors hear how many of the figures they keep are past their date, if any more are than when they
heard last.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from liantu.web.accounts.models import Grant, Person
from liantu.web.audit.actions import System
from liantu.web.clock.queries import late
from liantu.web.notices import queries as notices
from liantu.web.notices.actions import hear
from liantu.web.registry import access
from liantu.web.registry.models import MODELS

_EVENT = "records.due"
_told: set[date] = set()


def tell() -> None:
    """Tell them, unless they were told today; asked often by the worker, it looks once a day only."""
    today = timezone.localdate()
    if today in _told:
        return
    editors = Grant.in_force(Grant.objects.filter(role="editor")).values("person")
    for person in Person.objects.filter(pk__in=editors, is_active=True, organisation__is_active=True).select_related("organisation"):
        _tell(person, today)
    _told.clear()
    _told.add(today)


def _tell(person: Person, today: date) -> None:
    last = notices.last(person, f"notices.{_EVENT}")
    heard = timezone.localtime(last).date() if last else None
    if heard == today:
        return
    since = late(heard) if heard else date.min
    overdue = late(today)
    rows = [access.seen(person, table).filter(owner=person.organisation, next_due__lte=overdue) for table in MODELS]
    if any(some.filter(next_due__gt=since).exists() for some in rows):
        hear(_EVENT, {"count": sum(some.count() for some in rows)}, by=System(), person=person)
