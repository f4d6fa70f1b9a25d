"""What every operation shares: scopes, documented refusals, errors as JSON. Owns: these three. Never: operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from liantu.errors import LiantuError
from liantu.model.findings import Finding
from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.parts import ErrorOut, FindingOut
from liantu.web.kit import trace
from liantu.web.registry.actions.records import ConflictError
from liantu.web.registry.handlers import UnreadError
from liantu.words import Lang, say


class WrongError(Exception):
    """What was sent is wrong; findings say where and how to mend it, ``fields`` which part of the request is meant."""

    def __init__(self, findings: Sequence[Finding] = (), fields: Mapping[str, str] | None = None) -> None:
        super().__init__("wrong")
        self.findings, self.fields = findings, dict(fields or {})


def said_of(finding: Finding, lang: Lang) -> FindingOut:
    """A finding in words."""
    return FindingOut(
        level=finding.level, code=finding.code, message=finding.message(lang), hint=finding.hint(lang), column=finding.column or "",
        file=finding.file or "", row=finding.row,
    )  # fmt: skip


REFUSALS = frozenset({400, 401, 403, 404, 409, 413, 422, 429})
# What cannot be done as things stand, though the request is well written.
_CONFLICTS = frozenset({
    "record-exists", "record-used", "undo-not-last", "batch-state", "batch-moved", "batch-changed", "version-same", "version-waits",
    "version-own", "version-state", "version-last", "scenario-changed", "scenario-is-retired", "organisation-there", "person-there",
    "own-account", "role-own", "role-held", "role-apart", "role-gone", "role-second", "role-proposer",
})  # fmt: skip
_BUSY = "jobs-full"
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def files(*kinds: str) -> dict[str, Any]:
    """What the description says of an operation that answers with a file of one of these kinds."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {"responses": {200: {"description": "OK", "content": content}}}


# Of an operation that answers with a file: its good answer is described by `files`.
REFUSED: dict[int | frozenset[int], object] = {REFUSALS: ErrorOut}


def answers(status: int, schema: object) -> dict[int | frozenset[int], object]:
    """What an operation may answer: the good answer and every refusal, so that the description names them all."""
    return {status: schema, **REFUSED}


def needs(*scopes: str) -> Callable[[HttpRequest], bool]:
    """Who may ask for an operation: somebody signed in by a session, or a token with one of these scopes."""

    def asked(request: HttpRequest) -> bool:
        token = cast(Signed, request).token
        if token is not None and not any(map(token.covers, scopes)):
            raise HttpError(403, " ".join(scopes))
        return signed(request)

    return asked


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

    def said(
        request: HttpRequest, status: int, reason: str, fields: dict[str, str] | None = None, findings: Sequence[FindingOut] = ()
    ) -> HttpResponse:
        lang = cast(Signed, request).lang
        body = ErrorOut(
            code=reason, message=say(f"web.refused-{reason}", lang), hint=say(f"web.refused-{reason}-do", lang),
            request=trace.current().request, fields=fields or {}, findings=list(findings),
        )  # fmt: skip
        return api.create_response(request, body, status=status)

    def ours(request: HttpRequest, error: Any) -> HttpResponse:
        lang = cast(Signed, request).lang
        body = ErrorOut(code=error.code, message=error.message(lang), hint=error.hint(lang), request=trace.current().request)
        return api.create_response(request, body, status=409 if error.code in _CONFLICTS else 429 if error.code == _BUSY else 422)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"][1:]) or "body": str(one["msg"]) for one in error.errors}
        return said(request, 422, "invalid", fields)

    def wrong(request: HttpRequest, error: Any) -> HttpResponse:
        lang = cast(Signed, request).lang
        found = [said_of(one, lang) for one in error.findings]
        fields = {**{one.column: one.message for one in found if one.column}, **error.fields}
        return said(request, 422, "invalid", fields, found)

    def unread(request: HttpRequest, error: Any) -> HttpResponse:
        return wrong(request, WrongError([error.finding]))

    def refused(request: HttpRequest, error: Any) -> HttpResponse:
        return said(request, error.status_code, _REASONS.get(error.status_code, "bad-request"))

    api.add_exception_handler(LiantuError, ours)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(WrongError, wrong)
    api.add_exception_handler(UnreadError, unread)
    api.add_exception_handler(HttpError, refused)
    api.add_exception_handler(ConflictError, lambda request, _: said(request, 409, "conflict"))
    api.add_exception_handler(AuthenticationError, lambda request, _: said(request, 401, "sign-in"))
    api.add_exception_handler(Http404, lambda request, _: said(request, 404, "not-found"))
    api.add_exception_handler(PermissionDenied, lambda request, _: said(request, 403, "no-right"))


_REASONS = {403: "scope", 409: "conflict", 413: "too-large"}
