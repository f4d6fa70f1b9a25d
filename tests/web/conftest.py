"""The cast of the workbench's tests: who they are and what they may do is said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.db import connection
from django.test import Client

from liantu.web.accounts import actions
from liantu.web.accounts.models import Organisation, Person
from liantu.web.audit import triggers
from liantu.web.audit.actions import System

# name → (organisation, roles). Two firms, so that one can look for the other.
CAST: dict[str, tuple[str, tuple[str, ...]]] = {
    "viewer": ("office", ("viewer",)),
    "editor": ("office", ("editor",)),
    "reviewer": ("office", ("reviewer",)),
    "lead": ("office", ("lead",)),
    "compliance": ("office", ("compliance",)),
    "system": ("office", ("system",)),
    "security": ("office", ("security",)),
    "auditor": ("office", ("audit",)),
    "park_editor": ("guiyang", ("editor",)),
    "firm_a": ("firm-a", ("viewer",)),
    "firm_a_editor": ("firm-a", ("editor",)),
    "firm_b": ("firm-b", ("viewer",)),
    "nobody_yet": ("office", ()),
}
ORGANISATIONS = {
    "office": ("office", "链长办", ""),
    "guiyang": ("county", "桂阳县", "guiyang"),
    "firm-a": ("firm", "甲公司", "a"),
    "firm-b": ("firm", "乙公司", "b"),
}


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_trail(django_db_setup: None) -> None:
    """After a test over several connections every table is emptied, which the trail's triggers would refuse."""
    empty = connection.ops.execute_sql_flush

    def emptied(sql_list: Iterable[str]) -> None:
        empty([*triggers.dropping(connection.vendor), *sql_list, *triggers.setting(connection.vendor)])

    connection.ops.execute_sql_flush = emptied  # type: ignore[method-assign]


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    """Everybody of the cast, with their roles confirmed."""
    homes: dict[str, Organisation] = {
        code: actions.open_organisation(code, kind, name, key=key, actor=System()) for code, (kind, name, key) in ORGANISATIONS.items()
    }
    made = {}
    for name, (home, roles) in CAST.items():
        person, _ = actions.open_person(name, name, homes[home], actor=System())
        person.must_change_password = False
        person.save()
        for role in roles:
            actions.give_role(person, role, actor=System(), confirmed=True)
        made[name] = person
    return made


@pytest.fixture
def as_(people: dict[str, Person]) -> Callable[[str], Client]:
    """``as_("editor")``: a browser in which that person is signed in; ``as_("")`` is nobody's."""

    def signed_in(name: str) -> Client:
        client = Client()
        if name:
            client.force_login(people[name])
        return client

    return signed_in
