"""Pages of the app. Owns: its views. Never: queries, writes."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render

from liantu.report import numbers
from liantu.web.accounts.http import Request
from liantu.web.chain import forms, queries
from liantu.web.chain.holdings import drawing
from liantu.web.work import context
from liantu.web.work import queries as work


def chain_map(request: Request) -> HttpResponse:
    """The chain of a year; ``node`` chooses a link, ``part=panel`` asks for its panel alone."""
    asked = context.asked(request)
    shown = queries.shown("overview", asked, request.user, request.lang)
    panel = queries.panel_of(shown.board, request.GET.get("node", "")) if shown.board else None
    template = "chain/panel-alone.html" if request.GET.get("part") == "panel" else "chain/map.html"
    return render(request, template, {"asked": asked, "shown": shown, "panel": panel, "chosen": "node" in request.GET})


def balance(request: Request) -> HttpResponse:
    """Where everything goes; ``flow`` chooses a quantity, ``want`` and ``amount`` ask what a demand requires."""
    asked = context.asked(request)
    shown = queries.shown("overview", asked, request.user, request.lang)
    if shown.board and (whole := forms.with_unit(request.GET, shown.board["panels"])):
        return redirect(f"{request.path}?{whole}#want")
    wish = forms.wish(request.GET)
    required = queries.shown("overview", asked, request.user, request.lang, wish.options) if wish.is_whole else None
    sankeys = shown.sections["flows"]["sankeys"] if "flows" in shown.sections else []
    flow = next((one for one in sankeys if one["key"] == request.GET.get("flow")), sankeys[min(1, len(sankeys) - 1)] if sankeys else None)
    about = {"asked": asked, "shown": shown, "sankeys": sankeys, "flow": flow, "wish": wish, "required": required}
    return render(request, "chain/balance.html", about)


def recruit(request: Request) -> HttpResponse:
    """What to recruit first; ``link`` chooses one, the filters narrow them."""
    asked = context.asked(request)
    shown = queries.shown("overview", asked, request.user, request.lang)
    board = shown.board or {"cards": (), "yardstick": "", "currency": ""}
    filters = forms.filters(request.GET)
    if not board["yardstick"]:
        filters = replace(filters, in_line=False)
    # Where one looks at the line alone, and where one looks at all.
    ranked = {is_line: queries.ranked(board["cards"], replace(filters, in_line=is_line)) for is_line in (True, False)}
    good, poor = ranked[filters.in_line]
    chosen = next((one for one in (*good, *poor) if one.card["key"] == request.GET.get("link")), next(iter((*good, *poor)), None))
    about = {
        "asked": asked,
        "shown": shown,
        "filters": filters,
        "good": good,
        "poor": poor,
        "chosen": chosen,
        "counts": {is_line: len(worth_it) for is_line, (worth_it, _) in ranked.items()},
        "unread": forms.unread(request.GET),
    }
    return render(request, "chain/recruit.html", {**about, "money": lambda value: numbers.money(value, board["currency"], request.lang)})


def plan(request: Request) -> HttpResponse:
    """What to build year by year; ``against`` sets another scenario beside it, ``want`` asks why something cannot be."""
    asked = context.asked(request)
    form = forms.span(request.GET, asked)
    shown = queries.shown("outlook", asked, request.user, request.lang, form.options)
    against = forms.other(request.GET, asked)
    other = queries.shown("outlook", against, request.user, request.lang, form.options) if against else None
    board = queries.shown("overview", asked, request.user, request.lang).board
    if board and (whole := forms.with_unit(request.GET, board["panels"])):
        return redirect(f"{request.path}?{whole}#why")
    wish = forms.wish(request.GET)
    why = work.stored("whynot", asked, wish.options, person=request.user) if wish.is_whole else None
    told = work.answer(why, request.lang) if why is not None and why.is_answered else {}
    about = {"asked": asked, "shown": shown, "form": form, "unread": forms.unread(request.GET), "against": against, "other": other}
    return render(request, "chain/plan.html", {**about, "wish": wish, "why": why, "told": told, "board": board})


def coupling(request: Request) -> HttpResponse:
    """What ties firms together: contracts, holdings, and what each firm sells, buys and holds."""
    asked = context.asked(request)
    shown = queries.shown("overview", asked, request.user, request.lang)
    board = shown.board or {"bonds": [], "holdings": []}
    about = {"asked": asked, "shown": shown, "kinds": queries.kinds(board["bonds"]), "firms": queries.firms(board)}
    return render(request, "chain/coupling.html", {**about, "drawing": drawing(board["holdings"])})
