"""My tokens. Owns: this page. Never: what tokens are used for."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from liantu.web.accounts.http import Request
from liantu.web.api.actions import MOST_DAYS, end_token, open_token
from liantu.web.api.forms import TokenForm
from liantu.web.api.models import SCOPES, Token


def tokens(request: Request) -> HttpResponse:
    """My tokens; a new one is shown once, on the page that answers."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _, secret = open_token(request.user, given["name"], given["scopes"], given["days"])
    mine = Token.objects.filter(person=request.user)[:100]
    context = {"tokens": mine, "secret": secret, "form": form, "scopes": SCOPES, "most": MOST_DAYS}
    return render(request, "api/tokens.html", context, status=422 if request.method == "POST" and not secret else 200)


def end(request: Request, number: int) -> HttpResponse:
    """End one of my tokens."""
    token = Token.objects.filter(pk=number, person=request.user).first()
    if token is None:
        raise Http404
    end_token(token, person=request.user)
    return redirect("api:tokens")
