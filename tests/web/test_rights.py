"""Who may do what: every route, every actor, every method, through the real views.

The table of rights is what the workbench obeys; what must never be otherwise is said here once more, by hand.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.words import say
from tests.web import routes
from tests.web.conftest import CAST, ORGANISATIONS

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
BUSINESS = {"editor", "reviewer", "lead", "compliance"}
# Those who try what no route knows.
CURIOUS = ("", "lead", "firm_a_editor")
# They end the session they are tried with.
LAST = ("accounts:logout",)


def test_every_route_has_a_name_and_a_row_and_every_row_its_route() -> None:
    named = set(routes.names())

    assert [] == [route for route in named if route.endswith("None")]
    assert named == {route for route, _ in rights.table()}


def test_a_route_without_a_row_is_refused_to_everybody(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    less = {key: actors for key, actors in rights.table().items() if key[0] != "accounts:account"}
    monkeypatch.setattr(rights, "table", lambda: less)
    monkeypatch.setattr(rights, "methods", lambda _: frozenset({"GET"}))

    assert [403] * 3 == [as_(who).get("/account/").status_code for who in ("lead", "system", "auditor")]


@pytest.mark.parametrize("who", ["", *CAST])
def test_each_may_do_what_the_table_says_and_nothing_else(as_: As, people: dict[str, Person], who: str) -> None:
    client = as_(who)
    client.raise_request_exception = False
    methods = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE") if who in CURIOUS else ("GET", "POST")
    tried = [(route, method) for route in sorted(routes.names(), key=lambda name: name in LAST) for method in methods]
    found = {f"{method} {route}": _wrong(client, route, method, counts_as(who)) for route, method in tried}

    assert {} == {tried: wrong for tried, wrong in found.items() if wrong}


def counts_as(who: str) -> set[str]:
    """What somebody of the cast counts as, said without asking the code."""
    if not who:
        return {"anyone"}
    home, roles = CAST[who]
    if ORGANISATIONS[home][0] == "firm":
        return {"anyone", "person", "firm"} | ({"firm_editor"} if "editor" in roles else set())
    return {"anyone", "person", *roles} | ({"viewer"} if BUSINESS & set(roles) else set())


def _wrong(client: Client, route: str, method: str, actors: set[str]) -> str:
    """What is wrong with the answer; blank where it is as the table says."""
    path = routes.address(route)
    answer = client.generic(method, path)
    asked = "GET" if method == "HEAD" else method
    row = rights.table().get((route, asked))
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
    refused = answer.status_code == 401 or to_sign_in or (answer.status_code == 403 and _says_no_right(answer.getvalue()))
    if answer.status_code >= 500:
        return f"fails with {answer.status_code}"
    if row is None:
        return "" if answer.status_code == 405 else f"{answer.status_code} instead of 405"
    if bool(row & actors) == refused and method != "HEAD":
        return f"{'refused' if refused else 'let in'}, {answer.status_code}"
    return ""


def _says_no_right(page: bytes) -> bool:
    return say("web.refused-no-right", "zh").encode() in page


# By hand -----------------------------------------------------------------------------------------------------------


def who_may(route: str, method: str) -> set[str]:
    return set(rights.table()[route, method])


def test_the_trail_is_read_by_the_auditor_only() -> None:
    assert {"audit"} == who_may("manage:audit", "GET") == who_may("manage:event", "GET") == who_may("manage:audit-export", "GET")


def test_accounts_are_kept_by_the_system_administrator_only() -> None:
    for route in (
        "new-person",
        "change-person",
        "switch-person",
        "reset-password",
        "new-organisation",
        "change-organisation",
        "switch-organisation",
    ):
        assert {"system"} == who_may(f"manage:{route}", "POST")


def test_roles_are_confirmed_by_security_and_lead_and_ended_by_security() -> None:
    assert {"security", "lead"} == who_may("manage:confirm-role", "POST")
    assert {"security"} == who_may("manage:end-role", "POST") == who_may("manage:review-role", "POST")


def test_no_firm_and_no_visitor_reaches_administration() -> None:
    inside = [key for key in rights.table() if key[0].startswith("manage:") and key[0] != "manage:live"]

    assert [] == [key for key in inside if rights.table()[key] & {"anyone", "person", "firm", "firm_editor", "viewer"}]


def test_visitors_may_sign_in_choose_a_language_and_ask_whether_the_server_lives() -> None:
    open_to_all = {key for key, actors in rights.table().items() if "anyone" in actors}

    assert {
        ("accounts:login", "GET"), ("accounts:login", "POST"), ("accounts:language", "POST"), ("manage:live", "GET"), ("api:openapi-json", "GET"),
    } == open_to_all  # fmt: skip


def test_the_administrations_of_system_security_and_audit_see_no_register() -> None:
    business = [key for key in rights.table() if key[0].split(":")[0] in {"registry", "chain", "work", "papers"}]

    assert [] == [key for key in business if rights.table()[key] & {"system", "security", "audit"}]


def test_pages_are_read_by_get_and_changed_by_post_only() -> None:
    assert {"GET", "POST"} == {method for route, method in rights.table() if not route.startswith("api:")}
