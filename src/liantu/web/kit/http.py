"""The request as the middleware leaves it. Owns: its type, the cookie of the language, the way back. Never: who asks (accounts)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from liantu.words import Lang

LANGUAGE_COOKIE = "lang"


class Spoken(HttpRequest):
    """A request with its language and nonce. For annotations only: Django makes the request, the middleware adds to it."""

    lang: Lang
    nonce: str


def way_back(request: HttpRequest, default: str) -> str:
    """Where the form or address wants to go on to, if that is a page of this workbench."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=settings.SECURE) else default
