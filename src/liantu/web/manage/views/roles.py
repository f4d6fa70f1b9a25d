"""Pages of roles. Owns: what waits for a second hand, what is to be looked at. Never: the writes (accounts)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from liantu.errors import CallError
from liantu.web.accounts import actions, queries
from liantu.web.accounts.http import Request
from liantu.web.accounts.models import Grant
from liantu.web.manage import actions as acts
from liantu.web.manage.forms import ReasonForm


def roles(request: Request) -> HttpResponse:
    """Proposals and roles to review."""
    waiting = list(queries.waiting())
    context = {"waiting": waiting, "mine": queries.may_confirm(waiting, request.user), "review": list(queries.to_review()[:100])}
    return render(request, "manage/roles.html", {**context, "reason": ReasonForm()})


def confirm(request: Request, grant: int) -> HttpResponse:
    """The second hand."""
    acts.confirm_role(_grant(grant), actor=request.user)
    return redirect("manage:roles")


def refuse(request: Request, grant: int) -> HttpResponse:
    """No."""
    actions.refuse_role(_grant(grant), actor=request.user, reason=_reason(request))
    return redirect("manage:roles")


def end(request: Request, grant: int) -> HttpResponse:
    """Take a role away."""
    found = _grant(grant)
    acts.end_role(found, actor=request.user, reason=_reason(request))
    return redirect("manage:person", found.person_id)


def review(request: Request, grant: int) -> HttpResponse:
    """Looked at and still needed."""
    actions.review_role(_grant(grant), actor=request.user, reason=_reason(request))
    return redirect("manage:roles")


def _grant(key: int) -> Grant:
    return get_object_or_404(Grant.objects.select_related("person"), pk=key)


def _reason(request: Request) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise CallError("reason-absent")
    return str(form.cleaned_data["reason"])
