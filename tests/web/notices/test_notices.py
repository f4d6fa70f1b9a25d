"""What people are told, in the language they read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.notices import actions, queries

As = Callable[[str], Client]


@pytest.fixture
def told(people: dict[str, Person]) -> Person:
    actions.tell_all([people["editor"], people["viewer"]], "notices.says", {"unread": 7}, link="/chain/")
    return people["editor"]


def test_a_notice_reads_in_the_readers_language(as_: As, told: Person) -> None:
    client = as_("editor")

    assert "7 条未读。" in client.get("/notices/").content.decode()
    client.cookies["lang"] = "en"
    assert "7 not read yet." in client.get("/notices/").content.decode()


def test_a_notice_opened_is_read_and_leads_on(as_: As, told: Person) -> None:
    notice = queries.of(told).get()

    assert "/chain/" == as_("editor").post(f"/notices/{notice.pk}/")["Location"]
    assert 0 == queries.unread(told)


def test_all_are_read_at_once_but_nobody_elses(as_: As, told: Person, people: dict[str, Person]) -> None:
    actions.tell(told, "notices.says", {"unread": 1})
    as_("editor").post("/notices/read/")

    assert (0, 1) == (queries.unread(told), queries.unread(people["viewer"]))


def test_somebody_elses_notice_is_not_there(as_: As, told: Person) -> None:
    assert 404 == as_("viewer").post(f"/notices/{queries.of(told).get().pk}/").status_code
