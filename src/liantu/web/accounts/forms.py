"""What is typed in to sign in. Owns: fields and their limits. Never: whether it is right."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """Name, password and, where asked for, the code of the authenticator."""

    username = forms.CharField(max_length=64)
    password = forms.CharField(max_length=128, strip=False)
    code = forms.CharField(max_length=8, required=False)
