"""Files on their way in, over the interface. Owns: these operations. Never: the steps themselves (registry's handlers)."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from ninja import Field, File, Router, Status
from ninja.files import UploadedFile

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.parts import WhyIn
from liantu.web.api.schemas.registers import HeaderOut, ImportOut, ImportTableOut, LineOut, LinesOut, MatchIn
from liantu.web.api.signed import REFUSED, XLSX, answers, files, needs, said_of
from liantu.web.jobs.models import Job
from liantu.web.registry import actions, handlers, imports
from liantu.web.registry.access import batch_for
from liantu.web.registry.models import Batch, Line
from liantu.words import Lang

router = Router(tags=["imports"])
_MOST = 500
View = Literal["wrong", "doubtful", "new", "changed", "unchanged", "all"]
WRITES = needs("write:register")


@router.get("/imports", response=answers(200, list[ImportOut]), url_name="imports", summary="My files, newest first", auth=WRITES)
def mine(request: Signed) -> list[ImportOut]:
    """The last hundred; nobody sees what others have sent."""
    return [_shown(one, None, request.lang) for one in Batch.objects.filter(by=request.user)[:100]]


@router.post("/imports", response=answers(201, ImportOut), url_name="imports", summary="Send a file", auth=WRITES)
def send(request: Signed, file: File[UploadedFile]) -> Status[ImportOut]:
    """Step one: .xlsx, .csv and the like, or a zip of them. What its headers are taken for is in the answer once it is read."""
    made = handlers.receive(file.name or "", file.read(), person=request.user)
    return Status(201, _of(request, made.pk))


@router.get("/imports/{number}", response=answers(200, ImportOut), url_name="import", summary="Where a file stands", auth=WRITES)
def one(request: Signed, number: int) -> ImportOut:
    """Its state, tables, headers and counts."""
    return _of(request, number)


@router.delete("/imports/{number}", response=answers(204, None), url_name="import", summary="Throw a file away", auth=WRITES)
def discard(request: Signed, number: int) -> Status[None]:
    """One that has not entered."""
    actions.discard(batch_for(request.user, number)[0], person=request.user)
    return Status(204, None)


@router.post("/imports/{number}/match", response=answers(200, ImportOut), url_name="match", summary="Match its headers", auth=WRITES)
def match(request: Signed, number: int, given: MatchIn) -> ImportOut:
    """Step two: headers not named keep the column the answer of step one says; then every row is checked."""
    found, job = batch_for(request.user, number)
    handlers.may_go(found, job, "read", "checked")
    if not handlers.take_for(found, given.taken, person=request.user):
        guessed: dict[str, dict[str, str]] = {
            one["table"]: {name: column for name, _, column in one["headers"]} for one in json.loads(found.said)["tables"]
        }

        def wanted(table: str, name: str, _at: int) -> str:
            return given.columns.get(table, {}).get(name, guessed[table][name])

        handlers.match(found, wanted, person=request.user)
    return _of(request, number)


@router.get("/imports/{number}/rows", response=answers(200, LinesOut), url_name="import-rows", summary="Its rows, checked", auth=WRITES)
def rows(
    request: Signed, number: int, view: View = "all", limit: Annotated[int, Field(ge=1, le=_MOST)] = 100,
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0,
) -> LinesOut:  # fmt: skip
    """Step three: each row beside the registers, cell by cell, with what is wrong or doubtful."""
    found = imports.lines(batch_for(request.user, number)[0], view)
    page = found.order_by("pk")[offset : offset + limit]
    return LinesOut(total=found.count(), offset=offset, rows=[_line(line, request.lang) for line in page])


@router.post("/imports/{number}/enter", response=answers(200, ImportOut), url_name="enter", summary="Enter its good rows", auth=WRITES)
def enter(request: Signed, number: int, why: WhyIn) -> ImportOut:
    """Step four: new and changed rows enter as one change, or none does."""
    found, job = batch_for(request.user, number)
    handlers.may_go(found, job, "checked")
    handlers.go(found, "enter", person=request.user, reason=why.reason)
    return _of(request, number)


@router.post("/imports/{number}/undo", response=answers(200, ImportOut), url_name="undo-import", summary="Take it back", auth=WRITES)
def undo(request: Signed, number: int, why: WhyIn) -> ImportOut:
    """Take back all that the file entered, if none of it was changed since."""
    found, job = batch_for(request.user, number)
    handlers.may_go(found, job, "entered")
    handlers.go(found, "undo", person=request.user, reason=why.reason)
    return _of(request, number)


@router.get(
    "/imports/{number}/marked.xlsx", response=REFUSED, url_name="marked",
    summary="The file back, wrong cells red", auth=WRITES, openapi_extra=files(XLSX),
)  # fmt: skip
def marked(request: Signed, number: int) -> HttpResponse:
    """While it is checked and has not entered."""
    found, _ = batch_for(request.user, number)
    if found.state != "checked":
        raise Http404
    answer = HttpResponse(imports.marked(found, request.lang), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="marked-{number}.xlsx"'
    return answer


def _of(request: Signed, number: int) -> ImportOut:
    return _shown(*batch_for(request.user, number), request.lang)


def _shown(batch: Batch, job: Job | None, lang: Lang) -> ImportOut:
    said: dict[str, Any] = json.loads(batch.said) if batch.said else {}
    meant = said.get("match", {})
    return ImportOut(
        id=batch.pk, name=batch.name, state=batch.state, job=int(batch.job) if batch.job else None, counts=said.get("counts", {}),
        is_busy=job is not None and not job.is_ended, created=batch.created, entered=batch.entered,
        findings=[said_of(finding, lang) for finding in imports.findings_of(said.get("findings", ()))],
        tables=[
            ImportTableOut(
                table=table["table"], rows=table["rows"], file=table["file"],
                headers=[
                    HeaderOut(name=name, header=header, column=meant.get(table["table"], {}).get(name, column))
                    for name, header, column in table["headers"]
                ],
            )
            for table in said.get("tables", ())
        ],
    )  # fmt: skip


def _line(line: Line, lang: Lang) -> LineOut:
    return LineOut(
        table=line.table, file=line.file, line=line.number, state=line.state, is_doubtful=line.is_doubtful, record=line.record,
        cells=json.loads(line.cells), before=json.loads(line.before or "{}"),
        findings=[said_of(finding, lang) for finding in imports.findings_of(line.findings)],
    )  # fmt: skip
