"""Pages that refuse or apologise. Owns: what they say and their status. Never: why it came to that.

No page tells a version, a path, a query or whether the thing asked for exists for somebody else.
"""

from __future__ import annotations

import json
import sys
from typing import cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from liantu.errors import LiantuError
from liantu.web.kit import trace
from liantu.web.kit.http import Spoken
from liantu.words import say

_RETRY_S = 30


def refusal(request: Spoken, status: int, reason: str) -> HttpResponse:
    """A refusal in words, as a page or, under /api/, as JSON; ``reason`` names its words ``web.refused-…``."""
    return _page(request, status, reason, say(f"web.refused-{reason}", request.lang), say(f"web.refused-{reason}-do", request.lang))


def told(request: Spoken, error: LiantuError) -> HttpResponse:
    """What an action refused, and what to do instead."""
    return _page(request, 400, error.code, error.message(request.lang), error.hint(request.lang))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return refusal(cast(Spoken, request), 400, "bad-request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by a view."""
    return refusal(cast(Spoken, request), 403, "no-right")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same bytes whether the thing is not there or not for this person."""
    return refusal(cast(Spoken, request), 404, "not-found")


def failed(request: HttpRequest) -> HttpResponse:
    """500; 503 with the time to wait where the database does not answer."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = refusal(cast(Spoken, request), 503, "database")
        response["Retry-After"] = str(_RETRY_S)
        return response
    return refusal(cast(Spoken, request), 500, "failed")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from elsewhere, or from a page that is too old."""
    return refusal(cast(Spoken, request), 403, "csrf")


def _page(request: Spoken, status: int, code: str, title: str, text: str) -> HttpResponse:
    number = trace.current().request
    if request.path.startswith("/api/"):
        body = {"code": code, "message": title, "hint": text, "request": number}
        return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    context = {"title": title, "text": text, "number": number}
    return HttpResponse(render_to_string("kit/refusal.html", context, request=request), status=status)
