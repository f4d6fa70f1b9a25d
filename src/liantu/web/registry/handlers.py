"""The steps of a file on its way in, and putting a version forward: done at once where it is small, else by the worker. Owns: which of
both, and the job. Never: how a step is done (imports, actions).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings

from liantu.errors import CallError, InputError
from liantu.model.findings import Finding, finding_of
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.child import Report
from liantu.web.jobs.models import Job
from liantu.web.registry import actions, imports, queries
from liantu.web.registry.models import Batch, Version

_SMALL_BYTES, _SMALL_ROWS = 1 << 20, 2_000
Closing = Callable[[], AbstractContextManager[None]]


class UnreadError(Exception):
    """A file that cannot be read, and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def receive(name: str, content: bytes, *, person: Person) -> Batch:
    """Step one: a file of a kind and size that is read. One that cannot be read is thrown away at once where it is small.

    Raises
    ------
    UnreadError
    """
    name = name.replace("\0", "")[-150:]
    if not name.lower().endswith(imports.SUFFIXES):
        raise UnreadError(Finding(code="upload-kind", values={"name": name, "kinds": " ".join(imports.SUFFIXES)}))
    if len(content) > settings.UPLOAD_LIMIT:
        raise UnreadError(Finding(code="upload-size", values={"name": name, "limit": settings.UPLOAD_LIMIT >> 20}))
    batch = actions.take(name, content, person=person)
    go(batch, "read", person=person)
    batch.refresh_from_db()
    if batch.state == "failed":
        finding = imports.findings_of(json.loads(batch.said)["findings"])[0]
        actions.discard(batch, person=person)
        raise UnreadError(finding)
    return batch


def match(batch: Batch, wanted: Callable[[str, str, int], str], *, person: Person) -> None:
    """Step two: settle which header means which column, and check the rows. For both see `imports.settled`."""
    actions.match(batch, imports.settled(json.loads(batch.said), wanted, person), person=person)
    go(batch, "check", person=person)


def take_for(batch: Batch, wanted: Mapping[str, str], *, person: Person) -> bool:
    """Read the file anew where its tables shall be taken for others; whether that was so."""
    otherwise = imports.retaken(json.loads(batch.said), wanted, person)
    if otherwise:
        actions.keep_reading(batch, imports.reading(bytes(batch.upload.content), batch.name, person, otherwise))
    return bool(otherwise)


def may_go(batch: Batch, job: Job | None, *states: str) -> None:
    """Whether a file is in one of these states and nothing works on it.

    Raises
    ------
    CallError
        ``batch-state``.
    """
    if batch.state not in states or (job is not None and not job.is_ended):
        raise CallError("batch-state", {"name": batch.name})


def go(batch: Batch, step: str, *, person: Person, reason: str = "") -> None:
    """Do a step (``read``, ``check``, ``enter``, ``undo``): at once if it is small, else in the background."""
    if _is_small(batch, step):
        _do(batch, step, reason, _silent, nullcontext)
        return
    payload = {"batch": batch.pk, "step": step, "reason": reason}
    job = jobs.enqueue("import", payload, person=person, key=f"import-{batch.pk}-{step}", title=batch.name, right="registry:imports POST")
    actions.working(batch, job.pk)


def bring(job: Job, report: Report) -> None:
    """A step as a job."""
    batch = Batch.objects.select_related("by__organisation", "organisation").get(pk=job.payload["batch"])
    _do(batch, job.payload["step"], str(job.payload.get("reason", "")), report, lambda: jobs.finishing(job))


def put_forward(name: str, *, person: Person, reason: str) -> Version | Job:
    """Propose a version: at once where the registers are small or were kept as they stand, else in the background, which reads every row.

    Returns
    -------
    Version or Job
        What was proposed, or the job that will.

    Raises
    ------
    CallError
        ``version-same``, ``version-waits``, as far as that can be told at once.
    """
    if queries.draft() is not None or queries.rows() <= _SMALL_ROWS:
        return actions.propose(name, actor=person, reason=reason)
    if waiting := Version.objects.filter(state="proposed").first():
        raise CallError("version-waits", {"number": waiting.number})
    payload = {"name": name, "reason": reason}
    return jobs.enqueue("version", payload, person=person, key="version", title=name, right="registry:propose POST")


def version(job: Job, report: Report) -> None:
    """Putting a version forward as a job."""
    report(0.1, "registry.said-keeping")
    kept = actions.snapshot()
    with jobs.finishing(job):
        actions.propose(str(job.payload["name"]), actor=job.asked_by or System(), reason=str(job.payload["reason"]), kept=kept)


def _is_small(batch: Batch, step: str) -> bool:
    if step == "read":
        return len(bytes(batch.upload.content)) <= _SMALL_BYTES
    if step == "undo":
        return batch.revisions.count() <= _SMALL_ROWS
    rows: list[int] = [one["rows"] for one in json.loads(batch.said)["tables"]]
    return sum(rows) <= _SMALL_ROWS


def _do(batch: Batch, step: str, reason: str, report: Report, closing: Closing) -> None:
    """What takes long comes first; what is written is written with the end of the job."""
    if step == "read":
        _read(batch, report, closing)
    elif step == "check":
        compared = list(imports.compare(bytes(batch.upload.content), batch, report))
        report(0.95, "registry.said-writing")
        with closing():
            actions.keep_check(batch, compared)
    else:
        report(0.1, "registry.said-writing")
        entries = actions.prepared(batch, batch.by) if step == "enter" else []
        with closing():
            if step == "enter":
                actions.enter(batch, entries, actor=batch.by, reason=reason)
            else:
                actions.undo_batch(batch, actor=batch.by, reason=reason)


def _read(batch: Batch, report: Report, closing: Closing) -> None:
    report(0.1, "registry.said-reading")
    try:
        said = imports.reading(bytes(batch.upload.content), batch.name, batch.by)
    except InputError as error:
        with closing():
            actions.refuse(batch, finding_of(error))
        return
    with closing():
        actions.keep_reading(batch, said)


def _silent(_share: float, _key: str, _values: object = None, /) -> None:
    """Nobody waits for what is done at once."""
