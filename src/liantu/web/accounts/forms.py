"""What people type in about themselves. Owns: fields and their limits. Never: whether it is right."""

from __future__ import annotations

from django import forms

_LONGEST_PASSWORD = 128


class SignInForm(forms.Form):
    """Name, password and, where asked for, the code of the authenticator or a recovery code."""

    username = forms.CharField(max_length=64)
    password = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)
    code = forms.CharField(max_length=32, required=False)


class PasswordForm(forms.Form):
    """The present password and the next, twice."""

    old = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)
    new = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)
    again = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)


class CodeForm(forms.Form):
    """A code of the authenticator that is being set up, and the signed seed it was made with."""

    seed = forms.CharField(max_length=200)
    code = forms.CharField(max_length=8)


class OwnPasswordForm(forms.Form):
    """The present password, asked for again."""

    password = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)


class LanguageForm(forms.Form):
    """The language to be spoken to in."""

    language = forms.ChoiceField(choices=[("zh", "zh"), ("en", "en")])


class SessionForm(forms.Form):
    """Which browser to sign out, by the digest of its session."""

    session = forms.CharField(max_length=16)
