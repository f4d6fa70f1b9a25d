"""Reading notices. Owns: a person's notices and their count. Never: somebody else's."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from liantu.web.accounts.models import Person
from liantu.web.notices.models import Notice


def of(person: Person) -> QuerySet[Notice]:
    """A person's notices, the newest first."""
    return Notice.objects.filter(person=person)


def last(person: Person, key: str) -> datetime | None:
    """When a person was last told this."""
    return of(person).filter(key=key).values_list("at", flat=True).first()


def unread(person: Person) -> int:
    """How many a person has not read."""
    return of(person).filter(read=None).count()
