"""Many rows at once, the fast way. Owns: how they are put into the database. Never: what they hold, transactions, one row.

Django puts every row of many through what one row of a form needs; here values are read once and handed over as they are. That matters
where others wait until a transaction is through. Both databases are spoken to with the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

Values = tuple[Any, ...]


def fields(model: type[Model]) -> list[str]:
    """What is kept of a row beside its key, as the program names it."""
    return [name for name in _columns(model) if name != "pk"]


def values(records: Sequence[Model], *, with_key: bool = False) -> list[Values]:
    """What is kept of rows, ready for the database, in the order of `fields`; their keys before it where asked for."""
    if not records:
        return []
    names = fields(type(records[0]))
    read = attrgetter(*(["pk", *names] if with_key else names))
    return [ready(read(record)) for record in records]


def ready(row: Iterable[object]) -> Values:
    """Values as the database takes them: days and moments its own way, all else as it is."""
    return tuple(_moment(value) if isinstance(value, date) else value for value in row)


def _moment(value: date) -> object:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)


def insert(model: type[Model], rows: Sequence[Values]) -> list[int]:
    """Put new rows in; gives their keys, in the same order.

    Nobody else may put rows into the table meanwhile: what is beyond the last key is then ours.
    """
    if not rows:
        return []
    held: QuerySet[Any, int] = QuerySet(model).values_list("pk", flat=True)
    last = held.order_by("-pk").first() or 0
    _many(_insert(model, fields(model)), rows)
    return list(held.filter(pk__gt=last).order_by("pk"))


def put(model: type[Model], rows: Sequence[Values]) -> None:
    """Put new rows in whose keys nobody needs."""
    _many(_insert(model, fields(model)), rows)


def replace(model: type[Model], rows: Sequence[Values]) -> None:
    """Put rows that have keys in the place of those that are there."""
    columns = _columns(model)
    new = ", ".join(f"{column} = EXCLUDED.{column}" for name, column in columns.items() if name != "pk")
    _many(f"{_insert(model, ['pk', *fields(model)])} ON CONFLICT ({columns['pk']}) DO UPDATE SET {new}", rows)


def weigh(*models: type[Model]) -> None:
    """Have the database look at tables into which many rows came: until it does so by itself, PostgreSQL plans as if they were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {_table(model)}")


def _insert(model: type[Model], names: Sequence[str]) -> str:
    columns = _columns(model)
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {_table(model)} ({', '.join(columns[name] for name in names)}) VALUES ({places})"  # noqa: S608 - our own names


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's own name for what is public


def _columns(model: type[Model]) -> dict[str, str]:
    """The program's name of each field → the database's, in their order."""
    every = model._meta.concrete_fields  # noqa: SLF001 - as above
    return {"pk" if field.primary_key else field.attname: connection.ops.quote_name(str(field.column)) for field in every}


def _many(statement: str, rows: Sequence[Values]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
