"""Somebody with a password that is known."""

from __future__ import annotations

import pytest

from liantu.web.accounts.models import Person

PASSWORD = "three calm rivers"


@pytest.fixture
def editor(people: dict[str, Person]) -> Person:
    person = people["editor"]
    person.set_password(PASSWORD)
    person.password_until = None
    person.save()
    return person
