"""Telling people. Owns: making notices, marking them read. Never: who hears what (heard), mail, events (a notice changes nothing)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.audit.actions import Actor
from liantu.web.notices import heard
from liantu.web.notices.models import Notice
from liantu.words import Values


def hear(event: str, values: Values, *, by: Actor, at: object = None, person: Person | None = None) -> None:
    """Tell those who are to hear of something, in its transaction: who they are and which page it leads to is said in ``heard.csv``.

    Parameters
    ----------
    by : Actor
        Who did it: nobody is told of what they did themselves.
    at : object, optional
        The number that the page's address takes.
    person : Person, optional
        Whom it concerns, for what one person hears.
    """
    row = heard.table()[event]
    told = [person] if row.is_for_one and person else list(heard.holders(row.roles))
    link = reverse(row.route, args=[at] if row.argument else [])
    tell_all((one for one in told if one.audit_id != by.audit_id), f"notices.{event}", values, link)


def tell(person: Person, key: str, values: Values, link: str = "") -> Notice:
    """Tell one person; ``key`` names the sentence in the word lists."""
    return Notice.objects.create(person=person, key=key, values=json.dumps(dict(values), ensure_ascii=False), link=link)


def tell_all(people: Iterable[Person], key: str, values: Values, link: str = "") -> None:
    """Tell several people the same."""
    said = json.dumps(dict(values), ensure_ascii=False)
    Notice.objects.bulk_create(Notice(person=person, key=key, values=said, link=link) for person in people)


@transaction.atomic
def read(person: Person, notice: Notice | None = None) -> None:
    """Mark one notice read, or all of a person's."""
    unread = Notice.objects.filter(person=person, read=None)
    (unread.filter(pk=notice.pk) if notice else unread).update(read=timezone.now())
