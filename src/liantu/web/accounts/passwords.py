"""What makes a password good enough. Owns: the rules. Never: asking for one (forms), storing one (actions).

Long, not common, not a name, not used lately; only the profile ``dengbao`` asks for signs of several kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from liantu.errors import CallError
from liantu.web.accounts.models import ADMINISTRATORS, Person

SHORTEST_ADMINISTRATOR, LONGEST = 14, 128
REMEMBERED = 5
_SHORTEST_NAME = 3


def check(person: Person, password: str) -> None:
    """Raise the first rule broken.

    Raises
    ------
    CallError
        ``password-short``, ``password-long``, ``password-kinds``, ``password-common``, ``password-name``, ``password-again``.
    """
    if len(password) < shortest(person):
        raise CallError("password-short", {"least": shortest(person)})
    if len(password) > LONGEST:
        raise CallError("password-long", {"most": LONGEST})
    if _kinds(password) < settings.PASSWORD_CLASSES:
        raise CallError("password-kinds", {"least": settings.PASSWORD_CLASSES})
    if password.lower().strip() in _common() or len(set(password)) < 4:
        raise CallError("password-common")
    if any(name in password.lower() for name in _names(person)):
        raise CallError("password-name")
    if any(check_password(password, old) for old in _used(person)):
        raise CallError("password-again", {"count": REMEMBERED})


def shortest(person: Person) -> int:
    """How many signs a person's password has at least."""
    return SHORTEST_ADMINISTRATOR if person.roles & set(ADMINISTRATORS) else settings.PASSWORD_SHORTEST


def _kinds(password: str) -> int:
    """How many of these occur: small letters, capitals, digits, others."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum() or not sign.isascii())
    return sum(any(is_one(sign) for sign in password) for is_one in kinds)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _names(person: Person) -> Iterator[str]:
    home = person.organisation
    for name in (person.username, person.name, home.code, home.name_zh, home.name_en, "liantu", "chenzhou", "郴州", "链图"):
        if len(name) >= _SHORTEST_NAME or not name.isascii():
            yield name.lower()


def _used(person: Person) -> Iterator[str]:
    yield person.password
    yield from person.old_passwords.order_by("-pk").values_list("password", flat=True)[: REMEMBERED - 1]
