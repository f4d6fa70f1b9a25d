"""People, organisations and roles over the interface. Owns: these operations. Never: rights, writes (accounts' own actions)."""

from __future__ import annotations

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Status

from liantu.errors import CallError
from liantu.web.accounts import actions, queries
from liantu.web.accounts.actions import signing
from liantu.web.accounts.models import Grant, Organisation, Person
from liantu.web.api.bearer import Signed
from liantu.web.api.operations.me import shown_session
from liantu.web.api.schemas.parts import WhyIn
from liantu.web.api.schemas.people import (
    DetailsIn,
    GrantOut,
    NamesIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationsOut,
    PasswordOut,
    PeopleOut,
    PersonIn,
    PersonOut,
    PersonWholeOut,
    RoleIn,
    RolesOut,
    SwitchIn,
)
from liantu.web.api.signed import WrongError, answers, needs
from liantu.web.manage import actions as acts
from liantu.web.manage import queries as lists
from liantu.web.manage.forms import end_of_day
from liantu.words import say

router = Router(tags=["people"])
MANAGE = needs("manage")
_DONE = answers(204, None)
Page = Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("/people", response=answers(200, PeopleOut), url_name="people", summary="Everybody", auth=MANAGE)
def people(request: Signed, page: Page = 1) -> PeopleOut:
    """A page of people; ``q``, ``kind``, ``role`` and ``state`` filter them as on the page."""
    found = lists.people(request.GET)
    return PeopleOut(
        total=found.total,
        page=found.page,
        pages=found.pages,
        rows=[PersonOut(**_person(one, [grant.role for grant in vars(one)["held"]])) for one in found.rows],
    )


@router.post("/people", response=answers(201, PasswordOut), url_name="people", summary="Enter somebody", auth=MANAGE)
def enter(request: Signed, given: PersonIn) -> Status[PasswordOut]:
    """The password for the first sign-in is in this answer and nowhere else."""
    home = _home(request, given.organisation)
    made, password = actions.open_person(given.username, given.name, home, actor=request.user, reason=given.reason)
    return Status(201, PasswordOut(id=made.pk, username=made.username, password=password))


@router.get("/people/{number}", response=answers(200, PersonWholeOut), url_name="person", summary="One person", auth=MANAGE)
def person(request: Signed, number: int) -> PersonWholeOut:
    """Details, roles, sessions."""
    found = _found(number)
    return PersonWholeOut(
        **_person(found, sorted(found.roles)),
        grants=[_grant(one) for one in queries.held(found).select_related("person", "proposed_by", "confirmed_by")],
        sessions=[shown_session(one) for one in queries.sessions(found)],
    )


@router.patch("/people/{number}", response=_DONE, url_name="person", summary="Change details", auth=MANAGE)
def change(request: Signed, number: int, given: DetailsIn) -> Status[None]:
    """Name, telephone, organisation; who moves loses their roles."""
    home = _home(request, given.organisation)
    actions.change_person(_found(number), name=given.name, phone=given.phone, organisation=home, actor=request.user, reason=given.reason)
    return Status(204, None)


@router.post("/people/{number}/switch", response=_DONE, url_name="person-switch", summary="Disable or enable somebody", auth=MANAGE)
def switch(request: Signed, number: int, given: SwitchIn) -> Status[None]:
    """Who is disabled is signed out at once."""
    actions.switch_person(_found(number), is_active=given.is_active, actor=request.user, reason=given.reason)
    return Status(204, None)


@router.post("/people/{number}/password", response=answers(200, PasswordOut), url_name="password", summary="A new password", auth=MANAGE)
def reset(request: Signed, number: int, why: WhyIn) -> PasswordOut:
    """For one sign-in; it is in this answer and nowhere else."""
    found = _found(number)
    password = actions.reset_password(found, actor=request.user, reason=why.reason)
    return PasswordOut(id=found.pk, username=found.username, password=password)


@router.delete(
    "/people/{number}/authenticator", response=_DONE, url_name="authenticator", summary="Take a lost authenticator off", auth=MANAGE
)
def drop_authenticator(request: Signed, number: int, why: WhyIn) -> Status[None]:
    """Somebody else's; one's own is taken off on the page, with the password."""
    found = _found(number)
    if found == request.user:
        raise CallError("own-account")
    signing.drop_authenticator(found, actor=request.user, reason=why.reason)
    return Status(204, None)


@router.delete("/people/{number}/sessions", response=_DONE, url_name="person-sessions", summary="Sign somebody out", auth=MANAGE)
def end_sessions(request: Signed, number: int, why: WhyIn) -> Status[None]:
    """Everywhere, at once."""
    found = _found(number)
    signing.end_sessions(found.sessions.all(), found, actor=request.user, reason=why.reason)
    return Status(204, None)


@router.post("/people/{number}/roles", response=answers(201, GrantOut), url_name="person-roles", summary="Propose a role", auth=MANAGE)
def propose(request: Signed, number: int, given: RoleIn) -> Status[GrantOut]:
    """A second hand confirms it."""
    until = end_of_day(given.until)
    made = acts.propose_role(_found(number), given.role, actor=request.user, until=until, reason=given.reason)
    return Status(201, _grant(made))


@router.get("/roles", response=answers(200, RolesOut), url_name="roles", summary="Roles that wait, roles to look at again", auth=MANAGE)
def roles(request: Signed) -> RolesOut:
    """Proposals, and roles nobody has looked at for ninety days."""
    waiting = list(queries.waiting())
    return RolesOut(
        waiting=[_grant(one) for one in waiting],
        mine=[one.pk for one in queries.may_confirm(waiting, request.user)],
        review=[_grant(one) for one in queries.to_review()[:100]],
    )


@router.post("/roles/{number}/confirm", response=_DONE, url_name="role-confirm", summary="Confirm a role", auth=MANAGE)
def confirm(request: Signed, number: int) -> Status[None]:
    """The second hand; it takes effect at once."""
    acts.confirm_role(_role(number), actor=request.user)
    return Status(204, None)


@router.post("/roles/{number}/refuse", response=_DONE, url_name="role-refuse", summary="Refuse a role", auth=MANAGE)
def refuse(request: Signed, number: int, why: WhyIn) -> Status[None]:
    """Take a proposal off the table."""
    actions.refuse_role(_role(number), actor=request.user, reason=why.reason)
    return Status(204, None)


@router.post("/roles/{number}/end", response=_DONE, url_name="role-end", summary="End a role", auth=MANAGE)
def end(request: Signed, number: int, why: WhyIn) -> Status[None]:
    """At once."""
    acts.end_role(_role(number), actor=request.user, reason=why.reason)
    return Status(204, None)


@router.post("/roles/{number}/review", response=_DONE, url_name="role-review", summary="A role is still needed", auth=MANAGE)
def review(request: Signed, number: int, why: WhyIn) -> Status[None]:
    """Note that it was looked at."""
    actions.review_role(_role(number), actor=request.user, reason=why.reason)
    return Status(204, None)


@router.get("/organisations", response=answers(200, OrganisationsOut), url_name="organisations", summary="Organisations", auth=MANAGE)
def organisations(request: Signed, page: Page = 1) -> OrganisationsOut:
    """A page of them; ``q`` and ``kind`` filter."""
    found = lists.organisations(request.GET)
    return OrganisationsOut(
        total=found.total, page=found.page, pages=found.pages, rows=[_organisation(one, vars(one)["count"]) for one in found.rows]
    )


@router.post("/organisations", response=answers(201, OrganisationOut), url_name="organisations", summary="Enter one", auth=MANAGE)
def open_organisation(request: Signed, given: OrganisationIn) -> Status[OrganisationOut]:
    """Kind and key stay for ever: they decide what its people see."""
    made = actions.open_organisation(
        given.code, given.kind, given.name_zh, name_en=given.name_en, key=given.key, actor=request.user, reason=given.reason
    )
    return Status(201, _organisation(made, 0))


@router.get(
    "/organisations/{number}", response=answers(200, OrganisationOut), url_name="organisation", summary="One organisation", auth=MANAGE
)
def organisation(request: Signed, number: int) -> OrganisationOut:
    """One organisation."""
    return _organisation(found := get_object_or_404(Organisation, pk=number), _people(found))


@router.patch("/organisations/{number}", response=answers(200, OrganisationOut), url_name="organisation", summary="Rename", auth=MANAGE)
def rename(request: Signed, number: int, given: NamesIn) -> OrganisationOut:
    """Other names."""
    found = get_object_or_404(Organisation, pk=number)
    actions.change_organisation(found, name_zh=given.name_zh, name_en=given.name_en, actor=request.user, reason=given.reason)
    return _organisation(found, _people(found))


@router.post("/organisations/{number}/switch", response=_DONE, url_name="organisation-switch", summary="Disable or enable", auth=MANAGE)
def switch_organisation(request: Signed, number: int, given: SwitchIn) -> Status[None]:
    """With it everybody in it."""
    found = get_object_or_404(Organisation, pk=number)
    actions.switch_organisation(found, is_active=given.is_active, actor=request.user, reason=given.reason)
    return Status(204, None)


def _found(number: int) -> Person:
    return get_object_or_404(Person.objects.select_related("organisation"), pk=number)


def _role(number: int) -> Grant:
    return get_object_or_404(Grant.objects.select_related("person"), pk=number)


def _home(request: Signed, code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise WrongError(fields={"organisation": say("api.no-organisation", request.lang, {"code": code})})
    return found


def _people(one: Organisation) -> int:
    return one.people.filter(is_active=True).count()


def _person(one: Person, roles: list[str]) -> dict[str, Any]:
    return {
        "id": one.pk, "username": one.username, "name": one.name, "phone": one.phone, "organisation": one.organisation.code,
        "is_active": one.is_active, "roles": roles, "last_login": one.last_login, "has_authenticator": bool(one.totp_seed),
    }  # fmt: skip


def _grant(one: Grant) -> GrantOut:
    return GrantOut(
        id=one.pk, person=one.person.username, role=one.role, is_confirmed=one.is_confirmed, since=one.since, until=one.until,
        proposed_by=one.proposed_by.name if one.proposed_by else "", confirmed_by=one.confirmed_by.name if one.confirmed_by else "",
        reason=one.reason,
    )  # fmt: skip


def _organisation(one: Organisation, people: int) -> OrganisationOut:
    return OrganisationOut(
        id=one.pk, code=one.code, kind=one.kind, name_zh=one.name_zh, name_en=one.name_en, key=one.key, is_active=one.is_active,
        people=people,
    )  # fmt: skip
