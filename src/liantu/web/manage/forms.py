"""What administrators type in. Owns: fields and their limits. Never: whether it may be done (actions, rights)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.utils import timezone

from liantu.web.accounts.models import KINDS, ROLES, Organisation
from liantu.web.kit.days import DayField

_LONGEST_REASON = 1_000


def end_of_day(day: date) -> datetime:
    """The last second of a day here."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).astimezone(UTC)


class ReasonForm(forms.Form):
    """Why: every act of administration says so."""

    reason = forms.CharField(max_length=_LONGEST_REASON)


class OrganisationForm(ReasonForm):
    """A new organisation."""

    code = forms.SlugField(max_length=64)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    name_zh = forms.CharField(max_length=200)
    name_en = forms.CharField(max_length=200, required=False)
    key = forms.CharField(max_length=64, required=False)


class NamesForm(ReasonForm):
    """Other names for an organisation."""

    name_zh = forms.CharField(max_length=200)
    name_en = forms.CharField(max_length=200, required=False)


class SwitchForm(ReasonForm):
    """Whether somebody may sign in."""

    is_active = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda given: given == "1")


class _PlacedForm(ReasonForm):
    name = forms.CharField(max_length=200)
    organisation = forms.ModelChoiceField(Organisation.objects.filter(is_active=True))


class PersonForm(_PlacedForm):
    """Somebody new."""

    username = forms.RegexField(r"^[A-Za-z0-9._@-]+$", max_length=64)


class DetailsForm(_PlacedForm):
    """A person's name, telephone, organisation."""

    phone = forms.CharField(max_length=32, required=False)


class RoleForm(ReasonForm):
    """A role and its last day."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])
    until = DayField()

    def clean_until(self) -> datetime:
        """The end of that day here."""
        return end_of_day(self.cleaned_data["until"])


class TrailForm(forms.Form):
    """What is looked for in the trail."""

    actor = forms.CharField(max_length=64, required=False)
    action = forms.CharField(max_length=64, required=False)
    kind = forms.CharField(max_length=32, required=False)
    target = forms.CharField(max_length=200, required=False)
    since = DayField(required=False)
    until = DayField(required=False)
    before = forms.IntegerField(required=False, min_value=1)
