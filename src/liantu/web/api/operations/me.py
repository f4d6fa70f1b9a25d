"""What is one's own over the interface: account, tokens, notices, desk. Owns: these operations. Never: anybody else's.

Passwords and authenticators are not here: they are typed in by people, on pages, and no program has any business with them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import Http404
from ninja import Field, Router, Status

from liantu.web.accounts import queries as accounts
from liantu.web.accounts.actions import confirm_role, signing
from liantu.web.api import actions
from liantu.web.api.bearer import Signed
from liantu.web.api.models import SCOPES, Token
from liantu.web.api.schemas.people import (
    ChangedOut,
    DeskOut,
    DueOut,
    MadeTokenOut,
    MeIn,
    MeOut,
    NoticeOut,
    NoticesOut,
    SessionOut,
    TaskOut,
    TokenIn,
    TokenOut,
)
from liantu.web.api.signed import answers, needs
from liantu.web.desk import queries as desk
from liantu.web.notices import actions as telling
from liantu.web.notices import queries as notices
from liantu.web.work import context

router = Router(tags=["me"])
_MOST = 100
# A token that only reads changes nothing, not even what is its person's own.
WRITES = needs("write:register", "run", "manage")


@router.get("/me", response=answers(200, MeOut), url_name="me", summary="Who asks, and what they may")
def me(request: Signed) -> MeOut:
    """The person of the token or the session."""
    person = request.user
    return MeOut(
        username=person.username,
        name=person.name,
        organisation=person.organisation.code,
        kind=person.organisation.kind,
        roles=sorted(person.roles),
        scopes=request.token.scopes.split() if request.token else list(SCOPES),
        language=person.language,
        has_authenticator=bool(person.totp_seed),
    )


@router.patch("/me", response=answers(200, MeOut), url_name="me", summary="Choose my language", auth=WRITES)
def choose(request: Signed, given: MeIn) -> MeOut:
    """The language of pages and notices; a program says its own by Accept-Language."""
    signing.choose(request.user, language=given.language)
    return me(request)


@router.get("/me/desk", response=answers(200, DeskOut), url_name="desk", summary="What waits for me, what is due, what changed")
def my_desk(request: Signed) -> DeskOut:
    """As on the page 工作台."""
    person, lang = request.user, request.lang
    due, since = desk.due(person, lang), desk.last_visit(person)
    tasks = desk.tasks(person, lang, due, context.settled(person).versions)
    return DeskOut(
        tasks=[TaskOut(**asdict(one)) for one in tasks],
        due=[DueOut(table=one.table, key=one.name, day=one.day, is_late=one.is_late, link=one.link) for one in due],
        changes=[ChangedOut(**asdict(one)) for one in desk.changes(person, since, lang)],
        since=since,
    )


@router.get("/me/sessions", response=answers(200, list[SessionOut]), url_name="sessions", summary="Where I am signed in")
def sessions(request: Signed) -> list[SessionOut]:
    """The browsers one is signed in with."""
    return [shown_session(one) for one in accounts.sessions(request.user, request.session.session_key)]


@router.delete("/me/sessions/{mark}", response=answers(204, None), url_name="session", summary="Sign one of my browsers out", auth=WRITES)
def end_session(request: Signed, mark: str) -> Status[None]:
    """It is signed out at once."""
    found = accounts.session(request.user, mark)
    if found is None:
        raise Http404
    signing.end_sessions([found], request.user, actor=request.user)
    return Status(204, None)


@router.post(
    "/me/roles/{number}/accept", response=answers(204, None), url_name="accept", summary="Accept a role proposed to me", auth=WRITES
)
def accept(request: Signed, number: int) -> Status[None]:
    """The first security administrator accepts; every other role is confirmed by a second hand."""
    found = accounts.held(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    confirm_role(found, actor=request.user)
    return Status(204, None)


@router.get("/me/tokens", response=answers(200, list[TokenOut]), url_name="my-tokens", summary="My tokens")
def tokens(request: Signed) -> list[TokenOut]:
    """Those in use and those that ended, newest first."""
    return [TokenOut(**_token(one)) for one in Token.objects.filter(person=request.user)[:_MOST]]


@router.post("/me/tokens", response=answers(201, MadeTokenOut), url_name="my-tokens", summary="Make a token", auth=WRITES)
def make_token(request: Signed, given: TokenIn) -> Status[MadeTokenOut]:
    """Its secret is in this answer and nowhere else. One made with a token has no more scopes and ends no later."""
    made, secret = actions.open_token(request.user, given.name, given.scopes, given.days, within=request.token)
    return Status(201, MadeTokenOut(**_token(made), secret=secret))


@router.delete("/me/tokens/{number}", response=answers(204, None), url_name="my-token", summary="End a token of mine", auth=WRITES)
def end_token(request: Signed, number: int) -> Status[None]:
    """For good."""
    found = Token.objects.filter(pk=number, person=request.user).first()
    if found is None:
        raise Http404
    actions.end_token(found, person=request.user)
    return Status(204, None)


@router.get("/me/notices", response=answers(200, NoticesOut), url_name="notices", summary="What I was told")
def told(
    request: Signed, limit: Annotated[int, Field(ge=1, le=_MOST)] = 25, offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
) -> NoticesOut:
    """The newest first, in the language of the request."""
    rows = notices.of(request.user)
    shown = [
        NoticeOut(id=one.pk, at=one.at, sentence=one.sentence(request.lang), link=one.link, read=one.read)
        for one in rows[offset : offset + limit]
    ]
    return NoticesOut(total=rows.count(), unread=notices.unread(request.user), offset=offset, rows=shown)


@router.post("/me/notices/read", response=answers(204, None), url_name="notices-read", summary="All read", auth=WRITES)
def read_all(request: Signed) -> Status[None]:
    """Mark all that one was told as read."""
    telling.read(request.user)
    return Status(204, None)


@router.post("/me/notices/{number}/read", response=answers(204, None), url_name="notice-read", summary="One read", auth=WRITES)
def read_one(request: Signed, number: int) -> Status[None]:
    """Mark one notice as read."""
    found = notices.of(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    telling.read(request.user, found)
    return Status(204, None)


def shown_session(one: accounts.Open) -> SessionOut:
    """A signed-in browser."""
    row = one.row
    return SessionOut(mark=one.mark, address=row.address, browser=row.browser, started=row.started, seen=row.seen, is_this=one.is_this)


def _token(one: Token) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "begins": one.prefix, "scopes": one.scopes.split(), "until": one.until,
        "last_used": one.last_used, "ended": one.ended,
    }  # fmt: skip
