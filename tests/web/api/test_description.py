"""The interface answers as its description says, whatever is sent, whoever sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import resolve
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error, response_schema_conformance, status_code_conformance
from schemathesis.filters import HasAPIOperation

from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.api import actions
from liantu.web.api.models import SCOPES
from liantu.web.registry.actions.records import create
from tests.web.conftest import CAST

pytestmark = pytest.mark.django_db
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)
SOME, ONE = (settings(max_examples=most, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)) for most in (4, 1))

described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
described.config.phases.update(phases=["fuzzing"])


def actors(path: str, method: str) -> frozenset[str]:
    """Who may use the operation at a path as the description writes it."""
    address = re.sub(r"\{\w+\}", "1", path.replace("{table}", "plants"))
    return rights.table()[resolve(address).view_name, method.upper()]


def is_for_firms(context: HasAPIOperation) -> bool:
    one = context.operation
    return bool({"person", "firm", "firm_editor"} & actors(str(one.path), one.method))


@pytest.fixture(autouse=True)
def open_connection(db: None) -> Iterator[None]:
    """As Django's own test client does: between requests the connection of the test stays open."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(people: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    """Something to find, a price to look for, and tokens that are never slowed down."""
    monkeypatch.setattr(actions, "PER_MINUTE", 10**9)
    for firm in ("a", "b"):
        create("plants", {"id": f"p-{firm}", "firm": firm, "capacity": "1"}, actor=people["lead"], reason="test")
    create("contracts", {"id": "k", "seller": "b", "buyer": "b", "price": "98765.4321"}, actor=people["lead"], reason="test")
    return people


def signed(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {actions.open_token(person, 't', SCOPES, 30)[1]}"}


def who_may(case: Case) -> str:
    """The lead, or whoever of the cast may do what the lead may not."""
    may = actors(str(case.operation.path), case.method)
    is_open = {"person", "viewer"} & may
    return "lead" if is_open else next(name for name in ("lead", "editor", "system", "security", "auditor") if set(CAST[name][1]) & may)


@described.parametrize()
@SOME
def test_who_may_is_answered_as_described(case: Case, rows: dict[str, Person]) -> None:
    case.call_and_validate(headers=signed(rows[who_may(case)]), checks=list(CHECKS))


@described.include(is_for_firms).parametrize()
@SOME
def test_a_firm_is_answered_as_described_and_never_with_anothers_price(case: Case, rows: dict[str, Person]) -> None:
    answer = case.call(headers=signed(rows["firm_a_editor"]))

    case.validate_response(answer, checks=list(CHECKS))
    assert b"98765" not in answer.content


@described.parametrize()
@ONE
def test_nobody_is_refused_everywhere(case: Case) -> None:
    answer = case.call()

    # 400: an address with NUL is not even read.
    assert answer.status_code in {400, 401}
