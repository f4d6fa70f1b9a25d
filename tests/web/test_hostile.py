"""Whatever is typed in, sent or asked for, is answered in words: no value of any field of any route breaks the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.api.actions import open_token
from tests.web import routes
from tests.web.acts import ACTS, Act, world
from tests.web.test_events import undone

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
TEXTS = ("\0", "9" * 5000, "nan", "1e999", "9999-12-31", "0001-01-01", "x" * 20_000)
JSONS = (*TEXTS, None, -1, 10**30, float("nan"), [], {"\0": "\0"}, "\ud800")
# What a form may hold beside what it must.
MORE: Mapping[str, tuple[str, ...]] = {
    "registry:new": ("as_of", "next_due", "owner", "c_note"),
    "registry:edit": ("as_of", "lock"),
    "registry:retire": ("lock",),
    "registry:match": ("table:firms",),
    "work:ask": ("year", "scenario", "demand", "first", "rate", "zone", "next"),
    "work:scenario-new": ("lock", "branch_of"),
    "work:scenario-edit": ("lock",),
    "jobs:cancel": ("next",),
    "papers:index": ("first", "year", "version"),
    "accounts:login": ("code", "next"),
    "api:records": ("as_of", "next_due", "owner", "lock"),
    "api:record": ("as_of", "lock"),
    "api:runs": ("options", "year", "scenario", "version"),
    "api:papers": ("first", "scenario"),
    "api:match": ("columns", "taken"),
    "api:scenarios": ("branch_of",),
}
OPTIONS = ({"demand": {"a\0": "1"}}, {"rate": float("nan")}, {"first": "x"}, {"sites": [None]}, {"zone": {}}, {"none": 1})
ASKED = (
    "q", "page", "sort", "year", "scenario", "version", "node", "flow", "want", "amount", "capital", "first", "last", "budget", "against",
    "run", "verb", "state", "owner", "columns", "view", "a", "b", "branch_of", "since", "until", "before", "limit", "offset", "after", "key",
)  # fmt: skip
READERS = ("lead", "editor", "system", "security", "auditor")


def is_json(route: str, data: Mapping[str, object]) -> bool:
    return route.startswith("api:") and route not in {"api:tokens", "api:token-end"} and "file" not in data


def test_no_value_of_a_field_breaks_what_is_written(as_: As, people: dict[str, Person]) -> None:
    ids, broken = world(people), {}
    for (route, method), act in ACTS.items():
        with undone():
            if act.before:
                act.before(ids)
            client = as_(act.who)
            client.raise_request_exception = False
            data = act.data(ids) if callable(act.data) else act.data
            values = JSONS if is_json(route, data) else TEXTS
            tried = [(name, value) for name in dict.fromkeys([*data, *MORE.get(route, ())]) for value in values if name != "file"]
            tried += [("options", value) for value in OPTIONS if route == "api:runs"]
            for name, value in tried:
                files = {"file": SimpleUploadedFile("firms.csv", b"id\nx\n")} if "file" in data else {}
                with undone():
                    status = Act(at=act.at, data={**data, name: value, **files}).send(client, route, method, ids)
                if status >= 500:
                    broken[f"{method} {route} {name}={value!r:.20}"] = status

    assert {} == broken


def test_no_address_breaks_what_is_read(as_: As, people: dict[str, Person]) -> None:
    ids, broken = world(people), {}
    known = {"table": "firms", "kind": "csv", "batch": ids["checked"], "person": ids["viewer"], "verb": "overview", "form": "xlsx"}
    for route in sorted({route for route, method in rights.table() if method == "GET"}):
        client = as_(next((who for who in READERS if rights.allowed(rights.actors(people[who]), route, "GET")), ""))
        client.raise_request_exception = False
        path = reverse(route, kwargs={name: known.get(name, 1) for name in routes.arguments(route)})
        for value in TEXTS[1:]:
            with undone():
                status = client.get(path, dict.fromkeys(ASKED, value)).status_code
            if status >= 500:
                broken[f"{route} {value:.20}"] = status

    assert {} == broken


def test_a_token_that_only_reads_changes_nothing(people: dict[str, Person]) -> None:
    ids, done = world(people), {}
    for (route, method), act in ACTS.items():
        if not route.startswith("api:") or route == "api:anchor":  # the auditor's own scope
            continue
        with undone():
            if act.before:
                act.before(ids)
            _, secret = open_token(people[act.who], "t", ["read:chain", "export", "audit:read"], 30)
            status = act.send(Client(headers={"authorization": f"Bearer {secret}"}), route, method, ids)
        if status != 403:
            done[f"{method} {route}"] = status

    assert {} == done


def test_the_page_of_tokens_gives_no_token_another(people: dict[str, Person]) -> None:
    _, secret = open_token(people["editor"], "t", ["read:chain", "manage"], 30)
    program = Client(headers={"authorization": f"Bearer {secret}"})
    pages = [(route, method) for route, method in rights.table() if route in {"api:tokens", "api:token-end"}]

    assert {403} == {program.generic(method, routes.address(route)).status_code for route, method in pages}
