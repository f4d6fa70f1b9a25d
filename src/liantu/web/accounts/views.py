"""Signing in and out, one's own account. Owns: these pages. Never: other people's accounts (manage)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.core import signing as signed
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from liantu.errors import CallError
from liantu.web.accounts import passwords, queries, totp
from liantu.web.accounts.actions import confirm_role, signing
from liantu.web.accounts.forms import CodeForm, LanguageForm, OwnPasswordForm, PasswordForm, SessionForm, SignInForm
from liantu.web.accounts.http import Request
from liantu.web.kit.http import LANGUAGE_COOKIE, way_back

_SEED_LIVES_S = 900


def sign_in(request: Request) -> HttpResponse:
    """The sign-in page."""
    form = SignInForm(request.POST or None)
    person = signing.sign_in(**form.cleaned_data) if request.method == "POST" and form.is_valid() else None
    if person is None:
        failed = request.method == "POST"
        context = {"failed": failed, "next": way_back(request, "/")}
        return render(request, "accounts/sign-in.html", context, status=403 if failed else 200)
    login(request, person)
    return HttpResponseRedirect(way_back(request, "/"))


def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    signing.sign_out(request.user)
    logout(request)
    return redirect("accounts:login")


def speak(request: Request, lang: str) -> HttpResponse:
    """Choose the language of this browser and come back."""
    return _spoken(HttpResponseRedirect(way_back(request, "/")), lang)


def account(request: Request) -> HttpResponse:
    """My account: language, password, authenticator, roles, sessions."""
    person = request.user
    grants = list(queries.held(person))
    return render(
        request,
        "accounts/account.html",
        {
            "grants": grants,
            "mine": queries.may_confirm([grant for grant in grants if not grant.is_confirmed], person),
            "sessions": queries.sessions(person, request.session.session_key),
            "codes_left": person.recovery_codes.count(),
            "form": LanguageForm(initial={"language": person.language}),
            "off": OwnPasswordForm(),
        },
    )


def choose(request: Request) -> HttpResponse:
    """Settle my language."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise Http404
    signing.choose(request.user, **form.cleaned_data)
    return _spoken(redirect("accounts:account"), form.cleaned_data["language"])


def password(request: Request) -> HttpResponse:
    """Change my password; the first page of whoever was given one."""
    form, error = PasswordForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        error = _changed(request, form)
        if error is None:
            return redirect("accounts:account")
    context = {"form": form, "error": error, "least": passwords.shortest(request.user), "kinds": settings.PASSWORD_CLASSES}
    return render(request, "accounts/password.html", context, status=400 if error else 200)


def authenticator(request: Request) -> HttpResponse:
    """Set up an authenticator: its secret, then a code of it, then the recovery codes."""
    error: CallError | None = None
    seed = totp.new_seed()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seed = signed.loads(form.cleaned_data["seed"], salt=f"totp:{request.user.pk}", max_age=_SEED_LIVES_S)
            codes = signing.enrol(request.user, seed, form.cleaned_data["code"].strip())
            return render(request, "accounts/recovery.html", {"codes": codes})
        except signed.BadSignature:
            error = CallError("code-wrong")
        except CallError as wrong:
            error = wrong
    key = totp.secret(seed)
    context = {
        "form": form,
        "error": error,
        "seed": signed.dumps(seed, salt=f"totp:{request.user.pk}"),
        "secret": totp.readable(key),
        "address": totp.address(key, request.user.username),
        "picture": totp.picture(totp.address(key, request.user.username)),
    }
    return render(request, "accounts/authenticator.html", context, status=400 if error else 200)


def authenticator_off(request: Request) -> HttpResponse:
    """Stop using my authenticator."""
    form = OwnPasswordForm(request.POST)
    if not form.is_valid():
        raise CallError("password-old")
    signing.drop_authenticator(request.user, actor=request.user, **form.cleaned_data)
    return redirect("accounts:account")


def end_session(request: Request) -> HttpResponse:
    """Sign one of my browsers out."""
    form = SessionForm(request.POST)
    found = queries.session(request.user, form.cleaned_data["session"]) if form.is_valid() else None
    if found is None:
        raise Http404
    signing.end_sessions([found], request.user, actor=request.user)
    return redirect("accounts:account")


def accept(request: Request, grant: int) -> HttpResponse:
    """Accept the first security administration."""
    found = queries.held(request.user).filter(pk=grant).first()
    if found is None:
        raise Http404
    confirm_role(found, actor=request.user)
    return redirect("accounts:login")


def _changed(request: Request, form: PasswordForm) -> CallError | None:
    data = form.cleaned_data
    try:
        if data["new"] != data["again"]:
            raise CallError("password-differs")
        signing.change_password(request.user, data["old"], data["new"], session=str(request.session.session_key))
    except CallError as error:
        return error
    update_session_auth_hash(request, request.user)
    return None


def _spoken(response: HttpResponse, lang: str) -> HttpResponse:
    wanted = "en" if lang == "en" else "zh"
    response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=365 * 86400, samesite="Lax", httponly=True, secure=settings.SECURE)
    return response
