"""The pages of the chain: what they say, for whom, in how many queries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from liantu.web.accounts.models import Person
from liantu.web.chain import forms, queries
from liantu.web.jobs.models import Job
from liantu.web.kit import kept
from liantu.web.registry.models import Version
from liantu.web.work import actions, context
from liantu.web.work.models import Run
from tests.web.chain.conftest import PRICE, TABLES, given
from tests.web.work.conftest import published

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Work = Callable[[], list[str]]
Queries = Callable[[int], Any]
PAGES = ("/chain/", "/balance/", "/recruit/", "/plan/?first=2026&last=2027", "/coupling/")
MOST_QUERIES = 15


def read(client: Client, path: str, lang: str = "zh") -> str:
    client.cookies["lang"] = lang
    answer = client.get(path)
    assert 200 == answer.status_code, (path, answer.status_code)
    return answer.content.decode()


def text(page: str) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_in_both_languages_without_style_or_script_in_its_markup(as_: As, overview: Run, path: str, lang: str) -> None:
    page = read(as_("viewer"), path, lang)
    assert not re.search(r'\sstyle="|\son\w+="|<style', page)
    assert [] == [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_takes_few_queries(as_: As, overview: Run, path: str, django_assert_max_num_queries: Queries) -> None:
    client = as_("viewer")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_before_anything_is_computed_a_page_says_so_and_offers_to(as_: As, version: Version, path: str) -> None:
    page = read(as_("viewer"), path, "en")
    assert 'name="verb" value="' in page
    assert "not been" in text(page)


def test_while_it_is_computed_a_page_watches(as_: As, version: Version, people: dict[str, Person]) -> None:
    actions.ask("overview", context.settled(people["viewer"]), person=people["viewer"])
    page = read(as_("viewer"), "/chain/")
    assert "data-watch=" in page
    assert 'name="verb"' not in page


def test_the_map_shows_the_conclusion_the_counts_and_every_link(as_: As, overview: Run) -> None:
    page = text(read(as_("viewer"), "/chain/", "en"))
    assert "Salt" in page and "2.4 times" in page
    assert re.search(r"Long 2 .*Short 1 .*Missing 1 ", page)
    assert "120 / 50.0" in page or "120 / 50" in page


def test_a_node_is_chosen_by_the_address_and_its_panel_can_be_asked_alone(as_: As, overview: Run) -> None:
    client = as_("viewer")
    page = read(client, "/chain/?node=salts.salt", "en")
    alone = read(client, "/chain/?node=salts.salt&part=panel", "en")

    assert "70.0 t must be sold elsewhere" in text(page) and "70.0 t must be sold elsewhere" in text(alone)
    assert "<html" not in alone and 'id="panel"' in alone
    assert 'aria-current="true"' in re.search(r'<a class="node[^>]*data-node="salts.salt"[^>]*>', page)[0]  # type: ignore[index]


def test_a_node_that_is_not_there_opens_the_first_that_hurts(as_: As, overview: Run) -> None:
    assert "the city has no capacity" in text(read(as_("viewer"), "/chain/?node=no.such", "en"))


def test_the_edges_lead_from_ore_to_cell(as_: As, overview: Run) -> None:
    page = read(as_("viewer"), "/chain/")
    edges = json.loads(re.search(r'id="edges">(.*?)</script>', page)[1])  # type: ignore[index]
    assert {"origin": "resource.ore", "end": "salts.salt", "back": False} in edges


def test_the_year_of_the_address_is_the_year_of_the_page(as_: As, overview: Run) -> None:
    page = read(as_("viewer"), "/chain/?year=2026", "en")
    assert "2026" in text(page) and 'name="verb" value="overview"' in page


def test_the_balance_says_what_becomes_of_lithium_and_shows_need_targets_and_where_to_begin(as_: As, overview: Run) -> None:
    page = text(read(as_("viewer"), "/balance/", "en"))
    for part in ("Of the Lithium Li that enters", "Need against capacity", "Residue use", "Three places to begin", "By stage", "By site"):
        assert part in page


def test_a_demand_typed_in_is_asked_and_then_answered(as_: As, overview: Run, people: dict[str, Person], work: Work) -> None:
    client = as_("viewer")
    assert 'name="demand" value="cell=50 MWh"' in read(client, "/balance/?want=cell&amount=50+MWh")
    actions.ask("overview", context.settled(people["viewer"]), {"demand": {"cell": "50 MWh"}}, person=people["viewer"])
    work()

    # Half of 100 MWh: 100 t of cathode, 25 t of salt.
    page = text(read(client, "/balance/?want=cell&amount=50+MWh", "en"))
    assert "Cell 50.0 MWh" in page and "Salt t Salts Long 120 25 +95" in page


def test_a_demand_that_makes_no_sense_is_answered_in_words(as_: As, overview: Run, people: dict[str, Person], work: Work) -> None:
    actions.ask("overview", context.settled(people["viewer"]), {"demand": {"cell": "50 litres"}}, person=people["viewer"])
    work()
    assert 200 == as_("viewer").get("/balance/?want=cell&amount=50+litres").status_code


def test_recruiting_ranks_what_pays_and_lists_what_does_not(as_: As, overview: Run) -> None:
    page = text(read(as_("viewer"), "/recruit/", "en"))
    assert "CNY 1.42 m" in page and "Do not recruit now" in page and "Second firm" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("stage=materials", True), ("stage=salts", False), ("county=north", True), ("county=south", False), ("zone=general", True),
     ("capital=0.005", False), ("capital=0.02", True), ("line=1", True)],
)  # fmt: skip
def test_filters_narrow_what_is_ranked(as_: As, overview: Run, query: str, found: bool) -> None:
    """One step of cathode is worth 1.42 m, costs 1 m to build, and may stand in counties east and north."""
    page = read(as_("viewer"), f"/recruit/?{query}", "en")
    assert found == ("CNY 1.42 m" in re.sub(r'<div id="chosen".*', "", page, flags=re.DOTALL))


def test_links_outside_the_line_are_left_out_when_asked() -> None:
    spot = {"site": "east", "county": "east", "zone": "", "net": 1.0}
    cards = [
        {"key": key, "stage": "s", "net": 1.0, "invest": None, "place": "east", "in_line": key == "in", "spots": [spot]}
        for key in ("in", "out")
    ]

    assert [["in"], ["in", "out"]] == [
        [one.card["key"] for one in queries.ranked(cards, queries.Filters(in_line=on))[0]] for on in (True, False)
    ]


def test_one_looks_at_the_line_first_and_at_all_by_one_press() -> None:
    read_as = {query: forms.filters(QueryDict(query)).in_line for query in ("", "line=1", "line=all", "line=")}
    assert {"": True, "line=1": True, "line=all": False, "line=": False} == read_as


def test_the_page_offers_the_rest_and_says_how_many_pay(as_: As, overview: Run) -> None:
    client = as_("viewer")
    page = read(client, "/recruit/", "en")
    assert "For Cell" in page and "line=all" in page
    assert 'aria-current="true">All' in read(client, "/recruit/?line=all", "en")


@pytest.mark.parametrize(("typed", "address"), [
    ("20", "amount=20+MWh"), ("１７.５", "amount=%EF%BC%91%EF%BC%97.%EF%BC%95+MWh"), ("20 GWh", ""), ("abc", ""), ("", ""),
])  # fmt: skip
def test_a_bare_amount_is_in_the_unit_beside_the_product_and_the_address_says_so(typed: str, address: str) -> None:
    panels = [{"key": "salts.salt", "unit": "t"}, {"key": "cells.cell", "unit": "MWh"}]
    query = QueryDict(mutable=True)
    query.update({"want": "cell", "amount": typed})
    found = forms.with_unit(query, panels)
    assert address == found.partition("&")[2]


def test_an_amount_typed_without_a_unit_leads_to_the_address_with_it(as_: As, overview: Run) -> None:
    answer = as_("viewer").get("/balance/?want=cell&amount=5")
    assert 302 == answer.status_code
    assert re.fullmatch(r"/balance/\?want=cell&amount=5\+\w+(%\w\w)*#want", answer["Location"]), answer["Location"]


@pytest.mark.parametrize(("path", "said"), [
    ("/plan/?budget=-5", "No limit is set"), ("/plan/?budget=1e400", "No limit is set"), ("/plan/?first=99", "write four digits"),
    ("/plan/?last=soon", "write four digits"), ("/plan/?first=2030&last=2027", "Before the first year"),
    ("/recruit/?capital=lots", "No limit is set"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(as_: As, overview: Run, path: str, said: str) -> None:
    page = read(as_("viewer"), path, "en")
    assert said in page and 'aria-invalid="true"' in page


def test_a_plan_is_shown_by_year_with_its_limits_and_set_against_another(
    as_: As, overview: Run, people: dict[str, Person], work: Work
) -> None:
    asked = context.settled(people["editor"])
    scenario = actions.open_scenario("Dear cathode", "try", [], person=people["editor"])
    actions.share_scenario(scenario, person=people["editor"], shared=True, reason="for all")
    actions.ask("outlook", asked, {"first": 2026, "last": 2027}, person=people["editor"])
    work()

    page = text(read(as_("editor"), "/plan/?first=2026&last=2027", "en"))
    assert "2026–2027" in page and "Investment by year" in page
    beside = read(as_("editor"), f"/plan/?first=2026&last=2027&against={scenario.code}", "en")
    assert "Dear cathode" in beside and f'name="scenario" value="{scenario.code}"' in beside


def test_why_not_splits_what_stops_a_wish(as_: As, overview: Run, people: dict[str, Person], work: Work) -> None:
    """80 MWh of cells can be made; 100 are wished."""
    assert 'name="verb" value="whynot"' in read(as_("viewer"), "/plan/?want=cell&amount=100+MWh")
    actions.ask("whynot", context.settled(people["viewer"]), {"demand": {"cell": "100 MWh"}}, person=people["viewer"])
    work()
    assert "What stops it" in text(read(as_("viewer"), "/plan/?want=cell&amount=100+MWh", "en"))


def test_coupling_shows_contracts_by_kind_and_holdings_and_says_what_is_not_computed(as_: As, overview: Run) -> None:
    page = text(read(as_("viewer"), "/coupling/", "en"))
    for part in ("offtake", "tolling", "First firm", "20.0 t", "40 %", "are not computed yet", "parties only"):
        assert part in page


@pytest.mark.parametrize("name", ["viewer", "lead", "compliance", "firm_a", "firm_b", "park_editor"])
def test_no_page_of_the_chain_shows_a_price_of_a_contract(as_: As, overview: Run, name: str) -> None:
    for path in PAGES:
        answer = as_(name).get(path)
        assert PRICE not in answer.content.decode() and "123,457" not in answer.content.decode()


# Firms -------------------------------------------------------------------------------------------------------------


def test_a_firm_is_refused_what_is_for_the_office(as_: As, overview: Run) -> None:
    assert [403, 403, 403] == [as_("firm_a").get(path).status_code for path in ("/balance/", "/recruit/", "/plan/")]
    assert [200, 200] == [as_("firm_a").get(path).status_code for path in ("/chain/", "/coupling/")]


def test_administrators_who_are_not_of_the_business_see_no_chain(as_: As, overview: Run) -> None:
    assert [403, 403, 403] == [as_(name).get("/chain/").status_code for name in ("system", "security", "auditor")]


def test_a_firm_sees_the_figures_of_three_firms_and_of_nobody_but_not_those_of_one(as_: As, overview: Run) -> None:
    page = read(as_("firm_a"), "/chain/", "en")
    nodes = {key: text(body) for key, body in re.findall(r'<a class="node[^>]*data-node="([^"]+)"[^>]*>(.*?)</a>', page, flags=re.DOTALL)}
    # 120 t of three firms, none of one firm; the only maker of cells and the only mine stay hidden, state and all.
    assert "120" in nodes["salts.salt"] and "Long" in nodes["salts.salt"]
    assert "200" in nodes["materials.cathode"] and "Missing" in nodes["materials.cathode"]
    for key in ("cells.cell", "resource.ore"):
        assert "not published" in nodes[key]
        assert not {"Long", "Even", "Short", "Missing"} & set(nodes[key].split())
        assert not re.search(r"\d", nodes[key])


@pytest.mark.parametrize(("name", "node"), [("firm_a", "cells.cell"), ("firm_a", "salts.salt"), ("firm_b", "resource.ore")])
def test_what_is_hidden_from_a_firm_stands_nowhere_in_its_page(as_: As, overview: Run, name: str, node: str) -> None:
    """b's 80 MWh of cells, short by 20, and a's 500 t of ore: neither on the map nor in a panel nor read aloud."""
    page = read(as_(name), f"/chain/?node={node}", "en")
    told = text(page) + "".join(re.findall(r'aria-label="[^"]*"', page))
    assert not re.search(r"\b80(\.0)? MWh|\b20\.0 MWh|\b500 t\b|80 / 100", told)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_office_has_read_before_changes_no_byte_of_a_firms_page(as_: As, overview: Run, lang: str) -> None:
    def firms() -> list[str]:
        kept.address.cache_clear()
        return [bare(read(as_("firm_b"), path, lang)) for path in ("/chain/", "/coupling/")]

    kept._drawn.cache_clear()
    before = firms()
    office = [[bare(read(as_("viewer"), path, other)) for path in PAGES] for other in (lang, "en", "zh", lang)]

    assert before == firms()
    assert office[0] == office[3] and office[1] != office[2]


def bare(page: str) -> str:
    """A page without what is new each time: the token of its forms and its nonce."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", page)


def test_a_firm_sees_its_own_plants_and_none_of_the_others(as_: As, overview: Run) -> None:
    own = text(read(as_("firm_a"), "/chain/?node=salts.salt", "en"))
    assert "First firm" in own or "40.0 t" in own
    assert "Second firm" not in own and "Third firm" not in own


def test_a_firm_sees_its_own_contracts_and_holdings_only(as_: As, overview: Run) -> None:
    """a sells to b, b sells to c; b holds a, c holds b."""
    page = text(read(as_("firm_a"), "/coupling/", "en"))
    assert "k1" in page and "k2" not in page and "Third firm" not in page and "40 %" in page and "25 %" not in page


def test_a_firm_sees_published_versions_only(as_: As, overview: Run, people: dict[str, Person]) -> None:
    draft = read(as_("firm_a"), "/chain/?version=draft", "en")
    assert "version" not in re.findall(r'<select name="(\w+)"', draft)
    assert "120" in text(draft)


def test_a_large_firm_among_three_hides_the_sum(as_: As, people: dict[str, Person], work: Work) -> None:
    """a makes 1000 t of 1080, more than 85 per cent."""
    published(1, given({"plants": TABLES["plants"].replace("r1,a,refine,east,40", "r1,a,refine,east,1000")}))
    actions.ask("overview", context.settled(people["editor"]), person=people["editor"])
    assert ["done"] == work()
    assert "1,080" not in read(as_("firm_b"), "/chain/", "en")
    assert "1,080" in read(as_("viewer"), "/chain/", "en")


def test_what_could_not_be_computed_leaves_the_last_good_result_dated(
    as_: As, overview: Run, people: dict[str, Person], work: Work
) -> None:
    """A yardstick of a material that does not exist."""
    published(2, given({"settings": TABLES["settings"].replace("cell=100 MWh", "moon=1 t")}))
    run = actions.ask("overview", context.settled(people["editor"]), person=people["editor"])
    work()
    run.refresh_from_db()
    assert not run.is_ok

    page = text(read(as_("viewer"), "/chain/", "en"))
    assert "last good result" in page and "2.4 times" in page


def test_no_page_asks_anything_to_be_computed_by_being_read(as_: As, version: Version) -> None:
    for path in PAGES:
        as_("viewer").get(path)
    assert 0 == Job.objects.count()


def test_a_firm_is_given_no_more_by_the_interface_for_programs_than_by_the_page(as_: As, overview: Run) -> None:
    """The raw overview holds b's 80 MWh of 100, what to recruit, and every firm's plants."""
    address = f"/api/v1/runs/{overview.pk}/answer"
    whole, theirs = as_("viewer").get(address).json(), as_("firm_a").get(address).json()

    assert {"a", "b", "c"} == owners(whole) and "80 / 100" in json.dumps(whole)
    assert {"a"} == owners(theirs) and "80 / 100" not in json.dumps(theirs)
    assert [] == theirs["board"]["cards"] and ["chain"] == [section["key"] for section in theirs["page"]["sections"]]


def owners(told: dict[str, Any]) -> set[str]:
    """Whose plants stand in an answer."""
    return {plant["firm_id"] for panel in told["board"]["panels"] for plant in panel["plants"]}
