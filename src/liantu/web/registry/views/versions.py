"""Versions of the chain: proposed by one person, published by another. Owns: these pages. Never: snapshots, comparing (queries)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from liantu import runs
from liantu.errors import CallError
from liantu.model import schema
from liantu.model.findings import finding_of
from liantu.web.accounts.http import Request
from liantu.web.jobs import queries as jobs
from liantu.web.jobs.models import Job
from liantu.web.kit.listing import listed
from liantu.web.registry import actions, handlers, queries
from liantu.web.registry.models import Version

_SHOWN = 100


def index(request: Request) -> HttpResponse:
    """All versions, what changed since the one in force, and putting the registers forward as the next."""
    published = queries.published()
    context = {
        "versions": listed(Version.objects.all(), request.GET, sorts={"number": "number"}, default="-number"),
        "published": published,
        "since": queries.changes_since(published.snapshot.revision if published else 0),
        "labels": schema.tables(),
        "job": _making(),
    }
    return render(request, "registry/versions.html", context)


def _making() -> Job | None:
    """The job that puts a version forward, or failed to and no other came since."""
    job = jobs.latest("version")
    is_past = job is not None and job.is_ended and (job.state == "done" or Version.objects.filter(proposed_at__gt=job.created).exists())
    return None if is_past else job


def propose(request: Request) -> HttpResponse:
    """Put the registers as they stand forward."""
    name = request.POST.get("name", "").strip()[:200]

    def act(reason: str) -> None:
        if not name:
            raise CallError("version-name")
        handlers.put_forward(name, person=request.user, reason=reason)

    return _act(request, act, reverse("registry:versions"))


def version(request: Request, number: int) -> HttpResponse:
    """One version: its rows by table, and what it changes."""
    found = _version(number)
    rows = json.loads(found.snapshot.rows)
    context = {"version": found, "rows": [(one, rows[one.name]) for one in schema.tables().values() if one.name in rows]}
    others = Version.objects.exclude(number=number).values_list("number", flat=True)
    return render(request, "registry/version.html", {**context, "others": list(others), "own": found.proposed_by == request.user.audit_id})


def publish(request: Request, number: int) -> HttpResponse:
    """Put a version in force."""
    return _act(request, lambda reason: actions.publish(_version(number).number, actor=request.user, reason=reason), _address(number))


def withdraw(request: Request, number: int) -> HttpResponse:
    """Take a version out of use."""
    return _act(request, lambda reason: actions.withdraw(_version(number).number, actor=request.user, reason=reason), _address(number))


def compare(request: Request, number: int, other: int) -> HttpResponse:
    """What differs between two versions, table by table."""
    before, after = _version(other), _version(number)
    tables = [one for one in queries.compared(queries.content(before.snapshot), queries.content(after.snapshot)) if one.is_different]
    return render(
        request, "registry/compare.html", {"before": before, "after": after, "tables": tables, "schema": schema.tables(), "most": _SHOWN}
    )


def package(request: Request, number: int) -> HttpResponse:
    """A version as a package of the contract."""
    found = _version(number)
    if found.state != "published":
        raise Http404
    whole = queries.content(found.snapshot)
    actions.tell_export("version", "zip", {"number": str(number)}, actor=request.user)
    response = HttpResponse(runs.written(whole, ".zip", lang=request.lang), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="version-{number}.zip"'
    return response


def _version(number: int) -> Version:
    found = queries.version(number)
    if found is None:
        raise Http404
    return found


def _address(number: int) -> str:
    return reverse("registry:version", args=(number,))


def _act(request: Request, act: Callable[[str], Any], back: str) -> HttpResponse:
    try:
        reason = request.POST.get("reason", "").strip()[:500]
        if not reason:
            raise CallError("reason-absent")
        act(reason)
    except CallError as error:
        return render(request, "registry/refused.html", {"finding": finding_of(error), "back": back}, status=409)
    return redirect(back)
