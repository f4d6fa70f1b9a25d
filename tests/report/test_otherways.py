"""Other ways in the report, and how far a plan holds (tests/report/outlook.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from liantu.model.results import Grid, RunRecord
from liantu.report import Report, render_html
from liantu.report.page import Section, Table
from tests.report.outlook import foreseen, plan


def others(**changes: object) -> RunRecord:
    """Made by hand: 260 t of cathode in the best plan, 200 in the other, which builds them all in the east."""
    ranges: dict[str, list[object]] = {
        "process": ["refine", "coat", "coat", "coat"],
        "site": ["", "", "east", "west"],
        "unit": ["t"] * 4,
        "least": [0.0, 130.0, 0.0, 0.0],
        "best": [0.0, 260.0, 100.0, 160.0],
        "most": [65.0, 325.0, 200.0, 200.0],
        "built": ["some", "every", "some", "some"],
    }
    ways: dict[str, list[object]] = {
        "way": [0, 1],
        "objective": [5e6, 4.9e6],
        "less": [0.0, 1e5],
        "investment": [2.6e6, 2e6],
        "differs": [0.0, 0.56],
        "other_process": [0.0, 0.13],
        "nearest": [None, 0.56],
    }
    builds: dict[str, list[object]] = {
        "way": [0, 0, 1],
        "process": ["coat", "coat", "coat"],
        "site": ["east", "west", "east"],
        "year": [2026, 2027, 2026],
        "capacity": [100.0, 160.0, 200.0],
        "unit": ["t"] * 3,
        "ready": [2027, 2028, 2027],
        "investment": [1e6, 1.6e6, 2e6],
    }
    result = {
        "objective": {"value": 5e6, "currency": "CNY"},
        "within": {"share": 0.02, "measured_by": "objective", "of": 5e6, "less": 1e5, "least": 4.9e6},
        "ranges": Grid(columns=ranges),
        "ways": Grid(columns=ways),
        "builds": Grid(columns=builds),
    }
    return RunRecord(command="alternatives", package="cast", digest="d", version="0", result={**result, **changes})  # type: ignore[dict-item]


def section(made: Report, key: str = "ways") -> Section:
    return next(section for section in made.sections if section.key == key)


def table(made: Report, key: str) -> Table:
    return next(table for table in made.page.tables() if table.key == key)


def test_what_every_way_builds_stands_first_with_its_span_and_the_best_plan_as_a_dot() -> None:
    rows = table(foreseen("en", (others(),)), "ranges").rows
    assert [["Coating", "in every way", "t", "260", "130", "325"], ["Refining", "in some", "t", "0", "0", "65.0"]] == [
        [cell.text for cell in row[:6]] for row in rows
    ]
    span = rows[0][-1].span
    assert span is not None
    assert (40, 100, 80) == pytest.approx((span.low, span.high, span.at))


def test_the_sites_stand_in_the_folded_table() -> None:
    (folded,) = section(foreseen("en", (others(),))).details
    assert [["Coating", "Guiyang"], ["Coating", "West park"]] == sorted([row[0].text, row[1].text] for row in folded.rows)


def test_plans_stand_side_by_side() -> None:
    rows = table(foreseen("en", (others(),)), "ways").rows
    assert [
        ["Worth in today's money", "CNY m", "5.00", "4.90"],
        ["Investment, not discounted", "CNY m", "2.60", "2.00"],
        ["Built otherwise than in the best plan", "", "0 %", "56 %"],
        ["of it other links", "", "0 %", "13 %"],
        ["Coating", "t", "260", "200"],
    ] == [[cell.text for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "让出 10.0 万元，仍有 1 个环节非建不可：制正极。另有 1 个不同方案：最多 56 % 建法不同，其中换了环节的最多 13 %。"),
        (
            "en",
            (
                "With CNY 100 thousand to spare, links to be built in any case: 1 (Coating). "
                "Other plans shown: 1; up to 56 % of what they build stands elsewhere, of it up to 13 % other links."
            ),
        ),
    ],
)
def test_the_section_opens_with_what_is_left_free(lang: str, sentence: str) -> None:
    assert sentence == "".join(phrase.text for phrase in section(foreseen(lang, (others(),))).lead)  # type: ignore[arg-type]


def test_a_range_that_is_not_known_is_blank_and_not_drawn() -> None:
    ranges = {**others().grid("ranges").columns, "most": [None] * 4, "built": [""] * 4}
    rows = table(foreseen("en", (others(ranges=Grid(columns=ranges)),)), "ranges").rows
    assert {("not known", "—")} == {(row[1].text, row[5].text) for row in rows}
    assert [None, None] == [row[-1].span for row in rows]


def test_no_other_way_is_said() -> None:
    ways = {name: list(cells)[:1] for name, cells in others().grid("ways").columns.items()}
    builds = {name: list(cells)[:2] for name, cells in others().grid("builds").columns.items()}
    made = foreseen("en", (others(ways=Grid(columns=ways), builds=Grid(columns=builds)),))
    assert "No plan so near the best" in "".join(phrase.text for phrase in section(made).lead)
    assert "ways" not in {table.key for table in made.page.tables()}


def test_a_share_of_the_turnover_is_said() -> None:
    within = {"share": 0.02, "measured_by": "turnover", "of": 5e6, "less": 1e5, "least": 4.9e6}
    assert 2 == len(section(foreseen("en", (others(within=within),))).notes)


def test_the_page_draws_the_spans_and_shows_both_sections() -> None:
    page = render_html(foreseen("en", (plan(), others()))).decode()
    assert '<svg class="span"' in page
    assert "Plans side by side" in page and "几个方案并排" in page


def test_without_an_answer_there_is_no_section() -> None:
    none = replace(others(), result={}, solved=False)
    assert "ways" not in {section.key for section in foreseen("en", (none,)).sections}


def test_how_far_a_plan_holds_stands_by_link() -> None:
    """Built in 4 of 16 corners, between nothing and 325 t."""
    holds = {"process": ["coat", "coat"], "site": ["", "east"], "unit": ["t", "t"], "built": [260.0, 100.0], "holds": [0.25, 0.5]}
    holds |= {"low": [0.0, 0.0], "high": [325.0, 100.0]}
    corners = Grid(columns={"sells": ["low"] * 16, "objective": [0.0] * 16})
    given = plan()
    made = foreseen("en", (replace(given, result={**given.result, "holds": Grid(columns=holds), "corners": corners}),))
    (row,) = table(made, "holds").rows
    assert ["Coating", "25", "t", "260", "0", "325"] == [cell.text for cell in row[:6]]
    assert "yellow" == row[1].tone
    assert any("16 corners" in note for note in section(made, "plan").notes)
