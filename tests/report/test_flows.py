"""Where a quantity goes: hand-worked tonnes, and the laws of the graph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.report import flows
from tests.report.cast import TABLES, asked

RING = {
    "plants": TABLES["plants"] + "\n        l1,acme,loop,east,150,t/a,operating,2020,,,reported,s",
    "processes": TABLES["processes"] + "\n        loop,Ore back,回矿,refining,ore",
    "exchanges": TABLES["exchanges"]
    + """
        loop,ore,out,1,t,,,stoichiometry,s
        loop,salt,in,0.2,t,,,stoichiometry,s
        loop,ground,in,0.8,t,,,stoichiometry,s""",
    "mixes": "material,process,share,source\n        ore,mine,1,s",
}


def links(quantity: str, changes: dict[str, str] | None = None) -> dict[tuple[str, str], float]:
    chain, balance, _ = asked(changes)
    drawn = flows.graph(chain, balance, quantity)
    names = {spot: f"{spot[0]}:{chain.materials.id[spot[1]]}" if spot[1] >= 0 else spot[0] for spot in drawn.spots()}
    return {(names[a], names[b]): tonnes for a, b, tonnes in drawn.links}


def test_mass_goes_where_the_recipes_send_it() -> None:
    """60 t of salt take 480 t of 500 t of ore; 420 t stay as slag; 160 t of bought cathode become 80 MWh of cells."""
    found = links(flows.MASS)
    assert 500 == pytest.approx(found["material:ground", "material:ore"])
    assert 420 == pytest.approx(found["material:ore", "material:slag"])
    assert 20 == pytest.approx(found["material:ore", "sold:ore"])
    assert 160 == pytest.approx(found["material:cathode", "material:cell"])


def test_an_element_is_weighed_by_its_share() -> None:
    """Salt is 15 % lithium: 9 t in 60 t; slag holds what is left of the 9.6 t in 480 t of ore."""
    found = links("Li")
    assert 9 == pytest.approx(found["material:ore", "material:salt"])
    assert 0.6 == pytest.approx(found["material:ore", "material:slag"])


@pytest.mark.parametrize("changes", [None, RING], ids=["line", "ring"])
@pytest.mark.parametrize("quantity", [flows.MASS, "Li"])
def test_what_enters_leaves(quantity: str, changes: dict[str, str] | None) -> None:
    chain, balance, _ = asked(changes)
    drawn = flows.graph(chain, balance, quantity)
    assert drawn.entering == pytest.approx(sum(tonnes for _, tonnes in drawn.ends()), rel=flows.CLOSED)


def test_a_ring_is_cut_and_comes_back_at_the_left() -> None:
    chain, balance, _ = asked(RING)
    drawn = flows.graph(chain, balance, flows.MASS)
    assert {"returned"} & {spot[0] for spot in drawn.spots()}
    assert acyclic([(a, b) for a, b, _ in drawn.links])


def acyclic(pairs: list[tuple[object, object]]) -> bool:
    left = set(pairs)
    while left:
        free = {(a, b) for a, b in left if a not in {target for _, target in left}}
        if not free:
            return False
        left -= free
    return True


@given(
    st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), st.floats(0.1, 9), max_size=30)
)
def test_no_web_keeps_a_cycle_and_no_tonne_is_lost_by_cutting(pairs: dict[tuple[int, int], float]) -> None:
    web = {(("material", a), ("material", b)): tonnes for (a, b), tonnes in pairs.items()}
    cut = flows._cut_cycles(web)
    assert acyclic(list(cut))
    closed = sum(tonnes for (a, _), tonnes in cut.items() if a[0] == "returned")
    assert sum(web.values()) + closed == pytest.approx(sum(cut.values()))


def test_a_recipe_that_does_not_close_shows_the_difference() -> None:
    swapped = {"exchanges": TABLES["exchanges"].replace("refine,slag,out,7", "refine,slag,out,5")}
    assert 120 == pytest.approx(sum(tonnes for (_, b), tonnes in links(flows.MASS, swapped).items() if b.startswith("open")))


def test_a_picture_has_at_most_twenty_nodes_and_keeps_its_total() -> None:
    many = 40
    changes = {
        "materials": TABLES["materials"] + "".join(f"\n        by{n},By {n},副{n},t,residue,,Li:0.02;Si:0.98," for n in range(many)),
        "exchanges": TABLES["exchanges"].replace("refine,slag,out,7", "refine,slag,out,3")
        + "".join(f"\n        refine,by{n},out,0.1,t,,,estimate,s" for n in range(many)),
    }
    chain, balance, _ = asked(changes)
    drawn = flows.graph(chain, balance, flows.MASS)
    assert len(drawn.spots()) <= flows.MOST_NODES
    assert 660 == pytest.approx(drawn.entering)
    assert 660 == pytest.approx(sum(tonnes for _, tonnes in drawn.ends()))


def test_only_quantities_that_move_are_offered_mass_first() -> None:
    chain, balance, _ = asked()
    assert (flows.MASS, "Li") == flows.quantities(chain, balance)
