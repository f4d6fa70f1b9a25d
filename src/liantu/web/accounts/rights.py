"""Who may use which route by which method. Owns: the table of rights and what a person counts as. Never: rights to single records.

Each app has a ``rights.csv``: a row a route and method, a column an actor. Code, tests and the manual are made from these tables;
a route without a row is open to nobody and fails the build.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from liantu.web.accounts.models import Person

# Columns of the tables. A firm's people count as the firm, whatever else; office, county and park people by their roles.
ACTORS = ("anyone", "person", "firm", "firm_editor", "viewer", "editor", "reviewer", "lead", "compliance", "system", "security", "audit")
_BUSINESS = frozenset({"editor", "reviewer", "lead", "compliance"})


@cache
def table() -> Mapping[tuple[str, str], frozenset[str]]:
    """Route and method → actors."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for app in settings.APPS:
        source = files(f"liantu.web.{app}").joinpath("rights.csv")
        if source.is_file():
            for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
                for method in row["method"].split():
                    found[row["route"], method] = frozenset(actor for actor in ACTORS if row[actor])
    return found


@cache
def methods(route: str) -> frozenset[str]:
    """The methods a route has a row for."""
    return frozenset(method for name, method in table() if name == route)


def actors(person: Person | AnonymousUser) -> frozenset[str]:
    """What a person counts as; without a role, nobody in particular."""
    if not person.is_authenticated or not isinstance(person, Person):
        return frozenset({"anyone"})
    known = {"anyone", "person"}
    if person.organisation.is_firm and person.roles:
        return frozenset(known | {"firm"} | ({"firm_editor"} if "editor" in person.roles else set()))
    return frozenset(known | person.roles | ({"viewer"} if person.roles & _BUSINESS else set()))


def allowed(who: Iterable[str], route: str, method: str) -> bool:
    """Whether any of these actors may use the route by this method."""
    return not table().get((route, method), frozenset()).isdisjoint(who)
