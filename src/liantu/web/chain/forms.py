"""What the addresses of these pages ask for. Owns: reading filters, wishes and spans of years. Never: answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from liantu.web.chain.queries import Filters
from liantu.web.work.context import Asked
from liantu.web.work.questions import YEARS_PLANNED

_LONGEST = 80
_BARE = re.compile(r"[\d.,]+(e[+-]?\d+)?", re.IGNORECASE)
_MONEY = 1e8
_EARLIEST, _LATEST, _MOST_YEARS = 1990, 2100, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A material and how much of it, as typed in; ``make`` asks that nothing of it is bought."""

    material: str = ""
    amount: str = ""
    make: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether both parts are there."""
        return bool(self.material and self.amount)

    @property
    def options(self) -> Mapping[str, Any]:
        """As a question takes it."""
        return {"demand": {self.material: self.amount}, **({"make": True} if self.make else {})}

    @property
    def fields(self) -> Mapping[str, str]:
        """As a form sends it."""
        return {"demand": f"{self.material}={self.amount}", **({"make": "1"} if self.make else {})}


def with_unit(query: QueryDict, panels: Iterable[Mapping[str, Any]]) -> str:
    """The address with the unit that stands beside the product, where the amount was typed in without one; else blank.

    It is written into the address: who opens it in another language would read the bare number in another unit.
    """
    typed = wish(query)
    unit = next((str(one.get("unit", "")) for one in panels if one["key"].partition(".")[2] == typed.material), "")
    if not unit or not _BARE.fullmatch(unicodedata.normalize("NFKC", typed.amount)):
        return ""
    whole = query.copy()
    whole["amount"] = f"{typed.amount} {unit}"
    return whole.urlencode()


def wish(query: QueryDict) -> Wish:
    """The wish of an address."""
    material, amount = (query.get(name, "").strip()[:_LONGEST] for name in ("want", "amount"))
    return Wish(material=material, amount=amount, make=query.get("make", "") == "1")


def filters(query: QueryDict) -> Filters:
    """The filters of an address; capital is typed in as hundreds of millions.

    What goes into the product of the chain is looked at where the address says nothing: ``line=all`` asks for the rest as well.
    """
    stage, county, zone = (query.get(name, "")[:_LONGEST] for name in ("stage", "county", "zone"))
    capital = _number(query.get("capital", ""))
    return Filters(
        stage=stage, county=county, zone=zone, capital=None if capital is None else capital * _MONEY, in_line=query.get("line", "1") == "1"
    )


def _number(text: str) -> float | None:
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def unread(query: QueryDict) -> Mapping[str, str]:
    """Fields of an address that cannot be read, each with its word: nobody is to think that it was heeded."""
    typed = {name: query.get(name, "").strip()[:_LONGEST] for name in ("capital", "budget", "first", "last")}
    wrong = {name: "wrong-amount" for name in ("capital", "budget") if typed[name] and _number(typed[name]) is None}
    wrong |= {name: "wrong-year" for name in ("first", "last") if typed[name] and not _is_year(typed[name])}
    if not wrong and typed["last"] and _is_year(typed["first"]) and int(typed["last"]) < int(typed["first"]):
        wrong["last"] = "wrong-order"
    return wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The years of a plan, and what may be invested in each at most, in hundreds of millions."""

    first: int
    last: int
    budget: float | None = None

    @property
    def options(self) -> Mapping[str, Any]:
        """As a question takes it."""
        return {"first": self.first, "last": self.last, **({"budget": self.budget * _MONEY} if self.budget is not None else {})}

    @property
    def fields(self) -> Mapping[str, str]:
        """As a form sends it."""
        return {name: f"{value:.0f}" for name, value in self.options.items()}


def span(query: QueryDict, asked: Asked) -> Span:
    """The span of an address; by default the five years after the page's own."""
    first = _year(query.get("first", ""), asked.year + 1)
    last = _year(query.get("last", ""), first + YEARS_PLANNED - 1)
    return Span(first=first, last=min(max(first, last), first + _MOST_YEARS), budget=_number(query.get("budget", "")))


def _year(text: str, default: int) -> int:
    return int(text) if _is_year(text) else default


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and _EARLIEST <= int(text) <= _LATEST


def other(query: QueryDict, asked: Asked) -> Asked | None:
    """The same question under the scenario set against it; None where the address names none, or the same."""
    code = query.get("against", "")
    if not code or code == asked.scenario_code:
        return None
    found = next((one for one in asked.scenarios if one.code == code), None)
    return replace(asked, scenario=found) if found is not None or code == "base" else None
