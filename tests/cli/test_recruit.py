"""The verbs recruit and whynot in a terminal: what a person sees, in both languages, and the exit codes."""

import json

import pytest

from liantu.cli import main


def test_the_best_links_are_printed_one_a_process_with_their_reasons(capsys):
    assert 0 == main(["recruit", "chenzhou", "--year", "2025", "--stage", "cathode", "--top", "4", "--lang", "en"])
    out = capsys.readouterr().out
    lines = [line.split()[0] for line in out.splitlines() if line.startswith("cath_")]
    assert ["cath_lco", "cath_lmfp", "cath_nca", "cath_ncm811"] == lines
    assert "then the market for LMFP cathode" in out
    assert "and 5 more processes" in out


def test_the_links_speak_chinese(capsys):
    main(["recruit", "--stage", "separator", "--lang", "zh"])
    out = capsys.readouterr().out
    assert "宜招" in out and "起步规模" in out


def test_in_chinese_links_and_places_are_called_by_their_names_and_money_is_in_yuan(capsys):
    main(["recruit", "--top", "1", "--lang", "zh"])
    out = capsys.readouterr().out
    assert "钴酸锂固相法  郴州经济开发区" in out and "25,639 元" in out
    assert not {"cath_lco", "CNY"} & set(out.split())


@pytest.mark.parametrize(("lang", "hint"), [("en", "3 links shown do not go into what"), ("zh", "所列环节中有 3 个的产品不用于")])
def test_who_is_shown_links_of_other_chains_is_told_how_to_leave_them_out(lang, hint, capsys):
    main(["recruit", "--top", "4", "--lang", lang])
    assert hint in capsys.readouterr().out
    main(["recruit", "--top", "4", "--lang", lang, "--serves", "yardstick"])
    out = capsys.readouterr().out
    assert hint not in out and "--serves" not in out


def test_a_wish_is_answered_with_what_stops_it(capsys):
    assert 0 == main(["whynot", "chenzhou", "--wish", "li2co3=80kt", "--make", "--lang", "en"])
    out = capsys.readouterr().out
    assert "at most 60,000 can be had; 20,000 are lacking" in out
    assert "it accounts for 25,000 t" in out


def test_json_holds_one_object(capsys):
    main(["whynot", "--wish", "cell_lfp=30GWh", "--make", "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert "whynot" == shown["command"]
    assert 17.5e6 == pytest.approx(shown["result"]["wish"][0]["most"])


@pytest.mark.parametrize(
    "words",
    [
        ["recruit", "--stage", "nothing"],
        ["recruit", "--site", "nowhere"],
        ["whynot"],
        ["whynot", "--wish", "gold=1"],
        ["whynot", "--wish", "cell_lfp=1e-300"],
    ],
)
def test_a_wrong_call_ends_with_two(words, capsys):
    assert 2 == main(words)
    assert capsys.readouterr().err


@pytest.mark.parametrize("top", ["-3", "0", "1.5", "all"])
def test_as_many_links_as_cannot_be_are_refused(top, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["recruit", "--top", top, "--lang", "en"])
    assert 2 == ended.value.code
    assert f"--top: “{top}” is no number of things" in capsys.readouterr().err
