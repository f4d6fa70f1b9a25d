"""Telling people. Owns: making notices and marking them read. Never: mail, events (a notice changes nothing)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.notices.models import Notice
from liantu.words import Values


def tell(person: Person, key: str, values: Values, link: str = "") -> Notice:
    """Tell one person, in the transaction of whatever happened; ``key`` names the sentence in the word lists."""
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
