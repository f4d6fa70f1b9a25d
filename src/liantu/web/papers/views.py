"""Reports: the list, one report, its files. Owns: these pages. Never: rendering a report."""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from liantu.errors import CallError
from liantu.web.accounts.http import Request
from liantu.web.kit.listing import listed
from liantu.web.papers import actions, queries
from liantu.web.papers.access import paper_for
from liantu.web.papers.forms import PaperForm, ReasonForm
from liantu.web.work.context import asked as context

_SORTS = {"created": "created", "title": "title", "year": "year"}
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')


def index(request: Request) -> HttpResponse:
    """The list, and asking for a new one."""
    asked = context(request)
    form = PaperForm(request.POST or None)
    error: CallError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            paper = actions.ask(given["title"], asked, given["lang"], first=given["first"], last=given["last"], person=request.user)
        except CallError as wrong:
            error = wrong
        else:
            return redirect("papers:paper", paper.pk)
    rows = listed(queries.papers(request.user), request.GET, sorts=_SORTS, default="-created")
    context_ = {"asked": asked, "rows": rows, "form": form, "error": error}
    return render(request, "papers/index.html", context_, status=422 if request.method == "POST" else 200)


def paper(request: Request, number: int) -> HttpResponse:
    """One report: how far it is, its files, who approved it."""
    found, may_approve = paper_for(request.user, number)
    return render(request, "papers/paper.html", {"paper": found, "files": queries.forms_of(found), "may_approve": may_approve})


def approve(request: Request, number: int) -> HttpResponse:
    """Approve a report of somebody else's."""
    found, may_approve = paper_for(request.user, number)
    form = ReasonForm(request.POST)
    if not may_approve:
        raise PermissionDenied
    if form.is_valid():
        actions.approve(found, person=request.user, reason=form.cleaned_data["reason"])
    return redirect("papers:paper", number)


def file(request: Request, number: int, form: str) -> HttpResponse:
    """A file of a report: the page is shown in a sandbox under its own policy, the rest is handed over."""
    found, _ = paper_for(request.user, number)
    held = found.files.filter(form=form).first()
    if held is None:
        raise Http404
    content = bytes(held.content)
    response = HttpResponse(content, content_type=queries.TYPES[form])
    policy = _POLICY.search(content[:4000]) if form == "html" else None
    if policy:
        own = policy[1].decode().replace("&#39;", "'")
        response["Content-Security-Policy"] = f"{own}; frame-ancestors 'none'; sandbox allow-scripts allow-modals allow-popups"
    else:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        name = f"liantu-{found.year}-{found.pk}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
