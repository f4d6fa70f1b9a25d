"""Lists: search, filter, sort, page, all in the address. Owns: how a query string becomes a page of rows. Never: which columns there are.

A list counts once and reads one page, whatever its length; a wrong page or column falls back and never fails. On a far page only keys
are stepped over, not whole rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Model, QuerySet, Window
from django.http import QueryDict

PAGE_SIZE = 25
_LONGEST_SEARCH = 200
_FAR = 500  # rows
_DIGITS = 12  # of a page: what a database can count

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


def listed(
    rows: QuerySet[Row], query: QueryDict, *, sorts: Mapping[str, str], default: str, total: int | None = None, is_scanned: bool = False
) -> Listed[Row]:
    """One page of rows that are filtered already.

    Parameters
    ----------
    sorts : mapping
        Column as the address names it → field of the model.
    default : str
        Sort where the address names none that exists.
    total : int, optional
        How many rows there are, where that is known.
    is_scanned : bool
        Whether no index helps to find the rows: then they are counted in the pass that finds the page.
    """
    sort = query.get("sort", default)
    if sort.lstrip("-") not in sorts:
        sort = default
    field = sorts[sort.lstrip("-")]
    # Ties run the same way as the column, or no index serves the order.
    ordered = rows.order_by(*((f"-{field}", "-pk") if sort.startswith("-") else (field, "pk")))
    page = max(1, whole(query.get("page", "1")[:_DIGITS]) or 1)
    keys = _scanned(ordered, page) if is_scanned else {}
    if total is None:
        total = next(iter(keys.values())) if keys else rows.count()
    page = min(page, max(1, -(-total // PAGE_SIZE)))
    found = list(ordered.filter(pk__in=list(keys)) if keys else _paged(ordered, page)) if total else []
    return Listed(rows=found, total=total, page=page, sort=sort, query={key: str(query[key]) for key in query})


def _scanned(ordered: QuerySet[Row], page: int) -> Mapping[int, int]:
    """The keys of a page, each with the number of all rows; none where the list ends before it."""
    start = (page - 1) * PAGE_SIZE
    return dict(ordered.annotate(of_all=Window(Count("*"))).values_list("pk", "of_all")[start : start + PAGE_SIZE])


def _paged(ordered: QuerySet[Row], page: int) -> QuerySet[Row]:
    start = (page - 1) * PAGE_SIZE
    window = slice(start, start + PAGE_SIZE)
    return ordered.filter(pk__in=ordered.values("pk")[window]) if start >= _FAR else ordered[window]


def whole(text: object) -> int | None:
    """A whole number as an address or a form gives it; None where it is none, or more than a database counts.

    >>> whole("12"), whole("٣"), whole("-1"), whole("9" * 5000), whole("²")
    (12, 3, None, None, None)
    """
    digits = str(text)
    return int(digits) if digits.isdecimal() and len(digits) <= _DIGITS else None


def searched(query: QueryDict) -> str:
    """What is searched for, cut to what is sensible."""
    return query.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]


def chosen(query: QueryDict, name: str, choices: Iterable[str]) -> str:
    """One choice of a filter; blank where the address names none that exists."""
    value = query.get(name, "")
    return value if value in set(choices) else ""
