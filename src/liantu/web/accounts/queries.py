"""Reading people, roles and sessions. Owns: lists and what waits for whom. Never: writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from liantu.web.accounts.actions import roles
from liantu.web.accounts.models import Grant, Person, Session

REVIEW_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Open:
    """A signed-in browser as its person sees it; ``mark`` stands for its key, which nobody sees."""

    mark: str
    row: Session
    is_this: bool


def mark(key: str) -> str:
    """What stands for a session's key, here and in the trail."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def sessions(person: Person, this: str | None = None) -> list[Open]:
    """The browsers a person is signed in with."""
    rows = person.sessions.filter(expire_date__gt=timezone.now())
    return [Open(mark(row.session_key), row, row.session_key == this) for row in rows]


def session(person: Person, wanted: str) -> Session | None:
    """One of them by its mark."""
    return next((one.row for one in sessions(person) if one.mark == wanted), None)


def person_of(audit_id: str) -> Person | None:
    """Who acted, by what names them in the trail; None for the workbench itself."""
    kind, _, number = audit_id.partition(":")
    return Person.objects.filter(pk=int(number)).first() if kind == "person" else None


def held(person: Person) -> QuerySet[Grant]:
    """A person's roles, waiting and in force."""
    grants = person.grants.filter(Q(until=None) | Q(until__gt=timezone.now()), ended=None)
    return grants.select_related("proposed_by", "confirmed_by").order_by("role")


def waiting() -> QuerySet[Grant]:
    """Proposals that wait for a second hand."""
    return Grant.objects.filter(is_confirmed=False, ended=None).select_related("person__organisation", "proposed_by").order_by("since")


def may_confirm(grants: Iterable[Grant], person: Person) -> list[Grant]:
    """Those of the proposals that this person may confirm."""
    return [grant for grant in grants if roles.may_confirm(grant, person)]


def to_review() -> QuerySet[Grant]:
    """Roles in force that nobody has looked at for ninety days."""
    stale = timezone.now() - REVIEW_AFTER
    due = Q(reviewed=None, since__lt=stale) | Q(reviewed__lt=stale)
    return Grant.in_force(Grant.objects.filter(due)).select_related("person__organisation").order_by("since")
