"""Versions over the interface. Owns: these operations. Never: rights, writes."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router, Status

from liantu import runs
from liantu.web.api.bearer import Signed
from liantu.web.api.operations.work import job_out
from liantu.web.api.schemas.parts import ReasonIn
from liantu.web.api.schemas.registers import TableApartOut, VersionIn, VersionOut, VersionWholeOut
from liantu.web.api.schemas.work import JobOut
from liantu.web.api.signed import REFUSED, answers, files, needs
from liantu.web.registry import actions, handlers, queries
from liantu.web.registry.actions import versions as acts
from liantu.web.registry.models import Version

router = Router(tags=["versions"])


@router.get(
    "/versions", response=answers(200, list[VersionOut]), url_name="versions", summary="Versions, newest first", auth=needs("read:chain")
)
def versions(request: Signed) -> list[VersionOut]:
    """All of them."""
    return [VersionOut(**_said(version)) for version in Version.objects.select_related("snapshot").defer("snapshot__content")]


@router.post(
    "/versions",
    response={**answers(201, VersionOut), 202: JobOut},
    url_name="versions",
    summary="Put the registers forward as a version",
    auth=needs("write:register"),
)
def propose(request: Signed, wanted: VersionIn) -> Status[VersionOut] | Status[JobOut]:
    """Freeze the registers as they stand, large ones in a job; somebody else publishes it."""
    found = handlers.put_forward(wanted.name, person=request.user, reason=wanted.reason)
    return Status(201, VersionOut(**_said(found))) if isinstance(found, Version) else Status(202, job_out(found, request.lang))


@router.get(
    "/versions/{number}", response=answers(200, VersionWholeOut), url_name="version", summary="One version", auth=needs("read:chain")
)
def version(request: Signed, number: int) -> VersionWholeOut:
    """One version, and how many rows each of its tables has."""
    found = _known(number)
    return VersionWholeOut(**_said(found), rows=json.loads(found.snapshot.rows))


@router.post(
    "/versions/{number}/publish",
    response=answers(200, VersionOut),
    url_name="publish",
    summary="Publish a version of somebody else's",
    auth=needs("write:register"),
)
def publish(request: Signed, number: int, why: ReasonIn) -> VersionOut:
    """Publish what another person has put forward."""
    return VersionOut(**_said(acts.publish(_known(number).number, actor=request.user, reason=why.reason)))


@router.post(
    "/versions/{number}/withdraw",
    response=answers(200, VersionOut),
    url_name="withdraw",
    summary="Withdraw or retire a version",
    auth=needs("write:register"),
)
def withdraw(request: Signed, number: int, why: ReasonIn) -> VersionOut:
    """Take a version out of use; it stays readable."""
    return VersionOut(**_said(acts.withdraw(_known(number).number, actor=request.user, reason=why.reason)))


@router.get(
    "/versions/{number}/against/{other}", response=answers(200, list[TableApartOut]), url_name="version-compare",
    summary="What differs from another version", auth=needs("read:chain"),
)  # fmt: skip
def compare(request: Signed, number: int, other: int) -> list[TableApartOut]:
    """Tables that differ: rows that are new, changed or gone since the other version."""
    after, before = (queries.content(_known(one).snapshot) for one in (number, other))
    return [
        TableApartOut(table=one.table, before=one.before, after=one.after, new=one.new, changed=dict(one.changed), gone=one.gone)
        for one in queries.compared(before, after)
        if one.is_different
    ]


@router.get(
    "/versions/{number}/package.zip", response=REFUSED, url_name="package", summary="A version as a package",
    auth=needs("export"), openapi_extra=files("application/zip"),
)  # fmt: skip
def package(request: Signed, number: int) -> HttpResponse:
    """A published version as tables of the contract, in a zip."""
    found = _known(number)
    if found.state != "published":
        raise Http404
    content = runs.written(queries.content(found.snapshot), ".zip", lang=request.lang)
    actions.tell_export("version", "zip", {"number": str(number)}, actor=request.user)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="version-{number}.zip"'
    return answer


def _known(number: int) -> Version:
    found = queries.version(number)
    if found is None:
        raise Http404
    return found


def _said(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "name": version.name,
        "state": version.state,
        "reason": version.reason,
        "revision": version.snapshot.revision,
        "digest": version.snapshot.digest,
        "proposed_by": version.proposed_name,
        "published_by": version.published_name,
        "published_at": version.published_at,
    }
