"""What is done to jobs. Owns: every write to them, by people and by the worker. Never: processes (worker), what a job does.

A job's effect and its end are written in one transaction, by whoever still holds the lease: see `finishing`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from liantu.errors import CallError, LiantuError
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System, record
from liantu.web.jobs.models import LEASE, MOST_ATTEMPTS, MOST_QUEUED, MOST_RUNNING, SECONDS, Job
from liantu.web.notices import heard
from liantu.web.notices.actions import hear
from liantu.words import Value

_LONGEST_LOG = 200


class LostError(Exception):
    """The lease is gone: somebody else has the job, or it was cancelled. Whatever was to be written must not be."""


@transaction.atomic
def enqueue(
    kind: str,
    payload: Mapping[str, object],
    *,
    person: Person | None,
    key: str = "",
    title: str = "",
    right: str = "",
    seconds: int = SECONDS,
    is_told: bool = False,
) -> Job:
    """Ask for something to be done in the background.

    Parameters
    ----------
    kind : str
        Which handler does it: a key of ``config/jobs.py``, with its words ``jobs.kind-…``.
    person : Person, optional
        Who asks; None is the workbench itself.
    key : str
        A waiting job with this key is given back instead of a second one.
    right : str
        Route and method, ``work:ask POST``, that the person must still be allowed to use when it starts.
    seconds : int
        After which it is ended.
    is_told : bool
        Whether the caller's own event says that it was asked: one act, one event.

    Raises
    ------
    CallError
        ``jobs-full`` if too many wait already.
    """
    if key and (waiting := Job.objects.filter(key=key, state__in=("queued", "running")).first()):
        return waiting
    if Job.objects.filter(state="queued").count() >= MOST_QUEUED:
        raise CallError("jobs-full", {"limit": MOST_QUEUED})
    job = Job(kind=kind, payload=dict(payload), asked_by=person, key=key, title=title[:200], right=right, seconds=seconds)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Asked by somebody else at the same moment.
        return Job.objects.get(key=key, state__in=("queued", "running"))
    if not is_told:
        record(person or System(), "job.asked", "job", job.pk, after={"kind": kind, "title": title, "question": dict(payload)})
    return job


@transaction.atomic
def cancel(job: Job, *, person: Person, reason: str = "") -> Job:
    """End a job: at once if it waits, by its worker if it runs. One that has ended stays as it is."""
    held = Job.objects.select_for_update().get(pk=job.pk)
    if held.is_ended or held.cancel_asked:
        return held
    held.cancel_asked = True
    if held.state == "queued" or (held.lease_until and held.lease_until < timezone.now()):
        _close(held, "cancelled")
    held.save()
    record(person, "job.cancelled", "job", held.pk, reason=reason)
    return held


@transaction.atomic
def claim() -> Job | None:
    """Take the oldest job that may run, under a new lease; one whose worker fell silent is taken up again.

    Nobody has more than two running. A job whose workers fell silent too often is ended and says so.
    """
    now = timezone.now()
    silent = Job.objects.select_for_update(skip_locked=True).filter(state="running", lease_until__lt=now).order_by("pk").first()
    if silent is not None:
        return _taken_up_again(silent, now)
    busy = Job.objects.filter(state="running", asked_by__isnull=False).values("asked_by").annotate(n=Count("pk"))
    full = [row["asked_by"] for row in busy if row["n"] >= MOST_RUNNING]
    job = Job.objects.select_for_update(skip_locked=True).filter(state="queued").exclude(asked_by__in=full).order_by("pk").first()
    if job is None or _is_busy(job):
        return None
    return _leased(job, now)


def _is_busy(job: Job) -> bool:
    """Asked again with the person's row locked, so that two workers at once do not take a third."""
    if job.asked_by_id is None:
        return False
    Person.objects.select_for_update(no_key=True).get(pk=job.asked_by_id)
    return Job.objects.filter(state="running", asked_by=job.asked_by_id).count() >= MOST_RUNNING


def _taken_up_again(job: Job, now: datetime) -> Job | None:
    if job.cancel_asked:
        _end(job, "cancelled")
    elif job.attempts >= MOST_ATTEMPTS:
        job.error = {"code": "job-cut", "values": {"attempts": job.attempts}}
        _end(job, "cut")
    else:
        _log(job, "jobs.log-again", {"attempt": job.attempts + 1})
        return _leased(job, now)
    job.save()
    return None


def _leased(job: Job, now: datetime) -> Job:
    job.state, job.token, job.lease_until = "running", secrets.token_hex(16), now + LEASE
    job.started, job.attempts, job.progress, job.said = now, job.attempts + 1, 0.0, []
    _log(job, "jobs.log-started", {"attempt": job.attempts})
    job.save()
    return job


def beat(tokens: list[str]) -> list[Job]:
    """Renew the leases of what a worker runs; gives back what it still holds."""
    mine = Job.objects.filter(token__in=tokens, state="running")
    mine.update(lease_until=timezone.now() + LEASE)
    return list(mine)


def tell(job: Job, share: float, key: str, values: Mapping[str, Value] | None = None) -> None:
    """Say how far a job is.

    Raises
    ------
    LostError
        If the lease is gone.
    """
    said = [key, dict(values or {})]
    job.log = _longer(job.log, key, values or {})
    if not _held(job).update(progress=min(max(share, 0.0), 1.0), said=said, log=job.log):
        raise LostError(job.pk)


@contextmanager
def finishing(job: Job) -> Iterator[None]:
    """What is written inside is the job's effect; it and the job's end are one transaction, so neither happens twice.

    Raises
    ------
    LostError
        If the lease is gone: nothing is written.
    """
    with transaction.atomic():
        held = _held(job).select_for_update().first()
        if held is None or held.cancel_asked:
            raise LostError(job.pk)
        yield
        held.progress, held.log = 1.0, job.log
        _log(held, "jobs.log-done", {})
        _end(held, "done")
        held.save()
    job.state = held.state


@transaction.atomic
def fail(job: Job, error: LiantuError) -> None:
    """End a job that cannot be done, in words."""
    if held := _held(job).select_for_update().first():
        held.error = {"code": error.code, "values": error.values}
        _end(held, "failed")
        held.save()


@transaction.atomic
def stop(job: Job) -> None:
    """The worker has ended a job that was cancelled."""
    if held := _held(job).select_for_update().first():
        _end(held, "cancelled")
        held.save()


@transaction.atomic
def retry(job: Job) -> None:
    """A child died without a word: again, or failed for good when it has been tried often enough."""
    held = _held(job).select_for_update().first()
    if held is None:
        return
    if held.attempts >= MOST_ATTEMPTS:
        held.error = {"code": "job-died", "values": {"attempts": held.attempts, "number": held.pk}}
        _end(held, "failed")
    else:
        held.state, held.token, held.lease_until = "queued", "", None
        _log(held, "jobs.log-died", {})
    held.save()


@transaction.atomic
def give_back(job: Job) -> None:
    """The worker stops: the job waits for another, and this attempt does not count."""
    if held := _held(job).select_for_update().first():
        held.state, held.token, held.lease_until, held.attempts = "queued", "", None, held.attempts - 1
        held.save()


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, token=job.token, state="running")


def _close(job: Job, state: str) -> None:
    job.state, job.ended, job.token, job.lease_until = state, timezone.now(), "", None


def _end(job: Job, state: str) -> None:
    _close(job, state)
    event = f"{job.kind}.{'done' if state == 'done' else 'failed'}"
    if job.asked_by and state != "cancelled" and event in heard.table():
        argument = heard.table()[event].argument
        hear(event, {"title": job.title}, by=System(), at=job.payload[argument] if argument else None, person=job.asked_by)
    record(System(), f"job.{state}", "job", job.pk, outcome="done" if state == "done" else "failed")


def _log(job: Job, key: str, values: Mapping[str, Value]) -> None:
    job.log = _longer(job.log, key, values)


def _longer(log: list[list[object]], key: str, values: Mapping[str, Value]) -> list[list[object]]:
    line: list[object] = [timezone.localtime().strftime("%H:%M:%S"), key, dict(values)]
    return [*log, line][-_LONGEST_LOG:]
