"""The first start, and every start until somebody has signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from liantu.web.config import beginning
from liantu.web.registry.models import Version

pytestmark = pytest.mark.django_db


def signs_in(password: str) -> bool:
    return Client().post("/login/", {"username": "admin", "password": password}).status_code == 302


def test_a_password_that_was_never_used_is_replaced_at_the_next_start() -> None:
    first, second = beginning.begin(), beginning.begin()

    assert first is not None and second is not None
    assert (False, True, "admin") == (first.is_anew, second.is_anew, second.username)
    assert (1, 1) == (Person.objects.count(), Version.objects.count())
    assert ["password.reset"] == list(Event.objects.filter(target="admin", action="password.reset").values_list("action", flat=True))
    assert not signs_in(first.password)
    assert signs_in(second.password)


def test_once_somebody_has_signed_in_no_start_makes_a_password() -> None:
    first = beginning.begin()
    assert first is not None and signs_in(first.password)

    assert beginning.begin() is None
    assert signs_in(first.password)


def test_a_workbench_with_other_people_in_it_keeps_its_passwords() -> None:
    first = beginning.begin()
    assert first is not None
    Person.objects.create(username="li", name="李", organisation=Person.objects.get().organisation)

    assert beginning.begin() is None
