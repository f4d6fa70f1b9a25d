"""A sentence kept as meaning until its language is known. Owns: Name, Names, Said. Never: the words themselves, what they mean.

Answers are computed before anybody knows who reads them: a cell of a result may hold a sentence as keys of a word list
with the values that fill them, and becomes text where it is printed or written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from liantu.units import MONEY_ZH
from liantu.words import Lang, Value, language, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What something is called in both languages."""

    en: str
    zh: str

    def text(self, lang: Lang) -> str:
        """Its name in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Several names, listed."""

    names: tuple[Name, ...]

    def text(self, lang: Lang) -> str:
        """The list in one language."""
        return ("、" if lang == "zh" else ", ").join(name.text(lang) for name in self.names)


Filling: TypeAlias = Mapping[str, Value | Name | Names]
Part: TypeAlias = tuple[str, Filling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One or more sentences, each a key of a word list and what fills it."""

    parts: tuple[Part, ...]

    def text(self, lang: Lang) -> str:
        """The sentences in one language."""
        return ("" if lang == "zh" else " ").join(say(key, lang, _filled(values, lang)) for key, values in self.parts)

    def __str__(self) -> str:
        return self.text(language())


def said(key: str, values: Filling | None = None) -> Said:
    """A single sentence."""
    return Said(parts=((key, values or {}),))


def _filled(values: Filling, lang: Lang) -> dict[str, Value]:
    told = {name: value.text(lang) if isinstance(value, (Name, Names)) else value for name, value in values.items()}
    if lang == "zh" and "currency" in told:
        told["currency"] = MONEY_ZH.get(str(told["currency"]), told["currency"])
    return told
