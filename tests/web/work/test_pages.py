"""The pages of runs and scenarios, as each person meets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.jobs import actions as jobs
from liantu.web.jobs.models import MOST_QUEUED, Job
from liantu.web.work import actions
from liantu.web.work.context import Asked
from liantu.web.work.models import Run, Scenario

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
People = dict[str, Person]
Work = Callable[[], list[str]]
CHANGES = [{"table": "plants", "rows": "p1", "column": "capacity", "operation": "times", "value": "0.5", "unit": "", "reason": "停一条线"}]


def sent(changes: list[dict[str, str]], **more: str) -> dict[str, str]:
    return (
        {f"{place}-{name}": value for place, row in enumerate(changes) for name, value in row.items()}
        | {"name": "减半", "reason": "试算"}
        | more
    )


@pytest.fixture
def halved(people: People) -> Scenario:
    return actions.open_scenario("减半", "试算", CHANGES, person=people["editor"])


def text(client: Client, path: str, lang: str = "zh") -> str:
    client.cookies["lang"] = lang
    answer = client.get(path)
    assert 200 == answer.status_code, path
    return str(answer.content.decode())


@pytest.mark.parametrize("verb", ["check", "balance", "require", "throughput", "overview", "plan", "whynot"])
def test_every_answer_has_a_page_in_both_languages(asked: Asked, as_: As, people: People, work: Work, verb: str) -> None:
    options = {"demand": {"cell": "5 t"}} if verb == "whynot" else {}
    run = actions.ask(verb, asked, options, person=people["editor"])
    waits = text(as_("viewer"), f"/runs/{run.pk}/")
    assert f"/runs/{run.pk}/state/" in waits
    assert ["done"] == work()

    chinese, english = (text(as_("viewer"), f"/runs/{run.pk}/", lang) for lang in ("zh", "en"))

    run.refresh_from_db()
    assert run.digest in chinese and run.digest in english
    assert "运行" in chinese and "Input digest" in english


def test_names_stand_where_ids_are_stored(asked: Asked, as_: As, people: People, work: Work) -> None:
    run = actions.ask("balance", asked, person=people["editor"])
    work()

    assert "电芯制造" in text(as_("viewer"), f"/runs/{run.pk}/")
    assert "cell making" in text(as_("viewer"), f"/runs/{run.pk}/", "en")


def test_a_question_is_asked_by_a_form_and_its_page_waits_for_it(asked: Asked, as_: As, work: Work) -> None:
    answer = as_("viewer").post("/runs/ask/", {"verb": "require", "year": "2025", "demand": "cell=5 t", "next": "/chain/?year=2025"})
    assert (302, "/chain/?year=2025") == (answer.status_code, answer["Location"])

    run = Run.objects.get()
    assert {"year": 2025, "options": {"demand": {"cell": "5 t"}}} == run.question
    state = as_("viewer").get(f"/runs/{run.pk}/state/").json()
    assert (False, "排队中") == (state["finished"], state["said"])
    work()
    assert as_("viewer").get(f"/runs/{run.pk}/state/").json()["finished"]


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_asking_never_leads_elsewhere(asked: Asked, as_: As, next_: str) -> None:
    answer = as_("viewer").post("/runs/ask/", {"verb": "balance", "next": next_})

    assert answer["Location"].startswith("/runs/")


@pytest.mark.parametrize(
    ("given", "said"),
    [({"verb": "guess"}, "guess"), ({"verb": "require", "demand": "cell"}, "cell"), ({"verb": "plan", "first": "soon"}, "soon")],
)
def test_a_question_that_cannot_be_read_is_refused_in_words(asked: Asked, as_: As, given: dict[str, str], said: str) -> None:
    answer = as_("viewer").post("/runs/ask/", given)

    assert 400 == answer.status_code and said in answer.content.decode()


def test_a_full_queue_is_said_with_its_own_status(asked: Asked, as_: As) -> None:
    Job.objects.bulk_create(Job(kind="run") for _ in range(MOST_QUEUED))

    answer = as_("viewer").post("/runs/ask/", {"verb": "balance"})

    assert 429 == answer.status_code and "排队" in answer.content.decode()


def test_a_job_is_ended_by_who_asked_and_by_the_lead_and_nobody_else(asked: Asked, as_: As, people: People) -> None:
    run = actions.ask("balance", asked, person=people["editor"])

    assert 403 == as_("viewer").post(f"/jobs/{run.job_id}/cancel/").status_code
    assert 404 == as_("firm_a").post(f"/jobs/{run.job_id}/cancel/").status_code
    assert 302 == as_("lead").post(f"/jobs/{run.job_id}/cancel/", {"next": f"/runs/{run.pk}/"}).status_code
    assert "cancelled" == Job.objects.get().state
    assert "已取消" in text(as_("editor"), f"/runs/{run.pk}/")


@pytest.mark.parametrize("path", ["/runs/{}/", "/runs/{}/state/", "/runs/{}/record.json"])
def test_a_run_under_somebody_elses_own_scenario_answers_like_one_that_is_not_there(
    asked: Asked, as_: As, people: People, halved: Scenario, path: str
) -> None:
    from dataclasses import replace

    run = actions.ask("balance", replace(asked, scenario=halved), person=people["editor"])

    theirs, nobodys = (as_("lead").get(path.format(number)) for number in (run.pk, 999_999))

    assert (404, 404) == (theirs.status_code, nobodys.status_code)
    number = theirs["X-Request-Id"].encode()
    assert theirs.content.replace(number, b"") == nobodys.content.replace(nobodys["X-Request-Id"].encode(), b"")


def test_the_list_filters_and_counts_and_asks_the_database_as_often_for_ten_as_for_a_thousand(
    asked: Asked, as_: As, people: People, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = as_("viewer")
    for year in range(2000, 2010):
        actions.run_of(asked.snapshot, "balance", {"year": year}, person=people["editor"])  # type: ignore[arg-type]
    with django_assert_max_num_queries(15) as few:  # type: ignore[attr-defined]
        text(client, "/runs/?verb=balance&sort=-year")
    Run.objects.bulk_create(Run(verb="balance", key=str(number), snapshot=asked.snapshot, version="x", year=1900) for number in range(1000))
    with django_assert_max_num_queries(15) as many:  # type: ignore[attr-defined]
        text(client, "/runs/?verb=balance&sort=-year")

    assert len(few) == len(many)


def test_two_answers_stand_side_by_side(asked: Asked, as_: As, people: People, halved: Scenario, work: Work) -> None:
    from dataclasses import replace

    runs = [actions.ask("balance", one, person=people["editor"]) for one in (asked, replace(asked, scenario=halved))]
    work()

    page = text(as_("editor"), f"/runs/compare/?run={runs[0].pk}&run={runs[1].pk}", "en")

    # Half of 60 t of salt is made.
    assert "−30" in page and "salt" in page


def test_a_scenario_is_written_checked_seen_and_compared(asked: Asked, as_: As, work: Work) -> None:
    editor = as_("editor")
    answer = editor.post("/scenarios/new/", sent(CHANGES))
    made = Scenario.objects.get()
    assert f"/scenarios/{made.pk}/" == answer["Location"]
    assert ["done"] == work()
    assert "都可以生效" in text(editor, f"/scenarios/{made.pk}/")

    for code in ("base", made.code):
        editor.post("/runs/ask/", {"verb": "overview", "scenario": code, "year": "2025"})
    work()
    page = text(editor, f"/scenarios/compare/?a=base&b={made.code}&year=2025")

    # 30 t of salt are too little for the 40 t that 20 t of cells take: the link turns from long to short.
    assert "1 个环节的长短缺变了" in page and "冶炼" in page


def test_what_is_wrong_with_a_change_stands_at_its_row(asked: Asked, as_: As, work: Work) -> None:
    wrong = [*CHANGES, {**CHANGES[0], "rows": "p99"}]
    as_("editor").post("/scenarios/new/", sent(wrong))
    work()

    page = text(as_("editor"), f"/scenarios/{Scenario.objects.get().pk}/")

    assert "p99" in page and "scenarios:2" in page and "算不了" in page


def test_a_form_with_mistakes_keeps_what_was_typed(asked: Asked, as_: As) -> None:
    wrong = [{**CHANGES[0], "column": "colour"}]
    answer = as_("editor").post("/scenarios/new/", sent(wrong, reason=""))
    page = answer.content.decode()

    assert 422 == answer.status_code
    assert 'value="colour"' in page and "没有这一列" in page and "请填写" in page
    assert 0 == Scenario.objects.count()


def test_who_saves_second_sees_both_versions(asked: Asked, as_: As, people: People, halved: Scenario) -> None:
    actions.change_scenario(halved, "减半二", "别的", [], lock=1, person=people["lead"])

    answer = as_("editor").post(f"/scenarios/{halved.pk}/edit/", sent(CHANGES, lock="1"))
    page = answer.content.decode()

    assert 409 == answer.status_code
    assert "减半二" in page and 'value="p1"' in page
    assert "减半二" == Scenario.objects.get().name


def test_a_scenario_is_its_owners_until_it_is_shared_and_stays_readable_when_retired(asked: Asked, as_: As, halved: Scenario) -> None:
    path = f"/scenarios/{halved.pk}/"
    assert 404 == as_("viewer").get(path).status_code
    as_("editor").post(f"{path}share/", {"shared": "1"})
    assert 200 == as_("viewer").get(path).status_code
    assert 403 == as_("viewer").post(f"{path}retire/", {"reason": "x"}).status_code
    assert 403 == as_("park_editor").post(f"{path}retire/", {"reason": "x"}).status_code

    as_("editor").post(f"{path}retire/", {"reason": "不再需要"})

    assert "已停用" in text(as_("viewer"), path)
    assert "减半" not in text(as_("viewer"), "/scenarios/")
    assert "减半" in text(as_("viewer"), "/scenarios/?retired=1")
    assert 409 == as_("editor").post(f"{path}share/", {}).status_code


def test_a_branch_begins_with_the_changes_of_its_origin(asked: Asked, as_: As, halved: Scenario) -> None:
    assert 'value="p1"' in text(as_("editor"), f"/scenarios/new/?branch_of={halved.pk}")
    as_("editor").post("/scenarios/new/", sent(CHANGES, name="分支", branch_of=str(halved.pk)))

    assert halved == Scenario.objects.get(name="分支").branch_of


@pytest.mark.parametrize("path", ["/runs/", "/scenarios/", "/scenarios/new/", "/scenarios/compare/"])
@pytest.mark.parametrize("name", ["firm_a_editor", "nobody_yet", "system"])
def test_these_pages_are_not_for_firms_nor_for_those_without_a_role(asked: Asked, as_: As, path: str, name: str) -> None:
    assert 403 == as_(name).get(path).status_code


def test_progress_is_told_in_the_language_of_the_reader(asked: Asked, as_: As, people: People) -> None:
    run = actions.ask("balance", asked, person=people["editor"])
    job = jobs.claim()
    assert job is not None
    jobs.tell(job, 0.4, "work.said-balance")

    client = as_("viewer")
    assert {"progress": 0.4, "said": "算平衡"}.items() <= client.get(f"/runs/{run.pk}/state/").json().items()
    client.cookies["lang"] = "en"
    assert "Balancing" == client.get(f"/runs/{run.pk}/state/").json()["said"]
