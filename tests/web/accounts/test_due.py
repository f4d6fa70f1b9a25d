"""What is due before anything else: a password of one's own, and an authenticator for who administers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts import passwords, totp
from liantu.web.accounts.models import Grant, Person
from liantu.web.api import actions as api

As = Callable[[str], Client]
People = dict[str, Person]
WHERE = "/account/authenticator/"


@pytest.fixture
def late(people: People) -> None:
    """Everybody has had their roles for eight days."""
    Grant.objects.update(since=timezone.now() - timedelta(days=8))


@pytest.mark.parametrize("who", ["system", "security", "auditor"])
def test_who_has_administered_for_a_week_sets_up_an_authenticator_first(as_: As, late: None, who: str) -> None:
    client = as_(who)

    assert WHERE == client.get("/account/")["Location"]
    assert "管理岗位须用动态码" in client.get(WHERE).content.decode()
    assert 302 == client.post("/logout/").status_code


def test_who_administers_since_today_has_time(as_: As, people: People) -> None:
    assert 200 == as_("system").get("/account/").status_code


def test_nobody_else_has_to(as_: As, late: None) -> None:
    assert [200] * 3 == [as_(who).get("/account/").status_code for who in ("lead", "editor", "firm_a")]


def test_once_it_is_set_up_the_way_is_free(as_: As, people: People, late: None) -> None:
    client = as_("system")
    page = client.get(WHERE).content.decode()
    seed = re.search(r'name="seed" value="([^"]+)"', page)[1]
    key = totp.base64.b32decode("".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].split()))

    assert 200 == client.post(WHERE, {"seed": seed, "code": totp.code(key, int(time.time() // totp.STEP))}).status_code
    assert 200 == client.get("/manage/people/").status_code


def test_a_token_of_theirs_is_refused_until_then(people: People, late: None) -> None:
    _, secret = api.open_token(people["system"], "t", ["manage"], 30)
    answer = Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"}).get("/api/v1/people")

    assert (403, "authenticator") == (answer.status_code, answer.json()["code"])


def test_the_picture_holds_the_secret_and_nothing_the_policy_forbids(as_: As, people: People) -> None:
    page = as_("viewer").get(WHERE).content.decode()
    picture = page.split('class="qr"')[1].split("</div>")[0]

    assert "<svg" in picture and "<path" in picture
    assert [] == re.findall(r"""\s(?:style|on\w+)=|<script|https?://(?!www\.w3\.org/)""", picture)


def test_a_picture_is_another_for_another_secret() -> None:
    assert totp.picture("otpauth://totp/a?secret=A") != totp.picture("otpauth://totp/a?secret=B")


# The profile of 等保 -------------------------------------------------------------------------------------------------


def test_the_strict_profile_asks_everybody_for_an_authenticator_at_once(as_: As, people: People, settings: object) -> None:
    settings.AUTHENTICATOR_FOR_ALL = True

    assert WHERE == as_("viewer").get("/account/")["Location"]


def test_a_password_older_than_the_limit_is_changed_first(as_: As, people: People, settings: object) -> None:
    settings.PASSWORD_DAYS = 90
    Person.objects.update(password_since=timezone.now() - timedelta(days=89))
    assert 200 == as_("viewer").get("/account/").status_code
    Person.objects.update(password_since=timezone.now() - timedelta(days=91))
    client = as_("viewer")

    assert "/account/password/" == client.get("/account/")["Location"]
    assert "超过使用期限" in client.get("/account/password/").content.decode()


@pytest.mark.parametrize(
    ("password", "is_good"),
    [("calm rivers flow", False), ("Calm rivers flow", True), ("calm7rivers", True), ("平静的河流缓缓向东流去Ab", True)],
)
def test_signs_of_three_kinds(people: People, settings: object, password: str, is_good: bool) -> None:
    settings.PASSWORD_CLASSES = 3 if password != "calm7rivers" else 2
    if is_good:
        passwords.check(people["viewer"], password)
    else:
        with pytest.raises(CallError, match="kinds"):
            passwords.check(people["viewer"], password)


def test_programs_do_not_administer_in_the_strict_profile(people: People, settings: object) -> None:
    settings.TOKENS_MAY_MANAGE = False

    with pytest.raises(CallError, match="do not administer"):
        api.open_token(people["system"], "t", ["manage"], 30)


def said(tmp_path: Path, profile: str) -> subprocess.CompletedProcess[str]:
    code = """from django.conf import settings as s
print(s.AUTHENTICATOR_FOR_ALL, s.SESSION_IDLE_AGE, s.PASSWORD_SHORTEST, s.PASSWORD_CLASSES, s.PASSWORD_DAYS, s.TOKENS_MAY_MANAGE)"""
    env = {**os.environ, "LIANTU_HOME": str(tmp_path), "LIANTU_PROFILE": profile, "DJANGO_SETTINGS_MODULE": "liantu.web.config.settings"}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("profile", "limits"), [("", "False 1800 10 1 None True"), ("dengbao", "True 900 12 3 90 False")])
def test_the_environment_chooses_the_profile(tmp_path: Path, profile: str, limits: str) -> None:
    assert limits == said(tmp_path, profile).stdout.strip()


def test_a_profile_that_is_none_is_told(tmp_path: Path) -> None:
    assert "LIANTU_PROFILE" in said(tmp_path, "strict").stderr
