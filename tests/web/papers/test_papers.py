"""Reports: made in the background in every form, read by the office, approved by a second person."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import docx
import openpyxl
import pytest
from django.test import Client

from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.web.audit.models import Event
from liantu.web.papers import actions
from liantu.web.papers.models import File, Paper
from liantu.web.work.context import Asked
from tests.web.work.conftest import asked, version, work

__all__ = ["asked", "version", "work"]
pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
People = dict[str, Person]
Work = Callable[[], list[str]]


@pytest.fixture
def paper(asked: Asked, people: People, work: Work) -> Paper:
    """A report that the editor asked for, made."""
    made = actions.ask("十月月报", asked, "zh", person=people["editor"])
    work()
    made.refresh_from_db()
    return made


def test_a_report_is_made_in_every_form_and_says_one_thing(paper: Paper) -> None:
    held = {file.form: bytes(file.content) for file in File.objects.all()}

    assert {"html", "xlsx", "docx", "pdf"} == set(held)
    assert paper.conclusion and paper.conclusion in re.sub(r"<[^>]+>", "", held["html"].decode())
    assert paper.conclusion in [paragraph.text for paragraph in docx.Document(io.BytesIO(held["docx"])).paragraphs]
    assert paper.conclusion == openpyxl.load_workbook(io.BytesIO(held["xlsx"])).worksheets[0]["A2"].value
    assert held["pdf"].startswith(b"%PDF-")


def test_a_page_is_shown_in_a_sandbox_under_its_own_policy(as_: As, paper: Paper) -> None:
    answer = as_("viewer").get(f"/reports/{paper.pk}/report.html")

    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy and "default-src 'none'" in policy and "sha256-" in policy
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf"])
def test_a_file_is_handed_over_and_never_shown(as_: As, paper: Paper, form: str) -> None:
    answer = as_("viewer").get(f"/reports/{paper.pk}/report.{form}")

    assert 200 == answer.status_code
    assert answer["Content-Disposition"] == f'attachment; filename="liantu-{paper.year}-{paper.pk}.{form}"'


def test_a_second_person_approves_and_who_asked_does_not(as_: As, paper: Paper, people: People) -> None:
    address = f"/reports/{paper.pk}/approve/"

    assert 403 == as_("editor").post(address, {"reason": "ok"}).status_code
    assert 302 == as_("reviewer").post(address, {"reason": "数字核对过"}).status_code
    paper.refresh_from_db()
    assert people["reviewer"] == paper.approved_by
    event = Event.objects.get(action="paper.approved")
    assert all(file.digest in event.after for file in File.objects.all())
    # Approved once: a second approval changes nothing.
    assert 403 == as_("lead").post(address, {"reason": "again"}).status_code


def test_a_firm_has_no_reports_and_learns_nothing_of_them(as_: As, paper: Paper) -> None:
    assert 403 == as_("firm_a").get("/reports/").status_code
    assert 403 == as_("firm_a").get(f"/reports/{paper.pk}/").status_code


def test_what_is_not_there_is_not_found(as_: As, paper: Paper) -> None:
    for address in ("/reports/999999/", f"/reports/{paper.pk}/report.exe"):
        assert 404 == as_("viewer").get(address).status_code


@pytest.mark.parametrize(("first", "last"), [(2026, None), (None, 2027), (2030, 2026), (2000, 2090)])
def test_years_of_a_plan_that_make_no_sense_are_refused_in_words(asked: Asked, people: People, first: int | None, last: int | None) -> None:
    with pytest.raises(CallError) as caught:
        actions.ask("t", asked, "zh", first=first, last=last, person=people["editor"])
    assert "paper-years" == caught.value.code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_show_the_report_in_both_languages(as_: As, paper: Paper, lang: str) -> None:
    client = as_("reviewer")
    client.cookies["lang"] = lang

    assert "十月月报" in client.get("/reports/").content.decode()
    page = client.get(f"/reports/{paper.pk}/").content.decode()
    assert paper.conclusion in page and ("审定" if lang == "zh" else "Approve") in page


def test_asking_through_the_page_queues_the_report(as_: As, asked: Asked) -> None:
    answer = as_("viewer").post("/reports/", {"title": "t", "lang": "en", "year": str(asked.year), "version": "1", "scenario": "base"})

    assert 302 == answer.status_code
    assert ("t", "queued") == (Paper.objects.get().title, Paper.objects.get().job.state)
    assert 422 == as_("viewer").post("/reports/", {"title": "", "lang": "en"}).status_code


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_many(as_: As, paper: Paper, asked: Asked, people: People) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("viewer")
    client.get("/reports/")
    with CaptureQueriesContext(connection) as one:
        client.get("/reports/")
    for place in range(30):
        actions.ask(str(place), asked, "zh", person=people["editor"])
    with CaptureQueriesContext(connection) as many:
        client.get("/reports/")

    assert len(one) == len(many) <= 15
