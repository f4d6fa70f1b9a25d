"""People, tokens, notices, the trail, health and the calendar as types. Owns: what these operations take and give. Never: rights."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from liantu.web.api.schemas.parts import Day, Text, WhyIn
from liantu.words import Lang

Kind = Literal["office", "county", "park", "firm"]
Role = Literal["viewer", "editor", "reviewer", "lead", "compliance", "system", "security", "audit"]


class MeOut(Schema):
    """Who asks, and what they may."""

    username: str
    name: str
    organisation: str
    kind: str
    roles: list[str]
    scopes: list[str]
    language: str
    has_authenticator: bool


class MeIn(Schema):
    """The language one is spoken to in on pages and in notices."""

    language: Lang


class SessionOut(Schema):
    """A signed-in browser; ``mark`` stands for its key, which nobody sees."""

    mark: str
    address: str
    browser: str
    started: datetime
    seen: datetime
    is_this: bool


class TokenOut(Schema):
    """A token without its secret."""

    id: int
    name: str
    begins: str
    scopes: list[str]
    until: datetime
    last_used: datetime | None
    ended: datetime | None


class TokenIn(Schema):
    """A token to make. One made with another token has no more scopes and ends no later than that one."""

    name: Text = Field(min_length=1, max_length=100)
    scopes: list[Text] = Field(max_length=20)
    days: int = Field(ge=-(2**31), le=2**31)


class MadeTokenOut(TokenOut):
    """A new token with its secret, which is shown once."""

    secret: str


class NoticeOut(Schema):
    """What somebody was told; ``link`` leads to the page it is about."""

    id: int
    at: datetime
    sentence: str
    link: str
    read: datetime | None


class NoticesOut(Schema):
    """A page of notices."""

    total: int
    unread: int
    offset: int
    rows: list[NoticeOut]


class GrantOut(Schema):
    """A role of a person: proposed, or in force once it is confirmed."""

    id: int
    person: str
    role: str
    is_confirmed: bool
    since: datetime
    until: datetime | None
    proposed_by: str
    confirmed_by: str
    reason: str


class RolesOut(Schema):
    """Roles that wait for a second hand (``mine`` are those one may confirm oneself), and those to be looked at again."""

    waiting: list[GrantOut]
    mine: list[int]
    review: list[GrantOut]


class RoleIn(WhyIn):
    """A role and its last day."""

    role: Role
    until: Day


class PersonOut(Schema):
    """Somebody who signs in."""

    id: int
    username: str
    name: str
    phone: str
    organisation: str
    is_active: bool
    roles: list[str]
    last_login: datetime | None
    has_authenticator: bool


class PeopleOut(Schema):
    """A page of people."""

    total: int
    page: int
    pages: int
    rows: list[PersonOut]


class PersonWholeOut(PersonOut):
    """A person with their roles and the browsers they are signed in with."""

    grants: list[GrantOut]
    sessions: list[SessionOut]


class PersonIn(WhyIn):
    """Somebody new; ``organisation`` by its code."""

    username: Text = Field(pattern=r"^[A-Za-z0-9._@-]+$", max_length=64)
    name: Text = Field(min_length=1, max_length=200)
    organisation: Text = Field(max_length=64)


class DetailsIn(WhyIn):
    """A person's name, telephone and organisation."""

    name: Text = Field(min_length=1, max_length=200)
    phone: Text = Field("", max_length=32)
    organisation: Text = Field(max_length=64)


class SwitchIn(WhyIn):
    """Whether somebody may sign in."""

    is_active: bool


class PasswordOut(Schema):
    """A password for one sign-in, shown once."""

    id: int
    username: str
    password: str


class OrganisationOut(Schema):
    """The office, a county or park, a firm."""

    id: int
    code: str
    kind: str
    name_zh: str
    name_en: str
    key: str
    is_active: bool
    people: int


class OrganisationsOut(Schema):
    """A page of organisations."""

    total: int
    page: int
    pages: int
    rows: list[OrganisationOut]


class NamesIn(WhyIn):
    """Other names for an organisation."""

    name_zh: Text = Field(min_length=1, max_length=200)
    name_en: Text = Field("", max_length=200)


class OrganisationIn(NamesIn):
    """A new organisation; a firm and a county are tied to their rows in the registers by ``key``."""

    code: Text = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)
    kind: Kind
    key: Text = Field("", max_length=64)


class EventOut(Schema):
    """One act of the trail."""

    seq: int
    at: str
    actor: str
    action: str
    kind: str
    target: str
    before: str
    after: str
    reason: str
    outcome: str
    previous: str
    digest: str


class VerifiedOut(Schema):
    """What a check of the chain found: ``wrong`` says what and ``at`` in which event. Where ``is_whole`` is false, go on from ``last``."""

    events: int
    first: int
    last: int
    head: str
    anchors: int
    wrong: str | None
    at: int
    is_whole: bool


class AnchorOut(Schema):
    """The head of the trail, written down: keep this line elsewhere."""

    line: str


class VitalOut(Schema):
    """One thing that keeps the workbench alive, with its light."""

    name: str
    tone: str
    said: str


class DayOut(Schema):
    """A day that breaks the rule of the week; ``id`` where it was entered here, and can be taken back."""

    id: int | None
    day: date
    is_working: bool
    name: str


class CadenceOut(Schema):
    """After how many days a register's figures are due again."""

    table: str
    days: int
    is_working: bool


class CalendarOut(Schema):
    """The special days of a year, and how often each register is due."""

    year: int
    days: list[DayOut]
    cadences: list[CadenceOut]


class DayIn(Schema):
    """A holiday, or a weekend day that is worked."""

    day: Day
    is_working: bool
    name: Text = Field(min_length=1, max_length=100)


class CadenceIn(WhyIn):
    """After how many days the figures of a register are due again; working days or days of the calendar."""

    days: int = Field(ge=1, le=3660)
    is_working: bool


class TaskOut(Schema):
    """Something that waits for one."""

    tone: str
    clock: str
    title: str
    meaning: str
    verb: str
    link: str


class DueOut(Schema):
    """A record whose figures are to be renewed."""

    table: str
    key: str
    day: date
    is_late: bool
    link: str


class ChangedOut(Schema):
    """What somebody did to a register since the last visit."""

    table: str
    action: str
    count: int
    by: str
    at: datetime
    link: str


class DeskOut(Schema):
    """What waits, what is due, what changed."""

    tasks: list[TaskOut]
    due: list[DueOut]
    changes: list[ChangedOut]
    since: datetime
