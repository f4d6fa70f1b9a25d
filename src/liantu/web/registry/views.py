"""Pages of the app. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from liantu.web.accounts.http import Request


def index(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "registry:index"})


def imports(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "registry:imports"})


def versions(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "registry:versions"})
