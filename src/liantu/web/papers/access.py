"""Rights to single reports. Owns: who may read and approve one. Never: pages."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.papers.models import Paper

_APPROVERS = frozenset({"reviewer", "lead"})


def readable(person: Person) -> QuerySet[Paper]:
    """Reports of the office's own chain, and those of shared scenarios or one's own; a firm has none, as others' figures are in them."""
    if "viewer" not in rights.actors(person):
        return Paper.objects.none()
    return Paper.objects.filter(Q(scenario=None) | Q(scenario__is_shared=True) | Q(scenario__owner=person))


def paper_for(person: Person, number: int) -> tuple[Paper, bool]:
    """A report, and whether this person may approve it: a second pair of eyes, never who asked for it.

    Raises
    ------
    Http404
        If there is none, or none for this person.
    """
    found = readable(person).select_related("asked_by", "approved_by", "version", "scenario", "job").filter(pk=number).first()
    if found is None:
        raise Http404
    is_second = found.asked_by_id != person.pk and bool(person.roles & _APPROVERS)
    return found, is_second and found.approved is None and bool(found.digest)
