"""What the terminal says to a person: help, suggestions, plurals, notes on the question."""

import json

import pytest

from liantu import runs
from liantu.cli import VERBS, main, parser
from liantu.cli.call import shown_width
from liantu.io.writers import write
from liantu.words import LANGUAGES
from tests.packages import package


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_ends_in_an_example_that_can_be_called(verb, lang, capsys):
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help", "--lang", lang])
    text = capsys.readouterr().out
    example = text.splitlines()[-1].split()
    assert (0, "liantu", verb) == (caught.value.code, example[0], example[1])
    assert verb == parser(lang).parse_args(example[1:]).verb
    assert lang == "en" or not {"usage:", "options:", "arguments:"} & set(text.split())


def test_no_line_of_chinese_help_is_wider_than_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for verb in ("compare", "recruit", "report", "sweep"):
        with pytest.raises(SystemExit):
            main([verb, "--help", "--lang", "zh"])
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("  liantu ")]
    assert 80 >= max(map(shown_width, lines))


def test_one_error_is_not_called_errors(tmp_path, capsys):
    assert 1 == main(["check", str(tmp_path / "nothing"), "--lang", "en"])
    assert "1 error, 0 warnings, 0 notes." in capsys.readouterr().out


def test_chinese_sets_no_blank_between_what_is_wrong_and_what_to_do(tmp_path, capsys):
    assert 1 == main(["check", str(tmp_path / "没有.xlsx"), "--lang", "zh"])
    assert "没有.xlsx 不存在。请检查名称和所在文件夹。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "near"),
    [
        (["require", "--demand", "cell_lpf=1GWh"], 2, "cell_lfp"),
        (["require", "--demand", "磷酸铁锂电心=1GWh"], 2, "磷酸铁锂电芯"),
        (["require", "--demand", "cell_lfp=1GWhh"], 2, "1GWh"),
        (["whynot", "--wish", "li2co=1kt"], 2, "li2co3"),
        (["recruit", "--site", "pk_linwu_gx"], 2, "pk_linwu_gxq"),
        (["recruit", "--stage", "catode"], 2, "cathode"),
        (["plan", "--from", "2026", "--to", "2027", "--target", "residue_us"], 1, "residue_use"),
        (["throughput", "--scenario", "一核三级"], 2, "一核三极"),
        (["balance", "chenzou"], 1, "chenzhou"),
        (["compare", "balanc"], 2, "balance"),
        (["sweep", "--verb", "throughputs", "--runs", "1"], 2, "throughput"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_one_that_may_be_meant(words, code, near, capsys):
    assert code == main([*words, "--lang", "en", "--json"])
    assert f"Did you mean “{near}”" in json.loads(capsys.readouterr().out)["findings"][0]["hint"]


def test_a_misspelt_verb_is_answered_with_the_one_that_may_be_meant(capsys):
    with pytest.raises(SystemExit):
        main(["chek", "--lang", "zh"])
    assert "是不是“check”？" in capsys.readouterr().err


def test_a_row_of_a_sweep_that_is_misspelt_is_answered_with_one_of_its_column(capsys):
    assert 2 == main(["sweep", "--vary", "markets.price[material=li2co]=0.5..2", "--lang", "en"])
    assert "near: material=li2co3" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["require", "--demand"], ["whynot", "--wish"]])
def test_a_material_without_an_amount_is_no_package(words, capsys):
    assert 2 == main([*words, "li2co3", "--json"])
    assert "demand" == json.loads(capsys.readouterr().out)["findings"][0]["code"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "has no unit: it was taken as 17.5 kWh a year"), ("zh", "没有写单位，按每年 17.5 kWh 计算")]
)
@pytest.mark.parametrize("words", [["require", "--demand"], ["whynot", "--make", "--wish"]])
def test_an_amount_without_a_unit_is_said_to_be_read_in_the_materials_own(words, lang, said, capsys):
    assert 0 == main([*words, "cell_lfp=17.5", "--lang", lang])
    assert said in capsys.readouterr().out
    assert 0 == main([*words, "cell_lfp=17.5GWh", "--lang", lang, "--json"])
    assert "demand-unit" not in {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_a_wish_is_asked_of_the_scenario_that_is_named(capsys):
    assert 0 == main(["whynot", "--wish", "li2co3=80kt", "--scenario", "one-park", "--json"])
    capsys.readouterr()
    assert 2 == main(["whynot", "--wish", "li2co3=80kt", "--scenario", "none-such", "--json"])


def test_money_is_read_as_an_office_writes_it(capsys):
    limits = [parser("zh").parse_args(["plan", "--budget", text]).budget for text in ("50亿", "5e9", "5,000,000,000", "inf")]
    assert [5e9, 5e9, 5e9, float("inf")] == limits
    with pytest.raises(SystemExit):
        main(["plan", "--budget", "50亿元", "--lang", "zh"])
    assert "“50亿元”不是数" in capsys.readouterr().err


def _interrupted(*_given, **_more):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("lang", "said"), [("en", "Stopped before there was an answer."), ("zh", "还没有算出结果就中断了。")])
@pytest.mark.parametrize("words", [["plan", "--blocks"], ["alternatives"], ["whynot", "--wish", "li2co3=80kt"]])
def test_ctrl_c_before_there_is_an_answer_is_said_and_ends_with_three(words, lang, said, capsys, monkeypatch):
    monkeypatch.setattr(runs, "run", _interrupted)
    assert 3 == main([*words, "--lang", lang])
    assert said in capsys.readouterr().err
    assert 3 == main([*words, "--lang", lang, "--json"])
    assert "interrupted" == json.loads(capsys.readouterr().out)["findings"][0]["code"]


def test_markets_take_the_words_that_answers_use_for_buying_and_selling(tmp_path, capsys):
    market = "物料,方向,价格,币种,单位\n磷酸铁锂,卖出,3.4,元,t\n碳酸锂,买入,7,元,t\n"
    write(package(), tmp_path / "town")
    (tmp_path / "town" / "markets.csv").write_text(market.replace("磷酸铁锂", "cell").replace("碳酸锂", "salt"), "utf-8")
    main(["check", str(tmp_path / "town"), "--json"])
    assert "choice" not in {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}
