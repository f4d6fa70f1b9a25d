"""Signing a request with a token. Owns: reading the header, whether the token holds. Never: rights, which are the person's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from liantu.web.accounts.http import Request
from liantu.web.api.actions import counted, digest
from liantu.web.api.models import Token
from liantu.web.kit.pages import refusal

Answer = Callable[[HttpRequest], HttpResponseBase]


class Signed(Request):
    """A request to the interface; ``token`` is None where a browser's session signs it. For annotations only."""

    token: Token | None


def bearer(answer: Answer) -> Answer:
    """Let a token speak for its person under /api/; a token that does not hold is refused, never taken for nobody."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        asked = cast(Signed, request)
        asked.token = None
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not request.path.startswith("/api/") or scheme.lower() != "bearer":
            return answer(request)
        token = _found(secret.strip())
        if token is None:
            return refusal(asked, 401, "token")
        if not counted(token):
            response = refusal(asked, 429, "too-many")
            response["Retry-After"] = "60"
            return response
        asked.user, asked.token = token.person, token
        return answer(request)

    return handle


def _found(secret: str) -> Token | None:
    token = Token.objects.select_related("person__organisation").filter(digest=digest(secret), ended=None, until__gt=timezone.now()).first()
    return token if token and token.person.is_active and token.person.organisation.is_active else None
