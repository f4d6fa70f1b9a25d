"""My desk: what waits for whom, what changed, what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liantu.web.accounts import actions as accounts
from liantu.web.accounts.models import Person
from liantu.web.config.nav import TREE
from liantu.web.notices import actions as notices
from liantu.web.registry import actions as registers
from liantu.web.registry.actions import Kept
from liantu.web.registry.models import Batch, Version
from liantu.web.work.actions import precompute
from liantu.web.work.models import Run
from liantu.words import keys
from tests.web.chain.conftest import given
from tests.web.chain.test_pages import MOST_QUERIES, read, text
from tests.web.work.conftest import published

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Queries = Callable[[int], Any]
FIRM = {"id": "a", "name_en": "First firm", "name_zh": "甲公司", "site": "east"}


def enter(person: Person, table: str, row: dict[str, str], days: int) -> None:
    """A record whose figures are due in so many days."""
    kept = Kept(owner=person.organisation, as_of=None, next_due=timezone.localdate() + timedelta(days=days))
    registers.create(table, row, kept=kept, actor=person, reason="test")


@pytest.mark.parametrize("name", ["viewer", "editor", "lead", "system", "security", "auditor", "firm_a", "nobody_yet", "park_editor"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_desk_opens_for_everybody_signed_in(as_: As, overview: Run, name: str, lang: str) -> None:
    assert "style=" not in read(as_(name), "/", lang)


@pytest.mark.parametrize("name", ["lead", "editor", "firm_a", "security"])
def test_the_desk_takes_few_queries(as_: As, overview: Run, name: str, django_assert_max_num_queries: Queries) -> None:
    client = as_(name)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/")


def test_with_nothing_to_do_the_desk_says_how_the_chain_stands(as_: As, overview: Run) -> None:
    page = text(read(as_("viewer"), "/", "en"))
    assert "Nothing waits for you. 2025: Salt capacity is 2.4 times the need of Cell" in page


def test_a_version_put_forward_waits_for_the_lead_and_not_for_who_put_it_forward(as_: As, overview: Run, people: dict[str, Person]) -> None:
    more = published(2, given({"stakes": "owner,firm,share\nb,a,0.5"}))
    Version.objects.filter(pk=more.pk).update(state="proposed", name="October", proposed_by=people["editor"].audit_id)

    assert "Publish version: October" in text(read(as_("lead"), "/", "en"))
    assert "Waiting for you: 1" in text(read(as_("lead"), "/", "en"))
    assert "October" not in text(read(as_("editor"), "/", "en"))
    Version.objects.filter(pk=more.pk).update(proposed_by=people["lead"].audit_id)
    assert "Publish version" not in text(read(as_("lead"), "/", "en"))


def test_a_role_put_forward_waits_for_a_second_hand(as_: As, people: dict[str, Person]) -> None:
    soon = timezone.now() + timedelta(days=30)
    accounts.propose_role(people["nobody_yet"], "viewer", actor=people["security"], until=soon, reason="new here")
    assert "Confirm a role: nobody_yet: Viewer" in text(read(as_("lead"), "/", "en"))
    assert "Confirm a role" not in text(read(as_("security"), "/", "en"))
    assert "Confirm a role" not in text(read(as_("viewer"), "/", "en"))


def test_a_checked_import_waits_for_who_brought_it(as_: As, people: dict[str, Person]) -> None:
    Batch.objects.create(name="October.xlsx", by=people["editor"], organisation=people["editor"].organisation, state="checked")
    assert "Enter an import: October.xlsx" in text(read(as_("editor"), "/", "en"))
    assert "October.xlsx" not in text(read(as_("lead"), "/", "en"))


def test_late_figures_are_red_and_first_and_counted(as_: As, overview: Run, people: dict[str, Person]) -> None:
    enter(people["editor"], "sites", {"id": "far", "name_en": "Far"}, -41)
    enter(people["editor"], "sites", {"id": "near", "name_en": "Near"}, 5)

    page = text(read(as_("editor"), "/", "en"))
    assert "Waiting for you: 1 ; late: 1 ." in page
    assert "41 days late" in page and "5 days left" in page


def test_figures_of_another_house_are_not_mine(as_: As, overview: Run, people: dict[str, Person]) -> None:
    enter(people["park_editor"], "sites", {"id": "far", "name_en": "Far"}, -41)
    assert "41 days late" not in text(read(as_("editor"), "/", "en"))
    assert "41 days late" in text(read(as_("park_editor"), "/", "en"))


def test_a_firm_is_told_of_its_own_records_alone(as_: As, overview: Run, people: dict[str, Person]) -> None:
    enter(people["editor"], "firms", FIRM, -3)
    enter(people["editor"], "firms", {**FIRM, "id": "b", "name_en": "Second firm"}, -4)

    page = text(read(as_("firm_a"), "/", "en"))
    assert "3 days late" in page and "4 days late" not in page
    assert "What changed" not in page


def test_what_others_changed_since_the_last_visit_is_told_by_register(as_: As, overview: Run, people: dict[str, Person]) -> None:
    enter(people["editor"], "sites", {"id": "far", "name_en": "Far"}, 400)
    page = text(read(as_("lead"), "/", "en"))
    assert "Sites" in page and "entered, 1 row" in page and "editor ·" in page
    assert "entered, 1 row" not in text(read(as_("editor"), "/", "en"))


def test_notices_are_shown_until_they_are_read(as_: As, people: dict[str, Person]) -> None:
    notices.tell(people["viewer"], "desk.due-do", {})
    client = as_("viewer")
    assert "You were told" in text(read(client, "/", "en"))

    assert 302 == client.post("/read/").status_code
    assert "You were told" not in text(read(client, "/", "en"))


def test_the_chain_at_a_glance_hides_from_a_firm_what_the_map_hides(as_: As, overview: Run) -> None:
    page = text(read(as_("firm_a"), "/", "en"))
    assert "Cell not published" in page.replace("  ", " ")
    assert "Cell Short" in text(read(as_("viewer"), "/", "en"))


def test_who_is_new_is_told_what_to_begin_with_until_it_was_all_done(as_: As, overview: Run) -> None:
    page = text(read(as_("editor"), "/", "en"))
    assert "Begin here" in page
    assert "Propose a version" in page
    assert "Give your colleagues accounts" not in page
    assert "Begin here" not in text(read(as_("firm_a"), "/", "en"))


def test_every_entry_of_the_tree_says_how_its_page_is_read() -> None:
    known = set(keys("help"))
    entries = [word for _, group in TREE for word, _, _ in group]
    assert set() == {f"{word}-{part}" for word in entries for part in ("shows", "from", "next")} - known


def test_while_a_version_is_reckoned_by_itself_the_pages_say_so(as_: As, version: Version) -> None:
    assert "in the background" not in text(read(as_("viewer"), "/", "en"))
    precompute(version)

    assert "in the background" in text(read(as_("viewer"), "/", "en"))
    assert "in the background" in text(read(as_("viewer"), "/chain/", "en"))
