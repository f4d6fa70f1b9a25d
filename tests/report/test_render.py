"""The HTML file: whole in itself, safe with any name, the same tables as the workbook."""

import base64
import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from liantu.report import Report, render, render_html, report
from liantu.words import LANGUAGES
from tests.report.cast import TABLES, asked, reported
from tests.report.outlook import foreseen, plan

HOSTILE = "</script><script>window.ran=1</script><img src=x onerror=window.ran=2>\u2028'\"&{{7*7}}"


class Reader(HTMLParser):
    """Tags with their attributes, scripts with their text, and the text a person reads."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self._inside = ""
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self._inside != "style":
            self.text += data


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No drawing library, as where set-up could not bring it."""
    monkeypatch.setattr(render, "_asset", lambda _: "")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the drawing library."""
    monkeypatch.setattr(render, "_asset", lambda _: "/* a library */")


def hostile(lang: str = "en") -> Report:
    materials = TABLES["materials"].replace("Cathode", "HOSTILE").replace("正极", "HOSTILE")
    chain, balance, require = asked({"materials": materials})
    names = tuple(name.replace("HOSTILE", HOSTILE) for name in chain.materials.name_en)
    object.__setattr__(chain.materials, "name_en", names)
    object.__setattr__(chain.materials, "name_zh", names)
    object.__setattr__(chain.sources, "citation", tuple(HOSTILE for _ in chain.sources.citation))
    return report(chain, balance, require, lang=lang, at=HOSTILE)


@pytest.mark.usefixtures("drawn")
def test_the_file_loads_nothing_from_anywhere() -> None:
    html = render_html(reported())
    page = Reader(html)
    loading = [
        (tag, key) for tag, attrs in page.tags for key in attrs if key in ("src", "srcset", "data", "poster", "background", "action")
    ]
    assert [] == loading
    assert not {"link", "iframe", "object", "embed", "base", "form", "img"} & {tag for tag, _ in page.tags}
    assert not re.search(rb"@import|url\((?!#)", html)
    assert {"a"} == {tag for tag, attrs in page.tags if "href" in attrs}


@pytest.mark.usefixtures("drawn")
def test_scripts_are_allowed_by_their_hash_alone() -> None:
    page = Reader(render_html(reported()))
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "'unsafe-inline'; img-src data:" in policy
    run = [text for attrs, text in page.scripts if attrs.get("type") != "application/json"]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in run}
    assert hashes == set(re.findall(r"'sha256-[^']+'", policy))
    assert not [attrs for _, attrs in page.tags if any(key.startswith("on") for key in attrs)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("drawn")
def test_a_hostile_name_is_only_ever_text(lang: str) -> None:
    html = render_html(hostile(lang))
    page = Reader(html)
    assert 4 == len(page.scripts)
    assert "img" not in {tag for tag, _ in page.tags}
    assert b"<script>window.ran" not in html
    assert b"{{7*7}}" in html
    assert "49" not in re.findall(r"&\{\{7\*7\}\}|49", page.text)
    for attrs, text in page.scripts:
        if attrs.get("type") == "application/json":
            assert not set("<>&\u2028\u2029") & set(text)
            named = [node["label"] for flow in json.loads(text).values() for node in flow["nodes"]]
            assert any(HOSTILE in label for label in named)


def test_an_address_that_is_no_web_address_is_not_a_link() -> None:
    page = Reader(render_html(reported()))
    assert {"https://example.org/a"} == {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert "javascript:alert(1)" in page.text


def test_a_row_of_a_table_too_wide_for_a_phone_is_a_card() -> None:
    page = Reader(render_html(foreseen("en", (plan(), plan(120.0)))))
    classes = {attrs.get("class") for tag, attrs in page.tags if tag == "table"}
    assert {"table-apart cards", "table-apart-builds cards", "table-apart-limits cards", "table-weak cards"} <= classes


@pytest.mark.usefixtures("undrawn")
def test_without_the_drawing_library_the_tables_stand_open_with_a_note() -> None:
    page = Reader(render_html(reported()))
    assert "The drawing is not in this file" in page.text
    flows = [attrs for tag, attrs in page.tags if attrs.get("class") == "flow"]
    assert flows
    assert not [attrs for attrs in flows if "hidden" in attrs]
    assert [attrs for tag, attrs in page.tags if tag == "details" and "open" in attrs]
    assert "420" in page.text


@pytest.mark.parametrize(("lang", "shown"), [("zh", "zh-CN"), ("en", "en")])
def test_the_file_holds_both_languages_and_opens_in_the_one_asked_for(lang: str, shown: str) -> None:
    page = Reader(render_html(reported(lang)))
    sheets = {attrs["data-lang"]: "hidden" in attrs for tag, attrs in page.tags if attrs.get("class") == "sheet"}
    assert {"zh": lang != "zh", "en": lang != "en"} == sheets
    assert shown == next(attrs["lang"] for tag, attrs in page.tags if tag == "html")
    assert "链条哪里长、哪里短、哪里缺" in page.text
    assert "Where the chain is long, short or missing" in page.text


def test_every_state_has_its_shape_and_its_word() -> None:
    html = render_html(reported("zh")).decode()
    for state, word in (("long", "长"), ("short", "短"), ("missing", "缺")):
        assert re.search(rf'<span class="mark mark-{state}"><svg class="glyph tone-{state}".*?</svg>{word}</span>', html, re.DOTALL)


def test_a_node_says_aloud_what_it_shows() -> None:
    assert 'aria-label="正极，缺，产能 0 吨，需要 200 吨"' in render_html(reported("zh")).decode()


def test_the_run_line_says_when_with_what_and_on_which_input() -> None:
    made = reported("en")
    text = Reader(render_html(made)).text
    assert "2026-11-21 09:12" in text
    assert asked()[0].digest[:12] in text


def test_every_number_of_a_table_is_in_the_file() -> None:
    made = reported("en")
    text = Reader(render_html(made)).text
    missing = [
        cell.text
        for table in made.page.tables()
        for row in table.rows[: table.shown]
        for cell in row
        if cell.text and cell.text not in text
    ]
    assert [] == missing


def test_equal_input_gives_equal_bytes() -> None:
    assert render_html(reported()) == render_html(reported())


@pytest.mark.chromium
@pytest.mark.parametrize("width", [1440, 1180, 720, 390])
def test_a_browser_blocks_nothing_runs_nothing_hostile_and_scrolls_nowhere_sideways(chromium: str, tmp_path: Path, width: int) -> None:
    """A probe of our own, allowed by its hash, writes into the title what it found."""
    probe = "document.title=[document.documentElement.scrollWidth<=innerWidth,window.ran===undefined].join()"
    digest = base64.b64encode(hashlib.sha256(probe.encode()).digest()).decode()
    head, _, tail = render_html(hostile("zh")).decode().replace("script-src ", f"script-src 'sha256-{digest}' ", 1).rpartition("</body>")
    (tmp_path / "page.html").write_text(f"{head}<script>{probe}</script></body>{tail}", encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    still = ["--disable-component-update", "--disable-sync", "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [chromium, *quiet, *still, f"--window-size={width},900", "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    assert "<title>true,true</title>" in done.stdout
    assert "Content Security Policy" not in done.stderr
