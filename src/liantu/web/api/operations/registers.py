"""Registers over the interface. Owns: these operations. Never: rights, writes (registry's own access and actions)."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Router

from liantu.model import schema
from liantu.web.accounts.models import Person
from liantu.web.api.bearer import Signed
from liantu.web.api.schemas import ColumnOut, RecordOut, RecordsOut, TableOut, Text
from liantu.web.api.signed import answers, needs
from liantu.web.registry import access
from liantu.web.registry.models import Record

router = Router(tags=["registers"])
_MOST = 500


@router.get(
    "/tables",
    response=answers(200, list[TableOut]),
    url_name="tables",
    summary="Registers and how many rows of each one sees",
    auth=needs("read:chain"),
)
def tables(request: Signed) -> list[TableOut]:
    """Every table of the contract."""
    lang = request.lang
    return [
        TableOut(name=table.name, label=table.label(lang), help=table.help(lang), rows=access.seen(request.user, table.name).count())
        for table in schema.tables().values()
    ]


@router.get(
    "/tables/{table}/columns",
    response=answers(200, list[ColumnOut]),
    url_name="columns",
    summary="Columns of a register",
    auth=needs("read:chain"),
)
def columns(request: Signed, table: str) -> list[ColumnOut]:
    """What each column is, as the contract says."""
    access.table_for(table)
    return [
        ColumnOut(
            name=column.name, label=column.label(request.lang), type=column.type, required=column.required, help=column.help(request.lang),
            choices=list(column.choices), refers=column.refers,
        )
        for column in schema.table(table).columns.values()
    ]  # fmt: skip


@router.get(
    "/tables/{table}/records", response=answers(200, RecordsOut), url_name="records", summary="Rows of a register", auth=needs("read:chain")
)
def records(
    request: Signed,
    table: str,
    q: Annotated[Text, Field(max_length=200)] = "",
    key: Annotated[Text, Field(max_length=400)] = "",
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 100,
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0,
) -> RecordsOut:
    """Rows this person sees, in their order; ``q`` is searched for, ``key`` is the row's own."""
    access.table_for(table)
    rows = access.seen(request.user, table).select_related("owner").order_by("pk")
    if key:
        rows = rows.filter(key=key)
    if q:
        rows = rows.filter(search__contains=q.casefold())
    return RecordsOut(total=rows.count(), offset=offset, rows=[shown(request.user, row) for row in rows[offset : offset + limit]])


@router.get(
    "/tables/{table}/records/{record}", response=answers(200, RecordOut), url_name="record", summary="One row", auth=needs("read:chain")
)
def record(request: Signed, table: str, record: int) -> RecordOut:
    """One row with its lock, to be sent back with a change."""
    found, _ = access.record_for(request.user, table, record)
    return shown(request.user, found)


def shown(person: Person, row: Record) -> RecordOut:
    """A row as this person may read it."""
    hidden = access.masked(person, row.TABLE)
    return RecordOut(
        id=row.pk,
        key=row.key,
        cells={name: cell for name, cell in row.cells().items() if cell and name not in hidden},
        lock=row.lock,
        owner=row.owner.code if row.owner else None,
        as_of=row.as_of,
        next_due=row.next_due,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
