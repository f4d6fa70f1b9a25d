"""My tokens. Owns: this page, for people: no token opens it. Never: what tokens are used for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from liantu.web.api.actions import MOST_DAYS, end_token, open_token
from liantu.web.api.bearer import Signed
from liantu.web.api.forms import TokenForm
from liantu.web.api.models import SCOPES, Token


def tokens(request: Signed) -> HttpResponse:
    """My tokens; a new one is shown once, on the page that answers."""
    _by_hand(request)
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _, secret = open_token(request.user, given["name"], given["scopes"], given["days"])
    mine = Token.objects.filter(person=request.user)[:100]
    context = {"tokens": mine, "secret": secret, "form": form, "scopes": SCOPES, "most": MOST_DAYS}
    return render(request, "api/tokens.html", context, status=422 if request.method == "POST" and not secret else 200)


def end(request: Signed, number: int) -> HttpResponse:
    """End one of my tokens."""
    _by_hand(request)
    token = Token.objects.filter(pk=number, person=request.user).first()
    if token is None:
        raise Http404
    end_token(token, person=request.user)
    return redirect("api:tokens")


def _by_hand(request: Signed) -> None:
    """The page stands under /api/ but knows no scopes: a token that came here would be given more of them than it has."""
    if request.token is not None:
        raise PermissionDenied
