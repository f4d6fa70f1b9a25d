"""What is typed in to ask for a report. Owns: fields and their limits. Never: asking."""

from __future__ import annotations

from django import forms


class PaperForm(forms.Form):
    """Title, language, the years of a plan."""

    title = forms.CharField(max_length=200)
    lang = forms.ChoiceField(choices=[("zh", "zh"), ("en", "en")])
    first = forms.IntegerField(min_value=1990, max_value=2100, required=False)
    last = forms.IntegerField(min_value=1990, max_value=2100, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=2000)
