"""Who hears what, as the table says, and never of a page they may not open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System
from liantu.web.clock import queries as clock
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.models import Job
from liantu.web.manage import actions as manage
from liantu.web.notices import heard
from liantu.web.notices.models import Notice
from liantu.web.registry import actions, due
from liantu.web.registry.actions import Kept
from liantu.words import keys
from tests.web.test_rights import counts_as

People = dict[str, Person]
# Whom a row for one person can concern: those who may do what it tells of.
CONCERNED = {
    "version.published": {"editor", "reviewer", "lead"}, "version.returned": {"editor", "reviewer", "lead"},
    "version.failed": {"editor", "reviewer", "lead"}, "run.failed": {"viewer"},
    "paper.done": {"viewer"}, "paper.failed": {"viewer"}, "import.done": {"editor", "firm_editor"}, "import.failed": {"editor", "firm_editor"},
}  # fmt: skip
IMPLIED = {"editor": {"viewer"}, "reviewer": {"viewer"}, "lead": {"viewer"}}


def told(people: People) -> dict[str, str]:
    """Who was told, and with which link."""
    return {name: notice.link for name, person in people.items() for notice in person.notices.all()}


@pytest.mark.parametrize("event", heard.table())
def test_nobody_hears_of_a_page_they_may_not_open(event: str) -> None:
    row = heard.table()[event]
    may = rights.table()[row.route, "GET"]
    hearers = CONCERNED.get(event, {"person"}) if row.is_for_one else set(row.roles)

    assert [] == [one for one in hearers if not ({one} | IMPLIED.get(one, set()) | {"person"}) & may]
    assert event in keys("notices")


def propose(by: Person) -> int:
    actions.create("firms", {"id": "x", "name_zh": "x"}, actor=System(), reason="r")
    return actions.propose("v", actor=by, reason="r").number


def test_a_version_put_forward_is_heard_by_those_who_look_at_it_and_not_by_who_did_it(people: People) -> None:
    propose(people["lead"])

    assert {"reviewer": "/versions/1/"} == told(people)


def test_who_put_a_version_forward_hears_that_it_was_published(people: People) -> None:
    number = propose(people["editor"])
    Notice.objects.all().delete()
    actions.publish(number, actor=people["lead"], reason="r")

    assert {"editor": "/versions/1/"} == told(people)
    assert "lead 发布了您提出的第 1 版：v。" == people["editor"].notices.get().sentence("zh")


def test_who_put_a_version_forward_hears_why_it_was_taken_back(people: People) -> None:
    number = propose(people["editor"])
    Notice.objects.all().delete()
    actions.withdraw(number, actor=people["lead"], reason="too early")

    assert {"editor": "/versions/1/"} == told(people)
    assert "too early" in people["editor"].notices.get().sentence("en")


@pytest.mark.parametrize(
    ("kind", "payload", "link"),
    [("run", {"run": 7}, "/runs/7/"), ("paper", {"paper": 8}, "/reports/8/"), ("import", {"batch": 9}, "/imports/9/")],
)
def test_who_asked_hears_that_it_failed(people: People, kind: str, payload: dict[str, int], link: str) -> None:
    jobs.enqueue(kind, payload, person=people["editor"], title="t")
    jobs.fail(jobs.claim(), CallError("job-memory", {"limit": 4}))

    assert {"editor": link} == told(people)


def test_who_asked_hears_that_it_was_cut_off_and_nobody_hears_what_they_cancelled(people: People) -> None:
    jobs.enqueue("run", {"run": 7}, person=people["editor"], title="t")
    jobs.claim()
    Job.objects.update(lease_until=timezone.now() - timedelta(minutes=1), attempts=99)
    jobs.claim()
    jobs.cancel(jobs.enqueue("run", {"run": 8}, person=people["viewer"], title="t"), person=people["viewer"])

    assert {"editor": "/runs/7/"} == told(people)


def test_who_sent_a_file_hears_that_it_was_worked_on(people: People) -> None:
    jobs.enqueue("import", {"batch": 9}, person=people["firm_a_editor"], title="f.xlsx")
    with jobs.finishing(jobs.claim()):
        pass

    assert {"firm_a_editor": "/imports/9/"} == told(people)


def test_a_role_asked_for_is_heard_by_who_may_confirm_it_and_given_by_who_holds_it(people: People) -> None:
    new, until = people["nobody_yet"], timezone.now() + timedelta(days=30)
    grant = manage.propose_role(new, "viewer", actor=people["security"], until=until, reason="r")

    assert {"lead": "/manage/roles/"} == told(people)
    manage.confirm_role(grant, actor=people["lead"])
    assert "You hold a new role: Viewer." == new.notices.get().sentence("en")
    grant.refresh_from_db()
    manage.end_role(grant, actor=people["security"], reason="r")
    assert 2 == new.notices.count()


def stale(owner: Person, table: str, row: dict[str, str], day: date) -> None:
    actions.create(table, row, kept=Kept(owner=owner.organisation, next_due=day), actor=System(), reason="r")


def test_owners_hear_once_of_figures_past_their_date_and_only_of_those_they_see(people: People) -> None:
    late = clock.late(timezone.localdate())
    stale(people["firm_a"], "firms", {"id": "a", "name_zh": "甲"}, late)
    stale(people["firm_a"], "firms", {"id": "b", "name_zh": "乙"}, late)
    stale(people["park_editor"], "sites", {"id": "guiyang", "name_zh": "桂阳"}, late - timedelta(days=9))
    stale(people["editor"], "firms", {"id": "c", "name_zh": "丙"}, timezone.localdate() + timedelta(days=1))
    due._told.clear()
    due.tell()

    assert {"firm_a_editor": "/", "park_editor": "/"} == told(people)
    assert (
        people["firm_a_editor"].notices.get().sentence("en").startswith("Past their date, of the figures that your organisation keeps: 1.")
    )
    due._told.clear()
    due.tell()
    assert 2 == Notice.objects.count()


def test_no_notice_of_a_role_reaches_a_firm(people: People) -> None:
    assert {"lead", "reviewer"} == {one.username for one in heard.holders(("lead", "reviewer"))}
    assert [] == [one.username for one in heard.holders(("viewer", "editor")) if "firm" in counts_as(one.username)]


def test_the_bell_tells_how_many_are_not_read(as_, people: People) -> None:
    propose(people["editor"])
    page = as_("lead").get("/account/").content.decode()

    assert 'class="bell"' in page
    assert "通知：1 条未读" in page


def test_who_put_a_large_version_forward_hears_that_it_could_not_be_frozen(people: People) -> None:
    jobs.enqueue("version", {"name": "v"}, person=people["editor"], title="v")
    for _ in range(3):
        claimed = jobs.claim()
        assert claimed is not None
        jobs.retry(claimed)

    assert {"editor": "/versions/"} == told(people)
