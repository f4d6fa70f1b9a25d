"""The report as one HTML file. Owns: templates, escaping, the content policy. Never: what is said.

The file asks nothing of any network: styles and scripts are inside, scripts are allowed by their hash alone, and data
stand in JSON blocks in which nothing can end the block. Without the drawing library the tables stand in its place.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from liantu.report.page import Page, Report, Sankey
from liantu.words import LANGUAGES, Lang, say

CODES = {"zh": "zh-CN", "en": "en"}
NOTICE = (
    "Apache ECharts, Copyright 2017-2026 The Apache Software Foundation, Apache License 2.0. "
    "This product includes software developed at The Apache Software Foundation (https://www.apache.org/). "
    "It contains zrender (BSD-3-Clause, Copyright 2017 Baidu Inc.) and tslib (0BSD, Copyright Microsoft Corporation)."
)
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_NODES_HIGH, _LEAST_HEIGHT, _MOST_HEIGHT = 34, 300, 560
# Up to four cards stand one above the other; a longer stage is spread over two or three columns.
_CARDS_HIGH = 4


def render_html(report: Report) -> bytes:
    """The report as one HTML file in UTF-8, both languages inside."""
    pages = [report.pages[lang] for lang in sorted(LANGUAGES, key=lambda lang: lang != report.lang)]
    draws = any(section.sankeys for page in pages for section in page.sections)
    library, script = _asset("assets/echarts.min.js") if draws else "", _text("look/sankey.js") + _text("templates/report.js")
    html = (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            pages=pages,
            codes=CODES,
            policy=_policy([each for each in (library, script) if each]),
            css=_trusted(_text("look/parts.css") + _text("templates/report.css")),
            script=_trusted(script),
            library=_trusted(library),
            notice=NOTICE,
            drawn=bool(library),
        )
    )
    return html.encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("liantu.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["css_text"] = _css_text
    environment.globals.update(GLOBALS, flows=_flows, page_line=_page_line, page_number=_page_number)
    return environment


def _trusted(text: str) -> Markup:
    """Text that needs no more escaping: a file of this package, or escaped for where it stands by the caller."""
    return Markup(text)  # noqa: S704 - the one place where text is taken as it is


def _text(name: str) -> str:
    return files("liantu.report").joinpath(name).read_text(encoding="utf-8")


def _asset(name: str) -> str:
    """A file brought at set-up; blank if it was not. Nothing in it may end the script it stands in."""
    found = files("liantu.report").joinpath(name)
    return found.read_text(encoding="utf-8").replace("</script", "<\\/script").replace("<!--", "<\\!--") if found.is_file() else ""


def _policy(scripts: Sequence[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def _words(lang: Lang) -> Callable[[str], str]:
    return lambda key: say(f"report.{key}", lang)


def _ordinal(place: int, lang: Lang) -> str:
    return f"{_NUMERALS[place - 1]}、" if lang == "zh" else f"{place}. "


def _spread(nodes: int) -> int:
    return min(3, -(-nodes // _CARDS_HIGH))


# What the macros of parts.html call, wherever they are used.
GLOBALS: Mapping[str, Callable[..., object]] = {"words": _words, "ordinal": _ordinal, "spread": _spread}


def _flows(page: Page) -> Markup:
    drawn = {sankey.key: {**sankey.option, "height": _height(sankey)} for section in page.sections for sankey in section.sankeys}
    text = json.dumps(drawn, ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return _trusted(text)


def _height(sankey: Sankey) -> int:
    return max(_LEAST_HEIGHT, min(_MOST_HEIGHT, _NODES_HIGH * len(sankey.ends.rows) + 120))


def _page_line(page: Page) -> str:
    return " · ".join((page.title, *page.dateline, *page.badges))


def _page_number(page: Page) -> Markup:
    parts = [f'"{_css_text(say(f"report.{key}", page.lang))}"' for key in ("page", "page-of", "page-end")]
    return _trusted(f"{parts[0]} counter(page) {parts[1]} counter(pages) {parts[2]}")


def _css_text(text: str) -> str:
    """Text for a CSS string: every character that is not a letter or digit as its code."""
    return "".join(character if character.isalnum() and character.isascii() else f"\\{ord(character):x} " for character in text)
