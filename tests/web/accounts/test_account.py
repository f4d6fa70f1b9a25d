"""My account: password, authenticator, sessions, language."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.core import signing as signed
from django.test import Client

from liantu.errors import CallError
from liantu.web.accounts import passwords, queries, totp
from liantu.web.accounts.actions import signing
from liantu.web.accounts.models import Person
from tests.web.accounts.conftest import PASSWORD

As = Callable[[str], Client]
NEW = "seven quiet harbours"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> int:
    return client.post("/account/password/", {"old": old, "new": new, "again": new if again is None else again}).status_code


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(as_: As, editor: Person) -> None:
    here, there = as_("editor"), as_("editor")

    assert 302 == change(here)
    assert 200 == here.get("/account/").status_code
    assert 302 == there.get("/account/").status_code


def test_whoever_was_given_a_password_changes_it_first(as_: As, editor: Person) -> None:
    editor.must_change_password = True
    editor.save()
    client = as_("editor")

    assert "/account/password/" == client.get("/account/")["Location"]
    assert 302 == change(client)
    assert 200 == client.get("/account/").status_code


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short one", "password-short"),
        ("x" * 129, "password-long"),
        ("password123", "password-common"),
        ("aaaaaaaaaabb", "password-common"),
        ("the Editor himself", "password-name"),
        ("链长办的密码一二三四五六", "password-name"),
        (PASSWORD, "password-again"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_with_the_rule(editor: Person, password: str, code: str) -> None:
    with pytest.raises(CallError) as told:
        signing.change_password(editor, PASSWORD, password, session="")

    assert code == told.value.code


def test_an_administrator_needs_fourteen_characters(people: dict[str, Person]) -> None:
    passwords.check(people["editor"], "grey owl 12")
    with pytest.raises(CallError, match="14"):
        passwords.check(people["system"], "grey owl 12")


def test_the_last_five_passwords_do_not_come_back_but_the_sixth_does(editor: Person) -> None:
    words = [PASSWORD, *(f"river number {number}" for number in range(5))]
    for old, new in pairwise(words):
        signing.change_password(editor, old, new, session="")
    for used in words[1:]:
        with pytest.raises(CallError):
            passwords.check(editor, used)

    passwords.check(editor, PASSWORD)


@pytest.mark.parametrize("fault", [{"old": "wrong"}, {"again": "another"}])
def test_the_old_password_and_the_same_new_one_twice_are_asked_for(as_: As, editor: Person, fault: dict[str, str]) -> None:
    assert 400 == change(as_("editor"), **fault)


def test_an_authenticator_is_set_up_by_its_code_and_its_recovery_codes_work_once(as_: As, editor: Person) -> None:
    client = as_("editor")
    page = client.get("/account/authenticator/").content.decode()
    seed = re.findall(r'name="seed" value="([^"]+)"', page)[0]
    shown = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    code = totp.code(base64.b32decode(shown), int(time.time() // totp.STEP))
    assert 400 == client.post("/account/authenticator/", {"seed": seed, "code": f"{(int(code) + 1) % 10**6:06d}"}).status_code
    told = client.post("/account/authenticator/", {"seed": seed, "code": code}).content.decode()
    recovery = re.findall(r"<code>([a-z2-7 ]+)</code>", told)

    assert 10 == len(recovery)
    assert signing.sign_in("editor", PASSWORD, "") is None
    assert editor == signing.sign_in("editor", PASSWORD, recovery[0])
    assert signing.sign_in("editor", PASSWORD, recovery[0]) is None


def test_the_secret_of_one_person_does_not_set_up_anothers(as_: As, editor: Person) -> None:
    page = as_("viewer").get("/account/authenticator/").content.decode()
    seed = re.findall(r'name="seed" value="([^"]+)"', page)[0]

    assert 400 == as_("editor").post("/account/authenticator/", {"seed": seed, "code": "000000"}).status_code


def test_taking_the_authenticator_off_needs_the_password(as_: As, editor: Person) -> None:
    editor.totp_seed = totp.new_seed()
    editor.save()
    client = as_("editor")

    assert 400 == client.post("/account/authenticator/off/", {"password": "wrong"}).status_code
    assert 302 == client.post("/account/authenticator/off/", {"password": PASSWORD}).status_code
    editor.refresh_from_db()
    assert "" == editor.totp_seed


def test_an_authenticator_in_use_is_not_replaced_without_the_password(as_: As, editor: Person) -> None:
    Person.objects.filter(pk=editor.pk).update(totp_seed="old")
    seed = totp.new_seed()
    code = totp.code(totp.secret(seed), int(time.time() // totp.STEP))
    given = {"seed": signed.dumps(seed, salt=f"totp:{editor.pk}"), "code": code}

    assert 400 == as_("editor").post("/account/authenticator/", given).status_code
    editor.refresh_from_db()
    assert "old" == editor.totp_seed


def test_i_sign_another_browser_of_mine_out_but_nobody_elses(as_: As, people: dict[str, Person]) -> None:
    here, there, others = as_("editor"), as_("editor"), as_("viewer")
    mark = next(one.mark for one in queries.sessions(people["editor"]) if one.row.session_key == there.session.session_key)
    not_mine = queries.sessions(people["viewer"])[0].mark

    assert 404 == here.post("/account/session/", {"session": not_mine}).status_code
    assert 302 == here.post("/account/session/", {"session": mark}).status_code
    assert [200, 302, 200] == [client.get("/account/").status_code for client in (here, there, others)]


def test_the_key_of_a_session_is_on_no_page(as_: As, people: dict[str, Person]) -> None:
    client = as_("editor")

    assert client.session.session_key not in client.get("/account/").content.decode()


def test_the_language_chosen_is_spoken(as_: As, people: dict[str, Person]) -> None:
    client = as_("editor")
    client.post("/account/settings/", {"language": "en"})

    assert "My account" in client.get("/account/").content.decode()
    people["editor"].refresh_from_db()
    assert "en" == people["editor"].language
