"""Every word of the report is there in both languages, and every word there is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

from liantu.words import keys, say, word

REPORT = Path(__file__).resolve().parents[2] / "src" / "liantu" / "report"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(REPORT.rglob("*")) if path.suffix in (".py", ".html"))
# Keys put together while running: their beginnings.
FAMILIES = (
    "state-", "basis-", "level-", "stage-", "element-", "spot-", "section-", "hint-", "table-", "column-", "conclusion-", "indicator-",
    "lead-", "because-", "siting-", "built-", "stop-", "takes-", "unit-", "limit-", "shadow-", "sites-", "tiles-", "apart-", "part-",
    "futures-", "ended-", "reading-",
)  # fmt: skip


@pytest.mark.parametrize("key", keys("report"))
def test_a_key_has_both_languages_with_the_same_values(key: str) -> None:
    texts = [word(f"report.{key}", lang) for lang in ("en", "zh")]
    assert all(texts) or key == "page-end"
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("key", keys("report"))
def test_a_key_is_used(key: str) -> None:
    assert key in SOURCE or key.startswith(FAMILIES)


def test_every_key_asked_for_exists() -> None:
    asked = set(re.findall(r'''(?:say\("report\.|w\(")([a-z][a-zA-Z_-]*[a-z])"''', SOURCE))
    assert len(asked) > 20
    assert set() == asked - set(keys("report"))


def test_english_has_no_chinese_punctuation() -> None:
    assert [] == [key for key in keys("report") if re.search(r"[，。；：（）、]", word(f"report.{key}", "en"))]


def test_a_sentence_is_filled() -> None:
    assert "Year 2025" == say("report.dateline-year", "en", {"year": "2025"})
