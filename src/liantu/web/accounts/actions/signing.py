"""What people do about their own sign-in. Owns: signing in and out, own password, authenticator and sessions. Never: roles.

Who fails too often waits: five failures in a quarter of an hour lock name and address for half an hour, twenty the address.
A name that does not exist is answered like a wrong password, after the same work.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts import passwords, totp
from liantu.web.accounts.models import Attempt, OldPassword, Person, RecoveryCode, Session
from liantu.web.audit.actions import System, record
from liantu.web.kit import trace

_WINDOW, _LOCK = timedelta(minutes=15), timedelta(minutes=30)
_MOST, _MOST_ADDRESS = 5, 20
MOST_SESSIONS = 3


def sign_in(username: str, password: str, code: str) -> Person | None:
    """The person, if name, password and code are right and nobody failed too often; None tells nothing more."""
    username = username.strip().lower()
    account, address = hashlib.sha256(username.encode()).hexdigest(), trace.current().address
    if not _admitted(account, address):
        return None
    person = Person.objects.select_related("organisation").filter(username=username).first()
    # The slow part comes before the transaction: hashing must not keep other writers waiting.
    knows = check_password(password, person.password if person else _nobodys())
    with transaction.atomic():
        if person is None or not (knows and _may_enter(person) and _is_second_right(person, code.strip())):
            record(System(), "person.sign_in_failed", "person", person.username if person else "?", outcome="refused")
            return None
        Attempt.objects.filter(account=account, address=address).delete()
        kept = list(person.sessions.order_by("-seen").values_list("pk", flat=True)[: MOST_SESSIONS - 1])
        person.sessions.exclude(pk__in=kept).delete()
        record(person, "person.signed_in", "person", person.username)
    return person


@transaction.atomic
def sign_out(person: Person) -> None:
    """Note that somebody left."""
    record(person, "person.signed_out", "person", person.username)


def change_password(person: Person, old: str, new: str, *, session: str) -> None:
    """Change one's own password; all other sessions end.

    Raises
    ------
    CallError
        ``password-old`` if the old one is wrong, or the rule that the new one breaks.
    """
    if not person.check_password(old):
        raise CallError("password-old")
    passwords.check(person, new)
    before = person.password
    person.set_password(new)
    person.must_change_password, person.password_until, person.password_since = False, None, timezone.now()
    with transaction.atomic():
        OldPassword.objects.create(person=person, password=before)
        stale = person.old_passwords.order_by("-pk").values_list("pk", flat=True)[passwords.REMEMBERED - 1 :]
        OldPassword.objects.filter(pk__in=list(stale)).delete()
        person.save(update_fields=["password", "must_change_password", "password_until", "password_since"])
        person.sessions.exclude(pk=session).delete()
        record(person, "password.changed", "person", person.username)


@transaction.atomic
def enrol(person: Person, seed: str, code: str) -> list[str]:
    """Begin to use an authenticator that has shown a right code; the recovery codes are told once.

    Raises
    ------
    CallError
        ``code-wrong``; ``authenticator-there`` while one is in use, which takes the password to stop.
    """
    if person.totp_seed:
        raise CallError("authenticator-there")
    counter = totp.matched(totp.secret(seed), code)
    if counter is None:
        raise CallError("code-wrong")
    person.totp_seed, person.totp_last = seed, counter
    person.save(update_fields=["totp_seed", "totp_last"])
    person.recovery_codes.all().delete()
    codes = totp.recovery_codes()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=totp.recovery_digest(one)) for one in codes)
    record(person, "authenticator.enrolled", "person", person.username)
    return codes


@transaction.atomic
def drop_authenticator(person: Person, *, actor: Person, password: str = "", reason: str = "") -> None:
    """Stop using an authenticator: one's own with the password, somebody else's with a reason, by the security administrator."""
    if person == actor and not person.check_password(password):
        raise CallError("password-old")
    person.totp_seed = ""
    person.save(update_fields=["totp_seed"])
    person.recovery_codes.all().delete()
    record(actor, "authenticator.dropped", "person", person.username, reason=reason)


@transaction.atomic
def choose(person: Person, *, language: str) -> None:
    """Settle the language one is spoken to in."""
    before, person.language = {"language": person.language}, language
    person.save(update_fields=["language"])
    record(person, "person.language_chosen", "person", person.username, before=before, after={"language": language})


@transaction.atomic
def end_sessions(sessions: Iterable[Session], person: Person, *, actor: Person, reason: str = "") -> None:
    """Sign browsers of a person out."""
    ended, _ = Session.objects.filter(pk__in=[one.pk for one in sessions], person=person).delete()
    record(actor, "sessions.ended", "person", person.username, after={"count": ended}, reason=reason)


@cache
def _nobodys() -> str:
    return make_password(secrets.token_urlsafe())


def _may_enter(person: Person) -> bool:
    given_late = person.password_until is not None and person.password_until < timezone.now()
    return person.is_active and person.organisation.is_active and not given_late


def _is_second_right(person: Person, code: str) -> bool:
    if not person.totp_seed:
        return True
    counter = totp.matched(totp.secret(person.totp_seed), code, person.totp_last)
    if counter is not None:
        # Two requests may come with one code: the database lets one of them through.
        return Person.objects.filter(pk=person.pk, totp_last__lt=counter).update(totp_last=counter) == 1
    return person.recovery_codes.filter(digest=totp.recovery_digest(code)).delete()[0] == 1


@transaction.atomic
def _admitted(account: str, address: str) -> bool:
    """Count this attempt as failed until it has proved right, unless too many failed before."""
    now = timezone.now()
    recent = Attempt.objects.filter(address=address, at__gt=now - _WINDOW - _LOCK).order_by("at")
    if _is_locked(list(recent.filter(account=account).values_list("at", flat=True)), _MOST, now):
        return False
    if _is_locked(list(recent.values_list("at", flat=True)), _MOST_ADDRESS, now):
        return False
    Attempt.objects.filter(at__lte=now - _WINDOW - _LOCK).delete()
    Attempt.objects.create(account=account, address=address, at=now)
    return True


def _is_locked(failures: list[datetime], most: int, now: datetime) -> bool:
    ends = zip(failures, failures[most - 1 :], strict=False)
    return any(last - first <= _WINDOW and now < last + _LOCK for first, last in ends)
