"""Roles are given by two hands, end by a day, and three of them never meet in one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts import actions, queries, rights
from liantu.web.accounts.models import Grant, Organisation, Person
from liantu.web.audit.actions import System
from liantu.web.audit.models import Event

People = dict[str, Person]
IN_A_MONTH = timedelta(days=30)


def propose(people: People, of: str, role: str, by: str = "security", days: int = 30) -> Grant:
    return actions.propose_role(
        people[of], role, actor=fresh(people[by]), until=timezone.now() + timedelta(days=days), reason="works on the chain"
    )


def fresh(person: Person) -> Person:
    """As the next request reads them."""
    return Person.objects.get(pk=person.pk)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(CallError) as told:
        act()
    return told.value.code


def test_a_role_is_in_force_when_a_second_hand_has_confirmed_it(people: People) -> None:
    grant = propose(people, "nobody_yet", "editor")
    assert frozenset() == fresh(people["nobody_yet"]).roles

    actions.confirm_role(grant, actor=people["lead"])
    assert {"editor"} == fresh(people["nobody_yet"]).roles
    assert ["role.proposed", "role.given"] == list(Event.objects.order_by("seq").values_list("action", flat=True))[-2:]


@pytest.mark.parametrize(
    ("of", "role", "by", "code"),
    [
        ("security", "lead", "security", "role-own"),
        ("nobody_yet", "editor", "lead", "role-proposer"),
        ("nobody_yet", "editor", "system", "role-proposer"),
        ("nobody_yet", "security", "system", "role-proposer"),
        ("viewer", "viewer", "security", "role-held"),
        ("system", "audit", "security", "role-apart"),
    ],
)
def test_what_may_not_be_proposed(people: People, of: str, role: str, by: str, code: str) -> None:
    assert code == code_of(lambda: propose(people, of, role, by))


def test_who_proposes_does_not_confirm_nor_does_who_receives_nor_an_outsider(people: People) -> None:
    grant = propose(people, "nobody_yet", "editor")

    for name, code in {"security": "role-second", "nobody_yet": "role-own", "system": "role-second", "viewer": "role-second"}.items():
        assert code == code_of(lambda name=name: actions.confirm_role(grant, actor=fresh(people[name])))


def test_the_lead_does_not_confirm_a_role_of_their_own(people: People) -> None:
    grant = propose(people, "lead", "editor")

    assert "role-own" == code_of(lambda: actions.confirm_role(grant, actor=people["lead"]))


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_role_has_an_end_within_a_year(people: People, days: int) -> None:
    assert "role-until" == code_of(lambda: propose(people, "nobody_yet", "editor", days=days))


def test_a_role_runs_out_on_its_day_and_can_be_given_again(people: People) -> None:
    grant = propose(people, "nobody_yet", "editor")
    actions.confirm_role(grant, actor=people["lead"])
    Grant.objects.filter(pk=grant.pk).update(until=timezone.now())

    assert frozenset() == fresh(people["nobody_yet"]).roles
    propose(people, "nobody_yet", "editor")


def test_two_administrations_do_not_follow_each_other_in_one_hand(people: People) -> None:
    held = people["auditor"].grants.get()
    actions.end_role(held, actor=people["security"], reason="moves on")

    assert "role-apart" == code_of(lambda: propose(people, "auditor", "system"))
    actions.confirm_role(propose(people, "auditor", "audit"), actor=people["lead"])


def test_the_database_itself_keeps_administrations_apart(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(person=people["system"], role="audit")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(person=people["viewer"], role="viewer")


def test_while_there_is_no_security_administrator_the_first_is_proposed_by_the_system_and_accepts(db: None) -> None:
    office = actions.open_organisation("office", "office", "链长办", actor=System())
    first, second = (actions.open_person(name, name, office, actor=System())[0] for name in ("first", "second"))
    actions.give_role(first, "system", actor=System(), confirmed=True)
    assert "role-own" == code_of(
        lambda: actions.propose_role(first, "security", actor=fresh(first), until=timezone.now() + IN_A_MONTH, reason="x")
    )

    grant = actions.propose_role(second, "security", actor=fresh(first), until=timezone.now() + IN_A_MONTH, reason="the first")
    assert "role-second" == code_of(lambda: actions.confirm_role(grant, actor=fresh(first)))
    actions.confirm_role(grant, actor=fresh(second))

    assert {"security"} == fresh(second).roles
    assert "role-proposer" == code_of(
        lambda: actions.propose_role(second, "lead", actor=fresh(first), until=timezone.now() + IN_A_MONTH, reason="x")
    )


def test_a_role_given_or_ended_signs_the_person_out(people: People, as_: Callable[[str], Client]) -> None:
    client = as_("nobody_yet")
    grant = propose(people, "nobody_yet", "editor")
    assert 200 == client.get("/account/").status_code
    actions.confirm_role(grant, actor=people["lead"])
    assert 302 == client.get("/account/").status_code

    client = as_("nobody_yet")
    actions.end_role(Grant.objects.get(pk=grant.pk), actor=people["security"], reason="left")
    assert 302 == client.get("/account/").status_code


def test_a_proposal_refused_or_confirmed_waits_no_longer(people: People) -> None:
    grant = propose(people, "nobody_yet", "editor")
    actions.refuse_role(grant, actor=people["lead"], reason="not needed")

    assert "role-gone" == code_of(lambda: actions.confirm_role(grant, actor=people["lead"]))
    assert [] == list(queries.waiting())


def test_roles_are_looked_at_every_ninety_days(people: People) -> None:
    held = people["editor"].grants.get()
    Grant.objects.filter(pk=held.pk).update(since=timezone.now() - timedelta(days=91))
    assert [held] == list(queries.to_review())

    assert "role-own" == code_of(lambda: actions.review_role(held, actor=people["editor"], reason="x"))
    actions.review_role(held, actor=people["security"], reason="still needed")
    assert [] == list(queries.to_review())


def test_moving_to_another_organisation_ends_the_roles(people: People) -> None:
    home = Organisation.objects.get(code="office")
    actions.change_person(people["firm_a"], name="firm_a", phone="", organisation=home, actor=people["system"], reason="moved")

    assert frozenset() == fresh(people["firm_a"]).roles


def test_a_firms_person_without_a_role_sees_nothing_of_the_firm(people: People) -> None:
    newcomer, _ = actions.open_person("new", "new", Organisation.objects.get(code="firm-a"), actor=people["system"])

    assert {"anyone", "person"} == rights.actors(newcomer)
    assert "firm" in rights.actors(fresh(people["firm_a"]))


def test_two_administrations_are_not_proposed_for_one_hand_at_once(people: People) -> None:
    propose(people, "nobody_yet", "system")

    assert "role-apart" == code_of(lambda: propose(people, "nobody_yet", "audit"))


def test_who_keeps_accounts_does_not_become_the_guard_under_a_second_name(people: People) -> None:
    """They may disable who guards and propose another; but that one is confirmed by the lead, and does not accept."""
    actions.switch_person(people["security"], is_active=False, actor=people["system"], reason="x")
    grant = propose(people, "nobody_yet", "security", by="system")

    assert "role-own" == code_of(lambda: actions.confirm_role(grant, actor=fresh(people["nobody_yet"])))
    assert [] == queries.may_confirm([grant], fresh(people["nobody_yet"]))
    actions.confirm_role(grant, actor=fresh(people["lead"]))
    assert {"security"} == fresh(people["nobody_yet"]).roles


def test_where_no_lead_could_confirm_it_a_later_guard_accepts(people: People) -> None:
    for name in ("security", "lead"):
        actions.switch_person(people[name], is_active=False, actor=people["system"], reason="x")
    grant = propose(people, "nobody_yet", "security", by="system")

    actions.confirm_role(grant, actor=fresh(people["nobody_yet"]))


def test_a_guard_whose_organisation_is_disabled_guards_no_more(people: People) -> None:
    Organisation.objects.filter(pk=people["security"].organisation_id).update(is_active=False)

    assert not actions.is_guarded()


def test_the_last_who_could_confirm_keeps_the_role(people: People) -> None:
    held = people["lead"].grants.get()
    assert "role-last" == code_of(lambda: actions.end_role(held, actor=people["security"], reason="left"))
    assert {"lead"} == fresh(people["lead"]).roles

    actions.confirm_role(propose(people, "nobody_yet", "lead"), actor=fresh(people["lead"]))
    actions.end_role(held, actor=people["security"], reason="left")
    assert frozenset() == fresh(people["lead"]).roles
