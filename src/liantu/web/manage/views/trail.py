"""Pages of the audit trail. Owns: the list, one event, the export, the anchor. Never: checking the chain.

Who reads the trail is in the trail: each of these pages writes an event of its own.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from liantu.web.accounts.http import Request
from liantu.web.audit import actions, anchors, queries
from liantu.web.audit.models import HASHED, Event
from liantu.web.manage import queries as manage
from liantu.web.manage.forms import TrailForm
from liantu.words import Lang


def audit(request: Request) -> HttpResponse:
    """The events asked for, the newest first."""
    form = TrailForm(request.GET)
    asked = _asked(form)
    actions.note_reading(request.user, "trail", _said(asked))
    context = {"page": queries.page(asked), "form": form, "known": queries.known(), "total": queries.total(), "anchor": anchors.last()}
    return render(request, "manage/audit.html", {**context, "asked": _said(asked), "filtered": bool(_said(asked)), **_spoken(request.lang)})


def event(request: Request, seq: int) -> HttpResponse:
    """One event: before and after, side by side."""
    found = get_object_or_404(Event, pk=seq)
    actions.note_reading(request.user, seq, {})
    before, after = _values(found.before), _values(found.after)
    rows = [(key, before.get(key), after.get(key)) for key in sorted({*before, *after})]
    return render(request, "manage/event.html", {"event": found, "rows": rows, **_spoken(request.lang)})


def export(request: Request) -> HttpResponseBase:
    """The events asked for as CSV, up to a bound."""
    asked = _asked(TrailForm(request.GET))
    actions.note_reading(request.user, "export", _said(asked))
    response = StreamingHttpResponse(_lines(asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def anchor(request: Request) -> HttpResponse:
    """Write the head down and show it for copying."""
    return render(request, "manage/anchor.html", {"line": actions.anchor(request.user)})


class _Line:
    """A file whose writing gives the line back: what csv needs to stream."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def _lines(asked: queries.Asked) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow([*HASHED, "digest"]))
    for one in queries.every(asked):
        yield str(writer.writerow([_tame(getattr(one, name)) for name in (*HASHED, "digest")]))


def _tame(value: object) -> object:
    """A text that a spreadsheet would take for a formula, made plain."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _spoken(lang: Lang) -> dict[str, object]:
    """How the pages say an act, what it was done to, and when."""
    return {"deed": partial(manage.deed, lang=lang), "thing": partial(manage.thing, lang=lang), "when": datetime.fromisoformat}


def _asked(form: TrailForm) -> queries.Asked:
    form.is_valid()
    return queries.Asked(**{key: value for key, value in form.cleaned_data.items() if value})


def _said(asked: queries.Asked) -> dict[str, object]:
    return {key: str(value) for key, value in asdict(asked).items() if value}


def _values(text: str) -> dict[str, object]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {"": found}
