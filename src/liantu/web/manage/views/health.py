"""Whether the workbench lives. Owns: the page for people, the answer for supervision. Never: mending."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from liantu.web.accounts.http import Request
from liantu.web.manage import queries


def health(request: Request) -> HttpResponse:
    """Every vital sign with its light."""
    vitals = queries.vitals()
    return render(request, "manage/health.html", {"vitals": vitals, "bad": [one for one in vitals if one.tone != "green"]})


def live(request: Request) -> HttpResponse:
    """For whoever watches from outside: the server answers. Nothing more is told."""
    return HttpResponse("ok\n", content_type="text/plain")
