"""The interface: tokens, scopes, errors in words, nobody sees more than on the pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Person
from liantu.web.api import actions
from liantu.web.api.models import Token
from liantu.web.audit.models import Event
from liantu.web.registry.actions.records import create

pytestmark = pytest.mark.django_db
People = dict[str, Person]


@pytest.fixture
def plants(people: People) -> dict[str, int]:
    """A plant of each firm."""
    lead = people["lead"]
    return {firm: create("plants", {"id": f"p-{firm}", "firm": firm, "capacity": "1"}, actor=lead, reason="test").pk for firm in ("a", "b")}


def test_a_token_is_shown_once_and_kept_as_a_digest_only(people: People) -> None:
    token, secret = actions.open_token(people["viewer"], "nightly", ["read:chain"], 30)

    assert secret.startswith("lt_") and len(secret) >= 46
    assert secret not in json.dumps([str(value) for value in Token.objects.values().first().values()])
    assert not [event for event in Event.objects.all() if secret in event.after]
    assert actions.digest(secret) == token.digest


def test_a_program_is_who_its_token_says(program) -> None:
    answer = program("viewer", "read:chain").get("/api/v1/me")

    assert {"username": "viewer", "roles": ["viewer"], "scopes": ["read:chain"]}.items() <= answer.json().items()


@pytest.mark.parametrize("header", ["Bearer lt_nothing", "Bearer ", "bearer x" * 1000])
def test_a_token_that_does_not_hold_is_refused_and_not_taken_for_a_visitor(people: People, header: str) -> None:
    answer = Client(headers={"authorization": header, "accept-language": "en"}).get("/api/v1/me")

    assert (401, "token") == (answer.status_code, answer.json()["code"])
    assert "Tokens" in answer.json()["hint"]


@pytest.mark.parametrize("how", ["ended", "run out", "person away"])
def test_a_token_ends(people: People, how: str) -> None:
    token, secret = actions.open_token(people["viewer"], "t", ["read:chain"], 30)
    if how == "ended":
        actions.end_token(token, person=people["viewer"])
    elif how == "run out":
        Token.objects.update(until=timezone.now() - timedelta(seconds=1))
    else:
        Person.objects.filter(pk=people["viewer"].pk).update(is_active=False)

    assert 401 == Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/me").status_code


def test_a_token_does_no_more_than_its_scopes(program) -> None:
    answer = program("lead", "run").get("/api/v1/tables")

    assert (403, "scope") == (answer.status_code, answer.json()["code"])


def test_a_token_gives_no_right_its_person_has_not(program) -> None:
    assert 403 == program("auditor").get("/api/v1/tables").status_code


def test_the_sixty_first_request_of_a_minute_waits(program, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now().replace(second=0)
    monkeypatch.setattr(actions.timezone, "now", lambda: now)
    caller = program("viewer")
    codes = [caller.get("/api/v1/me").status_code for _ in range(actions.PER_MINUTE + 1)]

    assert [200] * 60 + [429] == codes
    monkeypatch.setattr(actions.timezone, "now", lambda: now + timedelta(minutes=1))
    assert 200 == caller.get("/api/v1/me").status_code


def test_a_session_may_read_and_writes_only_with_the_token_of_the_page(people: People) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["lead"])

    assert 200 == browser.get("/api/v1/me").status_code
    assert 403 == browser.post("/api/v1/versions", {"name": "x", "reason": "y"}, content_type="application/json").status_code


def test_a_firm_reads_its_own_rows_and_another_firms_answers_like_none(program, plants: dict[str, int]) -> None:
    firm = program("firm_a")

    assert ["p-a"] == [row["key"] for row in firm.get("/api/v1/tables/plants/records").json()["rows"]]
    theirs = firm.get(f"/api/v1/tables/plants/records/{plants['b']}")
    nobodys = firm.get("/api/v1/tables/plants/records/999999")
    assert (404, 404) == (theirs.status_code, nobodys.status_code)
    assert {**theirs.json(), "request": ""} == {**nobodys.json(), "request": ""}


def test_a_price_of_a_contract_is_read_by_compliance_and_not_by_the_office(program, people: People) -> None:
    create("contracts", {"id": "k", "seller": "a", "buyer": "b", "price": "98765.4321"}, actor=people["compliance"], reason="test")

    assert b"98765" not in program("lead").get("/api/v1/tables/contracts/records").content
    assert b"98765.4321" in program("compliance").get("/api/v1/tables/contracts/records").content


def test_what_does_not_fit_is_named_field_by_field(program) -> None:
    answer = program("viewer").get("/api/v1/tables/plants/records?limit=100000")

    assert (422, "invalid") == (answer.status_code, answer.json()["code"])
    assert ["limit"] == list(answer.json()["fields"])


def test_the_page_of_tokens_makes_one_and_ends_it(people: People) -> None:
    browser = Client()
    browser.force_login(people["viewer"])

    made = browser.post("/api/v1/tokens/", {"name": "n", "scopes": ["read:chain"], "days": "7"}).content.decode()
    assert "lt_" in made
    assert 422 == browser.post("/api/v1/tokens/", {"name": "n", "days": "900"}).status_code
    browser.post(f"/api/v1/tokens/{Token.objects.get().pk}/end/")
    assert Token.objects.get().ended is not None
    other = Client()
    other.force_login(people["editor"])
    assert 404 == other.post(f"/api/v1/tokens/{Token.objects.get().pk}/end/").status_code


def test_a_row_is_entered_changed_with_its_lock_and_retired(program) -> None:
    caller, rows = program("editor"), "/api/v1/tables/firms/records"
    made = caller.post(rows, {"cells": {"id": "new", "name_zh": "新", "name_en": "New"}, "reason": "r"}, content_type="application/json")
    assert 201 == made.status_code, made.content
    one = f"{rows}/{made.json()['id']}"

    changed = caller.patch(one, {"cells": {"name_en": "Newer"}, "lock": 1, "reason": "r"}, content_type="application/json")
    assert ("Newer", "新", 2) == (changed.json()["cells"]["name_en"], changed.json()["cells"]["name_zh"], changed.json()["lock"])
    late = caller.patch(one, {"cells": {"name_en": "Late"}, "lock": 1, "reason": "r"}, content_type="application/json")
    assert (409, "conflict") == (late.status_code, late.json()["code"])
    gone = caller.delete(one, {"lock": 2, "reason": "r"}, content_type="application/json")
    assert 204 == gone.status_code, gone.content
    assert 404 == caller.get(one).status_code


def test_a_row_that_is_wrong_is_not_stored_and_says_where(program) -> None:
    rows = "/api/v1/tables/plants/records"
    cells = {"id": "p", "firm": "nobody", "process": "none", "site": "none", "capacity": "many", "unit": "t", "status": "operating"}
    answer = program("editor").post(rows, {"cells": cells, "reason": "r"}, content_type="application/json")

    assert 422 == answer.status_code
    assert {"firm", "capacity"} <= {one["column"] for one in answer.json()["findings"]}
    assert all(one["hint"] for one in answer.json()["findings"])
    assert 0 == program("editor").get(rows).json()["total"]
