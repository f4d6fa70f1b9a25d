"""What the addresses of these pages ask for. Owns: reading filters, wishes and spans of years. Never: answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from liantu.web.chain.queries import Filters
from liantu.web.work.context import Asked
from liantu.web.work.questions import YEARS_PLANNED

_LONGEST = 80
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


def wish(query: QueryDict) -> Wish:
    """The wish of an address."""
    material, amount = (query.get(name, "").strip()[:_LONGEST] for name in ("want", "amount"))
    return Wish(material=material, amount=amount, make=query.get("make", "") == "1")


def filters(query: QueryDict) -> Filters:
    """The filters of an address; capital is typed in as hundreds of millions."""
    stage, county, zone = (query.get(name, "")[:_LONGEST] for name in ("stage", "county", "zone"))
    capital = _number(query.get("capital", ""))
    return Filters(
        stage=stage, county=county, zone=zone, capital=None if capital is None else capital * _MONEY, in_line=query.get("line", "") == "1"
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


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
    value = int(text) if text.isdecimal() and len(text) == 4 else default
    return value if _EARLIEST <= value <= _LATEST else default


def other(query: QueryDict, asked: Asked) -> Asked | None:
    """The same question under the scenario set against it; None where the address names none, or the same."""
    code = query.get("against", "")
    if not code or code == asked.scenario_code:
        return None
    found = next((one for one in asked.scenarios if one.code == code), None)
    return replace(asked, scenario=found) if found is not None or code == "base" else None
