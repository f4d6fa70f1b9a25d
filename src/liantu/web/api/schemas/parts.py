"""What all operations share, as types: text, why, refusals. Owns: these. Never: what one group of operations takes or gives."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

from ninja import Field, Schema
from pydantic import AfterValidator

from liantu.web.kit import days


def _written(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n" for character in text):
        raise ValueError("control characters and halves of characters cannot be stored")
    return text


# What comes in as text: no database keeps NUL, no encoding half a character.
Text = Annotated[str, AfterValidator(_written)]


# A day of a calendar that we count by.
Day = Annotated[date, Field(ge=days.FIRST, le=days.LAST)]
# A number that JSON knows: neither NaN nor infinity, which no database keeps.
Number = Annotated[float, Field(allow_inf_nan=False)]


class FindingOut(Schema):
    """Something wrong or odd with what was sent, with the way out."""

    level: str
    code: str
    message: str
    hint: str
    column: str
    file: str = ""
    row: int | None = None


class ErrorOut(Schema):
    """Every refusal: a code that stays, a message and the way out in the language of the request, the number for the log."""

    code: str
    message: str
    hint: str = ""
    request: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    findings: list[FindingOut] = Field(default_factory=list)


class WhyIn(Schema):
    """Why; it stands in the trail."""

    reason: Text = Field(min_length=1, max_length=2000)


class ReasonIn(WhyIn):
    """Why; ``lock`` is the one the record was read with."""

    lock: int | None = Field(None, ge=0, le=2**31)
