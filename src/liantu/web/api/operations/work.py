"""Runs and scenarios over the interface. Owns: these operations. Never: rights, writes (work's own access and actions)."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import Field, Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas import ReasonIn, RunIn, RunOut, RunsOut, ScenarioIn, ScenarioOut
from liantu.web.api.signed import answers, needs
from liantu.web.chain.access import seen
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.access import job_for
from liantu.web.work import access, actions, context, queries
from liantu.web.work.models import BASE, Run, Scenario
from liantu.words import Lang

router = Router(tags=["runs"])
_MOST = 100


@router.get("/runs", response=answers(200, RunsOut), url_name="runs", summary="Runs, newest first", auth=needs("read:chain"))
def runs(
    request: Signed, limit: Annotated[int, Field(ge=1, le=_MOST)] = 25, offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
) -> RunsOut:
    """Those this person may read."""
    rows = access.readable(request.user).select_related("job", "scenario").defer("zh", "en").order_by("-pk")
    return RunsOut(total=rows.count(), offset=offset, rows=[_run(row, request.lang) for row in rows[offset : offset + limit]])


@router.post("/runs", response=answers(201, RunOut), url_name="runs", summary="Ask a question", auth=needs("run"))
def ask(request: Signed, given: RunIn) -> Status[RunOut]:
    """Ask; the same question of the same data is answered from store."""
    year = str(given.year) if given.year else ""
    asked = context.settled(request.user, year=year, scenario=given.scenario, version=given.version)
    if given.scenario != asked.scenario_code or (given.version and given.version != asked.version_code):
        raise Http404
    return Status(201, _run(actions.ask(given.verb, asked, given.options, person=request.user), request.lang))


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


@router.post("/runs/{number}/cancel", response=answers(200, RunOut), url_name="run-cancel", summary="End a run", auth=needs("run"))
def cancel(request: Signed, number: int, why: ReasonIn) -> RunOut:
    """End it, if it has not ended."""
    found = access.run_for(request.user, number)
    if found.job is None:
        raise Http404
    job, may_end = job_for(request.user, found.job.pk)
    if not may_end:
        raise PermissionDenied
    jobs.cancel(job, person=request.user, reason=why.reason)
    return _run(access.run_for(request.user, number), request.lang)


@router.get(
    "/scenarios", response=answers(200, list[ScenarioOut]), url_name="scenarios", summary="Scenarios in use", auth=needs("read:chain")
)
def scenarios(request: Signed) -> list[ScenarioOut]:
    """The shared ones and one's own."""
    return [_scenario(one) for one in access.scenarios(request.user).select_related("owner")]


@router.post("/scenarios", response=answers(201, ScenarioOut), url_name="scenarios", summary="Open a scenario", auth=needs("run"))
def open_scenario(request: Signed, given: ScenarioIn) -> Status[ScenarioOut]:
    """Open one, or branch off another."""
    branch = access.scenario_for(request.user, given.branch_of)[0] if given.branch_of else None
    changes = [change.model_dump() for change in given.changes]
    made = actions.open_scenario(given.name, given.reason, changes, person=request.user, branch_of=branch)
    return Status(201, _scenario(made))


@router.get(
    "/scenarios/{number}", response=answers(200, ScenarioOut), url_name="scenario", summary="One scenario", auth=needs("read:chain")
)
def scenario(request: Signed, number: int) -> ScenarioOut:
    """One scenario, retired ones too."""
    return _scenario(access.scenario_for(request.user, number)[0])


@router.put("/scenarios/{number}", response=answers(200, ScenarioOut), url_name="scenario", summary="Change a scenario", auth=needs("run"))
def change(request: Signed, number: int, given: ScenarioIn) -> ScenarioOut:
    """Replace its name, reason and changes."""
    found = _mine(request, number)
    lock = found.lock if given.lock is None else given.lock
    changes = [one.model_dump() for one in given.changes]
    return _scenario(actions.change_scenario(found, given.name, given.reason, changes, lock=lock, person=request.user))


@router.post(
    "/scenarios/{number}/share", response=answers(200, ScenarioOut), url_name="share", summary="Share a scenario", auth=needs("run")
)
def share(request: Signed, number: int, why: ReasonIn) -> ScenarioOut:
    """Let the whole office see it."""
    return _scenario(actions.share_scenario(_mine(request, number), shared=True, person=request.user, reason=why.reason))


@router.post(
    "/scenarios/{number}/retire", response=answers(200, ScenarioOut), url_name="retire", summary="Retire a scenario", auth=needs("run")
)
def retire(request: Signed, number: int, why: ReasonIn) -> ScenarioOut:
    """Take it out of use."""
    return _scenario(actions.retire_scenario(_mine(request, number), person=request.user, reason=why.reason))


def _mine(request: Signed, number: int) -> Scenario:
    found, may_change = access.scenario_for(request.user, number)
    if not may_change:
        raise PermissionDenied
    return found


def _run(run: Run, lang: Lang) -> RunOut:
    job = run.job
    state = "done" if run.is_answered else job.state if job else "queued"
    return RunOut(
        id=run.pk, verb=run.verb, year=run.year, scenario=run.scenario.code if run.scenario else BASE, state=state,
        progress=1.0 if run.is_answered else job.progress if job else 0.0, said=job.says(lang) if job else "",
        digest=run.digest, is_ok=run.is_ok, errors=run.errors, warnings=run.warnings,
    )  # fmt: skip


def _scenario(one: Scenario) -> ScenarioOut:
    return ScenarioOut(
        id=one.pk, code=one.code, name=one.name, reason=one.reason, changes=one.changes, owner=one.owner.name,
        is_shared=one.is_shared, is_retired=one.is_retired, lock=one.lock,
    )  # fmt: skip
