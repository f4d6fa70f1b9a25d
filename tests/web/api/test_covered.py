"""What can be done on pages can be done over the interface, by the same people.

`covered.csv` names for every route of a page the operations that do the same, or says why there are none: a page without a row fails.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve

from liantu import __version__
from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.api.interface import ROUTERS, api

ROWS = list(csv.DictReader(Path(__file__).with_name("covered.csv").read_text("utf-8").splitlines()))
# Pages of this app itself: the rest of its routes are operations, and the description of them all.
PAGES = {"api:tokens", "api:token-end"}
ITSELF = {"api:api-root", "api:openapi-json"}
IMPLIED = {"firm_editor": {"firm"}, "editor": {"viewer"}, "reviewer": {"viewer"}, "lead": {"viewer"}, "compliance": {"viewer"}}


def operations(row: dict[str, str]) -> list[tuple[str, str]]:
    words = row["operations"].split()
    return list(zip(words[::2], words[1::2], strict=True))


def is_page(route: str) -> bool:
    return not route.startswith("api:") or route in PAGES


def who(actors: set[str]) -> set[str]:
    """Without those that others stand for: every editor is a viewer, and everybody of the cast is a person."""
    return {"person"} if "person" in actors else {one for one in actors if not IMPLIED.get(one, set()) & actors}


def described() -> dict[tuple[str, str], str]:
    """Operation → its address with arguments that are none."""
    paths = api(__version__).get_openapi_schema()["paths"]
    found = {}
    for path, methods in paths.items():
        address = path
        for name, value in {"table": "plants", "kind": "csv", "verb": "overview", "form": "pdf", "mark": "x"}.items():
            address = address.replace(f"{{{name}}}", value)
        for name in ("record", "revision", "number", "other"):
            address = address.replace(f"{{{name}}}", "999999")
        for method in methods:
            found[resolve(address).view_name, method.upper()] = address
    return found


def test_every_page_names_its_operation_or_says_why_there_is_none() -> None:
    pages = {(route, method) for route, method in rights.table() if is_page(route)}

    assert pages == {(row["route"], row["method"]) for row in ROWS}
    assert [] == [row["route"] for row in ROWS if bool(operations(row)) == bool(row["why"])]


def test_every_operation_that_is_named_is_described_and_every_one_described_is_named() -> None:
    named = {one for row in ROWS for one in operations(row)}

    assert named == set(described())
    assert named == {key for key in rights.table() if not is_page(key[0]) and key[0] not in ITSELF}


def test_an_operation_is_open_to_those_its_pages_are_open_to() -> None:
    of_pages: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        for one in operations(row):
            of_pages.setdefault(one, set()).update(rights.table()[row["route"], row["method"]])

    assert {key: who(actors) for key, actors in of_pages.items()} == {key: who(set(rights.table()[key])) for key in of_pages}


def test_an_address_belongs_to_one_router() -> None:
    addresses = Counter(path for router in ROUTERS for path in router.path_operations)

    assert [] == [path for path, times in addresses.items() if times > 1]


@pytest.mark.django_db
def test_every_method_that_is_described_is_there(people: dict[str, Person]) -> None:
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    found = {
        (route, method): {client.generic(method, address).status_code for client in clients.values()}
        for (route, method), address in described().items()
    }

    assert [] == [key for key, codes in found.items() if 405 in codes or max(codes) >= 500]
    assert [] == [key for key, codes in found.items() if codes <= {401, 403}], "open to nobody of the cast"
