"""What goes in and out, as types. Owns: the forms of requests and answers. Never: reading, writing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import AfterValidator


def _written(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n" for character in text):
        raise ValueError("control characters and halves of characters cannot be stored")
    return text


# What comes in as text: no database keeps NUL, no encoding half a character.
Text = Annotated[str, AfterValidator(_written)]


class FindingOut(Schema):
    """Something wrong or odd with what was sent, with the way out."""

    level: str
    code: str
    message: str
    hint: str
    column: str


class ErrorOut(Schema):
    """Every refusal: a code that stays, a message and the way out in the language of the request, the number for the log."""

    code: str
    message: str
    hint: str = ""
    request: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    findings: list[FindingOut] = Field(default_factory=list)


class ColumnOut(Schema):
    """A column of a register, as the contract describes it."""

    name: str
    label: str
    type: str
    required: bool
    help: str
    choices: list[str]
    refers: str


class TableOut(Schema):
    """A register."""

    name: str
    label: str
    help: str
    rows: int


class RecordOut(Schema):
    """A row of a register: cells as given. Columns that may not be read are left out."""

    id: int
    key: str
    cells: dict[str, str]
    lock: int
    owner: str | None
    as_of: date | None
    next_due: date | None
    changed_at: datetime
    changed_by: str


class RecordsOut(Schema):
    """A page of a register."""

    total: int
    offset: int
    rows: list[RecordOut]


class RecordIn(Schema):
    """Cells to write; those not named stay as they are. ``lock`` is the one the record was read with."""

    cells: dict[Text, Text] = Field(max_length=100)
    lock: int | None = None
    reason: Text = Field(min_length=1, max_length=2000)


class ReasonIn(Schema):
    """Why."""

    lock: int | None = None
    reason: Text = Field(min_length=1, max_length=2000)


class ChangeOut(Schema):
    """One change of a record: columns with what they were and are; those that may not be read are left out."""

    id: int
    action: str
    at: datetime
    by: str
    reason: str
    before: dict[str, str]
    after: dict[str, str]


class ScenarioOut(Schema):
    """Changes over the chain under a name."""

    id: int
    code: str
    name: str
    reason: str
    changes: list[dict[str, str]]
    owner: str
    is_shared: bool
    is_retired: bool
    lock: int


class ChangeIn(Schema):
    """One change, as the contract's table ``scenarios`` has it."""

    table: Text = Field("", max_length=64)
    rows: Text = Field("", max_length=400)
    column: Text = Field("", max_length=64)
    operation: Text = Field("set", max_length=10)
    value: Text = Field("", max_length=200)
    unit: Text = Field("", max_length=32)
    reason: Text = Field("", max_length=2000)


class ScenarioIn(Schema):
    """A scenario to open or change; ``branch_of`` another's number."""

    name: Text = Field(min_length=1, max_length=100)
    reason: Text = Field(min_length=1, max_length=2000)
    changes: list[ChangeIn] = Field(default_factory=list, max_length=500)
    branch_of: int | None = None
    lock: int | None = None


class RunIn(Schema):
    """A question: verb, year, scenario and version (``draft`` or a number), options of the verb."""

    verb: Text = Field(max_length=20)
    year: int | None = Field(None, ge=1990, le=2100)
    scenario: Text = Field("base", max_length=20)
    version: Text = Field("", max_length=12)
    options: dict[str, object] = Field(default_factory=dict, max_length=20)


class RunOut(Schema):
    """A question and how far its answer is."""

    id: int
    verb: str
    year: int | None
    scenario: str
    state: str
    progress: float
    said: str
    digest: str
    is_ok: bool
    errors: int
    warnings: int


class RunsOut(Schema):
    """A page of runs."""

    total: int
    offset: int
    rows: list[RunOut]


class PaperOut(Schema):
    """A report: its files are there once its conclusion is."""

    id: int
    title: str
    year: int
    lang: str
    conclusion: str
    digest: str
    approved_by: str
    forms: list[str]


class PaperIn(Schema):
    """A report to make."""

    title: Text = Field(min_length=1, max_length=200)
    year: int | None = Field(None, ge=1990, le=2100)
    scenario: Text = Field("base", max_length=20)
    version: Text = Field("", max_length=12)
    lang: Text = Field("zh", pattern="^(zh|en)$")
    first: int | None = Field(None, ge=1990, le=2100)
    last: int | None = Field(None, ge=1990, le=2100)


class EventOut(Schema):
    """One act of the trail."""

    seq: int
    at: str
    actor: str
    action: str
    kind: str
    target: str
    before: str
    after: str
    reason: str
    outcome: str
    previous: str
    digest: str


class VersionOut(Schema):
    """A frozen state of the registers."""

    number: int
    name: str
    state: str
    reason: str
    revision: int
    digest: str
    proposed_by: str
    published_by: str
    published_at: datetime | None


class VersionIn(Schema):
    """A version to put forward."""

    name: Text = Field(min_length=1, max_length=200)
    reason: Text = Field(min_length=1, max_length=2000)


class MeOut(Schema):
    """Who asks, and what they may."""

    username: str
    name: str
    organisation: str
    kind: str
    roles: list[str]
    scopes: list[str]
