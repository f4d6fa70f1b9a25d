"""Programs that sign with a token, and the small chain of the tests of work."""

from __future__ import annotations

import pytest
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.api import actions
from liantu.web.api.models import SCOPES
from tests.web.work.conftest import version, work

__all__ = ["program", "version", "work"]
People = dict[str, Person]


@pytest.fixture
def program(people: People):
    """``program("viewer", "read:chain")``: a client that signs with a token of that person."""

    def signed(name: str, *scopes: str) -> Client:
        _, secret = actions.open_token(people[name], "t", scopes or SCOPES, 30)
        return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})

    return signed
