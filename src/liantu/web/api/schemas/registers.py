"""Registers, imports, versions as types. Owns: what these operations take and give. Never: reading, writing."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from liantu.web.api.schemas.parts import Day, FindingOut, Text, WhyIn


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


class RecordIn(WhyIn):
    """Cells to write; those not named stay as they are. ``lock`` is the one the record was read with.

    ``owner`` is the code of the organisation that keeps the row: the office names it, everybody else keeps their own.
    """

    cells: dict[Text, Text] = Field(max_length=100)
    lock: int | None = Field(None, ge=0, le=2**31)
    owner: Text | None = Field(None, max_length=64)
    as_of: Day | None = None
    next_due: Day | None = None


class ChangeOut(Schema):
    """One change of a record: columns with what they were and are; those that may not be read are left out."""

    id: int
    action: str
    at: datetime
    by: str
    reason: str
    before: dict[str, str]
    after: dict[str, str]


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


class VersionWholeOut(VersionOut):
    """A version with how many rows each table has."""

    rows: dict[str, int]


class VersionIn(WhyIn):
    """A version to put forward."""

    name: Text = Field(min_length=1, max_length=200)


class TableApartOut(Schema):
    """What differs in a table between two versions: rows by their keys, of changed ones each cell before and after."""

    table: str
    before: int
    after: int
    new: list[str]
    changed: dict[str, dict[str, tuple[str, str]]]
    gone: list[str]


class HeaderOut(Schema):
    """A header of a file: as read, as written, and the column it is taken for (blank: left out)."""

    name: str
    header: str
    column: str


class ImportTableOut(Schema):
    """A table of a file."""

    table: str
    rows: int
    file: str
    headers: list[HeaderOut]


class ImportOut(Schema):
    """A file on its way in. ``state`` is uploaded, read, checked, entered, undone or failed; ``job`` works on it while ``is_busy``."""

    id: int
    name: str
    state: str
    is_busy: bool
    job: int | None
    tables: list[ImportTableOut]
    counts: dict[str, int]
    findings: list[FindingOut]
    created: datetime
    entered: datetime | None


class MatchIn(Schema):
    """Which header means which column, by table; headers not named are left out. ``taken`` names tables that shall be read as others."""

    columns: dict[Text, dict[Text, Text]] = Field(default_factory=dict, max_length=100)
    taken: dict[Text, Text] = Field(default_factory=dict, max_length=100)


class LineOut(Schema):
    """A row of a file beside the registers: its cells, those that stand there otherwise, and what was found."""

    table: str
    file: str
    line: int
    state: str
    is_doubtful: bool
    record: int | None
    cells: dict[str, str]
    before: dict[str, str]
    findings: list[FindingOut]


class LinesOut(Schema):
    """A page of the rows of a file."""

    total: int
    offset: int
    rows: list[LineOut]
