"""What the worker does for this app. Owns: the kind ``paper``. Never: how a job is held (jobs)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from liantu import report, runs
from liantu.errors import CallError
from liantu.model.results import RunRecord
from liantu.web.jobs.actions import finishing
from liantu.web.jobs.child import Report
from liantu.web.jobs.models import Job
from liantu.web.papers import actions
from liantu.web.papers.models import Paper
from liantu.web.registry import queries as registers
from liantu.web.work import questions

_PARTS = ("balance", "require", "throughput", "recruit")


def paper(job: Job, tell: Report) -> None:
    """Compute what a report tells of and write it in every form."""
    asked = Paper.objects.select_related("snapshot", "scenario").get(pk=job.payload["paper"])
    code = asked.scenario.code if asked.scenario else ""
    tell(0.05, "work.said-prepare")
    ready = runs.prepare(questions.with_scenario(registers.content(asked.snapshot), code, asked.changes))
    records = _records(asked, ready, code, tell)
    chain = runs.variant(ready, code)
    if chain is None or not records["balance"].ok or not records["require"].ok:
        raise CallError("paper-data", {"year": str(asked.year)})
    tell(0.7, "work.said-compose")
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    rest: dict[str, Any] = {name: one for name, one in records.items() if name not in {"balance", "require"}}
    made = report.report(chain, records["balance"], records["require"], lang="en" if asked.lang == "en" else "zh", at=at, **rest)
    tell(0.8, "papers.said-write")
    files = {form: report.rendered(made, form) for form in report.FORMATS}
    with finishing(job):
        actions.keep(asked, made.conclusion, records["balance"].digest, files)


def _records(asked: Paper, ready: runs.Prepared, code: str, tell: Report) -> dict[str, RunRecord]:
    records = {}
    for place, verb in enumerate(_PARTS):
        tell(0.1 + 0.1 * place, f"work.said-{verb}")
        records[verb] = runs.run(verb, ready, year=asked.year, scenario=code)
    if asked.first is not None:
        tell(0.5, "work.said-plan")
        options = questions.options_of("plan", {"options": {"first": asked.first, "last": asked.last}})
        records["plan"] = runs.run("plan", ready, year=asked.year, scenario=code, options=options)
    return records
