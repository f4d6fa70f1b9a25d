"""Reports and the trail over the interface. Owns: these operations. Never: rights, writes."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpResponse
from ninja import Field, Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas import EventOut, PaperIn, PaperOut
from liantu.web.api.signed import answers, needs
from liantu.web.audit.models import Event
from liantu.web.papers import actions, queries
from liantu.web.papers.access import paper_for
from liantu.web.papers.models import Paper
from liantu.web.work import context

router = Router(tags=["reports"])


@router.get("/reports", response=answers(200, list[PaperOut]), url_name="papers", summary="Reports, newest first", auth=needs("read:chain"))
def papers(request: Signed) -> list[PaperOut]:
    """The last hundred."""
    return [_shown(one) for one in queries.papers(request.user).prefetch_related("files")[:100]]


@router.post("/reports", response=answers(201, PaperOut), url_name="papers", summary="Have a report made", auth=needs("run"))
def make(request: Signed, given: PaperIn) -> Status[PaperOut]:
    """It is made in the background."""
    asked = context.settled(request.user, year=str(given.year or ""), scenario=given.scenario, version=given.version)
    if given.scenario != asked.scenario_code or (given.version and given.version != asked.version_code):
        raise Http404
    return Status(201, _shown(actions.ask(given.title, asked, given.lang, first=given.first, last=given.last, person=request.user)))


@router.get("/reports/{number}", response=answers(200, PaperOut), url_name="paper", summary="One report", auth=needs("read:chain"))
def paper(request: Signed, number: int) -> PaperOut:
    """One report."""
    return _shown(paper_for(request.user, number)[0])


@router.get(
    "/reports/{number}/files/{form}",
    response=answers(200, bytes),
    url_name="paper-file",
    summary="A file of a report",
    auth=needs("export"),
)
def file(request: Signed, number: int, form: str) -> HttpResponse:
    """html, xlsx, docx or pdf."""
    held = paper_for(request.user, number)[0].files.filter(form=form).first()
    if held is None:
        raise Http404
    answer = HttpResponse(bytes(held.content), content_type=queries.TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="liantu-{number}.{form}"'
    return answer


@router.get("/events", response=answers(200, list[EventOut]), url_name="events", summary="The audit trail", auth=needs("audit:read"))
def events(
    request: Signed, after: Annotated[int, Field(ge=0, le=10**15)] = 0, limit: Annotated[int, Field(ge=1, le=500)] = 100
) -> list[EventOut]:
    """Events behind a number, oldest first: enough to check the chain elsewhere."""
    return [
        EventOut(
            seq=one.seq, at=one.at, actor=one.actor, action=one.action, kind=one.kind, target=one.target, before=one.before,
            after=one.after, reason=one.reason, outcome=one.outcome, previous=one.previous, digest=one.digest,
        )
        for one in Event.objects.filter(seq__gt=after).order_by("seq")[:limit]
    ]  # fmt: skip


def _shown(one: Paper) -> PaperOut:
    return PaperOut(
        id=one.pk, title=one.title, year=one.year, lang=one.lang, conclusion=one.conclusion, digest=one.digest,
        approved_by=one.approved_by.name if one.approved_by else "", forms=[file.form for file in one.files.all()],
    )  # fmt: skip
