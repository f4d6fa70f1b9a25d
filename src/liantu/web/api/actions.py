"""What is done to tokens. Owns: opening, ending, counting them. Never: what they are used for."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts.models import Person
from liantu.web.api.models import SCOPES, Token
from liantu.web.audit.actions import record

PREFIX = "lt_"
MOST_DAYS = 90
PER_MINUTE = 60


def digest(token: str) -> str:
    """What is kept of a token; it is random and long, so a plain hash holds."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_token(person: Person, name: str, scopes: Iterable[str], days: int, *, within: Token | None = None) -> tuple[Token, str]:
    """Make a token and give it out, once; one made ``within`` another has no more scopes and ends no later.

    Raises
    ------
    CallError
        ``token-scope`` for a scope that does not exist or none at all, ``token-days`` for a time too long, ``token-manage`` in the
        profile ``dengbao``, where no program administers.
    """
    wanted, known = sorted(set(scopes)), within.scopes.split() if within else SCOPES
    if not wanted or not set(wanted) <= set(known):
        raise CallError("token-scope", {"value": ", ".join(wanted)[:80], "scopes": ", ".join(known)})
    if "manage" in wanted and not settings.TOKENS_MAY_MANAGE:
        raise CallError("token-manage")
    if not 1 <= days <= MOST_DAYS:
        raise CallError("token-days", {"value": days, "most": MOST_DAYS})
    secret = PREFIX + secrets.token_urlsafe(32)
    until = timezone.now() + timedelta(days=days)
    until = min(until, within.until) if within else until
    token = Token.objects.create(
        person=person, name=name[:100], prefix=secret[:8], digest=digest(secret), scopes=" ".join(wanted), until=until
    )
    record(person, "token.opened", "token", token.pk, after={"name": token.name, "scopes": token.scopes, "until": until})
    return token, secret


@transaction.atomic
def end_token(token: Token, *, person: Person) -> None:
    """End a token for good."""
    if token.ended is None:
        token.ended = timezone.now()
        token.save(update_fields=["ended"])
        record(person, "token.ended", "token", token.pk, after={"name": token.name})


def counted(token: Token) -> bool:
    """Count a request; False where the minute is full."""
    now = timezone.now()
    minute = int(now.timestamp() // 60)
    mine = Token.objects.filter(pk=token.pk)
    if mine.filter(minute=minute, count__lt=PER_MINUTE).update(count=F("count") + 1):
        return True
    return bool(mine.exclude(minute=minute).update(minute=minute, count=1, last_used=now))
