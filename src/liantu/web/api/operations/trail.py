"""The trail, health and the calendar over the interface. Owns: these operations. Never: rights, writes.

Who reads the trail is in the trail, here as on its pages.
"""

from __future__ import annotations

from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.people import (
    AnchorOut,
    CadenceIn,
    CadenceOut,
    CalendarOut,
    DayIn,
    DayOut,
    EventOut,
    VerifiedOut,
    VitalOut,
)
from liantu.web.api.signed import answers, needs
from liantu.web.audit import actions, anchors, chain
from liantu.web.audit.models import Event
from liantu.web.clock import actions as days
from liantu.web.clock import queries as calendar
from liantu.web.clock.models import Cadence, Day
from liantu.web.manage import queries as manage
from liantu.web.registry.access import table_for
from liantu.words import say

router = Router(tags=["administration"])
AUDIT, MANAGE = needs("audit:read"), needs("manage")
_PIECE = 20_000


@router.get("/events", response=answers(200, list[EventOut]), url_name="events", summary="The audit trail", auth=AUDIT)
def events(
    request: Signed, after: Annotated[int, Field(ge=0, le=10**15)] = 0, limit: Annotated[int, Field(ge=1, le=500)] = 100
) -> list[EventOut]:
    """Events behind a number, oldest first: enough to check the chain elsewhere."""
    actions.note_reading(request.user, "trail", {"after": after, "limit": limit})
    return [_event(one) for one in Event.objects.filter(seq__gt=after).order_by("seq")[:limit]]


@router.get("/events/verify", response=answers(200, VerifiedOut), url_name="verify", summary="Check the chain", auth=AUDIT)
def verify(
    request: Signed, after: Annotated[int, Field(ge=0, le=10**15)] = 0, limit: Annotated[int, Field(ge=1, le=_PIECE)] = _PIECE
) -> VerifiedOut:
    """Hold events behind a number against their digests, the head and the anchors; a long trail piece by piece: begin at 0, go on
    from ``last`` until ``is_whole``. ``liantu audit verify`` does it in one go."""
    actions.note_reading(request.user, "verify", {"after": after, "limit": limit})
    found = chain.verify(anchors.read(), after=after, most=limit)
    return VerifiedOut(
        events=found.events, first=after + 1, last=after + found.events, head=found.head, anchors=found.anchors, wrong=found.wrong,
        at=found.at, is_whole=found.is_whole,
    )  # fmt: skip


@router.post("/events/anchor", response=answers(201, AnchorOut), url_name="anchor", summary="Write the head down", auth=AUDIT)
def anchor(request: Signed) -> Status[AnchorOut]:
    """Keep the line elsewhere: a history rewritten to its end shows against it only."""
    return Status(201, AnchorOut(line=actions.anchor(request.user)))


@router.get("/events/{number}", response=answers(200, EventOut), url_name="event", summary="One event", auth=AUDIT)
def event(request: Signed, number: int) -> EventOut:
    """Before and after."""
    found = get_object_or_404(Event, pk=number)
    actions.note_reading(request.user, number, {})
    return _event(found)


@router.get("/health", response=answers(200, list[VitalOut]), url_name="health", summary="Whether all is well", auth=MANAGE)
def health(request: Signed) -> list[VitalOut]:
    """Database, disk, queue, worker, backup, anchor, software."""
    return [
        VitalOut(name=one.name, tone=one.tone, said=say(f"manage.found-{one.word}", request.lang, one.values)) for one in manage.vitals()
    ]


@router.get("/calendar", response=answers(200, CalendarOut), url_name="calendar", summary="Working days and dates due", auth=MANAGE)
def days_of(request: Signed, year: Annotated[int | None, Field(ge=2000, le=2100)] = None) -> CalendarOut:
    """The special days of a year, and how often the figures of each register are due."""
    wanted = year or timezone.localdate().year
    found = [_day(one) for one in calendar.year(wanted)]
    return CalendarOut(year=wanted, days=found, cadences=[_cadence(one) for one in calendar.cadences().values()])


@router.post("/calendar/days", response=answers(200, DayOut), url_name="days", summary="Enter a day", auth=MANAGE)
def set_day(request: Signed, given: DayIn) -> DayOut:
    """A holiday, or a weekend day that is worked."""
    made = days.set_day(given.day, is_working=given.is_working, name=given.name, actor=request.user)
    return DayOut(id=made.pk, day=made.day, is_working=made.is_working, name=made.name)


@router.delete("/calendar/days/{number}", response=answers(204, None), url_name="day", summary="Give a day back", auth=MANAGE)
def clear_day(request: Signed, number: int) -> Status[None]:
    """To the rule of the week."""
    days.clear_day(get_object_or_404(Day, pk=number), actor=request.user)
    return Status(204, None)


@router.put("/calendar/cadences/{table}", response=answers(200, CadenceOut), url_name="cadence", summary="Set dates due", auth=MANAGE)
def set_cadence(request: Signed, table: str, given: CadenceIn) -> CadenceOut:
    """After how many days the figures of a register are due again."""
    table_for(table)
    return _cadence(days.set_cadence(table, given.days, is_working=given.is_working, actor=request.user, reason=given.reason))


def _event(one: Event) -> EventOut:
    return EventOut(
        seq=one.seq, at=one.at, actor=one.actor, action=one.action, kind=one.kind, target=one.target, before=one.before, after=one.after,
        reason=one.reason, outcome=one.outcome, previous=one.previous, digest=one.digest,
    )  # fmt: skip


def _day(one: calendar.Special) -> DayOut:
    return DayOut(id=one.entered.pk if one.entered else None, day=one.day, is_working=one.is_working, name=one.name)


def _cadence(one: Cadence) -> CadenceOut:
    return CadenceOut(table=one.register, days=one.days, is_working=one.is_working)
