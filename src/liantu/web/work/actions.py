"""What is done to runs and scenarios: the only place that writes them. Owns: one function an act. Never: rights, computing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu import __version__
from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import record
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.models import Job
from liantu.web.registry import actions as registers
from liantu.web.registry.models import Snapshot, Version
from liantu.web.work import answers, questions
from liantu.web.work.context import Asked, year_of
from liantu.web.work.models import Run, Scenario
from liantu.web.work.queries import question_of

RIGHT = "work:ask POST"


def ask(verb: str, asked: Asked, options: questions.Options | None = None, *, person: Person | None) -> Run:
    """Ask a question: the run that has answered it already, or one with a job that will.

    Raises
    ------
    CallError
        ``question-verb``, ``question-option``, ``jobs-full``.
    """
    # Reading every row of a draft comes first: nobody who writes waits for it.
    return _asked(verb, asked, options, asked.snapshot or registers.snapshot(), person)


@transaction.atomic
def _asked(verb: str, asked: Asked, options: questions.Options | None, snapshot: Snapshot, person: Person | None) -> Run:
    question = question_of(verb, asked, options or {})
    run = run_of(snapshot, verb, question, scenario=asked.scenario, person=person)
    if run.is_answered or (run.job and not run.job.is_ended):
        return run
    run.job = jobs.enqueue(
        "run", {"run": run.pk, "verb": verb}, person=person, key=run.key, title=_title(asked), right=RIGHT if person else ""
    )
    run.save(update_fields=["job"])
    return run


def run_of(
    snapshot: Snapshot, verb: str, question: Mapping[str, Any], *, scenario: Scenario | None = None, person: Person | None = None
) -> Run:
    """The run of a question, entered if it is new."""
    fixed = {
        "verb": verb, "question": dict(question), "snapshot": snapshot, "scenario": scenario, "year": question.get("year"),
        "asked_by": person, "version": __version__,
    }  # fmt: skip
    key = questions.key(snapshot.digest, verb, question)
    found, _ = Run.objects.defer("zh", "en").select_related("job").get_or_create(key=key, defaults=fixed)
    return found


def _title(asked: Asked) -> str:
    return f"{asked.year} · {asked.scenario.name}" if asked.scenario else str(asked.year)


def keep(run: Run, found: Sequence[answers.Answer]) -> None:
    """Store an answer and, of an overview, the answers it was put together from; inside `jobs.actions.finishing`."""
    whole, *parts = found
    _keep(run, whole)
    for part in parts:
        of = _question_of_part(run, part.verb)
        one = run_of(run.snapshot, part.verb, of, scenario=run.scenario)
        if not one.is_answered:
            one.part_of = one.part_of or (run if one.asked_by_id is None else None)
            _keep(one, part)


def _question_of_part(run: Run, verb: str) -> dict[str, Any]:
    """As if a part had been asked alone."""
    takes = questions.OPTIONS[verb] if verb in {"require", "plan"} else frozenset()
    options = {name: value for name, value in run.question["options"].items() if name in takes}
    return {**run.question, "options": options}


def _keep(run: Run, found: answers.Answer) -> None:
    run.computed, run.digest, run.is_ok = timezone.now(), found.digest, found.is_ok
    run.errors, run.warnings = found.errors, found.warnings
    run.zh, run.en = (answers.packed(found.told[lang]) for lang in ("zh", "en"))
    run.save()


def precompute(version: Version) -> Job | None:
    """Have the overviews of a version computed, once for each version of Liantu: the pages then open at once."""
    key = f"overviews-{version.snapshot_id}-{__version__}"
    if Job.objects.filter(key=key).exists():
        return None
    return jobs.enqueue("precompute", {"snapshot": version.snapshot_id}, person=None, key=key, title=version.name)


def years_of(snapshot: Snapshot) -> list[int]:
    """The years of the slider, the snapshot's own first."""
    first = year_of(snapshot)
    return [first, *(year for year in range(first - 1, first + 6) if year != first)]


# Scenarios ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_scenario(
    name: str, reason: str, changes: Iterable[Mapping[str, str]], *, person: Person, branch_of: Scenario | None = None
) -> Scenario:
    """Enter a scenario; one that branches off another has that one's changes to begin with, unless it is given its own."""
    rows = _rows(changes) or (list(branch_of.changes) if branch_of else [])
    made = Scenario.objects.create(name=name, reason=reason, changes=rows, owner=person, branch_of=branch_of)
    record(person, "scenario.opened", "scenario", made.code, after={"name": name, "changes": rows}, reason=reason)
    return made


@transaction.atomic
def change_scenario(
    scenario: Scenario, name: str, reason: str, changes: Iterable[Mapping[str, str]], *, lock: int, person: Person
) -> Scenario:
    """Change what a scenario changes; answers given already stay as they are.

    Raises
    ------
    CallError
        ``scenario-changed`` if somebody else has changed it since it was read; ``scenario-is-retired``.
    """
    held = _held(scenario, lock)
    before = {"name": held.name, "changes": held.changes}
    held.name, held.reason, held.changes = name, reason, _rows(changes)
    _save(held)
    record(person, "scenario.changed", "scenario", held.code, before=before, after={"name": name, "changes": held.changes}, reason=reason)
    return held


@transaction.atomic
def share_scenario(scenario: Scenario, *, shared: bool, person: Person, reason: str = "") -> Scenario:
    """Let the whole office see a scenario, or its owner alone."""
    held = _held(scenario, None)
    held.is_shared = shared
    _save(held)
    record(person, "scenario.shared" if shared else "scenario.withdrawn", "scenario", held.code, reason=reason)
    return held


@transaction.atomic
def retire_scenario(scenario: Scenario, *, person: Person, reason: str) -> Scenario:
    """Take a scenario out of use; it and its answers can still be read."""
    held = _held(scenario, None)
    held.is_retired = True
    _save(held)
    record(person, "scenario.retired", "scenario", held.code, reason=reason)
    return held


def _held(scenario: Scenario, lock: int | None) -> Scenario:
    held = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if lock is not None and held.lock != lock:
        raise CallError("scenario-changed", {"name": held.name})
    if held.is_retired:
        raise CallError("scenario-is-retired", {"name": held.name})
    return held


def _save(held: Scenario) -> None:
    held.lock, held.changed = held.lock + 1, timezone.now()
    held.save()


def _rows(changes: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Changes as the contract's rows; blank ones are left out."""
    rows = [{name: str(change.get(name, "")).strip() for name in questions.CHANGE} for change in changes]
    return [row for row in rows if any(row[name] for name in ("table", "rows", "column", "value"))]
