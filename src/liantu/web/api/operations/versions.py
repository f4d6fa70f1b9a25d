"""Versions over the interface. Owns: these operations. Never: rights, writes."""

from __future__ import annotations

from django.http import Http404
from ninja import Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas import ReasonIn, VersionIn, VersionOut
from liantu.web.api.signed import answers, needs
from liantu.web.registry import queries
from liantu.web.registry.actions import versions as acts
from liantu.web.registry.models import Version

router = Router(tags=["versions"])


@router.get(
    "/versions", response=answers(200, list[VersionOut]), url_name="versions", summary="Versions, newest first", auth=needs("read:chain")
)
def versions(request: Signed) -> list[VersionOut]:
    """All of them."""
    return [_shown(version) for version in Version.objects.select_related("snapshot").defer("snapshot__content")]


@router.post(
    "/versions",
    response=answers(201, VersionOut),
    url_name="versions",
    summary="Put the registers forward as a version",
    auth=needs("write:register"),
)
def propose(request: Signed, wanted: VersionIn) -> Status[VersionOut]:
    """Freeze the registers as they stand; somebody else publishes it."""
    return Status(201, _shown(acts.propose(wanted.name, actor=request.user, reason=wanted.reason)))


@router.post(
    "/versions/{number}/publish",
    response=answers(200, VersionOut),
    url_name="publish",
    summary="Publish a version of somebody else's",
    auth=needs("write:register"),
)
def publish(request: Signed, number: int, why: ReasonIn) -> VersionOut:
    """Publish what another person has put forward."""
    _known(number)
    return _shown(acts.publish(number, actor=request.user, reason=why.reason))


@router.post(
    "/versions/{number}/withdraw",
    response=answers(200, VersionOut),
    url_name="withdraw",
    summary="Withdraw or retire a version",
    auth=needs("write:register"),
)
def withdraw(request: Signed, number: int, why: ReasonIn) -> VersionOut:
    """Take a version out of use; it stays readable."""
    _known(number)
    return _shown(acts.withdraw(number, actor=request.user, reason=why.reason))


def _known(number: int) -> None:
    if queries.version(number) is None:
        raise Http404


def _shown(version: Version) -> VersionOut:
    return VersionOut(
        number=version.number,
        name=version.name,
        state=version.state,
        reason=version.reason,
        revision=version.snapshot.revision,
        digest=version.snapshot.digest,
        proposed_by=version.proposed_name,
        published_by=version.published_name,
        published_at=version.published_at,
    )
