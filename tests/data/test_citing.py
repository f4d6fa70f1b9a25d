"""Where a number comes from."""

from __future__ import annotations

import pytest

from liantu.data import cite
from liantu.errors import CallError
from liantu.model.tables import Table, Tables


def table(name, **columns):
    count = len(next(iter(columns.values())))
    return Table(name=name, columns=columns, lines=range(2, count + 2), files=[f"{name}.csv"])


@pytest.fixture
def small():
    """One recipe with two sources, one of them sharing its id with a firm."""
    given = (
        table("materials", id=["ore", "metal"], unit=["t", "t"]),
        table("processes", id=["smelt"], stage=["s"], product=["metal"]),
        table(
            "exchanges",
            process=["smelt", "smelt"],
            material=["metal", "ore"],
            direction=["out", "in"],
            amount=["1", "2"],
            basis=["stoichiometry", "literature"],
            source=["book", "book; works"],
        ),
        table("firms", id=["works"], source=["works"]),
        table("sources", id=["book", "works"], citation=["A book", "The works"], year=["1999", ""]),
    )
    return Tables(name="small", tables={one.name: one for one in given})


def test_a_source_tells_what_it_is_and_what_uses_it(small):
    book = cite("book", small)
    assert {"id": "book", "citation": "A book", "year": "1999"} == book.source
    assert {"exchanges": 2} == book.used
    assert () == book.rows


def test_a_material_gives_its_row_and_every_row_that_speaks_of_it(small):
    ore = cite("ore", small)
    assert [("materials", 2), ("exchanges", 3)] == [(row.table, row.line) for row in ore.rows]
    assert ("literature", ("book", "works")) == (ore.rows[1].basis, ore.rows[1].sources)
    assert {"book": "A book", "works": "The works"} == ore.sources


def test_a_process_gives_its_recipe(small):
    assert [("processes", 2), ("exchanges", 2), ("exchanges", 3)] == [(row.table, row.line) for row in cite("smelt", small).rows]


def test_an_id_that_is_both_source_and_firm_gives_both(small):
    works = cite("works", small)
    assert {"exchanges": 1, "firms": 1} == works.used
    assert ["firms"] == [row.table for row in works.rows]


def test_blank_cells_are_left_out(small):
    assert "year" not in cite("works", small).source


def test_an_unknown_id_is_refused_with_what_is_close(small):
    with pytest.raises(CallError) as caught:
        cite("metall", small)
    assert "metal" in caught.value.hint("en")


def test_the_citation_is_plain_values(small):
    whole = cite("ore", small).as_dict()
    assert ["id", "source", "used", "rows", "sources"] == list(whole)
    assert {
        "table": "materials",
        "file": "materials.csv",
        "row": 2,
        "basis": "",
        "sources": [],
        "cells": {"id": "ore", "unit": "t"},
    } == whole["rows"][0]


def test_the_carbonate_line_of_linwu_cites_its_three_reports(chenzhou):
    line = cite("an_line1", chenzhou)
    assert ["projects", "plants"] == sorted((row.table for row in line.rows), reverse=True)
    assert {"anneng_ignite", "anneng_mid2024", "renmin2025"} == set(line.sources)


def test_the_norm_for_recycling_stands_behind_recipes_and_targets(chenzhou):
    used = cite("miit2024", chenzhou).used
    assert 4 == used["targets"]
    assert used["exchanges"] > 0


def test_a_number_is_cited_with_the_unit_of_its_header():
    plants = Table(name="plants", columns={"id": ["p1"], "capacity": ["2"]}, lines=[2], files=["产能.csv"], units={"capacity": "万吨/年"})
    assert "2 万吨/年" == cite("p1", Tables(name="x", tables={"plants": plants})).rows[0].cells["capacity"]


def test_a_name_that_only_one_has_is_cited():
    materials = Table(name="materials", columns={"id": ["a", "b"], "name_zh": ["甲", "乙"]}, lines=[2, 3], files=["materials.csv"])
    assert "b" == cite("乙", Tables(name="x", tables={"materials": materials})).identifier
