"""What makes a password good enough. Owns: the rules. Never: asking for one (forms), storing one (actions).

Long, not common, not a name, not used lately; no rule asks for signs of several kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from liantu.errors import CallError
from liantu.web.accounts.models import ADMINISTRATORS, Person

SHORTEST, SHORTEST_ADMINISTRATOR, LONGEST = 10, 14, 128
REMEMBERED = 5
_SHORTEST_NAME = 3


def check(person: Person, password: str) -> None:
    """Raise the first rule broken.

    Raises
    ------
    CallError
        ``password-short``, ``password-long``, ``password-common``, ``password-name``, ``password-again``.
    """
    least = SHORTEST_ADMINISTRATOR if person.roles & set(ADMINISTRATORS) else SHORTEST
    if len(password) < least:
        raise CallError("password-short", {"least": least})
    if len(password) > LONGEST:
        raise CallError("password-long", {"most": LONGEST})
    if password.lower().strip() in _common() or len(set(password)) < 4:
        raise CallError("password-common")
    if any(name in password.lower() for name in _names(person)):
        raise CallError("password-name")
    if any(check_password(password, old) for old in _used(person)):
        raise CallError("password-again", {"count": REMEMBERED})


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
