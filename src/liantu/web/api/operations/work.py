"""Runs, jobs and what the pages of the chain show. Owns: these operations. Never: rights, writes (work's own access and actions)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import Field, Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.parts import ReasonIn, Text
from liantu.web.api.schemas.work import AgainstOut, DifferenceOut, JobOut, RunIn, RunOut, RunsOut, StoredOut
from liantu.web.api.signed import answers, needs
from liantu.web.chain import queries as chain
from liantu.web.chain.access import seen
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.access import job_for
from liantu.web.jobs.models import Job
from liantu.web.work import access, actions, comparing, context, lists, queries
from liantu.web.work.context import Asked
from liantu.web.work.models import BASE, Run
from liantu.words import Lang

router = Router(tags=["runs"])
_MOST = 100


@router.get("/runs", response=answers(200, RunsOut), url_name="runs", summary="Runs, newest first", auth=needs("read:chain"))
def runs(
    request: Signed, limit: Annotated[int, Field(ge=1, le=_MOST)] = 25, offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
) -> RunsOut:
    """Those this person may read; ``verb``, ``state`` and ``mine=1`` filter them as on the page."""
    rows = lists.runs(request.user, request.GET)[0].order_by("-pk")
    return RunsOut(total=rows.count(), offset=offset, rows=[_run(row, request.lang) for row in rows[offset : offset + limit]])


@router.post("/runs", response=answers(201, RunOut), url_name="runs", summary="Ask a question", auth=needs("run"))
def ask(request: Signed, given: RunIn) -> Status[RunOut]:
    """Ask; the same question of the same data is answered from store."""
    asked = settled(request, given.year, given.scenario, given.version)
    options = given.options.model_dump(exclude_unset=True) if given.options else {}
    return Status(201, _run(actions.ask(given.verb, asked, options, person=request.user), request.lang))


@router.get(
    "/chain/{verb}",
    response=answers(200, StoredOut),
    url_name="chain",
    summary="What pages of the chain show",
    auth=needs("read:chain"),
)
def stored(
    request: Signed, verb: Literal["overview", "outlook"], year: Annotated[int | None, Field(ge=1990, le=2100)] = None,
    scenario: Annotated[Text, Field(max_length=20)] = BASE, version: Annotated[Text, Field(max_length=12)] = "",
) -> StoredOut:  # fmt: skip
    """The stored answer behind map, balance, recruiting and coupling (``overview``) and plan (``outlook``); ask by a run where there
    is none. A firm is told published aggregates and its own, as on its pages."""
    asked = settled(request, year, scenario, version)
    found = chain.shown(verb, asked, request.user, request.lang)
    return StoredOut(run=found.run.pk if found.run else None, earlier=found.earlier.pk if found.earlier else None, told=dict(found.told))


def settled(request: Signed, year: int | None, scenario: str, version: str) -> Asked:
    """What a question speaks of; a scenario or version that is not for this person is not there."""
    asked = context.settled(request.user, year=str(year or ""), scenario=scenario, version=version)
    if scenario != asked.scenario_code or (version and version != asked.version_code):
        raise Http404
    return asked


@router.get("/runs/{number}", response=answers(200, RunOut), url_name="run", summary="How far a run is", auth=needs("read:chain"))
def run(request: Signed, number: int) -> RunOut:
    """State, progress, and whether there is an answer."""
    return _run(access.run_for(request.user, number), request.lang)


@router.get(
    "/runs/{number}/answer", response=answers(200, dict[str, Any]), url_name="answer", summary="The answer", auth=needs("read:chain")
)
def answer(request: Signed, number: int) -> dict[str, Any]:
    """What ``liantu VERB --json`` prints, without the figures a firm is not shown; 404 until there is one."""
    found = access.run_for(request.user, number)
    if not found.is_answered:
        raise Http404
    return dict(seen(queries.answer(found, request.lang), request.user, request.lang))


@router.get(
    "/runs/{number}/against/{other}", response=answers(200, AgainstOut), url_name="compare", summary="Two answers side by side",
    auth=needs("read:chain"),
)  # fmt: skip
def against(request: Signed, number: int, other: int) -> AgainstOut:
    """What differs between two answers to one verb, the greatest difference first."""
    left, right = (access.run_for(request.user, one) for one in (number, other))
    made = comparing.compared(left, right, request.lang)
    return AgainstOut(
        is_same_verb=made.is_same_verb, are_answered=made.are_answered, total=made.total,
        differences=[
            DifferenceOut(figure=one.figure, item=one.item, unit=one.unit, left=one.left, right=one.right) for one in made.differences
        ],
        states={name: (ours["state"], theirs["state"]) for name, ours, theirs in made.states},
    )  # fmt: skip


@router.get("/jobs/{number}", response=answers(200, JobOut), url_name="job", summary="How far a job is")
def job(request: Signed, number: int) -> JobOut:
    """What is computed for a run, a report or an import: state, progress, log."""
    return job_out(job_for(request.user, number)[0], request.lang)


@router.post("/jobs/{number}/cancel", response=answers(200, JobOut), url_name="job-cancel", summary="End a job", auth=needs("run"))
def cancel(request: Signed, number: int, why: ReasonIn) -> JobOut:
    """End it, if it has not ended."""
    found, may_end = job_for(request.user, number)
    if not may_end:
        raise PermissionDenied
    return job_out(jobs.cancel(found, person=request.user, reason=why.reason), request.lang)


def _run(run: Run, lang: Lang) -> RunOut:
    job = run.job
    state = "done" if run.is_answered else job.state if job else "queued"
    return RunOut(
        id=run.pk, verb=run.verb, year=run.year, scenario=run.scenario.code if run.scenario else BASE, state=state,
        job=job.pk if job else None,
        progress=1.0 if run.is_answered else job.progress if job else 0.0, said=job.says(lang) if job else "",
        digest=run.digest, is_ok=run.is_ok, errors=run.errors, warnings=run.warnings,
    )  # fmt: skip


def job_out(one: Job, lang: Lang) -> JobOut:
    """A job as it is told."""
    log = [f"{at} {said}" for at, said in one.lines(lang)]
    return JobOut(id=one.pk, kind=one.kind, title=one.title, state=one.state, progress=one.progress, said=one.says(lang), log=log)
