"""Pages of a list: each row on one page and no more, however the page is found."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from liantu.web.accounts.models import Organisation
from liantu.web.kit import listing
from liantu.web.notices.models import Notice
from liantu.web.registry.models import Matching

pytestmark = pytest.mark.django_db
_ROWS = 130


@pytest.fixture
def rows() -> list[int]:
    home = Organisation.objects.create(code="office", kind="office", name_zh="链长办")
    made = [Matching(organisation=home, table="plants", header=f"h{n:03}", column=f"c{n % 3}") for n in range(_ROWS)]
    return [one.pk for one in Matching.objects.bulk_create(made)]


def pages(**about: object) -> list[listing.Listed[Matching]]:
    sorts = {"header": "header", "column": "column"}
    found, page = [], 1
    while not found or page <= found[0].pages:
        found.append(listing.listed(Matching.objects.all(), QueryDict(f"page={page}&sort=-column"), sorts=sorts, default="header", **about))  # type: ignore[arg-type]
        page += 1
    return found


@pytest.mark.parametrize("about", [{}, {"is_scanned": True}, {"total": _ROWS}])
@pytest.mark.parametrize("far", [0, 50, 10_000])
def test_every_row_stands_on_one_page_in_one_order(
    rows: list[int], monkeypatch: pytest.MonkeyPatch, far: int, about: dict[str, object]
) -> None:
    monkeypatch.setattr(listing, "_FAR", far)

    found = pages(**about)

    assert [25, 25, 25, 25, 25, 5] == [len(page.rows) for page in found]
    assert {_ROWS} == {page.total for page in found}
    wanted = sorted(Matching.objects.all(), key=lambda one: (one.column, one.pk), reverse=True)
    assert wanted == [row for page in found for row in page.rows]


@pytest.mark.parametrize("is_scanned", [False, True])
@pytest.mark.parametrize(("asked", "page"), [("9", 6), ("0", 1), ("x", 1), ("9" * 30, 6), ("9" * 5000, 6), ("", 1)])
def test_a_page_that_is_not_there_is_the_nearest(rows: list[int], asked: str, page: int, is_scanned: bool) -> None:
    found = listing.listed(
        Matching.objects.all(), QueryDict(f"page={asked}"), sorts={"header": "header"}, default="header", is_scanned=is_scanned
    )

    assert (page, 5 if page == 6 else 25) == (found.page, len(found.rows))


@pytest.mark.parametrize("is_scanned", [False, True])
def test_a_list_of_nothing_has_one_page(is_scanned: bool) -> None:
    found = listing.listed(Notice.objects.all(), QueryDict(""), sorts={"at": "at"}, default="-at", is_scanned=is_scanned)

    assert (0, 1, 1, []) == (found.total, found.pages, found.page, found.rows)
