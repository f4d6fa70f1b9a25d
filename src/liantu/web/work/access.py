"""Rights to single runs and scenarios. Owns: who may see, change and ask. Never: pages, writes."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.registry import queries as registers
from liantu.web.work.models import Run, Scenario

# What a firm may read of a published version: what stands in its overview, never an answer in which others' prices show.
_FOR_ALL = ("overview",)


def sees_all(person: Person) -> bool:
    """Whether all runs, shared scenarios and drafts are open to this person: those of the office, counties and parks."""
    return "viewer" in rights.actors(person)


def scenarios(person: Person) -> QuerySet[Scenario]:
    """Scenarios in use that a person may choose: the shared ones and their own."""
    if not sees_all(person):
        return Scenario.objects.none()
    return Scenario.objects.filter(Q(is_shared=True) | Q(owner=person), is_retired=False)


def scenario_for(person: Person, number: int) -> tuple[Scenario, bool]:
    """A scenario, retired ones included, and whether the person may change it: its owner, and the office's lead.

    Raises
    ------
    Http404
        If there is none, or it is not for this person: the answer is the same.
    """
    found = Scenario.objects.filter(pk=number).select_related("owner", "branch_of").first()
    if found is None or not sees_all(person) or not (found.is_shared or found.owner_id == person.pk):
        raise Http404
    actors = rights.actors(person)
    return found, (found.owner_id == person.pk and "editor" in actors) or "lead" in actors


def may_read(person: Person, run: Run) -> bool:
    """Whether an answer is for this person, asked anew at every reading: roles and scenarios change."""
    if sees_all(person):
        return run.scenario is None or run.scenario.is_shared or run.scenario.owner_id == person.pk
    published = registers.published()
    return run.verb in _FOR_ALL and run.scenario_id is None and published is not None and published.snapshot_id == run.snapshot_id


def readable(person: Person) -> QuerySet[Run]:
    """Runs that a person may list, without those that are only parts of another."""
    if not sees_all(person):
        return Run.objects.none()
    return Run.objects.filter(Q(scenario=None) | Q(scenario__is_shared=True) | Q(scenario__owner=person), part_of=None)


def run_for(person: Person, number: int) -> Run:
    """A run without its answer.

    Raises
    ------
    Http404
        If there is none, or it is not for this person: the answer is the same.
    """
    found = (
        Run.objects.filter(pk=number)
        .select_related("scenario", "job", "asked_by", "snapshot")
        .defer("zh", "en", "snapshot__content")
        .first()
    )
    if found is None or not may_read(person, found):
        raise Http404
    return found
