"""The list of a register: what is searched, filtered, sorted and shown. Owns: reading the address into rows.
Never: who sees which (access).

The columns of the address are looked up among those this person reads: a column that is not shown is no filter and no sort either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from liantu.model.schema import Column
from liantu.web.accounts.models import Organisation, Person
from liantu.web.clock.queries import late
from liantu.web.kit.listing import Listed, listed, searched, whole
from liantu.web.registry import access, cells, shown
from liantu.web.registry.models import MODELS, Record
from liantu.words import Lang

_FIRST = 7  # columns shown where nobody chose
_SITES = 300
_DEFAULT = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the list."""

    record: Record
    title: str
    cells: list[shown.Cell]
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: its column, what is chosen, what there is to choose; without choices it came with a link and can only be taken away."""

    column: Column
    value: str
    text: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A page of a register."""

    table: str
    listed: Listed[Any]
    rows: list[Row]
    columns: list[Column]
    choosable: list[Column]
    sorts: frozenset[str]
    filters: list[Filter]
    owners: list[Organisation]
    counts: Mapping[str, int]


def asked(query: QueryDict) -> QueryDict:
    """The address with the ticked columns in one value, and without signs no database keeps."""
    plain = QueryDict(mutable=True)
    for name, value in query.items():
        plain[name] = str(value).replace("\0", "")
    plain["columns"] = ",".join(map(str, query.getlist("columns"))).replace("\0", "")
    return plain


def filtered(person: Person, table: str, query: QueryDict, until: date | None = None) -> QuerySet[Record]:
    """The rows that the address asks for, among those this person sees; ``until`` is `clock.queries.late`, where it is known already."""
    rows = access.seen(person, table)
    if words := searched(query):
        for word in words.casefold().split()[:5]:
            rows = rows.filter(search__contains=word)
    for column in _filters(person, table):
        if value := query.get(column.name):
            rows = rows.filter(**{f"c_{column.name}": value})
    owner = whole(query.get("owner"))
    if owner is not None:
        rows = rows.filter(owner_id=owner)
    if query.get("mine"):
        rows = rows.filter(owner=person.organisation)
    if query.get("stale"):
        rows = rows.filter(next_due__lte=until or late(timezone.localdate()))
    return rows


def _filters(person: Person, table: str) -> list[Column]:
    """Columns that a list is filtered by: what rows refer to, and choices."""
    readable = shown.columns(table, access.masked(person, table))
    return [column for column in readable if column.type == "ref" or (column.choices and cells.is_sorted(column))]


def page(person: Person, table: str, given: QueryDict, lang: Lang) -> Shelf:
    """A page of a register, as the address asks for it."""
    query = asked(given)
    readable = shown.columns(table, access.masked(person, table))
    sorts = {column.name: f"{'n' if cells.is_number(column) else 'c'}_{column.name}" for column in readable if cells.is_sorted(column)}
    sorts |= {_DEFAULT: "pk", "as_of": "as_of", "due": "next_due"}
    until = late(timezone.localdate())
    rows, counts = filtered(person, table, query, until), _counts(person, table, until)
    is_whole = rows.query.where == access.seen(person, table).query.where
    total = counts["all"] if is_whole else None
    owned = rows.select_related("owner")
    found = listed(owned, query, sorts=sorts, default=_DEFAULT, total=total, is_scanned=bool(searched(query)))
    columns = _chosen(table, readable, query)
    return Shelf(
        table=table,
        listed=found,
        rows=_rows(found.rows, columns, person, lang, until),
        columns=columns,
        choosable=readable,
        sorts=frozenset(sorts),
        filters=[_filter(column, query.get(column.name, ""), lang) for column in _filters(person, table)],
        owners=list(Organisation.objects.filter(is_active=True).exclude(kind="firm")[:_SITES]) if not person.organisation.is_firm else [],
        counts=counts,
    )


def _chosen(table: str, readable: list[Column], query: QueryDict) -> list[Column]:
    """The columns ticked; else the first that tell something, units and what the name stands for aside."""
    wanted = {name for name in query.get("columns", "").split(",") if name}
    ticked = [column for column in readable if column.name in wanted]
    served = {column.unit_column for column in readable}
    told = {"name_zh", "name_en", "note", "source", "currency"} | served | {column.name for column in shown.calling(table)}
    told |= {"id"} if "id" in MODELS[table].COLUMNS else set()
    return ticked or [column for column in readable if column.name not in told][:_FIRST]


def _rows(records: list[Record], columns: list[Column], person: Person, lang: Lang, until: date) -> list[Row]:
    held = [record.cells() for record in records]
    names = shown.names_of([*columns, *(shown.calling(records[0].TABLE) if records else ())], held)
    return [
        Row(
            record=record,
            title=shown.title(record, lang, names),
            cells=[shown.cell(column, row, names, person, lang) for column in columns],
            is_stale=is_stale(record.next_due, until),
        )
        for record, row in zip(records, held, strict=True)
    ]


def is_stale(due: date | None, until: date) -> bool:
    """Whether newer figures should have come; ``until`` is what `clock.queries.late` says."""
    return due is not None and due <= until


def _filter(column: Column, value: str, lang: Lang) -> Filter:
    if column.choices:
        choices = list(zip(column.choices, column.spelled(lang), strict=True))
    elif column.refers == "sites":
        name, other = ("c_name_zh", "c_name_en") if lang == "zh" else ("c_name_en", "c_name_zh")
        rows = MODELS["sites"].objects.order_by("pk").values_list("c_id", name, other)[:_SITES]
        choices = [(key, first or second or key) for key, first, second in rows]
    else:
        choices = []
    return Filter(column=column, value=value, text=dict(choices).get(value, value), choices=choices)


def _counts(person: Person, table: str, until: date) -> Mapping[str, int]:
    rows = access.seen(person, table)
    return {"all": rows.count(), "stale": rows.filter(next_due__lte=until).count(), "mine": rows.filter(owner=person.organisation).count()}
