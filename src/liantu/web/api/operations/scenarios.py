"""Scenarios over the interface. Owns: these operations. Never: rights, writes (work's own access and actions)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from ninja import Router, Status

from liantu.web.api.bearer import Signed
from liantu.web.api.schemas.parts import ReasonIn
from liantu.web.api.schemas.work import ScenarioIn, ScenarioOut, ShareIn
from liantu.web.api.signed import WrongError, answers, needs
from liantu.web.work import access, actions, lists
from liantu.web.work.forms import ScenarioForm
from liantu.web.work.models import Scenario

router = Router(tags=["scenarios"])


@router.get(
    "/scenarios", response=answers(200, list[ScenarioOut]), url_name="scenarios", summary="Scenarios in use", auth=needs("read:chain")
)
def scenarios(request: Signed) -> list[ScenarioOut]:
    """The shared ones and one's own; ``q`` searches them, ``retired=1`` gives those out of use."""
    return [_scenario(one) for one in lists.scenarios(request.user, request.GET)[:500]]


@router.post("/scenarios", response=answers(201, ScenarioOut), url_name="scenarios", summary="Open a scenario", auth=needs("run"))
def open_scenario(request: Signed, given: ScenarioIn) -> Status[ScenarioOut]:
    """Open one, or branch off another."""
    branch = access.scenario_for(request.user, given.branch_of)[0] if given.branch_of else None
    form = _form(request, given)
    made = actions.open_scenario(form.name, form.reason, form.changes, person=request.user, branch_of=branch)
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
    form = _form(request, given)
    return _scenario(actions.change_scenario(found, form.name, form.reason, form.changes, lock=lock, person=request.user))


@router.post(
    "/scenarios/{number}/share", response=answers(200, ScenarioOut), url_name="share", summary="Share a scenario", auth=needs("run")
)
def share(request: Signed, number: int, why: ShareIn) -> ScenarioOut:
    """Let the whole office see it, or its owner alone again."""
    return _scenario(actions.share_scenario(_mine(request, number), shared=why.shared, person=request.user, reason=why.reason))


@router.post(
    "/scenarios/{number}/retire", response=answers(200, ScenarioOut), url_name="retire", summary="Retire a scenario", auth=needs("run")
)
def retire(request: Signed, number: int, why: ReasonIn) -> ScenarioOut:
    """Take it out of use."""
    return _scenario(actions.retire_scenario(_mine(request, number), person=request.user, reason=why.reason))


def _form(request: Signed, given: ScenarioIn) -> ScenarioForm:
    """What was sent, checked as the page's form is."""
    changes = [one.model_dump() for one in given.changes]
    form = ScenarioForm(name=given.name.strip(), reason=given.reason.strip(), changes=changes).checked(request.lang)
    if form.wrong:
        raise WrongError(fields=form.wrong)
    return form


def _mine(request: Signed, number: int) -> Scenario:
    found, may_change = access.scenario_for(request.user, number)
    if not may_change:
        raise PermissionDenied
    return found


def _scenario(one: Scenario) -> ScenarioOut:
    return ScenarioOut(
        id=one.pk, code=one.code, name=one.name, reason=one.reason, changes=one.changes, owner=one.owner.name,
        is_shared=one.is_shared, is_retired=one.is_retired, lock=one.lock,
    )  # fmt: skip
