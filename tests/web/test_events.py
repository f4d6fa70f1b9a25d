"""Every route that writes leaves one event when it is done, and none when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from tests.web.acts import ACTS, world
from tests.web.test_rights import counts_as

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
# A sign-in that fails is itself something to know of.
TOLD_ANYWAY = {("accounts:login", "POST")}
CURIOUS = ("", "viewer", "firm_a_editor", "system")
WRITES = {key for key in rights.table() if key[1] != "GET"}


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back: the next begins where this one began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_route_that_writes_is_tried() -> None:
    assert WRITES == set(ACTS)


def test_what_is_done_leaves_one_event(as_: As, people: dict[str, Person]) -> None:
    ids, wrong = world(people), {}
    for (route, method), act in ACTS.items():
        with undone():
            if act.before:
                act.before(ids)
            client = as_(act.who)
            before = Event.objects.count()
            status = act.send(client, route, method, ids)
            if not (200 <= status < 400 and Event.objects.count() - before == act.events):
                wrong[f"{method} {route}"] = (status, list(Event.objects.filter(seq__gt=before).values_list("action", flat=True)))

    assert {} == wrong


def test_what_is_refused_leaves_none(as_: As, people: dict[str, Person]) -> None:
    ids, wrong = world(people), {}
    for key, act in ACTS.items():
        for who in [one for one in CURIOUS if not counts_as(one) & rights.table()[key]]:
            with undone():
                client, before = as_(who), Event.objects.count()
                status = act.send(client, *key, ids)
                if status not in {302, 401, 403} or Event.objects.count() != before:
                    wrong[f"{' '.join(key)} {who}"] = (status, Event.objects.count() - before)

    assert {} == wrong


def test_what_is_sent_without_its_data_leaves_none_unless_it_is_done(as_: As, people: dict[str, Person]) -> None:
    ids, wrong = world(people), {}
    for key, act in ACTS.items():
        if key in TOLD_ANYWAY:
            continue
        with undone():
            if act.before:
                act.before(ids)
            client, before = as_(act.who), Event.objects.count()
            status = act.send(client, *key, ids, empty=True)
            if status >= 500 or (status >= 400 and Event.objects.count() != before):
                wrong[" ".join(key)] = status

    assert {} == wrong
