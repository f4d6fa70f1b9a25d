"""Lists: search, filter, sort, page, all in the address. Owns: how a query string becomes a page of rows. Never: which columns there are.

A list counts once and reads one page, whatever its length; a wrong page or column falls back and never fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict

PAGE_SIZE = 25
_LONGEST_SEARCH = 200

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[Row]):
    """One page of a list.

    Attributes
    ----------
    sort : str
        The column sorted by, with a leading minus for the largest first.
    query : mapping
        What the address says, to build links that keep the rest.
    """

    rows: list[Row]
    total: int
    page: int
    sort: str
    query: Mapping[str, str]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))

    def link(self, **changed: object) -> str:
        """The same list with some things changed; blank takes one away. Any change but of the page begins at the first."""
        kept = {**self.query, **({} if "page" in changed else {"page": ""}), **{key: str(value) for key, value in changed.items()}}
        return "?" + urlencode({key: value for key, value in kept.items() if value})

    def sorted_by(self, column: str) -> str:
        """The link of a column's head: first up, then down."""
        return self.link(sort=f"-{column}" if self.sort == column else column)


def listed(rows: QuerySet[Row], query: QueryDict, *, sorts: Mapping[str, str], default: str) -> Listed[Row]:
    """One page of rows that are filtered already.

    Parameters
    ----------
    sorts : mapping
        Column as the address names it → field of the model.
    default : str
        Sort where the address names none that exists.
    """
    sort = query.get("sort", default)
    if sort.lstrip("-") not in sorts:
        sort = default
    field = sorts[sort.lstrip("-")]
    total = rows.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, int(query.get("page", "1")) if query.get("page", "1").isdecimal() else 1), pages)
    # Ties run the same way as the column, or no index serves the order.
    ordered = rows.order_by(*((f"-{field}", "-pk") if sort.startswith("-") else (field, "pk")))
    start = (page - 1) * PAGE_SIZE
    found = list(ordered[start : start + PAGE_SIZE]) if total else []
    return Listed(rows=found, total=total, page=page, sort=sort, query={key: str(query[key]) for key in query})


def searched(query: QueryDict) -> str:
    """What is searched for, cut to what is sensible."""
    return query.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]


def chosen(query: QueryDict, name: str, choices: Iterable[str]) -> str:
    """One choice of a filter; blank where the address names none that exists."""
    value = query.get(name, "")
    return value if value in set(choices) else ""
