"""What happens in the process of one job. Owns: its limits, asking the right anew, calling the handler. Never: leases, the queue."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from liantu.errors import CallError, LiantuError
from liantu.web.accounts import rights
from liantu.web.jobs import actions
from liantu.web.jobs.models import MEMORY_BYTES, Job
from liantu.web.kit.processes import end_with
from liantu.words import Value

_SELDOM = 0.5


class Report(Protocol):
    """``report(0.4, "work.said-balance", {"year": 2026})``: how far it is, in words everybody can read."""

    def __call__(self, share: float, key: str, values: Mapping[str, Value] | None = None, /) -> None:
        """Say it; seldom enough not to keep the database busy."""


Handler = Callable[[Job, Report], None]


def confined(job: Job, handlers: Mapping[str, Handler], parent: int) -> None:
    """Do one job within its limits; this process is its own."""
    _confine(parent, job.seconds)
    run(job.pk, job.token, handlers)


def run(number: int, token: str, handlers: Mapping[str, Handler]) -> None:
    """Do one job that was claimed with ``token``. What goes wrong in words ends it; anything else is left to the worker."""
    job = Job.objects.select_related("asked_by__organisation").filter(pk=number, token=token, state="running").first()
    if job is None:
        return
    try:
        _check(job)
        handlers[job.kind](job, _reporter(job))
        if job.state == "running":
            with actions.finishing(job):
                pass
    except actions.LostError:
        return
    except LiantuError as error:
        actions.fail(job, error)
    except MemoryError:
        actions.fail(job, CallError("job-memory", {"limit": MEMORY_BYTES // 1024**3}))


def _check(job: Job) -> None:
    """Between asking and starting a right may have been taken away."""
    person = job.asked_by
    if person is None:
        return
    route, _, method = job.right.partition(" ")
    if not (person.is_active and person.organisation.is_active) or (route and not rights.allowed(rights.actors(person), route, method)):
        raise CallError("job-no-right")


def _reporter(job: Job) -> Report:
    last = 0.0

    def report(share: float, key: str, values: Mapping[str, Value] | None = None, /) -> None:
        nonlocal last
        if time.monotonic() - last > _SELDOM:
            actions.tell(job, share, key, values)
            last = time.monotonic()

    return report


def _confine(parent: int, seconds: int) -> None:
    """Limit this process, and end it with its worker."""
    end_with(parent)
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    # The first tells why it ended, the second ends it.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
