"""Pages of the app. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from liantu.web.accounts.http import Request


def chain_map(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "chain:map"})


def balance(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "chain:balance"})


def recruit(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "chain:recruit"})


def plan(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "chain:plan"})


def coupling(request: Request) -> HttpResponse:
    """The page."""
    return render(request, "kit/empty.html", {"title": "chain:coupling"})
