"""The request as the middleware leaves it. Owns: its type, the cookie of the language. Never: who asks (accounts)."""

from __future__ import annotations

from django.http import HttpRequest

from liantu.words import Lang

LANGUAGE_COOKIE = "lang"


class Spoken(HttpRequest):
    """A request with its language and nonce. For annotations only: Django makes the request, the middleware adds to it."""

    lang: Lang
    nonce: str
