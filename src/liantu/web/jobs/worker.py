"""The worker: takes jobs, starts a child for each, keeps their leases, ends what is cancelled or too long. Owns: processes.
Never: what a job does, its fields (actions).

Each child leads a process group of its own, so that whatever it started ends with it.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkProcess

from django.db import Error, connection

from liantu.errors import CallError
from liantu.web.jobs import actions
from liantu.web.jobs.child import Handler, confined
from liantu.web.jobs.models import HEARTBEAT, Job
from liantu.web.kit.processes import forked, swept

_PAUSE = 0.3
_DUE_EVERY = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Child:
    job: Job
    process: ForkProcess
    began: float


class Worker:
    """Runs jobs until it is told to stop.

    Parameters
    ----------
    handlers : mapping
        What does which kind.
    at_once : int
        How many side by side.
    due : sequence of callable
        Asked now and then: each puts into the queue what nobody has to ask for.
    """

    def __init__(self, handlers: Mapping[str, Handler], at_once: int = 2, due: Sequence[Callable[[], None]] = ()) -> None:
        self._handlers, self._at_once, self._due = handlers, at_once, due
        self._looked = 0.0
        self._children: list[_Child] = []
        self._beaten = 0.0
        self._stopped = threading.Event()

    def stop(self, *_: object) -> None:
        """End after this turn."""
        self._stopped.set()

    def end(self) -> None:
        """End what runs and put it back into the queue: being stopped is no failed attempt."""
        for child in list(self._children):
            self._drop(child)
            actions.give_back(child.job)

    def run(self) -> None:
        """Until `stop`. While the database is away it waits for it; anything else that goes wrong ends it, and with it what it started."""
        try:
            while not self._stopped.wait(_PAUSE):
                try:
                    self.turn()
                except Error as error:
                    _log.warning("database away: %s", type(error).__name__)
                    connection.close()
                    self._stopped.wait(2)
            self.end()
        finally:
            for child in self._children:
                swept(child.process)

    def turn(self) -> None:
        """Look after the children once, then take as many new jobs as there is room for."""
        self._reap()
        self._keep()
        if not self._looked or time.monotonic() - self._looked > _DUE_EVERY:
            self._looked = time.monotonic()
            for look in self._due:
                look()
        while len(self._children) < self._at_once and (job := actions.claim()) is not None:
            process = forked("job", partial(confined, job, self._handlers, os.getpid()))
            self._children.append(_Child(job, process, time.monotonic()))

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs."""
        return not self._children

    def _reap(self) -> None:
        for child in [one for one in self._children if one.process.exitcode is not None]:
            self._children.remove(child)
            _ended(child)

    def _keep(self) -> None:
        """Renew leases; end what was cancelled, takes too long or belongs to somebody else by now."""
        now = time.monotonic()
        late = [child for child in self._children if now - child.began > child.job.seconds]
        for child in late:
            self._drop(child)
            actions.fail(child.job, CallError("job-time", {"limit": child.job.seconds}))
        if not self._children or (now - self._beaten < HEARTBEAT.total_seconds() and not self._cancelled()):
            return
        held = {job.token: job for job in actions.beat([child.job.token for child in self._children])}
        self._beaten = now
        for child in list(self._children):
            mine = held.get(child.job.token)
            if child.process.exitcode is None and (mine is None or mine.cancel_asked):
                self._drop(child)
                actions.stop(child.job)

    def _cancelled(self) -> bool:
        tokens = [child.job.token for child in self._children]
        return Job.objects.filter(token__in=tokens, cancel_asked=True).exists()

    def _drop(self, child: _Child) -> None:
        swept(child.process)
        self._children.remove(child)


def _ended(child: _Child) -> None:
    """A child that ended without having said how its job ended is tried again; one out of time is not."""
    if child.process.exitcode == -signal.SIGXCPU:
        actions.fail(child.job, CallError("job-time", {"limit": child.job.seconds}))
    elif child.process.exitcode:
        _log.warning("job %s ended with %s", child.job.pk, child.process.exitcode)
    actions.retry(child.job)
