"""A job is held by a lease, and its effect and its end are one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from liantu.web.jobs import actions
from liantu.web.jobs.models import MOST_QUEUED, Job

pytestmark = pytest.mark.django_db
People = dict[str, Person]


def silent(job: Job) -> None:
    """As if the worker had not been heard of for a minute."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def claimed() -> Job:
    job = actions.claim()
    assert job is not None
    return job


def test_the_oldest_waiting_job_is_taken_first(people: People) -> None:
    first, second = (actions.enqueue("run", {"n": n}, person=people["editor"]) for n in (1, 2))

    assert [first.pk, second.pk] == [claimed().pk, claimed().pk]
    assert actions.claim() is None


def test_nobody_has_more_than_two_running_and_others_are_not_held_up(people: People) -> None:
    for _ in range(3):
        actions.enqueue("run", {}, person=people["editor"])
    actions.enqueue("run", {}, person=people["lead"])

    assert ["editor", "editor", "lead"] == [str(claimed().asked_by) for _ in range(3)]
    assert actions.claim() is None


def test_the_same_question_twice_is_one_job_while_it_waits(people: People) -> None:
    first = actions.enqueue("run", {}, person=people["editor"], key="k")

    assert first.pk == actions.enqueue("run", {}, person=people["lead"], key="k").pk
    with actions.finishing(claimed()):
        pass
    assert first.pk != actions.enqueue("run", {}, person=people["lead"], key="k").pk


def test_a_full_queue_refuses_in_words(people: People) -> None:
    Job.objects.bulk_create(Job(kind="run") for _ in range(MOST_QUEUED))

    with pytest.raises(CallError) as refused:
        actions.enqueue("run", {}, person=people["editor"])
    assert "jobs-full" == refused.value.code


def test_a_job_whose_worker_fell_silent_is_taken_up_again(people: People) -> None:
    actions.enqueue("run", {}, person=people["editor"])
    first = claimed()
    silent(first)

    again = claimed()

    assert (first.pk, 2) == (again.pk, again.attempts)
    assert first.token != again.token


def test_who_lost_the_lease_writes_nothing(people: People) -> None:
    actions.enqueue("run", {}, person=people["editor"])
    first = claimed()
    silent(first)
    again = claimed()

    with pytest.raises(actions.LostError), actions.finishing(first):
        pytest.fail("the effect must not be written")
    with pytest.raises(actions.LostError):
        actions.tell(first, 0.5, "jobs.log-done")
    with actions.finishing(again):
        pass

    assert 1 == Event.objects.filter(action="job.done").count()


def test_a_job_cut_off_three_times_says_so(people: People) -> None:
    actions.enqueue("run", {"run": 1}, person=people["editor"])
    for _ in range(3):
        silent(claimed())

    assert actions.claim() is None
    job = Job.objects.get()
    assert "cut" == job.state
    assert "中断" in job.says("zh") and "cut off 3 times" in job.says("en")


def test_a_child_that_dies_is_tried_three_times_and_then_failed(people: People) -> None:
    actions.enqueue("run", {"run": 1}, person=people["editor"])
    for _ in range(3):
        actions.retry(claimed())

    job = Job.objects.get()
    assert ("failed", "job-died") == (job.state, job.error["code"])
    assert str(job.pk) in job.way_out("en")


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked_to_end(people: People) -> None:
    waiting = actions.enqueue("run", {}, person=people["editor"])
    assert "cancelled" == actions.cancel(waiting, person=people["editor"]).state

    actions.enqueue("run", {}, person=people["editor"])
    running = claimed()
    assert "running" == actions.cancel(running, person=people["editor"]).state
    with pytest.raises(actions.LostError), actions.finishing(running):
        pytest.fail("a cancelled job has no effect")
    actions.stop(running)
    assert "cancelled" == Job.objects.get(pk=running.pk).state


def test_an_effect_that_fails_leaves_the_job_unfinished(people: People) -> None:
    actions.enqueue("run", {}, person=people["editor"])
    job = claimed()

    with pytest.raises(ZeroDivisionError), actions.finishing(job):
        1 / 0  # noqa: B018

    assert "running" == Job.objects.get().state
    assert 0 == Event.objects.filter(action="job.done").count()
