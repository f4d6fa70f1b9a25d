"""Links and wishes through the one door: the contract's keys, sentences in both languages, filters, sense on bundled data."""

import json

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.runs.recruiting import RecruitAsked
from liantu.runs.wishing import Wish
from tests.packages import package

KEYS = {"process", "site", "step", "unit", "value_per_year", "cost_per_year", "net_per_year", "useful_size", "curve", "because"}


@pytest.fixture(scope="module")
def chenzhou():
    return runs.prepare("chenzhou")


@pytest.fixture(scope="module")
def links(chenzhou):
    return runs.run("recruit", chenzhou, year=2025)


def best(record):
    """The first link of each process."""
    found = {}
    for row in record.grid("links"):
        found.setdefault(row["process"], row)
    return found


def test_the_answer_has_the_keys_of_the_contract_and_is_json(links):
    shown = json.loads(links.to_json("zh"))["result"]
    assert {"links", "excluded", "pairs"} <= set(shown)
    assert all(set(row) >= KEYS for row in shown["links"])
    assert all(set(row) == {"process", "site", "because"} for row in shown["excluded"])
    assert all(row["because"] for row in [*shown["links"], *shown["excluded"]])


def test_links_stand_best_first_and_those_not_worth_it_are_there_too(links):
    nets = [row["net_per_year"] for row in links.grid("links")]
    assert nets == sorted(nets, reverse=True)
    assert nets[0] > 0 > nets[-1]


def test_every_process_that_can_be_built_is_judged_or_excluded_at_every_site(chenzhou, links):
    chain = chenzhou.chain
    told = {(row["process"], row["site"]) for grid in ("links", "excluded") for row in links.grid(grid)}
    processes = [name for name, stage in zip(chain.processes.id, chain.processes.stage, strict=True) if stage != "use"]
    sites = [name for name, kind in zip(chain.sites.id, chain.sites.kind, strict=True) if kind in {"county", "park", "place"}]
    assert {(process, site) for process in processes for site in sites} == told


def test_curves_start_at_nothing_bend_down_and_go_through_the_step(links):
    for process, row in best(links).items():
        sizes, nets = zip(*row["curve"], strict=True)
        slopes = [(b - a) / (y - x) for a, b, x, y in zip(nets, nets[1:], sizes, sizes[1:], strict=False)]
        assert (0, 0) == (sizes[0], pytest.approx(nets[0])), process
        assert slopes == sorted(slopes, reverse=True), process


def test_the_bundled_margins_have_the_signs_of_the_audit(links):
    """Returns at the price deck of 2025 with 8 % on capital, as audited when the deck was made."""
    found = best(links)
    gains = (
        "sep_wet_coated",
        "foil_al",
        "cath_lmfp",
        "cath_ncm811",
        "elyte_li",
        "salt_lipf6",
        "refine_mica_acid",
        "recy_shred_lfp",
        "anode_nat_coat",
    )
    losses = (
        "cath_lfp",
        "foil_cu",
        "prec_ncm622",
        "refine_lioh",
        "salt_lif",
        "salt_fepo4",
        "anode_syn_graphitise",
        "make_cell_lfp",
        "cath_lmo",
    )
    assert [] == [name for name in gains if not found[name]["net_per_year"] > 0]
    assert [] == [name for name in losses if not found[name]["net_per_year"] < 0]
    revenue = 30_000 * 31_100
    assert -0.02 == pytest.approx(found["cath_lfp"]["net_per_year"] / revenue, abs=0.006)


def test_rubidium_dominates_nothing(chenzhou):
    """Its sulfate has a price of nothing and a market of 60 t: no recommendation may rest on it."""
    chain = chenzhou.chain
    rare = {chain.material_index[name] for name in ("rb2so4", "cs2so4")}
    earned = [price for material, price in zip(chain.markets.material, chain.markets.price, strict=True) if material in rare]
    assert not any(earned)


def test_mine_and_dressing_pay_only_together(links):
    (pair,) = links.grid("pairs")
    assert ("mine_limica_jjs", "benef_limica_jjs") == (pair["maker"], pair["taker"])
    assert pair["maker_alone"] < 0 and pair["taker_alone"] < 0 < pair["net_per_year"]
    assert "neither pays alone" in pair["because"].text("en")


def test_sentences_read_in_both_languages(links):
    row = best(links)["cath_lmfp"]
    assert "then the market for LMFP cathode" in row["because"].text("en")
    assert "30,000 t" in row["because"].text("zh") and "市场容量已满" in row["because"].text("zh")
    away = next(row for row in links.grid("excluded") if row["process"] == "refine_lioh")
    assert "chemical" in away["because"].text("en")


def test_filters_are_names_and_a_county_stands_for_its_parks(chenzhou):
    asked = RecruitAsked(stages=["cathode"], sites=["临武县"], capital=1e9)
    record = runs.run("recruit", chenzhou, year=2025, options=asked)
    assert {"cathode"} == {row["stage"] for row in record.grid("links")}
    assert "pk_xiangyue" in {row["site"] for row in record.grid("links")}
    assert all(row["invest"] <= 1e9 for row in record.grid("links"))


def test_only_what_serves_the_yardstick_can_be_looked_at(chenzhou):
    both = [
        {row["process"] for row in runs.run("recruit", chenzhou, year=2025, options=RecruitAsked(serves=[name])).grid("links")}
        for name in ("yardstick", "cell_lfp")
    ]
    assert both[0] == both[1]
    every = runs.run("recruit", chenzhou, year=2025).grid("links")
    assert both[0] == {row["process"] for row in every if row["serves_yardstick"]} < {row["process"] for row in every}
    assert {"cath_lfp", "refine_mica_sulfate", "recy_hydro_lfp", "make_cell_lfp"} <= both[0]
    assert set() == both[0] & {"cath_lco", "prec_ncm811", "make_cell_lco", "make_pack_ev_lfp"}


def test_a_zone_where_no_site_has_one_says_so():
    with pytest.raises(CallError) as error:
        runs.run("recruit", package(), year=2025, options=RecruitAsked(zone="chemical"))
    assert "zone-none" == error.value.code
    assert error.value.hint("en").startswith("Leave --zone out")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (RecruitAsked(serves=["unobtainium"]), "material-unknown"),
        (RecruitAsked(stages=["cathodes"]), "stage-unknown"),
        (RecruitAsked(sites=["nowhere"]), "site-unknown"),
        (RecruitAsked(zone="moon"), "zone-unknown"),
        (RecruitAsked(rate=8), "recruit-number"),
        (RecruitAsked(capital=-1), "recruit-number"),
    ],
)
def test_a_filter_that_is_not_there_is_a_wrong_call(chenzhou, asked, code):
    with pytest.raises(CallError) as error:
        runs.run("recruit", chenzhou, year=2025, options=asked)
    assert (code, 2) == (error.value.code, error.value.exit_code)


def test_a_wish_beyond_the_plants_names_each_of_them(chenzhou):
    record = runs.run("whynot", chenzhou, year=2025, demand={"li2co3": "80 kt"}, options=Wish(make=True))
    assert not record.result["met"]
    assert [(60_000, 20_000)] == [(pytest.approx(row["most"]), pytest.approx(row["short"])) for row in record.grid("wish")]
    assert 60_000 == pytest.approx(sum(row["part"] for row in record.grid("limits")))
    assert {"an_line1", "zc_lc", "ill_lc"} == {row["id"] for row in record.grid("limits")}
    assert "缺口 20,000" in record.result["because"].text("zh")
    assert "refine_mica_acid" == next(iter(record.grid("missing")))["process"]


def test_a_wish_for_nothing_is_a_wrong_call(chenzhou):
    with pytest.raises(CallError, match="wished"):
        runs.run("whynot", chenzhou, year=2025)


def test_throughput_says_in_words_what_capacity_is_worth(chenzhou):
    rows = {row["plant"]: row for row in runs.run("throughput", chenzhou, year=2025).grid("plants")}
    # The mine could give more ore, but the one line that dresses it is full.
    assert "Beneficiation" in rows["ill_mine"]["because"].text("en") and "runs full." in rows["ill_mine"]["because"].text("en")
    assert "would earn 12,872 CNY a year" in rows["an_line1"]["because"].text("en")
    assert "年收益增加 12,872" in rows["an_line1"]["because"].text("zh")
