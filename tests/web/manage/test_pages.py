"""The pages of administration, as those see them who may, in both languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.models import Grant, Organisation, Person
from liantu.web.audit.models import Event
from liantu.web.manage import queries
from liantu.words import keys

As = Callable[[str], Client]
People = dict[str, Person]
REASON = {"reason": "因工作需要"}


def last() -> Event:
    return Event.objects.latest("seq")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("system", "/manage/people/"),
        ("lead", "/manage/people/?q=editor&kind=firm&role=editor&state=active&sort=-name"),
        ("system", "/manage/people/new/"),
        ("system", "/manage/organisations/"),
        ("system", "/manage/organisations/new/"),
        ("security", "/manage/roles/"),
        ("auditor", "/manage/audit/"),
        ("auditor", "/manage/audit/?action=person.opened&since=2020-01-01&until=2099-01-01"),
        ("auditor", "/manage/audit/1/"),
        ("system", "/manage/health/"),
    ],
)
def test_every_page_is_shown(as_: As, lang: str, who: str, path: str) -> None:
    client = as_(who)
    client.cookies["lang"] = lang

    assert 200 == client.get(path).status_code


@pytest.mark.parametrize("who", ["system", "security", "lead", "auditor"])
def test_a_person_and_an_organisation_are_shown_to_each_administration(as_: As, people: People, who: str) -> None:
    assert 200 == as_(who).get(f"/manage/people/{people['editor'].pk}/").status_code
    assert 200 == as_(who).get(f"/manage/organisations/{people['editor'].organisation_id}/").status_code


def test_a_list_asks_the_same_few_questions_however_long_it_is(as_: As, people: People, django_assert_max_num_queries: object) -> None:
    client = as_("system")
    home = people["editor"].organisation
    Person.objects.bulk_create(Person(username=f"p{number}", name=f"p{number}", organisation=home, password="!") for number in range(1000))
    for path in ("/manage/people/", "/manage/organisations/"):
        with django_assert_max_num_queries(12):
            assert 200 == client.get(path).status_code


def test_an_account_is_opened_with_a_password_shown_once_that_must_be_changed(as_: As, people: People) -> None:
    form = {"username": "Wang.Wei", "name": "王伟", "organisation": people["editor"].organisation_id, **REASON}
    page = as_("system").post("/manage/people/new/", form).content.decode()
    password = page.split("<code>")[2].split("</code>")[0]

    made = Person.objects.get(username="wang.wei")
    assert made.must_change_password
    assert made.password_until - timezone.now() <= timedelta(hours=72)
    assert ("person.opened", "因工作需要") == (last().action, last().reason)
    assert password not in last().after
    client = Client()
    assert 302 == client.post("/login/", {"username": "wang.wei", "password": password}).status_code
    assert "/account/password/" == client.get("/")["Location"]


def test_a_name_taken_is_told_and_nothing_is_lost(as_: As, people: People) -> None:
    answer = as_("system").post(
        "/manage/people/new/", {"username": "editor", "name": "另一人", "organisation": people["editor"].organisation_id, **REASON}
    )

    assert 400 == answer.status_code
    assert "已有人用 editor 登录" in answer.content.decode()
    assert "另一人" in answer.content.decode()


def test_disabling_signs_out_at_once(as_: As, people: People) -> None:
    client = as_("editor")
    assert 302 == as_("system").post(f"/manage/people/{people['editor'].pk}/switch/", {"is_active": "0", **REASON}).status_code

    assert 302 == client.get("/account/").status_code
    assert "person.disabled" == last().action


@pytest.mark.parametrize("act", ["switch", "password"])
def test_nobody_does_it_to_themselves(as_: As, people: People, act: str) -> None:
    answer = as_("system").post(f"/manage/people/{people['system'].pk}/{act}/", {"is_active": "0", **REASON})

    assert 400 == answer.status_code
    assert "不能对自己这样做" in answer.content.decode()


def test_an_act_without_a_reason_is_refused(as_: As, people: People) -> None:
    answer = as_("system").post(f"/manage/people/{people['editor'].pk}/switch/", {"is_active": "0"})

    assert 400 == answer.status_code
    people["editor"].refresh_from_db()
    assert people["editor"].is_active


def test_what_is_typed_beside_the_form_changes_nothing(as_: As, people: People) -> None:
    """Mass assignment: fields that the form does not know."""
    target = people["editor"]
    form = {
        "name": "编辑",
        "phone": "1",
        "organisation": target.organisation_id,
        **REASON,
        "is_active": "0",
        "username": "x",
        "password": "x",
        "roles": "lead",
        "totp_seed": "x",
    }
    before = Person.objects.values("username", "password", "is_active", "totp_seed").get(pk=target.pk)
    as_("system").post(f"/manage/people/{target.pk}/change/", form)

    assert before == Person.objects.values("username", "password", "is_active", "totp_seed").get(pk=target.pk)
    assert "编辑" == Person.objects.get(pk=target.pk).name
    assert {"editor"} == Person.objects.get(pk=target.pk).roles


def test_a_role_travels_from_the_security_administrator_to_the_lead(as_: As, people: People) -> None:
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    new = people["nobody_yet"]
    assert 302 == as_("security").post(f"/manage/people/{new.pk}/role/", {"role": "editor", "until": until, **REASON}).status_code
    grant = Grant.objects.get(person=new)
    assert 400 == as_("security").post(f"/manage/roles/{grant.pk}/confirm/").status_code
    assert 302 == as_("lead").post(f"/manage/roles/{grant.pk}/confirm/").status_code
    assert {"editor"} == Person.objects.get(pk=new.pk).roles

    assert 302 == as_("security").post(f"/manage/roles/{grant.pk}/review/", REASON).status_code
    assert 302 == as_("security").post(f"/manage/roles/{grant.pk}/end/", REASON).status_code
    assert frozenset() == Person.objects.get(pk=new.pk).roles


def test_an_organisation_is_opened_renamed_and_disabled(as_: As, people: People) -> None:
    system, firm = as_("system"), as_("firm_a")
    form = {"code": "firm-c", "kind": "firm", "name_zh": "丙公司", "name_en": "", "key": "c", **REASON}
    assert 302 == system.post("/manage/organisations/new/", form).status_code
    assert 400 == system.post("/manage/organisations/new/", form).status_code
    made = Organisation.objects.get(code="firm-c")
    system.post(f"/manage/organisations/{made.pk}/change/", {"name_zh": "丙集团", "name_en": "C", "kind": "office", "key": "a", **REASON})
    made.refresh_from_db()
    assert ("丙集团", "firm", "c") == (made.name_zh, made.kind, made.key)

    home = people["firm_a"].organisation_id
    assert 302 == system.post(f"/manage/organisations/{home}/switch/", {"is_active": "0", **REASON}).status_code
    assert 302 == firm.get("/account/").status_code


# The trail ---------------------------------------------------------------------------------------------------------


def test_reading_the_trail_is_in_the_trail(as_: As) -> None:
    as_("auditor").get("/manage/audit/?action=role.given")

    assert ("trail.read", "auditor", '{"action": "role.given"}') == (last().action, last().actor_name, last().after)


def test_the_trail_is_cut_into_pages_by_number(as_: As) -> None:
    client = as_("auditor")
    for _ in range(60):
        client.get("/manage/audit/1/")
    page = client.get("/manage/audit/?action=trail.read").content.decode()
    assert 50 == page.count('href="/manage/audit/') - page.count('href="/manage/audit/"') - page.count(
        'href="/manage/audit/?'
    ) - page.count('href="/manage/audit/export')

    older = page.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "action=trail.read" in older
    assert 200 == client.get(older).status_code


def test_the_export_holds_what_was_asked_for_and_no_live_formula(as_: As, people: People) -> None:
    as_("system").post(f"/manage/people/{people['editor'].pk}/switch/", {"is_active": "0", "reason": "=HYPERLINK(1)"})
    answer = as_("auditor").get("/manage/audit/export/?action=person.disabled")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert ["person.disabled"] == [row["action"] for row in rows]
    assert "'=HYPERLINK(1)" == rows[0]["reason"]
    assert "trail.read" == last().action


def test_an_anchor_written_is_shown_for_copying(as_: As) -> None:
    page = as_("auditor").post("/manage/audit/anchor/").content.decode()

    assert f"<code>{last().seq} {last().digest} " in page


# Health ------------------------------------------------------------------------------------------------------------


def test_supervision_is_told_that_the_server_answers_and_nothing_more(client: Client) -> None:
    answer = client.get("/health/live/")

    assert (200, b"ok\n", "no-store") == (answer.status_code, answer.content, answer["Cache-Control"])


def test_health_tells_a_backup_that_was_never_made_from_one_of_today(as_: As, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path
    client = as_("system")
    assert "从未：请每天运行" in client.get("/manage/health/").content.decode()

    (tmp_path / "last-backup").touch()
    assert "从未：请每天运行" not in client.get("/manage/health/").content.decode()


def test_every_act_that_is_recorded_has_its_words() -> None:
    source = Path(queries.__file__).parent.parent
    acts = {
        found
        for path in source.rglob("*.py")
        for found in re.findall(r'(?:record|audited)\(\s*\S+, "([a-z]+)\.([a-z_]+)"', path.read_text("utf-8"))
    }
    known = set(keys("audit"))
    assert len(acts) > 30
    assert set() == {f"of-{kind}" for kind, _ in acts} - known
    assert set() == {f"did-{done}" for _, done in acts} - known


def test_an_act_is_told_in_words_with_the_name_of_its_register() -> None:
    assert "人员：登录" == queries.deed("person.signed_in", "zh")
    assert "装置产能：新增" == queries.deed("plants.created", "zh")
    assert "comet: seen" == queries.deed("comet.seen", "en")
