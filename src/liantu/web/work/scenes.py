"""The pages of scenarios. Owns: list, one scenario, the form, two side by side. Never: queries, writes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from liantu.errors import CallError
from liantu.model import schema
from liantu.web.accounts.http import Request
from liantu.web.kit.listing import listed, whole
from liantu.web.work import access, actions, comparing, context, lists, queries
from liantu.web.work.context import Asked
from liantu.web.work.forms import ScenarioForm, changeable
from liantu.web.work.models import Scenario


def scenarios(request: Request) -> HttpResponse:
    """What if: the scenarios in use."""
    page = listed(lists.scenarios(request.user, request.GET), request.GET, sorts=lists.SCENARIO_SORTS, default="-changed")
    return render(request, "work/scenarios.html", {"page": page, "asked": context.asked(request)})


def scenario(request: Request, number: int) -> HttpResponse:
    """One scenario: its changes, what the check says of each, its answers."""
    found, may_change = access.scenario_for(request.user, number)
    asked = replace(context.asked(request), scenario=found)
    check = queries.stored("check", asked, person=request.user)
    told = queries.answer(check, request.lang) if check and check.is_answered else {}
    rows = queries.findings_by_change(told.get("findings", ()), len(found.changes))
    about = {
        "scenario": found,
        "may_change": may_change,
        "asked": asked,
        "check": check,
        "changes": list(zip(found.changes, rows, strict=True)),
    }
    return render(request, "work/scenario.html", {**about, "names": schema.tables(), "runs": queries.runs_of(found), "rest": rows.rest})


def new(request: Request) -> HttpResponse:
    """A new scenario, or a branch of another."""
    origin = whole(request.POST.get("branch_of", request.GET.get("branch_of")))
    above = access.scenario_for(request.user, origin)[0] if origin is not None else None
    if request.method == "GET":
        return _form(request, ScenarioForm(changes=list(above.changes) if above else []), above=above)
    form = ScenarioForm.read(request.POST, request.lang)
    if form.wrong or "more" in request.POST:
        return _form(request, form, above=above)
    made = actions.open_scenario(form.name, form.reason, form.changes, person=request.user, branch_of=above)
    return _checked(request, made)


def edit(request: Request, number: int) -> HttpResponse:
    """Change a scenario; who comes second sees both versions."""
    found, may_change = access.scenario_for(request.user, number)
    if not may_change:
        raise PermissionDenied
    if request.method == "GET":
        kept = ScenarioForm(name=found.name, reason=found.reason, changes=list(found.changes), lock=found.lock)
        return _form(request, kept, found)
    form = ScenarioForm.read(request.POST, request.lang)
    if form.wrong or "more" in request.POST:
        return _form(request, form, found)
    try:
        made = actions.change_scenario(found, form.name, form.reason, form.changes, lock=form.lock, person=request.user)
    except CallError as error:
        form.lock = found.lock
        return _form(request, form, found, error=error, status=409)
    return _checked(request, made)


def share(request: Request, number: int) -> HttpResponse:
    """Show a scenario to the office, or to its owner alone again."""
    return _act(request, number, "share")


def retire(request: Request, number: int) -> HttpResponse:
    """Take a scenario out of use."""
    return _act(request, number, "retire")


def _act(request: Request, number: int, what: str) -> HttpResponse:
    found, may_change = access.scenario_for(request.user, number)
    if not may_change:
        raise PermissionDenied
    reason = request.POST.get("reason", "").strip()[:1000]
    try:
        if what == "share":
            actions.share_scenario(found, shared=bool(request.POST.get("shared")), person=request.user, reason=reason)
        elif reason:
            actions.retire_scenario(found, person=request.user, reason=reason)
    except CallError as error:
        words = {"message": error.message(request.lang), "hint": error.hint(request.lang)}
        return render(request, "work/refused.html", words, status=409)
    return redirect("work:scenario", number)


def compare(request: Request) -> HttpResponse:
    """The chain under two scenarios, side by side."""
    asked = context.asked(request)
    sides = [_side(asked, request.GET.get(name, "")) for name in ("a", "b")]
    runs = [queries.stored("overview", side, person=request.user) for side in sides]
    left, right = runs
    made = comparing.compared(left, right, request.lang) if left and right else None
    return render(request, "work/scenario-compare.html", {"asked": asked, "sides": list(zip(sides, runs, strict=True)), "made": made})


def _side(asked: Asked, code: str) -> Asked:
    return replace(asked, scenario=next((one for one in asked.scenarios if one.code == code), None))


def _checked(request: Request, made: Scenario) -> HttpResponse:
    """Kept; what it does to the chain is checked in the background, and shown at its rows."""
    with suppress(CallError):
        # A full queue refuses: the page of the scenario offers to check it later.
        actions.ask("check", replace(context.asked(request), scenario=made), person=request.user)
    return redirect("work:scenario", made.pk)


def _form(
    request: Request, form: ScenarioForm, found: Scenario | None = None, *, above: Scenario | None = None, error: CallError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    tables = {name: schema.table(name) for name in changeable()}
    words = {"message": error.message(request.lang), "hint": error.hint(request.lang)} if error else None
    about = {"form": form, "scenario": found, "above": above, "tables": tables, "error": words}
    return render(request, "work/scenario-form.html", about, status=422 if form.wrong else status)
