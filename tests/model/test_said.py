"""A sentence reads in either language, and a result that holds one prints it in the reader's."""

from __future__ import annotations

import json

from liantu.model.results import Grid, RunRecord
from liantu.model.said import Name, Names, Said, said

ORE, SALT = Name(en="ore", zh="矿石"), Name(en="salt", zh="盐")


def test_a_sentence_is_filled_with_names_of_its_language() -> None:
    told = said("finding.anything", {"names": Names(names=(ORE, SALT))})
    assert told.parts[0][1]["names"].text("zh") == "矿石、盐"  # type: ignore[union-attr]
    assert told.parts[0][1]["names"].text("en") == "ore, salt"  # type: ignore[union-attr]


def test_sentences_follow_each_other_as_the_language_wants_it() -> None:
    twice = Said(parts=(("cli.yes", {}), ("cli.no", {})))
    assert (twice.text("en"), twice.text("zh")) == ("yes no", "是否")


def test_a_result_prints_its_sentences_in_the_language_asked_for() -> None:
    grid = Grid(columns={"why": [said("cli.yes")], "curve": [((0.0, 1.0), (2.0, float("nan")))], "amount": [1.5]})
    record = RunRecord(command="x", package="p", digest="d", version="v", result={"links": grid})
    shown = {lang: json.loads(record.to_json(lang))["result"]["links"] for lang in ("en", "zh")}
    assert shown["en"] == [{"why": "yes", "curve": [[0.0, 1.0], [2.0, None]], "amount": 1.5}]
    assert shown["zh"][0]["why"] == "是"
