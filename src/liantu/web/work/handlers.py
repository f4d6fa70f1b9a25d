"""What the worker does for this app. Owns: the kinds ``run`` and ``precompute``. Never: how a job is held (jobs)."""

from __future__ import annotations

from liantu.web.jobs.actions import finishing
from liantu.web.jobs.child import Report
from liantu.web.jobs.models import Job
from liantu.web.registry import queries as registers
from liantu.web.registry.models import Snapshot
from liantu.web.work import actions, answers, questions
from liantu.web.work.models import Run


def due() -> None:
    """The overviews of the version in force, if nobody has had them computed yet."""
    if version := registers.published():
        actions.precompute(version)


def run(job: Job, report: Report) -> None:
    """Answer one question."""
    asked = Run.objects.select_related("snapshot", "scenario").get(pk=job.payload["run"])
    if asked.is_answered:
        return
    found = answers.answered(asked.verb, registers.content(asked.snapshot), asked.question, report)
    with finishing(job):
        actions.keep(asked, found)


def precompute(job: Job, report: Report) -> None:
    """The overviews of a snapshot, its own year first, and its outlook; all are stored together at the end."""
    snapshot = Snapshot.objects.get(pk=job.payload["snapshot"])
    tables = registers.content(snapshot)
    years = actions.years_of(snapshot)
    found = []
    for place, year in enumerate(years):
        report(place / len(years), "work.said-year", {"year": str(year), "place": place + 1, "of": len(years)})
        question = {"year": year, "options": {}}
        found.append(("overview", question, answers.answered("overview", tables, question, _silent)))
    planned = {"first": years[0] + 1, "last": years[0] + questions.YEARS_PLANNED}
    question = {"year": years[0], "options": questions.settled("outlook", planned)}
    found.append(("outlook", question, answers.answered("outlook", tables, question, _silent)))
    with finishing(job):
        for verb, question, told in found:
            asked = actions.run_of(snapshot, verb, question)
            if not asked.is_answered:
                actions.keep(asked, told)


def _silent(_share: float, _key: str) -> None:
    """Progress of a single year is not said."""
