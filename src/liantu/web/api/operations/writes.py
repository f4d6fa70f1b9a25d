"""Writing registers over the interface. Owns: these operations. Never: rights, writes (registry's own access and actions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from ninja import Status

from liantu.model import schema
from liantu.model.findings import Finding
from liantu.web.api.bearer import Signed
from liantu.web.api.operations.registers import router, shown
from liantu.web.api.schemas import ChangeOut, ReasonIn, RecordIn, RecordOut
from liantu.web.api.signed import WrongError, answers, needs
from liantu.web.registry import access, queries
from liantu.web.registry.actions import records as acts
from liantu.web.registry.cells import written
from liantu.web.registry.forms import check
from liantu.web.registry.models import Record

__all__ = ["router"]

# On the router of the reads: an address in two routers answers with the methods of the first alone.
PATH = "/tables/{table}/records"


@router.post(PATH, response=answers(201, RecordOut), url_name="records", summary="Enter a row", auth=needs("write:register"))
def create(request: Signed, table: str, given: RecordIn) -> Status[RecordOut]:
    """Enter a row; what is wrong with it comes back as findings, and nothing is stored."""
    access.table_for(table)
    row = _cells(request, table, given.cells)
    if not access.may_write(request.user, table, row):
        raise PermissionDenied
    _refuse_wrong(check(table, row, None))
    return Status(201, shown(request.user, acts.create(table, row, actor=request.user, reason=given.reason)))


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
    _refuse_wrong(check(table, whole, found))
    lock = found.lock if given.lock is None else given.lock
    return shown(request.user, acts.change(found, row, lock=lock, actor=request.user, reason=given.reason))


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
    """Every change of a row, newest first."""
    access.record_for(request.user, table, record)
    hidden = access.masked(request.user, table)
    return [
        ChangeOut(id=one.pk, action=one.action, at=one.at, by=one.by_name, reason=one.reason, **_sides(one.before, one.after, hidden))
        for one in queries.history(table, record)
    ]


@router.post(
    f"{PATH}/{{record}}/history/{{revision}}/undo", response=answers(200, None), url_name="undo", summary="Take back the last change",
    auth=needs("write:register"),
)  # fmt: skip
def undo(request: Signed, table: str, record: int, revision: int, why: ReasonIn) -> None:
    """Take back the last change of a row."""
    _writable(request, table, record)
    acts.undo(access.revision_for(request.user, table, record, revision), actor=request.user, reason=why.reason)


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


def _refuse_wrong(findings: Sequence[Finding]) -> None:
    if any(one.level == "error" for one in findings):
        raise WrongError(findings)


def _sides(before: str, after: str, hidden: frozenset[str]) -> dict[str, dict[str, str]]:
    was, is_ = queries.image(before).cells, queries.image(after).cells
    apart = [name for name in {**was, **is_} if was.get(name, "") != is_.get(name, "") and name not in hidden]
    return {side: {name: cells.get(name, "") for name in apart} for side, cells in (("before", was), ("after", is_))}
