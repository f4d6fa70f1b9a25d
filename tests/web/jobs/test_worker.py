"""The worker with real children: what is cancelled, too long, too large or dead is ended, and what is done is done once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from liantu.web.jobs import actions
from liantu.web.jobs.child import Report
from liantu.web.jobs.models import Job
from liantu.web.jobs.worker import Worker

# Newer Pythons warn of forking where there are threads, as the test runner has them.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")]
TURNS = 4000


def sleep(job: Job, report: Report) -> None:
    report(0.1, "jobs.log-started", {"attempt": 1})
    time.sleep(600)


def spin(job: Job, report: Report) -> None:
    while True:
        pass


def eat(job: Job, report: Report) -> None:
    bytearray(8 * 1024**3)


def die(job: Job, report: Report) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def write(job: Job, report: Report) -> None:
    with actions.finishing(job):
        pass


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that knows kinds of work no real handler does."""
    one = Worker({one.__name__: one for one in (sleep, spin, eat, die, write)}, at_once=2)
    yield one
    one.end()


def until(worker: Worker, told: Callable[[], bool]) -> None:
    for _ in range(TURNS):
        worker.turn()
        if told():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to that")


def ask(people: dict[str, Person], kind: str, seconds: int = 600) -> Job:
    return actions.enqueue(kind, {}, person=people["editor"], seconds=seconds)


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_a_job_is_done_once_and_its_worker_is_idle_again(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "write")

    until(worker, lambda: state(job) == "done" and worker.is_idle)

    assert 1 == Event.objects.filter(action="job.done", target=str(job.pk)).count()


def test_cancelling_ends_the_child(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "sleep")
    until(worker, lambda: bool(state(job) == "running" and job.said))

    actions.cancel(job, person=people["editor"])
    until(worker, lambda: state(job) == "cancelled")

    assert worker.is_idle


def test_what_takes_too_long_is_ended_in_words(worker: Worker, people: dict[str, Person]) -> None:
    jobs = [ask(people, kind, seconds=3) for kind in ("sleep", "spin")]

    until(worker, lambda: [state(job) for job in jobs] == ["failed", "failed"])

    assert {"job-time"} == {job.error["code"] for job in jobs}


def test_what_needs_too_much_memory_is_ended_in_words(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "eat")

    until(worker, lambda: state(job) == "failed")

    assert "job-memory" == job.error["code"]


def test_a_child_that_is_killed_is_tried_three_times(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "die")

    until(worker, lambda: state(job) == "failed")

    assert ("job-died", 3) == (job.error["code"], job.attempts)


def test_a_job_taken_over_by_another_worker_is_let_go(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "sleep")
    until(worker, lambda: bool(state(job) == "running" and job.said))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = actions.claim()
    assert taken is not None and taken.token != job.token

    worker._beaten = 0.0
    until(worker, lambda: worker.is_idle)

    assert "running" == state(job)
    assert taken.token == job.token


def test_a_worker_that_is_told_to_stop_leaves_its_jobs_to_the_next(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "sleep")
    until(worker, lambda: bool(state(job) == "running" and job.said))

    worker.end()

    assert ("queued", 0) == (state(job), job.attempts)


def test_a_worker_that_fails_ends_what_it_started(worker: Worker, people: dict[str, Person]) -> None:
    job = ask(people, "sleep")
    until(worker, lambda: bool(state(job) == "running" and job.said))

    worker._due, worker._looked = [lambda: 1 / 0], 0.0
    with pytest.raises(ZeroDivisionError):
        worker.run()

    assert [] == multiprocessing.active_children()
