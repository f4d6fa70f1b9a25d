"""The four steps of an import: file, headers, check, entry. Owns: these pages. Never: reading files, writing rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from liantu.errors import CallError
from liantu.model import schema
from liantu.model.findings import Finding, finding_of
from liantu.web.accounts.http import Request
from liantu.web.kit.listing import chosen, listed
from liantu.web.registry import access, actions, handlers, imports, shown
from liantu.web.registry.access import batch_for
from liantu.web.registry.imports import SUFFIXES, VIEWS, findings_of
from liantu.web.registry.models import Batch, Line
from liantu.web.registry.views.records import TYPES
from liantu.words import Lang

_FINDINGS = 200


def index(request: Request) -> HttpResponse:
    """Files on their way in and those that came before; sending a new one."""
    if request.method == "POST":
        return _take(request)
    return _index(request, None)


def _index(request: Request, finding: Finding | None) -> HttpResponse:
    batches = listed(Batch.objects.filter(by=request.user), request.GET, sorts={"created": "created"}, default="-created")
    context = {"batches": batches, "finding": finding, "suffixes": ",".join(SUFFIXES), "limit": settings.UPLOAD_LIMIT >> 20}
    return render(request, "registry/imports.html", context, status=422 if finding else 200)


def _take(request: Request) -> HttpResponse:
    """Step one: a file of a kind and size that is read; one that cannot be read is refused here where it is small."""
    sent = request.FILES.get("file")
    if sent is None:
        return _index(request, Finding(code="upload-absent"))
    if (sent.size or 0) > settings.UPLOAD_LIMIT:
        return _index(request, Finding(code="upload-size", values={"name": str(sent.name), "limit": settings.UPLOAD_LIMIT >> 20}))
    try:
        batch = handlers.receive(sent.name or "", sent.read(), person=request.user)
    except handlers.UnreadError as error:
        return _index(request, error.finding)
    return redirect("registry:import", batch.pk)


def batch(request: Request, batch: int) -> HttpResponse:
    """Where a file stands: being worked on, to be matched, checked, entered."""
    found, job = batch_for(request.user, batch)
    said: dict[str, Any] = json.loads(found.said) if found.said else {}
    context = {"batch": found, "job": job, "said": said, "findings": findings_of(said.get("findings", ())), "schema": schema.tables()}
    if job is not None and not job.is_ended:
        return render(request, "registry/import-wait.html", context)
    if found.state == "checked" and "match" not in request.GET:
        return _checked(request, found, context)
    if found.state in ("read", "checked"):
        return _match(request, context, None)
    return render(request, "registry/import-done.html", context)


def _match(request: Request, context: Mapping[str, Any], finding: Finding | None) -> HttpResponse:
    match = context["said"].get("match", {})
    tables = [
        {**one, "headers": [(name, header, match.get(one["table"], {}).get(name, guess)) for name, header, guess in one["headers"]]}
        for one in context["said"]["tables"]
    ]
    closed = {one["table"]: access.masked(request.user, one["table"]) for one in tables}
    context = {
        **context,
        "tables": tables,
        "finding": finding,
        "closed": closed,
        "mine": [name for name in schema.tables() if access.may_add(request.user, name)],
    }
    return render(request, "registry/import-match.html", context, status=422 if finding else 200)


def match(request: Request, batch: int) -> HttpResponse:
    """Step two: which header means which column."""
    found, job = batch_for(request.user, batch)
    if found.state not in ("read", "checked") or (job is not None and not job.is_ended):
        return redirect("registry:import", batch)
    tables = {name[len("table:") :]: str(meant) for name, meant in request.POST.items() if name.startswith("table:")}
    if handlers.take_for(found, tables, person=request.user):
        return redirect("registry:import", batch)

    def wanted(table: str, _name: str, at: int) -> str:
        return str(request.POST.get(f"{table}:{at}", ""))

    try:
        handlers.match(found, wanted, person=request.user)
    except CallError as error:
        said = json.loads(found.said)
        picked = {
            one["table"]: {name: wanted(one["table"], name, at) for at, (name, _, _) in enumerate(one["headers"])} for one in said["tables"]
        }
        context = {"batch": found, "said": {**said, "match": picked}, "schema": schema.tables(), "findings": []}
        return _match(request, context, finding_of(error))
    return redirect("registry:import", batch)


def _checked(request: Request, found: Batch, context: Mapping[str, Any]) -> HttpResponse:
    """Step three: each row beside the registers, those with findings first."""
    counts = context["said"]["counts"]
    first = next((view for view in VIEWS if counts.get(view)), "all")
    view = chosen(request.GET, "view", VIEWS) or first
    page = listed(imports.lines(found, view), request.GET, sorts={"order": "pk"}, default="order")
    told = found.lines.exclude(findings="[]").order_by("pk")[:_FINDINGS]
    context = {
        **context,
        "page": page,
        "view": view,
        "views": [(one, sum(counts[state] for state in Line.STATES) if one == "all" else counts.get(one, 0)) for one in VIEWS],
        "rows": [_row(line, context["said"]["match"], request.lang) for line in page.rows],
        "told": sorted((one for line in told for one in findings_of(line.findings)), key=lambda one: one.level != "error"),
        "good": counts["new"] + counts["changed"],
    }
    return render(request, "registry/import-check.html", context)


def _row(line: Line, match: Mapping[str, Mapping[str, str]], lang: Lang) -> dict[str, object]:
    """A row of the grid: the columns the file gave, each with what was found in it and what stood there."""
    cells, before, findings = json.loads(line.cells), json.loads(line.before), findings_of(line.findings)
    known = schema.table(line.table).columns
    given = [known[column] for column in match[line.table].values() if column]
    here = {column.name: [one for one in findings if one.column == column.name] for column in given}
    said = {column.name: partial(shown.spoken, column, names={}, lang=lang) for column in given}
    was = {name: None if before.get(name) is None else said[name](before[name]) for name in said}
    grid = [(column, said[column.name](cells.get(column.name, "")), was[column.name], here[column.name]) for column in given]
    rest = [one for one in findings if one.column not in here]
    return {"line": line, "cells": grid, "rest": rest}


def enter(request: Request, batch: int) -> HttpResponse:
    """Step four: the good rows enter as one batch."""
    return _act(request, batch, "enter")


def undo(request: Request, batch: int) -> HttpResponse:
    """Take the whole batch back."""
    return _act(request, batch, "undo")


def _act(request: Request, batch: int, step: str) -> HttpResponse:
    found, job = batch_for(request.user, batch)
    if job is not None and not job.is_ended:
        return redirect("registry:import", batch)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        if not reason:
            raise CallError("reason-absent")
        handlers.go(found, step, person=request.user, reason=reason)
    except CallError as error:
        context = {"finding": finding_of(error), "back": request.path.rsplit("/", 2)[0] + "/"}
        return render(request, "registry/refused.html", context, status=409)
    return redirect("registry:import", batch)


def discard(request: Request, batch: int) -> HttpResponse:
    """Throw the file away."""
    found, _ = batch_for(request.user, batch)
    try:
        actions.discard(found, person=request.user)
    except CallError as error:
        raise Http404 from error
    return redirect("registry:imports")


def marked(request: Request, batch: int) -> HttpResponse:
    """Their own workbook back, wrong cells red."""
    found, _ = batch_for(request.user, batch)
    if found.state != "checked":
        raise Http404
    content = imports.marked(found, request.lang)
    response = HttpResponse(content, content_type=TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="marked-{found.pk}.xlsx"'
    return response
