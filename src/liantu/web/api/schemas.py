"""What goes in and out, as types. Owns: the forms of requests and answers. Never: reading, writing."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class ErrorOut(Schema):
    """Every refusal: a code that stays, a message and the way out in the language of the request, the number for the log."""

    code: str
    message: str
    hint: str = ""
    request: str = ""
    fields: dict[str, str] = Field(default_factory=dict)


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

    cells: dict[str, str] = Field(max_length=100)
    lock: int | None = None
    reason: str = Field(min_length=1, max_length=2000)


class ReasonIn(Schema):
    """Why."""

    lock: int | None = None
    reason: str = Field(min_length=1, max_length=2000)


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

    name: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=2000)


class MeOut(Schema):
    """Who asks, and what they may."""

    username: str
    name: str
    organisation: str
    kind: str
    roles: list[str]
    scopes: list[str]
