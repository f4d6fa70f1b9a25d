"""What every request goes through. Owns: headers, nonce, language, who may use which route. Never: what a view does.

From the outside in: *guard* gives the request its id, catches refusals and puts the headers on every answer; *speak* settles
the language; *Rights* asks the table of rights before any view runs.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation

from liantu.errors import LiantuError
from liantu.web.accounts import rights
from liantu.web.accounts.http import Request
from liantu.web.accounts.sessions import SessionStore
from liantu.web.kit import trace
from liantu.web.kit.http import LANGUAGE_COOKIE
from liantu.web.kit.pages import refusal, told
from liantu.words import Lang

Answer = Callable[[HttpRequest], HttpResponseBase]
# What may be due of a person, by the page where it is done; open meanwhile are only these.
_DUE = {"password": "must_renew", "authenticator": "must_enrol"}
_FIRST = {"accounts:logout", "accounts:language", "manage:live", "api:openapi-json"}
_NONE_OPEN = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def guard(answer: Answer) -> Answer:
    """Number the request, and put the security headers on whatever answer comes back."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        asked = cast(Request, request)
        asked.nonce = secrets.token_urlsafe(18)
        asked.lang = _wanted(request)
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        known = trace.Trace(
            request=secrets.token_hex(8),
            address=_address(request),
            browser=str(request.META.get("HTTP_USER_AGENT", ""))[:200],
            session=hashlib.sha256(session.encode()).hexdigest()[:16] if session else "",
        )
        with trace.known(known):
            # No database keeps NUL, and no name has one; in a cookie it may be written as digits.
            named = (request.path, *request.COOKIES.values())
            is_whole = not any("\x00" in one for one in named) and "%00" not in request.META.get("QUERY_STRING", "")
            response = answer(request) if is_whole else refusal(asked, 400, "bad-request")
        response["X-Request-Id"] = known.request
        return _headed(response, asked)

    return handle


def _address(request: HttpRequest) -> str:
    """Where the request came from: what our proxy put last, as only that is its own word."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", "")))[:64]


def _headed(response: HttpResponseBase, request: Request) -> HttpResponseBase:
    nonce = f"'self' 'nonce-{request.nonce}'"
    policy = f"default-src 'self'; script-src {nonce}; style-src {nonce}; img-src 'self' data:; {_NONE_OPEN}"
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Frame-Options", "DENY")  # files never reach Django's own middleware for it
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
    response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _wanted(request: HttpRequest, own: str = "") -> Lang:
    """The language asked for by cookie, else the person's own; a program asks by its Accept-Language header."""
    header = request.headers.get("Accept-Language", "")[:2].lower() if _is_api(request.path) else ""
    return "en" if (request.COOKIES.get(LANGUAGE_COOKIE) or header or own) == "en" else "zh"


def speak(answer: Answer) -> Answer:
    """Speak the person's language; a visitor's by cookie; Chinese where neither says."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        asked = cast(Request, request)
        asked.lang = _wanted(request, getattr(request.user, "language", ""))
        with translation.override("en" if asked.lang == "en" else "zh-hans"):
            return answer(request)

    return handle


class Rights:
    """Ask the table of rights before a view runs; a route without a row is refused to all."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What an action refuses is told in its words; everything else is a fault."""
        return told(cast(Request, request), exception) if isinstance(exception, LiantuError) else None

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """None if the view may run; the way to sign in, or a refusal in words, if not."""
        match = request.resolver_match
        route = match.view_name if match else ""
        asked = cast(Request, request)
        actors = rights.actors(asked.user)
        methods = rights.methods(route)
        if request.method not in methods and not _is_read(request.method, methods):
            response = refusal(asked, 405, "method")
            response["Allow"] = ", ".join(sorted(methods))
            return response
        if rights.allowed(actors, route, "GET" if request.method == "HEAD" else str(request.method)):
            return _first_things_first(asked, route) if _is_kept(request) else refusal(asked, 400, "bad-request")
        if not asked.user.is_authenticated:
            return refusal(asked, 401, "sign-in") if _is_api(request.path) else redirect_to_login(request.get_full_path())
        return refusal(asked, 403, "no-right")


def _first_things_first(request: Request, route: str) -> HttpResponse | None:
    """A password of one's own, then an authenticator where one is due, before anything else; what is used is noted."""
    if isinstance(request.session, SessionStore):
        request.session.used()
    # A visitor has neither property, and nothing is due.
    due = next((page for page, asks in _DUE.items() if getattr(request.user, asks, False)), "")
    if not due or route in _FIRST or route == f"accounts:{due}":
        return None
    return refusal(request, 403, due) if _is_api(request.path) else redirect(f"accounts:{due}")


def _is_kept(request: HttpRequest) -> bool:
    """Whether a form holds only what a database keeps: none keeps NUL."""
    return not any("\x00" in value for _, values in request.POST.lists() for value in map(str, values))


def _is_read(method: str | None, methods: frozenset[str]) -> bool:
    return method == "HEAD" and "GET" in methods


def _is_api(path: str) -> bool:
    return bool(re.match(r"/api/", path))
