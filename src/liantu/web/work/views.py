"""The pages of runs. Owns: list, one run, two side by side, asking. Never: queries, writes."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from liantu.errors import CallError
from liantu.web.accounts.http import Request
from liantu.web.jobs.access import job_for
from liantu.web.jobs.views import progress
from liantu.web.kit.http import way_back
from liantu.web.kit.listing import chosen, listed, whole
from liantu.web.work import access, actions, comparing, context, forms, lists, queries, showing
from liantu.web.work.models import COMPARED, VERBS, Run
from liantu.words import say

_FULL = "jobs-full"


def runs(request: Request) -> HttpResponse:
    """Everything that was computed, the newest first."""
    rows, filters = lists.runs(request.user, request.GET)
    page = listed(rows, request.GET, sorts=lists.SORTS, default="-asked")
    known = {"page": page, "filters": filters, "verbs": VERBS, "states": lists.STATES, "verb": chosen(request.GET, "verb", VERBS)}
    return render(request, "work/runs.html", {**known, "asked": context.asked(request), "waiting": lists.waiting()})


def run(request: Request, number: int) -> HttpResponse:
    """One run: question, progress, findings, answer."""
    found = access.run_for(request.user, number)
    told = queries.answer(found, request.lang) if found.is_answered else {}
    job = found.job
    may_end = job is not None and not job.is_ended and job_for(request.user, job.pk)[1]
    shown = showing.tables(found, told, request.lang, queries.names(found.snapshot))
    others = queries.comparable(found, request.user) if found.verb in COMPARED else []
    about = {
        "run": found,
        "job": job,
        "page": told.get("page"),
        "findings": told.get("findings", []),
        "may_end": may_end,
        "tables": shown,
        "others": others,
    }
    return render(request, "work/run.html", {**about, "version": queries.version_of(found), "lines": showing.question(found, request.lang)})


def state(request: Request, number: int) -> HttpResponse:
    """How far a run is, for the page that waits for it."""
    found = access.run_for(request.user, number)
    if found.is_answered or found.job is None:
        return JsonResponse({"progress": 1.0, "said": say("jobs.state-done", request.lang), "finished": found.is_answered})
    return JsonResponse(progress(found.job, request.lang))


def record(request: Request, number: int) -> HttpResponse:
    """The answer as ``--json`` prints it."""
    found = access.run_for(request.user, number)
    if not found.is_answered:
        raise Http404
    text = json.dumps(queries.answer(found, request.lang), ensure_ascii=False, indent=1)
    return HttpResponse(
        text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="run-{found.pk}.json"'}
    )


def ask(request: Request) -> HttpResponse:
    """Ask a question; the page that asked is shown again, and waits."""
    verb = request.POST.get("verb", "")
    try:
        found: Run = actions.ask(verb, context.asked(request), forms.options(verb, request.POST), person=request.user)
    except CallError as error:
        words = {"message": error.message(request.lang), "hint": error.hint(request.lang)}
        return render(request, "work/refused.html", words, status=429 if error.code == _FULL else 400)
    return HttpResponseRedirect(way_back(request, reverse("work:run", args=(found.pk,))))


def compare(request: Request) -> HttpResponse:
    """Two answers to one verb side by side, the difference first."""
    numbers = [number for one in request.GET.getlist("run") if (number := whole(one)) is not None]
    found = [access.run_for(request.user, one) for one in numbers[:2]]
    if len(found) != 2:
        return redirect("work:runs")
    made = comparing.compared(found[0], found[1], request.lang)
    return render(request, "work/compare.html", {"left": found[0], "right": found[1], "made": made})
