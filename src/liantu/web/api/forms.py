"""What is typed in to make a token. Owns: fields and their limits. Never: making it."""

from __future__ import annotations

from django import forms

from liantu.web.api.actions import MOST_DAYS
from liantu.web.api.models import SCOPES


class TokenForm(forms.Form):
    """Name, scopes, days."""

    name = forms.CharField(max_length=100)
    scopes = forms.MultipleChoiceField(choices=[(scope, scope) for scope in SCOPES])
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS)
