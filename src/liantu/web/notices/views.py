"""My notices. Owns: the list and marking read. Never: somebody else's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from liantu.web.accounts.http import Request
from liantu.web.kit.listing import listed
from liantu.web.notices import actions, queries


def index(request: Request) -> HttpResponse:
    """What I was told, the newest first."""
    found = listed(queries.of(request.user), request.GET, sorts={"at": "at"}, default="-at")
    return render(request, "notices/index.html", {"listed": found, "unread": queries.unread(request.user)})


def read(request: Request) -> HttpResponse:
    """All read."""
    actions.read(request.user)
    return redirect("notices:index")


def follow(request: Request, notice: int) -> HttpResponse:
    """One read, and on to what it is about."""
    found = get_object_or_404(queries.of(request.user), pk=notice)
    actions.read(request.user, found)
    return redirect(found.link or "notices:index")
