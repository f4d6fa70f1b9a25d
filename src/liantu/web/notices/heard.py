"""Who hears what. Owns: the table heard.csv and finding those people. Never: making a notice (actions).

A row is an event, who hears of it (``person``: the one it concerns; else roles, of which a firm's people hold none here), the page it
leads to and the name of the number in that page's address. A test holds each row against the table of rights: nobody is told of a page
they may not open.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.db.models import QuerySet

from liantu.web.accounts.models import Grant, Person

_ONE = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One row of the table."""

    event: str
    roles: tuple[str, ...]
    route: str
    argument: str

    @property
    def is_for_one(self) -> bool:
        """Whether the one it concerns hears of it, and nobody else."""
        return self.roles == (_ONE,)


@cache
def table() -> Mapping[str, Heard]:
    """Event → its row."""
    text = files("liantu.web.notices").joinpath("heard.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["event"]: Heard(event=row["event"], roles=tuple(row["hearers"].split()), route=row["route"], argument=row["argument"])
        for row in rows
    }


def holders(roles: tuple[str, ...]) -> QuerySet[Person]:
    """Who holds one of these roles and can sign in, firms' people aside."""
    held = Grant.in_force(Grant.objects.filter(role__in=roles)).values("person")
    return Person.objects.filter(pk__in=held, is_active=True, organisation__is_active=True).exclude(organisation__kind="firm")
