"""What every template may call. Owns: the Jinja environment: words, addresses, marks. Never: queries."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.templatetags.static import static as file_address
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.utils import htmlsafe_json_dumps

from liantu.report import render
from liantu.web.config import nav
from liantu.web.kit import shown
from liantu.web.kit.kept import address, drawn
from liantu.web.notices.queries import unread
from liantu.words import Value, say


def environment(**options: Any) -> Environment:  # Django hands its options over as keywords
    """Templates of the apps and of the report in one environment, so that a mark or a bar is drawn by one macro everywhere."""
    settled = {**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**settled)  # noqa: S701 - Django asks for autoescape, a test looks
    made.globals.update(
        w=_word, url=_url, static=_static, nav=nav.tree, may=nav.may, drawn=drawn, as_json=htmlsafe_json_dumps, unread_notices=unread,
        **render.GLOBALS,
    )  # fmt: skip
    made.filters.update(shown.FILTERS)
    return made


@pass_context
def _word(context: Context, key: str, /, **values: Value) -> str:
    """``w("registry.title", count=3)``: words in the language of the request."""
    return say(key, context["request"].lang, values)


def _url(name: str, /, *args: object, **query: object) -> str:
    """``url("registry:record", table, key, year=2026)``: the address of a route; keywords become the query."""
    asked = urlencode({key: value for key, value in query.items() if value not in (None, "")}, doseq=True) if query else ""
    return address(name, *args) + (f"?{asked}" if asked else "")


@cache
def _static(name: str) -> str:
    """The address of a static file with its digest, so that a browser keeps it until it changes."""
    found = finders.find(name)
    digest = hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:12] if found else ""
    return f"{file_address(name)}?v={digest}"
