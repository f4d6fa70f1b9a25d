"""The database itself refuses to change what was recorded."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from liantu.web.audit.actions import System, record
from liantu.web.audit.models import Event

INSERT = "INTO audit_event SELECT {} , at, actor, actor_name, roles, address, session, request, action, kind, target, before, after, reason, outcome, 'x', digest FROM audit_event WHERE seq = 1"


@pytest.fixture
def trail(db: None) -> None:
    for number in range(3):
        record(System(), "thing.changed", "thing", number, after={"number": number})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'another' WHERE seq = 2",
        "DELETE FROM audit_event WHERE seq = 2",
        "DELETE FROM audit_event",
        "INSERT " + INSERT.format("7"),
        "INSERT " + INSERT.format("2"),
    ],
)
def test_an_event_can_only_be_added_behind_the_last(trail: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="event"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert [1, 2, 3] == list(Event.objects.order_by("seq").values_list("seq", flat=True))


def test_replacing_or_truncating_is_refused_too(trail: None) -> None:
    statement = "INSERT OR REPLACE " + INSERT.format("3") if connection.vendor == "sqlite" else "TRUNCATE audit_event"

    with pytest.raises(DatabaseError, match="event"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert 3 == Event.objects.count()


def test_the_next_event_is_still_written(trail: None) -> None:
    assert 4 == record(System(), "thing.changed", "thing", 3).seq
