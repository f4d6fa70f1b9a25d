"""Many write at once, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from liantu.web.accounts.models import Person
from liantu.web.audit import chain
from liantu.web.jobs import actions
from liantu.web.jobs.models import Job

WRITERS, EACH = 8, 12


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_lose_nothing_and_the_trail_has_no_fork(people: dict[str, Person]) -> None:
    before = chain.verify().events

    def write(writer: int) -> None:
        try:
            for place in range(EACH):
                actions.enqueue("run", {"writer": writer, "place": place}, person=people["editor"])
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    assert {(writer, place) for writer in range(WRITERS) for place in range(EACH)} == {
        (job.payload["writer"], job.payload["place"]) for job in Job.objects.all()
    }
    found = chain.verify()
    assert (None, WRITERS * EACH) == (found.wrong or None, found.events - before)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_take_each_job_once(people: dict[str, Person]) -> None:
    for place in range(WRITERS * 2):
        actions.enqueue("run", {"place": place}, person=None)

    def take(_: int) -> list[int]:
        taken = []
        try:
            while (job := actions.claim()) is not None:
                taken.append(job.pk)
        finally:
            connection.close()
        return taken

    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [pk for some in pool.map(take, range(WRITERS)) for pk in some]

    assert sorted(Job.objects.values_list("pk", flat=True)) == sorted(taken)
