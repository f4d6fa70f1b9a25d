"""Pages of the app. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from liantu.web.accounts.http import Request


def people(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "manage:people"})


def audit(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "manage:audit"})


def health(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "manage:health"})
