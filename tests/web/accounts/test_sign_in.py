"""Signing in: who is let in, who waits, what is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from liantu.web.accounts import totp
from liantu.web.accounts.models import Attempt, Person, Session
from liantu.web.audit.models import Event
from tests.web.accounts.conftest import PASSWORD


def enter(client: Client, username: str = "editor", password: str = PASSWORD, code: str = "", **extra: str) -> HttpResponse:
    return client.post("/login/", {"username": username, "password": password, "code": code, "next": "/account/"}, **extra)


def test_the_right_password_leads_to_the_page_asked_for(client: Client, editor: Person) -> None:
    answer = enter(client)

    assert (302, "/account/") == (answer.status_code, answer["Location"])
    assert 200 == client.get("/account/").status_code


def test_a_sign_in_is_not_sent_to_another_host(client: Client, editor: Person) -> None:
    answer = client.post("/login/", {"username": "editor", "password": PASSWORD, "next": "https://elsewhere.example/"})

    assert "/" == answer["Location"]


@pytest.mark.parametrize(("username", "password"), [("editor", "wrong"), ("nobody-at-all", PASSWORD), ("editor ", "")])
def test_every_failure_is_answered_alike(client: Client, editor: Person, username: str, password: str) -> None:
    answer = enter(client, username, password or "x")

    assert 403 == answer.status_code
    assert "用户名、密码或动态码不对，或账户暂时锁定。" in answer.content.decode()


def test_five_failures_lock_name_and_address_for_half_an_hour(client: Client, editor: Person) -> None:
    for _ in range(5):
        assert 403 == enter(client, password="wrong").status_code

    assert 403 == enter(client).status_code
    assert 302 == enter(client, REMOTE_ADDR="10.0.0.9").status_code

    Attempt.objects.update(at=timezone.now() - timedelta(minutes=31))
    assert 302 == enter(client).status_code


def test_a_locked_account_cannot_be_kept_locked_by_trying_on(client: Client, editor: Person) -> None:
    for _ in range(9):
        enter(client, password="wrong")

    assert 5 == Attempt.objects.count()


def test_twenty_failures_lock_the_address_for_every_name(client: Client, editor: Person) -> None:
    for number in range(20):
        enter(client, f"guess-{number}", "wrong")

    assert 403 == enter(client).status_code


def test_failures_of_long_ago_do_not_count(client: Client, editor: Person) -> None:
    for _ in range(4):
        enter(client, password="wrong")
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    enter(client, password="wrong")

    assert 302 == enter(client).status_code


def test_a_failure_is_recorded_without_what_was_typed(client: Client, editor: Person) -> None:
    enter(client, "my-secret-password", "x")

    event = Event.objects.latest("seq")
    assert ("person.sign_in_failed", "?", "refused") == (event.action, event.target, event.outcome)
    assert not Attempt.objects.filter(account__contains="secret").exists()


def test_the_disabled_the_late_and_those_of_a_disabled_organisation_stay_out(client: Client, editor: Person) -> None:
    editor.is_active = False
    editor.save()
    assert 403 == enter(client).status_code

    editor.is_active, editor.password_until = True, timezone.now() - timedelta(hours=1)
    editor.save()
    assert 403 == enter(client).status_code

    editor.password_until = None
    editor.save()
    editor.organisation.is_active = False
    editor.organisation.save()
    assert 403 == enter(client).status_code


def test_a_session_is_new_at_sign_in_and_one_has_three_at_most(editor: Person) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.cookies["session"] = "planted"
        enter(client)
        assert "planted" != client.cookies["session"].value

    assert 3 == editor.sessions.count()
    assert 302 == clients[0].get("/account/").status_code
    assert 200 == clients[3].get("/account/").status_code


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(client: Client, editor: Person) -> None:
    enter(client)
    Session.objects.update(seen=timezone.now() - timedelta(minutes=29))
    assert 200 == client.get("/account/").status_code
    Session.objects.update(seen=timezone.now() - timedelta(minutes=31))
    assert 302 == client.get("/account/").status_code

    enter(client)
    assert (
        timedelta(hours=11, minutes=59)
        < Session.objects.get(expire_date__gt=timezone.now(), seen__gt=timezone.now() - timedelta(minutes=1)).expire_date - timezone.now()
        <= timedelta(hours=12)
    )
    Session.objects.update(expire_date=timezone.now())
    assert 302 == client.get("/account/").status_code


def test_use_is_noted_at_most_once_a_minute(client: Client, editor: Person) -> None:
    enter(client)
    first = Session.objects.get().seen
    client.get("/account/")
    assert first == Session.objects.get().seen

    Session.objects.update(seen=first - timedelta(minutes=2))
    client.get("/account/")
    assert first <= Session.objects.get().seen


def test_with_an_authenticator_the_password_alone_is_not_enough(client: Client, editor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    editor.totp_seed = totp.new_seed()
    editor.save()
    key = totp.secret(editor.totp_seed)
    monkeypatch.setattr("time.time", lambda: 3000.0)
    code = totp.code(key, 100)

    assert 403 == enter(client).status_code
    assert 302 == enter(client, code=code).status_code
    assert 403 == enter(client, code=code).status_code, "a code works once"
    assert 302 == enter(client, code=totp.code(key, 101)).status_code
