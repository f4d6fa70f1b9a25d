"""What is worked out once: the same for whoever holds the same part, and for nobody else."""

from __future__ import annotations

from django.urls import reverse

from liantu.web.kit.kept import address, drawn


def test_a_part_is_drawn_once_and_its_equal_twin_on_its_own() -> None:
    asked = []

    def draw(part: object) -> str:
        asked.append(part)
        return f"<b>{len(asked)}</b>"

    mine, theirs = {"rows": [1]}, {"rows": [1]}

    assert ["<b>1</b>", "<b>1</b>", "<b>2</b>", "<b>1</b>"] == [drawn(draw, one) for one in (mine, mine, theirs, mine)]
    assert asked[0] is mine and asked[1] is theirs


def test_two_macros_of_one_part_are_two_things() -> None:
    part = {"rows": []}

    assert ("table", "targets") == (drawn(lambda _: "table", part), drawn(lambda _: "targets", part))


def test_an_address_is_the_one_its_route_has() -> None:
    assert reverse("registry:record", args=["plants", 7]) == address("registry:record", "plants", 7) == "/registers/plants/7/"
    assert "/chain/" == address("chain:map")
