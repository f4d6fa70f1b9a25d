"""Pages of people. Owns: the list, one person, what is done to them. Never: the writes (accounts)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from liantu.errors import CallError
from liantu.web.accounts import actions, queries
from liantu.web.accounts.actions import signing
from liantu.web.accounts.http import Request
from liantu.web.accounts.models import KINDS, ROLES, Organisation, Person
from liantu.web.manage import actions as acts
from liantu.web.manage import forms
from liantu.web.manage import queries as lists

_USUAL = timedelta(days=365)


def people(request: Request) -> HttpResponse:
    """The list."""
    context = {"listed": lists.people(request.GET), "kinds": KINDS, "roles": ROLES, "waiting": queries.waiting().count()}
    return render(request, "manage/people.html", context)


def new_person(request: Request) -> HttpResponse:
    """Open somebody's account; the first password is shown once."""
    form, error = forms.PersonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made, password = actions.open_person(**form.cleaned_data, actor=request.user)
            return render(request, "manage/first-password.html", {"person": made, "password": password})
        except CallError as refused:
            error = refused
    context = {"form": form, "error": error, "homes": _homes(request)}
    return render(request, "manage/new-person.html", context, status=400 if form.is_bound else 200)


def person(request: Request, person: int) -> HttpResponse:
    """One person: details, roles, sessions."""
    found = _person(person)
    details = {"name": found.name, "phone": found.phone, "organisation": found.organisation_id}
    context = {
        "person": found,
        "grants": list(queries.held(found)),
        "sessions": queries.sessions(found),
        "details": forms.DetailsForm(initial=details),
        "role": forms.RoleForm(initial={"until": (timezone.localdate() + _USUAL).isoformat()}),
        "roles": ROLES,
        "reason": forms.ReasonForm(),
        "homes": _homes(request),
    }
    return render(request, "manage/person.html", context)


def change_person(request: Request, person: int) -> HttpResponse:
    """Change name, telephone or organisation."""
    form = _valid(forms.DetailsForm(request.POST))
    actions.change_person(_person(person), **form.cleaned_data, actor=request.user)
    return redirect("manage:person", person)


def switch_person(request: Request, person: int) -> HttpResponse:
    """Disable or enable."""
    form = _valid(forms.SwitchForm(request.POST))
    actions.switch_person(_person(person), **form.cleaned_data, actor=request.user)
    return redirect("manage:person", person)


def reset_password(request: Request, person: int) -> HttpResponse:
    """Give a password for one sign-in, shown once."""
    found = _person(person)
    password = actions.reset_password(found, **_valid(forms.ReasonForm(request.POST)).cleaned_data, actor=request.user)
    return render(request, "manage/first-password.html", {"person": found, "password": password})


def drop_authenticator(request: Request, person: int) -> HttpResponse:
    """Take a lost authenticator off."""
    found = _person(person)
    if found == request.user:
        raise CallError("own-account")
    signing.drop_authenticator(found, **_valid(forms.ReasonForm(request.POST)).cleaned_data, actor=request.user)
    return redirect("manage:person", person)


def end_sessions(request: Request, person: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    found = _person(person)
    form = _valid(forms.ReasonForm(request.POST))
    signing.end_sessions(found.sessions.all(), found, actor=request.user, **form.cleaned_data)
    return redirect("manage:person", person)


def propose_role(request: Request, person: int) -> HttpResponse:
    """Propose a role."""
    form = _valid(forms.RoleForm(request.POST))
    acts.propose_role(_person(person), **form.cleaned_data, actor=request.user)
    return redirect("manage:person", person)


def organisations(request: Request) -> HttpResponse:
    """The list of organisations."""
    return render(request, "manage/organisations.html", {"listed": lists.organisations(request.GET), "kinds": KINDS})


def new_organisation(request: Request) -> HttpResponse:
    """Open an organisation."""
    form, error = forms.OrganisationForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_organisation(**form.cleaned_data, actor=request.user)
            return redirect("manage:organisation", made.pk)
        except CallError as refused:
            error = refused
    context = {"form": form, "error": error, "kinds": KINDS}
    return render(request, "manage/new-organisation.html", context, status=400 if form.is_bound else 200)


def organisation(request: Request, organisation: int) -> HttpResponse:
    """One organisation."""
    found = get_object_or_404(Organisation, pk=organisation)
    names = forms.NamesForm(initial={"name_zh": found.name_zh, "name_en": found.name_en})
    context = {"organisation": found, "people": found.people.all()[:100], "names": names, "reason": forms.ReasonForm()}
    return render(request, "manage/organisation.html", context)


def change_organisation(request: Request, organisation: int) -> HttpResponse:
    """Other names."""
    form = _valid(forms.NamesForm(request.POST))
    actions.change_organisation(get_object_or_404(Organisation, pk=organisation), **form.cleaned_data, actor=request.user)
    return redirect("manage:organisation", organisation)


def switch_organisation(request: Request, organisation: int) -> HttpResponse:
    """Disable or enable an organisation."""
    form = _valid(forms.SwitchForm(request.POST))
    actions.switch_organisation(get_object_or_404(Organisation, pk=organisation), **form.cleaned_data, actor=request.user)
    return redirect("manage:organisation", organisation)


def _person(key: int) -> Person:
    return get_object_or_404(Person.objects.select_related("organisation"), pk=key)


def _homes(request: HttpRequest) -> list[tuple[int, str]]:
    lang = getattr(request, "lang", "zh")
    return [(one.pk, one.name(lang)) for one in Organisation.objects.filter(is_active=True)]


def _valid(form: forms.ReasonForm) -> forms.ReasonForm:
    """The form, or what is missing in words."""
    if not form.is_valid():
        name, wrong = next(iter(form.errors.items()))
        raise CallError("form-wrong", {"field": name, "wrong": " ".join(str(one) for one in wrong)})
    return form
