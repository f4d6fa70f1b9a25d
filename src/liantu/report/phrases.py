"""Sentences with a coloured part. Owns: reading ``⟦`` and ``⟧``. Never: which sentence is said."""

from __future__ import annotations

from liantu.report.page import Phrase, Tone
from liantu.words import Lang, Values, say


def marked(key: str, lang: Lang, values: Values | None = None, tone: Tone = "") -> tuple[Phrase, ...]:
    """Words, their coloured part between ``⟦`` and ``⟧``."""
    before, _, rest = say(key, lang, values).partition("⟦")
    coloured, _, after = rest.partition("⟧")
    phrases = (Phrase(text=before), Phrase(text=coloured, tone=tone), Phrase(text=after))
    return tuple(phrase for phrase in phrases if phrase.text)
