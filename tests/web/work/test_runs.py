"""The same question on the same data is computed once, and read only by those who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http import Http404

from liantu.errors import CallError
from liantu.web.accounts.models import Grant, Person
from liantu.web.jobs.models import Job
from liantu.web.registry.models import Version
from liantu.web.work import access, actions, context, handlers, queries
from liantu.web.work.context import Asked
from liantu.web.work.models import Run
from tests.web.work.conftest import ROWS, published, tables_of

pytestmark = pytest.mark.django_db
People = dict[str, Person]
Work = Callable[[], list[str]]


def test_a_balance_is_computed_in_the_background_and_kept_in_both_languages(asked: Asked, people: People, work: Work) -> None:
    run = actions.ask("balance", asked, person=people["editor"])
    assert not run.is_answered

    assert ["done"] == work()

    run.refresh_from_db()
    # 60 t of salt made, 2 × 10 t taken.
    salt = {row["material"]: row for row in queries.answer(run, "zh")["result"]["materials"]}["salt"]
    assert (60.0, 20.0) == (salt["produced"], salt["consumed"])
    assert (True, "done", 64) == (run.is_ok, run.state, len(run.digest))


def test_the_same_question_on_the_same_data_answers_from_store(asked: Asked, people: People, work: Work) -> None:
    first = actions.ask("balance", asked, person=people["editor"])
    assert first.pk == actions.ask("balance", asked, person=people["lead"]).pk
    work()

    again = actions.ask("balance", asked, person=people["lead"])

    assert (first.pk, True) == (again.pk, again.is_answered)
    assert 1 == Job.objects.count()


def test_another_year_or_other_data_are_another_question(asked: Asked, people: People, version: Version) -> None:
    first = actions.ask("balance", asked, person=people["editor"])
    other_year = actions.ask("balance", replace(asked, year=2024), person=people["editor"])
    more = {**ROWS, "plants": [{**ROWS["plants"][0], "capacity": "61"}, ROWS["plants"][1]]}
    published(2, tables_of(more))
    other_data = actions.ask("balance", context.settled(people["editor"]), person=people["editor"])

    assert 3 == len({first.pk, other_year.pk, other_data.pk})


def test_an_overview_is_a_page_in_both_languages_and_its_parts_are_answers_of_their_own(asked: Asked, people: People, work: Work) -> None:
    run = actions.ask("overview", asked, person=people["editor"])

    assert ["done"] == work()

    chinese, english = (queries.answer(run, lang) for lang in ("zh", "en"))
    assert ("zh", "en") == (chinese["page"]["lang"], english["page"]["lang"])
    assert "require" in [section["key"] for section in english["page"]["sections"]]
    # The yardstick of 20 t needs 40 t of salt, against 60 t there are.
    require = queries.stored("require", asked, person=people["editor"])
    assert require is not None and require.part_of_id == run.pk
    refine = {row["process"]: row for row in queries.answer(require, "en")["result"]["activities"]}["refine"]
    assert (40.0, 60.0, -20.0) == (refine["activity"], refine["capacity"], refine["gap"])
    assert {run.pk} == set(access.readable(people["editor"]).values_list("pk", flat=True))


def test_what_nobody_asked_yet_is_not_stored(asked: Asked, people: People) -> None:
    assert queries.stored("overview", asked, person=people["editor"]) is None


def test_the_overviews_of_a_published_version_are_computed_by_themselves_and_once(asked: Asked, people: People, work: Work) -> None:
    handlers.due()
    handlers.due()

    assert ["done"] == work()
    handlers.due()

    assert 1 == Job.objects.count()
    assert set(asked.years) == set(Run.objects.filter(verb="overview").values_list("year", flat=True))
    assert all(queries.stored("overview", replace(asked, year=year), person=people["viewer"]) for year in asked.years)
    # The plan page opens with the five years after its own.
    assert queries.stored("outlook", asked, {"first": asked.year + 1, "last": asked.year + 5}, person=people["viewer"])


def test_a_right_taken_away_between_asking_and_starting_stops_the_job(asked: Asked, people: People, work: Work) -> None:
    run = actions.ask("balance", asked, person=people["editor"])
    Grant.objects.filter(person=people["editor"]).delete()

    assert ["failed"] == work()

    job = Job.objects.get(pk=run.job_id)
    assert "job-no-right" == job.error["code"]


def test_a_result_is_for_those_who_may_read_it_when_they_read(asked: Asked, people: People, work: Work) -> None:
    overview = actions.ask("overview", asked, person=people["editor"])
    prices = actions.ask("throughput", asked, person=people["editor"])
    own = actions.open_scenario("双倍", "试算", [], person=people["editor"])
    secret = actions.ask("balance", replace(asked, scenario=own), person=people["editor"])

    assert overview == access.run_for(people["firm_a"], overview.pk)
    for person, run in (("firm_a", prices), ("firm_a", secret), ("lead", secret), ("nobody_yet", overview)):
        if (person, run) == ("nobody_yet", overview):
            continue
        with pytest.raises(Http404):
            access.run_for(people[person], run.pk)
    actions.share_scenario(own, shared=True, person=people["editor"])
    assert secret == access.run_for(people["lead"], secret.pk)


def test_the_overview_of_a_version_no_longer_in_force_is_not_for_firms(asked: Asked, people: People) -> None:
    run = actions.ask("overview", asked, person=people["editor"])
    more = {**ROWS, "plants": ROWS["plants"][:1]}
    published(2, tables_of(more))

    with pytest.raises(Http404):
        access.run_for(people["firm_a"], run.pk)


def test_a_scenario_without_changes_is_the_chain_as_it_is(asked: Asked, people: People, work: Work) -> None:
    blank = actions.open_scenario("空", "先占位", [], person=people["editor"])
    runs = [actions.ask("overview", one, person=people["editor"]) for one in (asked, replace(asked, scenario=blank))]

    assert ["done", "done"] == work()

    pages = [queries.answer(run, "zh")["page"] for run in runs]
    assert pages[0]["figures"] == pages[1]["figures"]


@pytest.mark.parametrize(("verb", "options", "code"), [("guess", {}, "question-verb"), ("balance", {"colour": 1}, "question-option")])
def test_what_cannot_be_asked_is_said(asked: Asked, people: People, verb: str, options: dict[str, object], code: str) -> None:
    with pytest.raises(CallError) as refused:
        actions.ask(verb, asked, options, person=people["editor"])
    assert code == refused.value.code


def test_a_demand_that_cannot_be_read_fails_in_words(asked: Asked, people: People, work: Work) -> None:
    run = actions.ask("require", asked, {"demand": {"gold": "1 t"}}, person=people["editor"])

    assert ["failed"] == work()

    job = Job.objects.get(pk=run.job_id)
    assert "gold" in job.says("zh") and job.way_out("en")


def test_a_failed_question_can_be_asked_again(asked: Asked, people: People, work: Work) -> None:
    first = actions.ask("balance", asked, person=people["editor"])
    Job.objects.update(state="failed")

    again = actions.ask("balance", asked, person=people["editor"])

    assert first.pk == again.pk and first.job_id != again.job_id
    assert ["done"] == work()


def test_the_address_says_what_a_page_is_about(version: Version, people: People) -> None:
    own = actions.open_scenario("双倍", "试算", [], person=people["editor"])
    named = context.settled(people["editor"], year="2027", scenario=own.code, version="1")
    assert (2027, own, version, version.snapshot) == (named.year, named.scenario, named.version, named.snapshot)

    nonsense = context.settled(people["editor"], year="x", scenario="s999", version="77")
    assert (2025, None, version) == (nonsense.year, nonsense.scenario, nonsense.version)

    firm = context.settled(people["firm_a"], version="draft", scenario=own.code)
    assert (version, None, ()) == (firm.version, firm.scenario, firm.versions)
