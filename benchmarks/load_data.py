"""A workbench as full as it may get. Owns: how many of what, and the fast way in. Never: serving, measuring.

``python -m benchmarks.load_data`` fills the database of the environment.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

PLANTS, FIRMS, EVENTS, PRICES, USERS = 20_000, 2_000, 1_000_000, 200_000, 20
_CHUNK = 5_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from liantu.web.audit.actions import System
    from liantu.web.registry import actions

    call_command("migrate", verbosity=0)
    actions.load("chenzhou", System())
    _people()
    _compute()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")
    with transaction.atomic():
        _registers()
        _events()
    if connection.vendor == "postgresql":
        # As a database that has been at work for a while: told of its rows, and none of them dirty.
        connection.cursor().execute("VACUUM ANALYZE")


def _people() -> None:
    """Users: the first reads the trail, the others work."""
    from liantu.web.accounts import actions
    from liantu.web.audit.actions import System

    office = actions.open_organisation("office", "office", "链长办", actor=System())
    for number in range(USERS):
        person, _ = actions.open_person(f"user{number}", f"user{number}", office, actor=System())
        person.must_change_password = False
        person.save()
        actions.give_role(person, "audit" if number == 0 else "editor", actor=System(), confirmed=True)


def _compute() -> None:
    """The overview of the chain as it is published, which the pages read."""
    from liantu.web.accounts.models import Person
    from liantu.web.config.jobs import HANDLERS
    from liantu.web.jobs import actions as jobs
    from liantu.web.jobs import child
    from liantu.web.work import actions, context

    person = Person.objects.get(username="user1")
    actions.ask("overview", context.settled(person), person=person)
    while (job := jobs.claim()) is not None:
        child.run(job.pk, job.token, HANDLERS)


def _registers() -> None:
    """Plants, firms and prices like those that are there, under names of their own."""
    from liantu.web.registry.models import MODELS

    chance = random.Random(1)
    held = {table: list(MODELS[table].objects.order_by("pk")) for table in ("plants", "firms", "prices", "materials")}

    def drawn(table: str, count: int) -> Iterator[Mapping[str, str]]:
        for number in range(count):
            row = chance.choice(held[table]).cells()
            if table == "prices":
                material, day = chance.choice(held["materials"]).key, datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=number // 40)
                yield {**row, "material": material, "date": day.date().isoformat()}
            else:
                firm = {"firm": f"f{chance.randrange(FIRMS)}"} if table == "plants" else {}
                yield {**row, "id": f"{table[0]}{number}", "name_zh": f"第{number}号", "name_en": f"Number {number}", **firm}

    for table, count in (("firms", FIRMS), ("plants", PLANTS), ("prices", PRICES)):
        _insert_rows(table, drawn(table, count))


def _insert_rows(table: str, rows: Iterable[Mapping[str, str]]) -> None:
    from liantu.web.audit.actions import System
    from liantu.web.registry.actions import rows as filling
    from liantu.web.registry.models import MODELS

    model = MODELS[table]
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]

    def values() -> Iterator[Sequence[object]]:
        for row in rows:
            record = filling.made(table, row, System())
            yield [getattr(record, name) for name in names]

    _insert(model._meta.db_table, names, values())


def _events() -> None:
    """A trail whose hashes hold, as `liantu audit verify` would find."""
    from django.db import connection

    from liantu.web.audit import triggers
    from liantu.web.audit.models import HASHED, Event, Head, digest_of

    chance, head = random.Random(2), Head.objects.get(id=1)
    said = [json.dumps({"capacity": str(value)}) for value in range(0, 50_000, 250)]
    first = datetime(2025, 1, 1, tzinfo=UTC)

    def values() -> Iterator[Sequence[object]]:
        for number in range(head.seq + 1, EVENTS + 1):
            who, what = chance.randrange(USERS), chance.choice(("plants.changed", "prices.created", "run.asked", "person.signed_in"))
            event: dict[str, object] = {
                "seq": number, "at": (first + timedelta(seconds=30 * number)).isoformat(timespec="microseconds"), "actor": f"person:{who}",
                "actor_name": f"user{who}", "roles": "editor", "address": "127.0.0.1", "session": "", "request": "", "action": what,
                "kind": what.partition(".")[0], "target": f"p{chance.randrange(PLANTS)}", "before": chance.choice(said),
                "after": chance.choice(said), "reason": "按月更新", "outcome": "done", "previous": head.digest,
            }  # fmt: skip
            head.seq, head.digest = number, digest_of(event)
            yield [*event.values(), head.digest]

    with connection.cursor() as cursor:
        for statement in triggers.dropping(connection.vendor):
            cursor.execute(statement)
        _insert(Event._meta.db_table, [*HASHED, "digest"], values())
        for statement in triggers.setting(connection.vendor):
            cursor.execute(statement)
    head.save()


def _insert(table: str, names: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """The database's fastest way in for many rows."""
    from django.db import connection

    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        statement = f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(names))})'
        while chunk := list(islice(rows, _CHUNK)):
            connection.connection.executemany(statement, chunk)


if __name__ == "__main__":
    main()
