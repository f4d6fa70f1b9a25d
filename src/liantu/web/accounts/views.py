"""Signing in and out, language. Owns: these pages. Never: who may what."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from liantu.web.accounts.forms import SignInForm
from liantu.web.accounts.http import Request
from liantu.web.accounts.models import Person
from liantu.web.kit.http import LANGUAGE_COOKIE


def sign_in(request: Request) -> HttpResponse:
    """The sign-in page."""
    form = SignInForm(request.POST or None)
    failed = False
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
        if isinstance(person, Person):
            login(request, person)
            return HttpResponseRedirect(_next(request))
        failed = True
    return render(request, "accounts/sign-in.html", {"failed": failed, "next": request.GET.get("next", "")}, status=403 if failed else 200)


def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("accounts:login")


def speak(request: Request, lang: str) -> HttpResponse:
    """Choose the language and come back."""
    response = HttpResponseRedirect(_next(request))
    response.set_cookie(
        LANGUAGE_COOKIE, "en" if lang == "en" else "zh", max_age=365 * 86400, samesite="Lax", httponly=True, secure=settings.SECURE
    )
    return response


def _next(request: Request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=settings.SECURE) else "/"
