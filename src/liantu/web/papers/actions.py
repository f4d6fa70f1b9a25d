"""What is done to reports. Owns: asking for one, keeping its files, approving it. Never: rendering."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import record
from liantu.web.jobs import actions as jobs
from liantu.web.papers.models import File, Paper
from liantu.web.registry import actions as registers
from liantu.web.work.context import Asked

RIGHT = "papers:index POST"
_LONGEST_PLAN = 30


@transaction.atomic
def ask(title: str, asked: Asked, lang: str, *, first: int | None = None, last: int | None = None, person: Person) -> Paper:
    """Ask for a report; it is made in the background.

    Raises
    ------
    CallError
        ``paper-years`` if a plan is to end before it begins or to last too long; ``jobs-full``.
    """
    if (first is None) != (last is None) or (first is not None and last is not None and not 0 <= last - first <= _LONGEST_PLAN):
        raise CallError("paper-years", {"most": _LONGEST_PLAN})
    paper = Paper.objects.create(
        title=title[:200], version=asked.version, snapshot=asked.snapshot or registers.snapshot(), scenario=asked.scenario,
        changes=asked.scenario.changes if asked.scenario else [], year=asked.year, first=first, last=last, lang=lang, asked_by=person,
    )  # fmt: skip
    paper.job = jobs.enqueue("paper", {"paper": paper.pk}, person=person, title=paper.title, right=RIGHT, is_told=True)
    paper.save(update_fields=["job"])
    said = {"title": paper.title, "year": paper.year, "scenario": asked.scenario_code, "job": paper.job.pk}
    record(person, "paper.asked", "paper", paper.pk, after=said)
    return paper


def keep(paper: Paper, conclusion: str, digest: str, files: Mapping[str, bytes]) -> None:
    """Store what was made; inside `jobs.actions.finishing`."""
    for form, content in files.items():
        made = {"content": content, "size": len(content), "digest": hashlib.sha256(content).hexdigest()}
        File.objects.update_or_create(paper=paper, form=form, defaults=made)
    paper.conclusion, paper.digest = conclusion, digest
    paper.save(update_fields=["conclusion", "digest"])


@transaction.atomic
def approve(paper: Paper, *, person: Person, reason: str) -> Paper:
    """Approve a report as it was made; its files are never made anew after that."""
    held = Paper.objects.select_for_update().get(pk=paper.pk)
    if held.approved is None:
        held.approved_by, held.approved = person, timezone.now()
        held.save(update_fields=["approved_by", "approved"])
        digests = dict(held.files.values_list("form", "digest"))
        record(person, "paper.approved", "paper", held.pk, after=digests, reason=reason)
    return held
