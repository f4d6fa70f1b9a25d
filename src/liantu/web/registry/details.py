"""What the pages of a register show beside lists. Owns: registers at a glance, one record, its history, two versions of it.
Never: writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Value
from django.utils import timezone

from liantu.model import schema
from liantu.model.schema import Column, TableSchema
from liantu.web.accounts.models import Person
from liantu.web.clock.queries import late
from liantu.web.registry import access, lists, queries, shown
from liantu.web.registry.models import MODELS, Record, Revision
from liantu.web.registry.shown import title
from liantu.words import Lang

# From a row of a table: which table to enter a row of, and which of its cells is filled from which of ours.
STARTS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "firms": (("plants", "firm", "id"), ("contracts", "seller", "id"), ("contracts", "buyer", "id")),
    "plants": (("contracts", "seller", "firm"), ("contracts", "buyer", "firm")),
    "sites": (("firms", "site", "id"), ("plants", "site", "id")),
}
__all__ = ["Change", "detail", "gone", "registers", "sides", "title"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One register at a glance."""

    table: TableSchema
    rows: int
    stale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a record: each cell before and after, as this person reads it."""

    revision: Revision
    cells: list[tuple[Column, str, str]]
    hidden: int
    may_undo: bool


def registers(person: Person) -> list[Glance]:
    """All registers with the rows this person sees, in one query."""
    stale = Count("pk", filter=Q(next_due__lte=late(timezone.localdate())))
    parts = [access.seen(person, name).order_by().values_list(Value(name)).annotate(n=Count("pk"), stale=stale) for name in MODELS]
    counted = {name: (rows, late) for name, rows, late in parts[0].union(*parts[1:], all=True)}
    none = (0, 0)
    return [
        Glance(table=one, rows=counted.get(one.name, none)[0], stale=counted.get(one.name, none)[1]) for one in schema.tables().values()
    ]


def detail(record: Record, rights: access.Rights, person: Person, lang: Lang) -> dict[str, object]:
    """Everything the page of a record shows."""
    table, row = schema.table(record.TABLE), record.cells()
    columns = shown.columns(record.TABLE, rights.masked)
    names = shown.names_of(columns, [row])
    served = {column.unit_column for column in columns if row.get(column.name)}
    cited = names.get("sources", {})
    changes = access.changes_for(person, record.TABLE, record.pk)
    return {
        "table": table,
        "record": record,
        "title": title(record, lang, names),
        "rights": rights,
        "cells": [
            shown.cell(column, row, names, person, lang) for column in columns if column.type != "sources" and column.name not in served
        ],
        "sources": [(one, *cited[one]) for one in _cited(columns, row) if one in cited],
        "users": queries.users(record.TABLE, row, lambda other: access.seen(person, other)),
        "changes": [change(one, rights, at == 0) for at, one in enumerate(changes)],
        "is_stale": lists.is_stale(record.next_due, late(timezone.localdate())),
        "schema": schema.tables(),
        "starts": [(other, values) for other, values in starts(record) if access.may_add(person, other)],
    }


def starts(record: Record) -> list[tuple[str, dict[str, str]]]:
    """Rows one may want to enter from here, each with the cells that are known already."""
    wanted = STARTS.get(record.TABLE, ())
    return [(other, {name: record.cell(column)}) for other, name, column in wanted if record.cell(column)]


def _cited(columns: list[Column], row: Mapping[str, str]) -> list[str]:
    return [one for column in columns if column.type == "sources" for one in shown.ids(column, row[column.name])]


def gone(changes: list[Revision], table: str, person: Person) -> dict[str, object]:
    """What the page of a retired record shows."""
    rights = access.Rights(
        edit=access.may_write(person, table, queries.image(changes[0].before).cells), masked=access.masked(person, table)
    )
    shown_ = [change(one, rights, at == 0) for at, one in enumerate(changes)]
    return {"table": schema.table(table), "key": changes[0].key, "record": changes[0].record, "changes": shown_}


def change(revision: Revision, rights: access.Rights, is_last: bool) -> Change:
    """A change as this person reads it: hidden cells are counted, not shown."""
    before, after = (queries.image(text).cells for text in (revision.before, revision.after))
    known = schema.table(revision.table).columns
    names = [name for name in known if before.get(name, "") != after.get(name, "")]
    return Change(
        revision=revision,
        cells=[(known[name], before.get(name, ""), after.get(name, "")) for name in names if name not in rights.masked],
        hidden=sum(name in rights.masked for name in names),
        may_undo=is_last and rights.edit,
    )


def sides(theirs: Record, mine: Mapping[str, str], person: Person, lang: Lang) -> dict[str, object]:
    """A record as it stands and as it was to be saved, cell by cell where they differ."""
    columns = shown.columns(theirs.TABLE, access.masked(person, theirs.TABLE))
    rows = [(column, theirs.cell(column.name), mine.get(column.name, theirs.cell(column.name))) for column in columns]
    return {"title": title(theirs, lang), "sides": [row for row in rows if row[1] != row[2]], "whole": rows}
