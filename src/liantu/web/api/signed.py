"""What every operation shares: scopes, documented refusals, errors as JSON. Owns: these three. Never: operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from liantu.errors import LiantuError
from liantu.web.api.bearer import Signed
from liantu.web.api.schemas import ErrorOut
from liantu.web.kit import trace
from liantu.words import say

Function = TypeVar("Function", bound=Callable[..., Any])
REFUSALS = frozenset({400, 401, 403, 404, 409, 413, 422, 429})
_CONFLICTS = {"record-exists", "record-used", "undo-not-last"}


def answers(status: int, schema: object) -> dict[int | frozenset[int], object]:
    """What an operation may answer: the good answer and every refusal, so that the description names them all."""
    return {status: schema, REFUSALS: ErrorOut}


def scope(name: str) -> Callable[[Function], Function]:
    """Ask a token for a scope; a browser's session has its person's rights alone."""

    def wrapped(operation: Function) -> Function:
        @wraps(operation)
        def asked(request: Signed, *args: Any, **given: Any) -> Any:
            if request.token is not None and not request.token.covers(name):
                raise HttpError(403, name)
            return operation(request, *args, **given)

        return cast(Function, asked)

    return wrapped


def signed(request: HttpRequest) -> bool:
    """Whether somebody signs: a token (checked before any view), or a session whose writes carry the page's own token."""
    asked = cast(Signed, request)
    if asked.token is not None:
        return True
    if not asked.user.is_authenticated:
        return False
    if check_csrf(request) is not None:
        raise PermissionDenied
    return True


def speak_errors(api: NinjaAPI) -> None:
    """Answer every error in one form and in words."""

    def said(request: HttpRequest, status: int, reason: str, fields: dict[str, str] | None = None) -> HttpResponse:
        lang = cast(Signed, request).lang
        body = ErrorOut(
            code=reason, message=say(f"web.refused-{reason}", lang), hint=say(f"web.refused-{reason}-do", lang),
            request=trace.current().request, fields=fields or {},
        )  # fmt: skip
        return api.create_response(request, body, status=status)

    def ours(request: HttpRequest, error: LiantuError) -> HttpResponse:
        lang = cast(Signed, request).lang
        body = ErrorOut(code=error.code, message=error.message(lang), hint=error.hint(lang), request=trace.current().request)
        return api.create_response(request, body, status=409 if error.code in _CONFLICTS else 422)

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"][1:]) or "body": str(one["msg"]) for one in error.errors}
        return said(request, 422, "invalid", fields)

    api.add_exception_handler(LiantuError, ours)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(AuthenticationError, lambda request, _: said(request, 401, "sign-in"))
    api.add_exception_handler(Http404, lambda request, _: said(request, 404, "not-found"))
    api.add_exception_handler(PermissionDenied, lambda request, _: said(request, 403, "no-right"))
    api.add_exception_handler(
        HttpError, lambda request, error: said(request, error.status_code, _REASONS.get(error.status_code, "bad-request"))
    )


_REASONS = {403: "scope", 409: "conflict", 413: "too-large"}
