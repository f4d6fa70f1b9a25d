"""Reading the trail. Owns: a page of events by what is asked, the newest first, and one event. Never: checking (chain), writing.

Pages are cut by number, not counted: the same few rows are read whether there are ten events or ten million.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from liantu.web.audit.models import Event, Head

PAGE = 50
MOST_EXPORTED = 50_000
_KNOWN_FROM = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for; blank is anything."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and the number to ask for those before them."""

    events: list[Event]
    older: int | None


def page(asked: Asked) -> Page:
    """The newest events asked for."""
    rows = list(_asked(asked)[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].seq if len(rows) > PAGE else None)


def every(asked: Asked) -> Iterator[Event]:
    """Those asked for, up to a bound, for export."""
    return _asked(asked)[:MOST_EXPORTED].iterator(chunk_size=2_000)


def total() -> int:
    """How many events there are: the number of the last."""
    head = Head.objects.filter(id=1).first()
    return head.seq if head else 0


def known() -> Mapping[str, list[str]]:
    """Actions and kinds among the latest events, to choose from."""
    latest = Event.objects.filter(seq__gt=total() - _KNOWN_FROM).values_list("action", "kind")
    return {"actions": sorted({action for action, _ in latest}), "kinds": sorted({kind for _, kind in latest})}


def _asked(asked: Asked) -> QuerySet[Event]:
    named = {"actor": asked.actor, "action": asked.action, "kind": asked.kind, "target": asked.target}
    found = Event.objects.order_by("-seq").filter(**{field: value for field, value in named.items() if value})
    if asked.since:
        found = found.filter(seq__gte=_first_of(asked.since))
    if asked.until:
        found = found.filter(seq__lt=_first_of(asked.until + timedelta(days=1)))
    return found.filter(seq__lt=asked.before) if asked.before else found


def _first_of(day: date) -> int:
    """The number of the first event on or after a day: time and number rise together."""
    stamp = timezone.make_aware(datetime.combine(day, time())).astimezone(UTC).isoformat(timespec="microseconds")
    first = Event.objects.filter(at__gte=stamp).order_by("at").values_list("seq", flat=True).first()
    return first if first is not None else total() + 1
