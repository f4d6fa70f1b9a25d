"""What every answer carries, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


@pytest.mark.parametrize("path", ["/login/", "/nothing-here/", "/chain/"])
def test_every_answer_carries_the_security_headers(as_: As, path: str) -> None:
    answer = as_("viewer").get(path)

    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and re.search(r"script-src 'self' 'nonce-[\w-]+'", policy)
    assert ("nosniff", "DENY", "same-origin") == (answer["X-Content-Type-Options"], answer["X-Frame-Options"], answer["Referrer-Policy"])
    assert "no-store" == answer["Cache-Control"]


def test_two_requests_have_two_nonces(client: Client) -> None:
    assert client.get("/login/")["Content-Security-Policy"] != client.get("/login/")["Content-Security-Policy"]


def test_a_visitor_is_sent_to_sign_in_and_comes_back(as_: As) -> None:
    answer = as_("").get("/chain/?year=2026")

    assert 302 == answer.status_code
    assert "/login/?next=/chain/%3Fyear%3D2026" == answer["Location"]


def test_a_page_that_is_not_there_says_so_in_chinese_and_in_english(as_: As) -> None:
    visitor = as_("viewer")

    assert "没有找到" in visitor.get("/nothing-here/").content.decode()
    visitor.cookies["lang"] = "en"
    assert "Not found" in visitor.get("/nothing-here/").content.decode()


def test_a_form_without_its_token_is_refused(people: object) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert 403 == strict.post("/login/", {"username": "viewer", "password": "x"}).status_code


@pytest.mark.parametrize("path", ["/registers/plants/?q=%00", "/chain/%00", "/api/v1/tables/plants/records?q=a%00b"])
def test_an_address_with_nul_is_a_bad_request(as_: As, path: str) -> None:
    assert 400 == as_("viewer").get(path).status_code


@pytest.mark.parametrize("name", ["session", "csrf", "lang"])
def test_a_cookie_with_nul_is_a_bad_request_with_all_its_headers(db: None, name: str) -> None:
    answer = Client().get("/", HTTP_COOKIE=f'{name}="\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"')

    assert 400 == answer.status_code
    assert {"nosniff", "same-origin"} <= set(answer.headers.values())
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(("method", "path", "methods"), [("TRACE", "/login/", "GET, POST"), ("OPTIONS", "/api/v1/me", "GET, PATCH")])
def test_a_method_that_is_none_is_told_which_there_are(db: None, method: str, path: str, methods: str) -> None:
    answer = Client().generic(method, path)

    assert (405, methods) == (answer.status_code, answer["Allow"])
