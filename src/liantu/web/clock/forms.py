"""What is typed in about days. Owns: fields and their limits. Never: counting days."""

from __future__ import annotations

from django import forms

from liantu.model import schema
from liantu.web.kit.days import DayField

_LONGEST_REASON = 1_000
_MOST_DAYS = 3_660


class DayForm(forms.Form):
    """A holiday, or a weekend day that is worked."""

    day = DayField()
    is_working = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda given: given == "1")
    name = forms.CharField(max_length=100)


class CadenceForm(forms.Form):
    """How often a register is due."""

    register = forms.ChoiceField(choices=[(table, table) for table in schema.tables()])
    days = forms.IntegerField(min_value=1, max_value=_MOST_DAYS)
    is_working = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda given: given == "1")
    reason = forms.CharField(max_length=_LONGEST_REASON)
