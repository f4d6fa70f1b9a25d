"""Reports over the interface. Owns: these operations. Never: rights, writes."""

from __future__ import annotations

from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from ninja import Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.operations.work import settled
from liantu.web.api.schemas.parts import WhyIn
from liantu.web.api.schemas.work import PaperIn, PaperOut
from liantu.web.api.signed import REFUSED, answers, files, needs
from liantu.web.papers import actions, queries
from liantu.web.papers.access import paper_for
from liantu.web.papers.models import Paper

router = Router(tags=["reports"])


@router.get("/reports", response=answers(200, list[PaperOut]), url_name="papers", summary="Reports, newest first", auth=needs("read:chain"))
def papers(request: Signed) -> list[PaperOut]:
    """The last hundred."""
    return [_shown(one) for one in queries.papers(request.user).prefetch_related("files")[:100]]


@router.post("/reports", response=answers(201, PaperOut), url_name="papers", summary="Have a report made", auth=needs("run"))
def make(request: Signed, given: PaperIn) -> Status[PaperOut]:
    """It is made in the background."""
    asked = settled(request, given.year, given.scenario, given.version)
    return Status(201, _shown(actions.ask(given.title, asked, given.lang, first=given.first, last=given.last, person=request.user)))


@router.get("/reports/{number}", response=answers(200, PaperOut), url_name="paper", summary="One report", auth=needs("read:chain"))
def paper(request: Signed, number: int) -> PaperOut:
    """One report: its files are there once its job is done."""
    return _shown(paper_for(request.user, number)[0])


@router.post("/reports/{number}/approve", response=answers(200, PaperOut), url_name="approve", summary="Approve one", auth=needs("run"))
def approve(request: Signed, number: int, why: WhyIn) -> PaperOut:
    """Approve one that somebody else asked for; it never changes after that."""
    found, may_approve = paper_for(request.user, number)
    if not may_approve:
        raise PermissionDenied
    return _shown(actions.approve(found, person=request.user, reason=why.reason))


@router.get(
    "/reports/{number}/files/{form}",
    response=REFUSED,
    url_name="paper-file",
    summary="A file of a report",
    auth=needs("export"),
    openapi_extra=files(*(kind.partition(";")[0] for kind in queries.TYPES.values())),
)
def file(request: Signed, number: int, form: Literal["html", "xlsx", "docx", "pdf"]) -> HttpResponse:
    """html, xlsx, docx or pdf."""
    held = paper_for(request.user, number)[0].files.filter(form=form).first()
    if held is None:
        raise Http404
    answer = HttpResponse(bytes(held.content), content_type=queries.TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="liantu-{number}.{form}"'
    return answer


def _shown(one: Paper) -> PaperOut:
    return PaperOut(
        id=one.pk, title=one.title, year=one.year, lang=one.lang, conclusion=one.conclusion, digest=one.digest,
        approved_by=one.approved_by.name if one.approved_by else "", forms=[file.form for file in one.files.all()],
        job=one.job_id, state="done" if one.digest else one.job.state if one.job else "queued",
    )  # fmt: skip
