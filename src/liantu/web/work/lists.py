"""The lists of runs and scenarios. Owns: their filters and sorts. Never: rights (access), pages of a list (kit)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict

from liantu.web.accounts.models import Person
from liantu.web.jobs.models import WAITING, Job
from liantu.web.kit.listing import chosen, searched
from liantu.web.work import access
from liantu.web.work.models import VERBS, Run, Scenario

SORTS: Mapping[str, str] = {"asked": "id", "verb": "verb", "year": "year", "who": "asked_by__name", "found": "errors"}
SCENARIO_SORTS: Mapping[str, str] = {"name": "name", "who": "owner__name", "changed": "changed"}
STATES: Mapping[str, Q] = {
    "waiting": Q(computed=None, job__state__in=WAITING),
    "done": Q(computed__isnull=False, is_ok=True),
    "wrong": Q(computed__isnull=False, is_ok=False),
    "failed": Q(computed=None) & ~Q(job__state__in=WAITING),
}


def runs(person: Person, query: QueryDict) -> tuple[QuerySet[Run], dict[str, int]]:
    """The runs a person may read, filtered, and how many there are in each state."""
    rows = access.readable(person).select_related("job", "scenario", "asked_by").defer("zh", "en", "question")
    if verb := chosen(query, "verb", VERBS):
        rows = rows.filter(verb=verb)
    if query.get("mine"):
        rows = rows.filter(asked_by=person)
    counts: dict[str, int] = rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in STATES.items()})
    if state := chosen(query, "state", STATES):
        rows = rows.filter(STATES[state])
    return rows, counts


def waiting() -> int:
    """How many jobs of any kind wait or run."""
    return Job.objects.filter(state__in=WAITING).count()


def scenarios(person: Person, query: QueryDict) -> QuerySet[Scenario]:
    """The scenarios a person may see, with when one was last asked of; retired ones if they are asked for."""
    rows = Scenario.objects.filter(Q(is_shared=True) | Q(owner=person)).filter(is_retired=bool(query.get("retired")))
    if word := searched(query):
        rows = rows.filter(Q(name__icontains=word) | Q(reason__icontains=word))
    return rows.select_related("owner", "branch_of").annotate(last=Max("runs__computed"))
