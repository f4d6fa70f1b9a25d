"""Registers over the interface. Owns: these operations. Never: rights, writes (registry's own access and actions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from ninja import Field, Router, Status

from liantu.model import schema
from liantu.model.findings import Finding
from liantu.web.accounts.models import Organisation, Person
from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.parts import ReasonIn, Text
from liantu.web.api.schemas.registers import ChangeOut, ColumnOut, RecordIn, RecordOut, RecordsOut, TableOut
from liantu.web.api.signed import CSV, REFUSED, XLSX, WrongError, answers, files, needs
from liantu.web.registry import access, lists, queries
from liantu.web.registry.actions import records as acts
from liantu.web.registry.actions.rows import Kept
from liantu.web.registry.cells import written
from liantu.web.registry.forms import check, keeper
from liantu.web.registry.models import Record
from liantu.web.registry.views.records import exported

router = Router(tags=["registers"])
PATH = "/tables/{table}/records"
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


@router.get(PATH, response=answers(200, RecordsOut), url_name="records", summary="Rows of a register", auth=needs("read:chain"))
def records(
    request: Signed,
    table: str,
    q: Annotated[Text, Field(max_length=200)] = "",
    key: Annotated[Text, Field(max_length=400)] = "",
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 100,
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0,
) -> RecordsOut:
    """Rows this person sees, in their order; ``q`` is searched for, ``key`` is the row's own.

    A column that refers to another table or has choices filters by its own name (``?status=building``), as on the page of the
    register; ``stale=1`` are those past their date, ``mine=1`` those one's own organisation keeps.
    """
    access.table_for(table)
    rows = lists.filtered(request.user, table, lists.asked(request.GET)).select_related("owner").order_by("pk")
    if key:
        rows = rows.filter(key=key)
    return RecordsOut(total=rows.count(), offset=offset, rows=[_shown(request.user, row) for row in rows[offset : offset + limit]])


@router.get(
    "/tables/{table}/export.{kind}", response=REFUSED, url_name="export", summary="Rows as a file",
    auth=needs("export"), openapi_extra=files(CSV, XLSX),
)  # fmt: skip
def export(request: Signed, table: str, kind: Literal["csv", "xlsx"]) -> HttpResponseBase:
    """The rows this person sees, filtered as the list is."""
    access.table_for(table)
    return exported(request, table, kind)


@router.post(PATH, response=answers(201, RecordOut), url_name="records", summary="Enter a row", auth=needs("write:register"))
def create(request: Signed, table: str, given: RecordIn) -> Status[RecordOut]:
    """Enter a row; what is wrong with it comes back as findings, and nothing is stored."""
    access.table_for(table)
    row = _cells(request, table, given.cells)
    if not access.may_write(request.user, table, row):
        raise PermissionDenied
    _refuse_wrong(check(table, row, None, request.user))
    made = acts.create(table, row, kept=_kept(request.user, given, Kept()), actor=request.user, reason=given.reason)
    return Status(201, _shown(request.user, made))


@router.get(f"{PATH}/{{record}}", response=answers(200, RecordOut), url_name="record", summary="One row", auth=needs("read:chain"))
def record(request: Signed, table: str, record: int) -> RecordOut:
    """One row with its lock, to be sent back with a change."""
    found, _ = access.record_for(request.user, table, record)
    return _shown(request.user, found)


@router.patch(
    f"{PATH}/{{record}}", response=answers(200, RecordOut), url_name="record", summary="Change a row", auth=needs("write:register")
)
def change(request: Signed, table: str, record: int, given: RecordIn) -> RecordOut:
    """Change cells of a row; 409 if somebody else changed it since it was read at ``lock``."""
    found = _writable(request, table, record)
    row = _cells(request, table, given.cells)
    whole = {**found.cells(), **row}
    if not access.may_write(request.user, table, found.cells(), whole):
        raise PermissionDenied
    _refuse_wrong(check(table, whole, found, request.user))
    lock = found.lock if given.lock is None else given.lock
    kept = _kept(request.user, given, Kept(owner=found.owner, as_of=found.as_of, next_due=found.next_due))
    return _shown(request.user, acts.change(found, row, lock=lock, kept=kept, actor=request.user, reason=given.reason))


@router.delete(f"{PATH}/{{record}}", response=answers(204, None), url_name="record", summary="Retire a row", auth=needs("write:register"))
def retire(request: Signed, table: str, record: int, why: ReasonIn) -> Status[None]:
    """Take a row out of its register; its history stays."""
    found = _writable(request, table, record)
    acts.retire(found, lock=found.lock if why.lock is None else why.lock, actor=request.user, reason=why.reason)
    return Status(204, None)


@router.get(
    f"{PATH}/{{record}}/history",
    response=answers(200, list[ChangeOut]),
    url_name="history",
    summary="What was changed",
    auth=needs("read:chain"),
)
def history(request: Signed, table: str, record: int) -> list[ChangeOut]:
    """Every change of a row, newest first; of one that was retired too."""
    hidden = access.masked(request.user, table)
    return [
        ChangeOut(id=one.pk, action=one.action, at=one.at, by=one.by_name, reason=one.reason, **_sides(one.before, one.after, hidden))
        for one in access.history_for(request.user, table, record)
    ]


@router.post(
    f"{PATH}/{{record}}/history/{{revision}}/undo", response=answers(200, None), url_name="undo", summary="Take back the last change",
    auth=needs("write:register"),
)  # fmt: skip
def undo(request: Signed, table: str, record: int, revision: int, why: ReasonIn) -> None:
    """Take back the last change of a row; a retired row comes back."""
    found = access.undoable(request.user, table, record, revision)
    acts.undo(found, actor=request.user, reason=why.reason)


def _shown(person: Person, row: Record) -> RecordOut:
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


def _writable(request: Signed, table: str, record: int) -> Record:
    found, rights = access.record_for(request.user, table, record)
    if not rights.edit:
        raise PermissionDenied
    return found


def _cells(request: Signed, table: str, given: Mapping[str, str]) -> dict[str, str]:
    """Cells of the contract's columns that this person may read; any other is said to be unknown."""
    hidden = access.masked(request.user, table)
    unknown = [name for name in given if name not in schema.table(table).columns or name in hidden]
    if unknown:
        raise WrongError([Finding(code="api-column", column=name, values={"column": name, "table": table}) for name in unknown])
    return written(table, given)


def _kept(person: Person, given: RecordIn, was: Kept) -> Kept:
    """What is kept beside the cells: as it was, but for what the request names."""
    named = given.model_fields_set
    owner = Organisation.objects.filter(code=given.owner).first() if "owner" in named and given.owner else None
    return Kept(
        owner=keeper(owner if "owner" in named else was.owner, person),
        as_of=given.as_of if "as_of" in named else was.as_of,
        next_due=given.next_due if "next_due" in named else was.next_due,
    )


def _refuse_wrong(findings: Sequence[Finding]) -> None:
    if any(one.level == "error" for one in findings):
        raise WrongError(findings)


def _sides(before: str, after: str, hidden: frozenset[str]) -> dict[str, dict[str, str]]:
    was, is_ = queries.image(before).cells, queries.image(after).cells
    apart = [name for name in {**was, **is_} if was.get(name, "") != is_.get(name, "") and name not in hidden]
    return {side: {name: cells.get(name, "") for name in apart} for side, cells in (("before", was), ("after", is_))}
