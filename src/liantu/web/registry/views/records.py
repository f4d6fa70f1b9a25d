"""Registers, their lists and their records. Owns: these pages. Never: imports, versions, who may what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from liantu.errors import CallError
from liantu.model import schema
from liantu.model.findings import Finding, finding_of
from liantu.web.accounts.http import Request
from liantu.web.accounts.models import Organisation
from liantu.web.kit.listing import whole
from liantu.web.registry import access, actions, details, exports, forms, lists, queries
from liantu.web.registry.models import Record

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def index(request: Request) -> HttpResponse:
    """All registers with how much stands in them and how much of it is stale."""
    return render(request, "registry/index.html", {"registers": details.registers(request.user), "revision": queries.revision()})


def shelf(request: Request, table: str) -> HttpResponse:
    """The list of one register."""
    access.table_for(table)
    page = lists.page(request.user, table, request.GET, request.lang)
    context = {"page": page, "table": schema.table(table), "may_add": access.may_add(request.user, table)}
    return render(request, "registry/list.html", context)


def export(request: Request, table: str, kind: str) -> HttpResponseBase:
    """What the list is filtered to, as a file."""
    access.table_for(table)
    if kind not in TYPES:
        raise Http404
    try:
        return exported(request, table, kind)
    except CallError as error:
        return _told(request, table, error)


def exported(request: Request, table: str, kind: str) -> HttpResponseBase:
    """The rows that the address asks for, as a file; it stands in the trail that they left."""
    rows = lists.filtered(request.user, table, lists.asked(request.GET))
    content = exports.content(rows, table, access.masked(request.user, table), kind, request.lang)
    actions.tell_export(table, kind, {name: str(value) for name, value in request.GET.items()}, actor=request.user)
    response = StreamingHttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{table}-{timezone.localdate():%Y%m%d}.{kind}"'
    return response


def _told(request: Request, table: str, error: CallError) -> HttpResponse:
    context = {"finding": finding_of(error), "back": reverse("registry:list", args=(table,))}
    return render(request, "registry/refused.html", context, status=409)


def record(request: Request, table: str, record: int) -> HttpResponse:
    """One record: its cells, sources, who refers to it, its history; of one that was retired, the history."""
    try:
        found, rights = access.record_for(request.user, table, record)
    except Http404:
        return _gone(request, table, record)
    context = details.detail(found, rights, request.user, request.lang)
    return render(request, "registry/record.html", context)


def _gone(request: Request, table: str, record: int) -> HttpResponse:
    changes = access.history_for(request.user, table, record)
    return render(request, "registry/gone.html", details.gone(changes, table, request.user))


def edit(request: Request, table: str, record: int) -> HttpResponse:
    """Change a record."""
    found, rights = access.record_for(request.user, table, record)
    if not rights.edit:
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, table, found, found.cells(), [])
    typed = forms.typed(request.POST, table, rights.masked, request.user)
    whole = {**found.cells(), **typed.cells}
    if not access.may_write(request.user, table, found.cells(), whole):
        typed.findings.append(Finding(code="record-not-yours", column=_placing(table)))
    else:
        typed.findings.extend(forms.check(table, whole, found, request.user))
    if not typed.is_wrong:
        try:
            actions.change(found, typed.cells, lock=typed.lock, kept=typed.kept, actor=request.user, reason=typed.reason)
        except actions.ConflictError as conflict:
            return _conflict(request, found, conflict.theirs, typed)
        except CallError as error:
            typed.findings.append(finding_of(error))
        else:
            return redirect("registry:record", table, found.pk)
    return _form(request, table, found, whole, typed.findings, typed)


def new(request: Request, table: str) -> HttpResponse:
    """Enter a record."""
    access.table_for(table)
    if not access.may_add(request.user, table):
        raise PermissionDenied
    if request.method != "POST":
        known = {name: str(request.GET[name])[: forms.LONGEST] for name in schema.table(table).columns if name in request.GET}
        return _form(request, table, None, known, [])
    typed = forms.typed(request.POST, table, access.masked(request.user, table), request.user)
    if not access.may_write(request.user, table, typed.cells):
        typed.findings.append(Finding(code="record-not-yours", column=_placing(table)))
    else:
        typed.findings.extend(forms.check(table, typed.cells, None, request.user))
    if not typed.is_wrong:
        try:
            made = actions.create(table, typed.cells, kept=typed.kept, actor=request.user, reason=typed.reason)
        except CallError as error:
            typed.findings.append(finding_of(error))
        else:
            return redirect("registry:record", table, made.pk)
    return _form(request, table, None, typed.cells, typed.findings, typed)


def _placing(table: str) -> str:
    """The column that says whose a row is."""
    return access.PLACED.get(table) or access.OWN.get(table, ("",))[0]


def _form(
    request: Request,
    table: str,
    record: Record | None,
    values: Mapping[str, str],
    findings: list[Finding],
    typed: forms.Typed | None = None,
) -> HttpResponse:
    fields = forms.fields(table, values, findings, request.user, request.lang)
    at_fields = {field.column.name for field in fields} | {"reason", "as_of", "next_due"}
    context = {
        "table": schema.table(table),
        "record": record,
        "title": details.title(record, request.lang) if record else "",
        "fields": fields,
        "offered": {field.column.refers: field.offered for field in fields if field.offered},
        "findings": findings,
        "elsewhere": [one for one in findings if one.column not in at_fields],
        "typed": typed,
        "kept": _kept(record, typed),
        "owners": owners(request),
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "registry/form.html", context, status=422 if typed else 200)


def _kept(record: Record | None, typed: forms.Typed | None) -> dict[str, object]:
    """What stands in the fields beside the cells: as typed, else as kept, else today."""
    if typed:
        return {"owner": typed.kept.owner.pk if typed.kept.owner else None, **typed.days}
    if record:
        return {"owner": record.owner_id, "as_of": record.as_of or "", "next_due": record.next_due or ""}
    return {"owner": None, "as_of": timezone.localdate(), "next_due": ""}


def owners(request: Request) -> Iterable[Organisation]:
    """Who can be named as the owner of a record: the office names, others are named."""
    if request.user.organisation.kind != "office":
        return ()
    return Organisation.objects.filter(is_active=True)


def _conflict(request: Request, mine: Record, theirs: Record | None, typed: forms.Typed) -> HttpResponse:
    """Somebody was quicker: both versions side by side, nothing lost."""
    if theirs is None:
        return _told(request, mine.TABLE, CallError("record-gone", {"key": mine.key}))
    sides = details.sides(theirs, typed.cells, request.user, request.lang)
    context = {"table": schema.table(mine.TABLE), "record": theirs, "typed": typed, **sides}
    return render(request, "registry/conflict.html", context, status=409)


def retire(request: Request, table: str, record: int) -> HttpResponse:
    """Take a record out of its register."""
    found, rights = access.record_for(request.user, table, record)
    if not rights.edit:
        raise PermissionDenied
    try:
        actions.retire(found, lock=whole(request.POST.get("lock")) or 0, actor=request.user, reason=_reason(request))
    except actions.ConflictError:
        return _told(request, table, CallError("record-changed", {"key": found.key}))
    except CallError as error:
        return _told(request, table, error)
    return redirect("registry:record", table, record)


def undo(request: Request, table: str, record: int, revision: int) -> HttpResponse:
    """Take back the last change of a record."""
    change = access.undoable(request.user, table, record, revision)
    try:
        actions.undo(change, actor=request.user, reason=_reason(request))
    except CallError as error:
        return _told(request, table, error)
    return HttpResponseRedirect(reverse("registry:record", args=(table, record)))


def _reason(request: Request) -> str:
    """Why; asked for by every act."""
    reason = request.POST.get("reason", "").strip()[: forms.LONGEST]
    if not reason:
        raise CallError("reason-absent")
    return reason
