"""The four steps of an import: file, headers, check, entry. Owns: these pages. Never: reading files, writing rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from liantu import runs
from liantu.errors import CallError
from liantu.model import schema
from liantu.model.findings import Finding, finding_of
from liantu.web.accounts.http import Request
from liantu.web.kit.listing import chosen, listed
from liantu.web.registry import access, actions, handlers, imports, shown
from liantu.web.registry.access import batch_for
from liantu.web.registry.imports import SUFFIXES, findings_of
from liantu.web.registry.models import Batch, Line
from liantu.web.registry.views.records import TYPES
from liantu.words import Lang

_FINDINGS = 200
_MARKED = 1_000
_VIEWS = ("wrong", "doubtful", "new", "changed", "all")


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
    name = (sent.name or "").replace("\0", "")[-150:]
    if not name.lower().endswith(SUFFIXES):
        return _index(request, Finding(code="upload-kind", values={"name": name, "kinds": " ".join(SUFFIXES)}))
    if (sent.size or 0) > settings.UPLOAD_LIMIT:
        return _index(request, Finding(code="upload-size", values={"name": name, "limit": settings.UPLOAD_LIMIT >> 20}))
    batch = actions.take(name, sent.read(), person=request.user)
    handlers.go(batch, "read", person=request.user)
    batch.refresh_from_db()
    if batch.state == "failed":
        finding = findings_of(json.loads(batch.said)["findings"])[0]
        actions.discard(batch, person=request.user)
        return _index(request, finding)
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
    said = json.loads(found.said)
    if otherwise := _taken(request, said):
        actions.keep_reading(found, imports.reading(bytes(found.upload.content), found.name, request.user, otherwise))
        return redirect("registry:import", batch)
    picked: dict[str, dict[str, str]] = {}
    for one in said["tables"]:
        names = [(name, str(request.POST.get(f"{one['table']}:{at}", ""))) for at, (name, _, _) in enumerate(one["headers"])]
        known = {column.name for column in shown.columns(one["table"], access.masked(request.user, one["table"]))}
        picked[one["table"]] = {name: column if column in known else "" for name, column in names}
        taken = [column for column in picked[one["table"]].values() if column]
        twice = next((column for column in taken if taken.count(column) > 1), "")
        if twice:
            finding = Finding(code="match-twice", values={"column": twice}, table=one["table"])
            context = {"batch": found, "said": {**said, "match": picked}, "schema": schema.tables(), "findings": []}
            return _match(request, context, finding)
    actions.match(found, picked, person=request.user)
    handlers.go(found, "check", person=request.user)
    return redirect("registry:import", batch)


def _taken(request: Request, said: Mapping[str, Any]) -> dict[str, str]:
    """Tables as read → what they shall be taken for, where the page says otherwise than before."""
    before = {meant: read for read, meant in said.get("taken", {}).items()}
    asked = {one["table"]: str(request.POST.get(f"table:{one['table']}", one["table"])) for one in said["tables"]}
    changed = {table: meant for table, meant in asked.items() if meant != table and access.may_add(request.user, meant)}
    return {**said.get("taken", {}), **{before.get(table, table): meant for table, meant in changed.items()}} if changed else {}


def _checked(request: Request, found: Batch, context: Mapping[str, Any]) -> HttpResponse:
    """Step three: each row beside the registers, those with findings first."""
    counts = context["said"]["counts"]
    first = next((view for view in _VIEWS if counts.get(view)), "all")
    view = chosen(request.GET, "view", _VIEWS) or first
    rows = {"doubtful": found.lines.filter(is_doubtful=True).exclude(state="wrong"), "all": found.lines.all()}
    page = listed(rows.get(view, found.lines.filter(state=view)), request.GET, sorts={"order": "pk"}, default="order")
    told = found.lines.exclude(findings="[]").order_by("pk")[:_FINDINGS]
    context = {
        **context,
        "page": page,
        "view": view,
        "views": [(one, sum(counts[state] for state in Line.STATES) if one == "all" else counts.get(one, 0)) for one in _VIEWS],
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
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:500]
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
    match = json.loads(found.said)["match"]
    lines = found.lines.exclude(findings="[]").order_by("pk")[:_MARKED]
    written = {table: {column: name for name, column in columns.items() if column} for table, columns in match.items()}
    told = ((line.table, one) for line in lines for one in findings_of(line.findings))
    findings = [replace(one, column=written[table].get(one.column or "", one.column)) for table, one in told]
    content = runs.mark_received(bytes(found.upload.content), found.name, findings, lang=request.lang)
    response = HttpResponse(content, content_type=TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="marked-{found.pk}.xlsx"'
    return response
