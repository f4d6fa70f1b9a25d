"""Pages of the app. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from liantu.web.accounts import rights
from liantu.web.accounts.http import Request
from liantu.web.chain import queries as chain
from liantu.web.desk import queries
from liantu.web.notices import actions as notices
from liantu.web.work import context


def desk(request: Request) -> HttpResponse:
    """What waits for this person, what changed, what is due, the chain at a glance."""
    person, lang = request.user, request.lang
    has_chain = rights.allowed(rights.actors(person), "chain:map", "GET")
    asked = context.asked(request) if has_chain else None
    due, since = queries.due(person, lang), queries.last_visit(person)
    about = {
        "tasks": queries.tasks(person, lang, due, asked.versions if asked else ()),
        "starts": queries.starts(person),
        "due": due,
        "told": queries.notices(person, lang),
        "changes": queries.changes(person, since, lang),
        "since": since,
        "asked": asked,
        "shown": chain.shown("overview", asked, person, lang) if asked else None,
    }
    return render(request, "desk/desk.html", about)


def read(request: Request) -> HttpResponse:
    """Mark all that one was told as read."""
    notices.read(request.user)
    return redirect("desk:desk")
