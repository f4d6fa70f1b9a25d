"""Days that can be typed in. Owns: the first and the last of them. Never: which days are worked (clock).

Beyond them no calendar here counts on: what is due again after the last day of all days is no day.
"""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day of a form."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(required=required, validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)])
