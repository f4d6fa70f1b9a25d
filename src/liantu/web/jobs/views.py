"""How far a job is, and ending it. Owns: these answers. Never: what the job was for; its page is elsewhere."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from liantu.web.accounts.http import Request
from liantu.web.jobs import actions
from liantu.web.jobs.access import job_for
from liantu.web.jobs.models import Job
from liantu.web.kit.http import way_back
from liantu.words import Lang, say


def state(request: Request, number: int) -> HttpResponse:
    """Progress as JSON, for the page that waits for it."""
    job, _ = job_for(request.user, number)
    return JsonResponse(progress(job, request.lang))


def progress(job: Job, lang: Lang) -> dict[str, object]:
    """What `kit/app.js` asks for."""
    return {"progress": job.progress, "said": job.says(lang), "finished": job.is_ended, "state": say(f"jobs.state-{job.state}", lang)}


def cancel(request: Request, number: int) -> HttpResponse:
    """End a job and go back."""
    job, may_end = job_for(request.user, number)
    if not may_end:
        raise PermissionDenied
    actions.cancel(job, person=request.user, reason=request.POST.get("reason", "")[:500])
    return HttpResponseRedirect(way_back(request, reverse("work:runs")))
