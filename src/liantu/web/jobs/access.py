"""Rights to single jobs. Owns: who may see and who may end one. Never: pages."""

from __future__ import annotations

from django.http import Http404

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.jobs.models import Job

# Besides who asked for it.
_MAY_SEE = frozenset({"viewer", "lead", "system"})
_MAY_END = frozenset({"lead", "system"})


def job_for(person: Person, number: int) -> tuple[Job, bool]:
    """A job, and whether the person may end it. A firm's people see their own only.

    Raises
    ------
    Http404
        If there is none, or it is not for this person: the answer is the same.
    """
    job = Job.objects.filter(pk=number).first()
    actors = rights.actors(person)
    if job is None or not (job.asked_by_id == person.pk or actors & _MAY_SEE):
        raise Http404
    return job, job.asked_by_id == person.pk or bool(actors & _MAY_END)
